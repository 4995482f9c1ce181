//! The dashboard's report: eight metrics over a year by month against the year before, on a
//! SQLite file with a realistic share of campaigns, ad groups and ads.
//!
//! `cargo bench -p analytics-core --bench report`; `ANALYTICS_BENCH_FACTS` (default 500000) says
//! how many facts the file holds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark that cannot go on has failed"
)]

use std::sync::{Arc, LazyLock};

use analytics_core::{
    Query, Store,
    analysis::{CompareSpec, Grain, RangeSpec, ReportEngine},
    connect,
    model::{
        Account, Catalogue, Currency, DateRange, EntityRecord, FactRecord, Family, Feed, FeedId,
        FeedKind, FoundAccount, GrantTokens, Level, MetricId, Millionths, NewAccount, NewGrant,
        OfferedMetric, Platform, PlatformProfile, Slice, Text, Workspace, WorkspaceSettings,
    },
    storage::Cipher,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use divan::Bencher;
use tokio::runtime::Runtime;

const METRICS: [&str; 6] = [
    "impressions",
    "clicks",
    "spend",
    "reach",
    "conversions",
    "conversion_value",
];
const ASKED: [&str; 8] = [
    "spend",
    "impressions",
    "clicks",
    "ctr",
    "cpc",
    "conversions",
    "cpa",
    "roas",
];

fn main() {
    LazyLock::force(&BENCH);
    divan::main();
}

struct Bench {
    runtime: Runtime,
    store: Arc<dyn Store>,
    catalogue: Arc<Catalogue>,
    workspace: Workspace,
    account: Account,
    _folder: tempfile::TempDir,
}

static BENCH: LazyLock<Bench> = LazyLock::new(Bench::new);

fn profile() -> PlatformProfile {
    let levels = vec![Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];
    PlatformProfile {
        platform: Platform::from("some_ads"),
        provider: "bench".to_owned(),
        family: Family::Ads,
        name: Text::new("Some Ads", "Some Ads"),
        levels: levels.clone(),
        feeds: vec![Feed {
            id: FeedId::from("insights"),
            kind: FeedKind::Daily,
            levels: levels.clone(),
            metrics: METRICS
                .iter()
                .map(|metric| OfferedMetric::new(metric, 3, &levels))
                .collect(),
            history_days: 1000,
            refetch_days: 28,
            weekly_refetch_days: 0,
            sums_up: false,
        }],
        own_metrics: Vec::new(),
        breaks: Vec::new(),
        day_ready_hours: 6,
        default_metrics: Vec::new(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/bench.db", folder.path().display());
        let facts: usize = std::env::var("ANALYTICS_BENCH_FACTS")
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(500_000);
        let (store, workspace, account) = runtime.block_on(fill(&url, facts));
        Self {
            runtime,
            store,
            catalogue: Arc::new(Catalogue::with_platforms([profile()])),
            workspace,
            account,
            _folder: folder,
        }
    }

    fn engine(&self) -> ReportEngine {
        ReportEngine::new(self.store.clone(), self.catalogue.clone(), 256 << 20)
    }

    fn ask(&self, engine: &ReportEngine, query: &Query) -> usize {
        let report = self
            .runtime
            .block_on(engine.report(&self.workspace, query, moment("2026-11-23T03:00:00Z")))
            .unwrap();
        report.groups.len()
    }
}

/// One account to read, and others whose ads make up the rest of the facts.
async fn fill(url: &str, facts: usize) -> (Arc<dyn Store>, Workspace, Account) {
    let store = connect(url, Cipher::generate().unwrap()).await.unwrap();
    let workspace = store
        .create_workspace("Bench", &WorkspaceSettings::default())
        .await
        .unwrap();
    let grant = NewGrant {
        provider: "bench".to_owned(),
        subject: "1".to_owned(),
        subject_name: None,
        scopes: Vec::new(),
        tokens: GrantTokens {
            access_token: "none".to_owned().into(),
            refresh_token: None,
            expires_at: None,
        },
        granted_at: moment("2026-01-01T00:00:00Z"),
    };
    let grant = store.save_grant(workspace.id, &grant).await.unwrap().id;
    let mut accounts = Vec::new();
    let mut left = facts;
    while left > 0 || accounts.is_empty() {
        let found = FoundAccount {
            platform: Platform::from("some_ads"),
            external_id: format!("{}", accounts.len()),
            name: format!("Account {}", accounts.len()),
            currency: Some(Currency::new("JPY").unwrap()),
            time_zone: Some(Tz::Asia__Tokyo),
            picture_url: None,
            status: "active".to_owned(),
            access: serde_json::Value::Null,
        };
        let linked_at = moment("2026-01-01T00:00:00Z");
        let account = NewAccount {
            found,
            grant,
            linked_at,
        };
        let account = store.link_account(workspace.id, &account).await.unwrap();
        let two_years = DateRange::new(day("2024-10-01"), day("2026-11-22")).unwrap();
        let one_year = DateRange::new(day("2025-11-23"), day("2026-11-22")).unwrap();
        for (level, entities, range) in [
            (Level::Account, 1, two_years),
            (Level::Campaign, 20, one_year),
            (Level::AdGroup, 60, one_year),
            (Level::Ad, 120, one_year),
        ] {
            let slice = slice(&account, level, entities, range);
            left = left.saturating_sub(slice.facts.len());
            store.save_slice(workspace.id, None, &slice).await.unwrap();
        }
        accounts.push(account);
    }
    let account = accounts.swap_remove(0);
    (store, workspace, account)
}

fn slice(account: &Account, level: Level, entities: usize, range: DateRange) -> Slice {
    let name = |entity: usize| match level {
        Level::Account => account.external_id.clone(),
        _ => format!("{}-{}-{entity}", account.external_id, level.as_str()),
    };
    let mut facts = Vec::new();
    for entity in 0..entities {
        let id: Arc<str> = name(entity).into();
        for (at, date) in range.iter().enumerate() {
            for (number, metric) in METRICS.iter().enumerate() {
                facts.push(FactRecord {
                    entity: id.clone(),
                    metric: MetricId::from(*metric),
                    date,
                    value: Millionths::from_whole((1 + entity + at * (number + 7) % 1000) as i64)
                        .unwrap(),
                });
            }
        }
    }
    let records = (0..entities)
        .filter(|_| level != Level::Account)
        .map(|entity| EntityRecord {
            name: Some(name(entity)),
            status: Some("active".to_owned()),
            ..EntityRecord::new(level, name(entity))
        });
    Slice {
        metrics: METRICS
            .iter()
            .map(|metric| MetricId::from(*metric))
            .collect(),
        entities: records.collect(),
        facts,
        ..Slice::new(
            account.id,
            level,
            FeedId::from("insights"),
            range,
            moment("2026-11-23T02:00:00Z"),
        )
    }
}

fn dashboard() -> Query {
    Query {
        accounts: Some(vec![BENCH.account.public_id.to_string()]),
        grain: Some(Grain::Month),
        compare: Some(CompareSpec::Mode("previous_year".to_owned())),
        ..Query::new(&ASKED, RangeSpec::Preset("last_12_months".to_owned()))
    }
}

#[divan::bench]
fn dashboard_from_the_warm_cache(bencher: Bencher<'_, '_>) {
    let (engine, query) = (BENCH.engine(), dashboard());
    BENCH.ask(&engine, &query);
    bencher.bench_local(|| BENCH.ask(&engine, &query));
}

#[divan::bench]
fn dashboard_from_sqlite(bencher: Bencher<'_, '_>) {
    let query = dashboard();
    bencher
        .with_inputs(|| BENCH.engine())
        .bench_local_refs(|engine| BENCH.ask(engine, &query));
}

fn table(level: &str) -> Query {
    Query {
        grain: None,
        group_by: vec![level.to_owned()],
        order_by: Some("-spend".to_owned()),
        limit: Some(50),
        range: RangeSpec::Preset("last_90_days".to_owned()),
        compare: Some(CompareSpec::Mode("previous_period".to_owned())),
        ..dashboard()
    }
}

#[divan::bench(args = ["campaign", "ad_group", "ad"])]
fn table_from_the_warm_cache(bencher: Bencher<'_, '_>, level: &str) {
    let (engine, query) = (BENCH.engine(), table(level));
    BENCH.ask(&engine, &query);
    bencher.bench_local(|| BENCH.ask(&engine, &query));
}

#[divan::bench(args = ["campaign", "ad_group", "ad"])]
fn table_from_sqlite(bencher: Bencher<'_, '_>, level: &str) {
    let query = table(level);
    bencher
        .with_inputs(|| BENCH.engine())
        .bench_local_refs(|engine| BENCH.ask(engine, &query));
}
