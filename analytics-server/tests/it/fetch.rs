//! `analytics fetch`: what it prints is what happened.

use std::{collections::BTreeSet, sync::Arc};

use analytics_connectors::{
    Config, Registry,
    clock::SystemClock,
    simulator::{
        KnownAccount, RunningSimulator, Simulator, SimulatorSettings, TruthQuery, TruthRow,
        default_now,
    },
};
use analytics_core::model::{Feed, Level};
use chrono::{Duration, NaiveDate, Utc};
use rstest::rstest;
use serde_json::Value;

use crate::support::{analytics, stderr, stdout};

const X: &str = "x";
const PRIVATE: [&str; 7] = [
    "engagements_lifetime",
    "link_clicks_lifetime",
    "x.profile_clicks_lifetime",
    "x.impressions_organic_lifetime",
    "x.likes_organic_lifetime",
    "x.replies_organic_lifetime",
    "x.reposts_organic_lifetime",
];

/// Level, entity, metric and value, with the day.
type Row = ([String; 4], NaiveDate);

/// What the command prints of a feed.
async fn fetched(
    simulator: &RunningSimulator,
    account: &KnownAccount,
    (level, feed): (Level, &Feed),
    (from, to): (NaiveDate, NaiveDate),
) -> BTreeSet<Row> {
    let mut env = simulator.env();
    env.push(("ANALYTICS_TOKEN".to_owned(), account.token.clone()));
    let secret = account.token_secret.clone();
    env.extend(secret.map(|secret| ("ANALYTICS_TOKEN_SECRET".to_owned(), secret)));
    env.push((
        "ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL".to_owned(),
        "5ms".to_owned(),
    ));
    let mut arguments = format!(
        "fetch {} --account {} --from {from} --to {to} --level {} --feed {} --format jsonl",
        account.platform,
        account.account,
        level.as_str(),
        feed.id
    );
    if account.platform == X {
        arguments.push_str(" --time-zone Asia/Tokyo");
    }
    let output = tokio::task::spawn_blocking(move || {
        let directory = tempfile::tempdir().unwrap();
        let arguments: Vec<&str> = arguments.split(' ').collect();
        analytics(directory.path(), &arguments, &env)
    })
    .await
    .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let rows = stdout(&output);
    rows.lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let names = ["level", "entity", "metric", "value"];
            let columns = names.map(|name| row[name].as_str().unwrap().to_owned());
            (columns, row["date"].as_str().unwrap().parse().unwrap())
        })
        .collect()
}

/// What happened, of the feed's metrics.
fn happened(
    simulator: &RunningSimulator,
    account: &KnownAccount,
    (level, feed): (Level, &Feed),
    (from, to): (NaiveDate, NaiveDate),
) -> BTreeSet<Row> {
    let question = TruthQuery::new(&account.platform, &account.account, from, to).level(level);
    let truth = simulator.world().truth(&question).into_iter();
    let offered = |row: &TruthRow| {
        let base = row.metric.of_lifetime();
        let is_total = base.is_some();
        let ids = [Some(row.metric.clone()), base];
        let mut metrics = feed.metrics.iter().map(|offered| &offered.metric);
        metrics.any(|metric| ids.iter().flatten().any(|id| id == metric))
            && (feed.is_daily() || level == Level::Account || is_total)
    };
    truth
        .filter(offered)
        .map(|row| {
            let level = row.level.as_str().to_owned();
            let columns = [
                level,
                row.entity,
                row.metric.to_string(),
                row.value.to_string(),
            ];
            (columns, row.date)
        })
        .collect()
}

#[rstest]
#[case::facebook_ads("facebook_ads", 1)]
#[case::facebook_page("facebook_page", 2)]
#[case::instagram("instagram", 2)]
#[case::google_ads("google_ads", 3)]
#[case::x(X, 3)]
#[case::x_ads("x_ads", 3)]
#[case::yahoo_search_ads("yahoo_search_ads", 3)]
#[case::yahoo_display_ads("yahoo_display_ads", 3)]
#[tokio::test(flavor = "multi_thread")]
async fn fetch_prints_exactly_the_platforms_truth(#[case] platform: &str, #[case] least: usize) {
    let simulator = Simulator::start(SimulatorSettings::default(), None)
        .await
        .unwrap();
    let accounts = simulator.accounts();
    let account = accounts
        .iter()
        .find(|one| one.platform == platform)
        .unwrap();
    let env = simulator.env();
    let config = Config::from_env(|name| {
        let found = env.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    });
    let registry = Registry::new(&config.unwrap(), Arc::new(SystemClock)).unwrap();
    let connector = registry.connector(&platform.into()).unwrap();
    let now = default_now().date_naive();
    let mut compared = 0;
    for feed in &connector.descriptor().profile.feeds {
        for level in feed.levels.iter().filter(|level| **level != Level::AdGroup) {
            let wanted = (*level, feed);
            if feed.is_daily() {
                let days = (now - Duration::days(16), now - Duration::days(10));
                let printed = fetched(&simulator, account, wanted, days).await;
                let truth = happened(&simulator, account, wanted, days);
                assert!(!truth.is_empty(), "{} {level:?}", feed.id);
                assert_eq!(printed, truth, "{} {level:?}", feed.id);
            } else {
                the_present(&simulator, account, wanted).await;
            }
            compared += 1;
        }
    }
    assert!(compared >= least, "{compared}");
}

/// What is told only as it is now counts for the last day that has ended: for the command, which
/// knows no other clock, that of today; for the simulated world, that of its own.
async fn the_present(simulator: &RunningSimulator, account: &KnownAccount, wanted: (Level, &Feed)) {
    let published = (
        default_now().date_naive() - Duration::days(1000),
        Utc::now().date_naive(),
    );
    let printed = fetched(simulator, account, wanted, published).await;
    let days: BTreeSet<NaiveDate> = printed.iter().map(|(_, date)| *date).collect();
    assert_eq!(days.len(), 1, "{days:?}");
    assert!(days.first() >= Some(&(Utc::now().date_naive() - Duration::days(2))));
    // The days of pages and profiles are those of California, where it is still the day before.
    let is_x = account.platform == X;
    let ended = default_now().date_naive() - Duration::days(if is_x { 1 } else { 2 });
    let undated = |rows: BTreeSet<Row>| -> BTreeSet<[String; 4]> {
        rows.into_iter().map(|(columns, _)| columns).collect()
    };
    let truth = undated(happened(simulator, account, wanted, (ended, ended)));
    let printed = undated(printed);
    assert!(!printed.is_empty());
    // Figures that X tells for a month only are those of another month by the command's clock.
    let lasts = |columns: &[String; 4]| !is_x || !PRIVATE.contains(&columns[2].as_str());
    let [printed, truth] =
        [printed, truth].map(|rows| rows.into_iter().filter(lasts).collect::<BTreeSet<_>>());
    // Of an absent row, zero is the truth.
    let zero = |columns: &&[String; 4]| columns[3] != "0";
    let printed: BTreeSet<_> = printed.iter().filter(zero).cloned().collect();
    // A Page lists its last posts only; ids rise with time.
    let oldest = printed.iter().map(|columns| &columns[1]).min().unwrap();
    let truth: BTreeSet<_> = truth
        .into_iter()
        .filter(|columns| &columns[1] >= oldest)
        .collect();
    assert!(printed == truth, "{}", wanted.1.id);
}
