//! The dashboard's question, cold from SQLite and warm from memory.

use std::{sync::Arc, time::Instant};

use analytics_core::{
    Query, Store,
    analysis::{CompareSpec, Grain, RangeSpec, ReportEngine},
    model::{Catalogue, DateRange, Workspace},
};
use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::{Failure, load::END};

/// The eight tabs of an ads dashboard.
const TABS: [&str; 8] = [
    "spend",
    "impressions",
    "clicks",
    "ctr",
    "cpc",
    "conversions",
    "cpa",
    "roas",
];
/// Memory for cached columns, in bytes.
const CACHE: u64 = 256 << 20;

pub(crate) async fn dashboard(
    store: &Arc<dyn Store>,
    catalogue: &Arc<Catalogue>,
    workspace: &Workspace,
    runs: usize,
) -> Result<(), Failure> {
    let end: NaiveDate = END.parse()?;
    let start = end.checked_sub_days(Days::new(364)).ok_or("no such day")?;
    let now: DateTime<Utc> = "2026-11-23T00:00:00Z".parse()?;
    let accounts = store.accounts(workspace.id).await?;
    let ask = |account: usize| {
        let mut query = Query::new(&TABS, RangeSpec::Custom(DateRange { start, end }));
        query.accounts = Some(vec![
            accounts[account % accounts.len()].public_id.to_string(),
        ]);
        query.grain = Some(Grain::Month);
        query.compare = Some(CompareSpec::Mode("previous_year".to_owned()));
        query
    };

    let mut cold = Vec::new();
    for run in 0..runs.max(accounts.len()) {
        let engine = ReportEngine::new(store.clone(), catalogue.clone(), CACHE);
        let begun = Instant::now();
        engine.report(workspace, &ask(run), now).await?;
        cold.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    print_line(
        "dashboard, 8 metrics, a year by month",
        "analytics, cold from sqlite",
        &mut cold,
    );

    let engine = ReportEngine::new(store.clone(), catalogue.clone(), CACHE);
    engine.report(workspace, &ask(0), now).await?;
    let mut warm = Vec::new();
    for _ in 0..runs.max(50) {
        let begun = Instant::now();
        engine.report(workspace, &ask(0), now).await?;
        warm.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    print_line(
        "dashboard, 8 metrics, a year by month",
        "analytics, warm",
        &mut warm,
    );

    let mut campaigns = ask(0);
    campaigns.grain = None;
    campaigns.group_by = vec!["campaign".to_owned()];
    campaigns.order_by = Some("-spend".to_owned());
    engine.report(workspace, &campaigns, now).await?;
    let mut table = Vec::new();
    for _ in 0..runs.max(20) {
        let begun = Instant::now();
        engine.report(workspace, &campaigns, now).await?;
        table.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    print_line("campaign table of a year", "analytics, warm", &mut table);
    Ok(())
}

fn print_line(question: &str, engine: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    println!("{question}\t{engine}\t{median:.3}\t{:.3}", times[0]);
}
