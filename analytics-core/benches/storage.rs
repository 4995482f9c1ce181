//! What storage costs: facts a second, bytes a fact, milliseconds for a cold series; in SQLite and,
//! with the feature `postgres`, in a private PostgreSQL, once with `fsync` and once without.
//!
//! `cargo bench -p analytics-core --all-features --bench storage`; `FACTS`, `ADS` (an account) and
//! `DAYS` set the size, `DATABASE` (`sqlite`, `postgres`) picks one.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a measurement prints rounded figures and may fail loudly"
)]

use std::{sync::Arc, time::Instant};

use analytics_core::{
    model::{
        AccountId, DateRange, FactRecord, FoundAccount, GrantTokens, Level, MetricId, Millionths,
        NewAccount, NewGrant, Slice, WorkspaceId, WorkspaceSettings,
    },
    storage::{Cipher, Store, connect},
};
use chrono::{DateTime, Days, NaiveDate, Utc};

const METRICS: usize = 12;
const DAYS_A_SLICE: u64 = 28;

fn main() {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(run(&Size {
            facts: number("FACTS", 5_000_000),
            ads: number("ADS", 80),
            days: number("DAYS", 730) as u64,
        }));
}

async fn run(size: &Size) {
    let wanted = std::env::var("DATABASE").unwrap_or_default();
    if wanted.is_empty() || wanted == "sqlite" {
        in_sqlite(size).await;
    }
    #[cfg(all(feature = "postgres", unix))]
    if wanted.is_empty() || wanted == "postgres" {
        in_postgres(size, "fsync=off").await;
        in_postgres(size, "fsync=on").await;
    }
}

async fn in_sqlite(size: &Size) {
    println!("SQLite");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.db");
    let url = format!("sqlite://{}", path.display());
    let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
    let saved = measure(&*store, size).await;
    store.close().await;
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!("{:.1} bytes a fact on disk", bytes as f64 / saved as f64);
}

#[cfg(all(feature = "postgres", unix))]
async fn in_postgres(size: &Size, fsync: &str) {
    println!("PostgreSQL, {fsync}");
    let server = analytics_core::testing::PrivatePostgres::start_with(&[fsync]).unwrap();
    let url = server.database().unwrap();
    let name = url.rsplit('/').next().unwrap();
    let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
    measure(&*store, size).await;
    server.sql(name, "VACUUM ANALYZE facts").unwrap();
    let sizes = "SELECT round(pg_table_size('facts')::numeric / count(*), 1) || ' + ' ||
                        round(pg_indexes_size('facts')::numeric / count(*), 1) || ' = ' ||
                        round(pg_total_relation_size('facts')::numeric / count(*), 1) || ' (' ||
                        round(pg_database_size(current_database())::numeric / count(*), 1) || ')'
                 FROM facts";
    println!(
        "{} bytes a fact: heap + index (with everything else in the database)",
        server.sql(name, sizes).unwrap()
    );
}

struct Size {
    facts: usize,
    ads: usize,
    days: u64,
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

async fn measure(store: &dyn Store, size: &Size) -> u64 {
    let Size { facts, ads, days } = *size;
    let workspace = store
        .create_workspace("Bench", &WorkspaceSettings::default())
        .await
        .unwrap()
        .id;

    // Each account: itself and its ads, every metric on every day, newest slices first.
    let per_account = (1 + ads) * METRICS * usize::try_from(days).unwrap();
    let accounts = facts.div_ceil(per_account).max(1);
    let (mut saved, mut seconds, mut ids) = (0u64, 0.0, Vec::new());
    for number in 0..accounts {
        let account = link(store, workspace, number).await;
        ids.push(account);
        let mut done = 0;
        while done < days {
            for (level, entities) in [(Level::Account, 1), (Level::Ad, ads)] {
                let slice = slice(account, number, level, entities, done, days);
                let start = Instant::now();
                saved += store
                    .save_slice(workspace, None, &slice)
                    .await
                    .unwrap()
                    .facts;
                seconds += start.elapsed().as_secs_f64();
            }
            done += DAYS_A_SLICE;
        }
    }
    println!("saved {saved} facts: {:.0} facts/s", saved as f64 / seconds);

    let again = slice(ids[0], 0, Level::Ad, ads, 0, days);
    let start = Instant::now();
    let receipt = store.save_slice(workspace, None, &again).await.unwrap();
    println!(
        "unchanged refetch of {} facts: {:.1} ms, {} revisions",
        receipt.facts,
        start.elapsed().as_secs_f64() * 1e3,
        receipt.revisions
    );

    let mut changed = again.clone();
    for fact in changed.facts.iter_mut().step_by(3) {
        fact.value.0 += 1;
    }
    let start = Instant::now();
    let receipt = store.save_slice(workspace, None, &changed).await.unwrap();
    println!(
        "refetch of {} facts with {} changed: {:.1} ms",
        receipt.facts,
        receipt.revisions,
        start.elapsed().as_secs_f64() * 1e3
    );

    for level in [Level::Account, Level::Ad] {
        let mut times: Vec<f64> = Vec::new();
        let mut read = 0;
        for round in 0..5 {
            for account in ids.iter().skip(round % 2) {
                let start = Instant::now();
                let series = store.series(workspace, *account, level).await.unwrap();
                times.push(start.elapsed().as_secs_f64() * 1e3);
                read = series.iter().map(|one| one.dates.len()).sum();
            }
        }
        times.sort_by(f64::total_cmp);
        println!(
            "series of level {}: {read} facts, p50 {:.2} ms, worst {:.2} ms",
            level.as_str(),
            times[times.len() / 2],
            times[times.len() - 1]
        );
    }
    let start = Instant::now();
    for account in &ids {
        store.coverage(workspace, *account).await.unwrap();
    }
    println!(
        "coverage of an account: {:.2} ms",
        start.elapsed().as_secs_f64() * 1e3 / ids.len() as f64
    );

    saved
}

async fn link(store: &dyn Store, workspace: WorkspaceId, number: usize) -> AccountId {
    let grant = store
        .save_grant(
            workspace,
            &NewGrant {
                provider: "meta".into(),
                subject: "1".into(),
                subject_name: None,
                scopes: vec![],
                tokens: GrantTokens {
                    access_token: "token".into(),
                    refresh_token: None,
                    expires_at: None,
                },
                granted_at: now(),
            },
        )
        .await
        .unwrap();
    store
        .link_account(
            workspace,
            &NewAccount {
                found: FoundAccount {
                    platform: "facebook_ads".into(),
                    external_id: format!("act_{number}"),
                    name: format!("Account {number}"),
                    currency: None,
                    time_zone: Some(chrono_tz::UTC),
                    picture_url: None,
                    status: "active".into(),
                    access: serde_json::json!({}),
                },
                grant: grant.id,
                linked_at: now(),
            },
        )
        .await
        .unwrap()
        .id
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn slice(
    account: AccountId,
    number: usize,
    level: Level,
    entities: usize,
    done: u64,
    days: u64,
) -> Slice {
    let today = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    let end = today - Days::new(done);
    let start = today - Days::new((done + DAYS_A_SLICE - 1).min(days - 1));
    let range = DateRange::new(start, end).unwrap();
    let metrics: Vec<MetricId> = (0..METRICS).map(|n| format!("metric_{n}").into()).collect();
    let mut facts = Vec::new();
    for entity in 0..entities {
        let name: Arc<str> = match level {
            Level::Account => format!("act_{number}").into(),
            _ => format!("2385{number:04}{entity:06}").into(),
        };
        for date in range.iter() {
            for (at, metric) in metrics.iter().enumerate() {
                // Mostly counts of tens to millions, some of money with cents.
                let noise = (entity * 31 + at * 17 + usize::try_from(done).unwrap() * 7) as i64
                    + i64::from(chrono::Datelike::ordinal(&date)) * 13;
                let size = 10i64.pow(u32::try_from(at % 6).unwrap() + 1);
                let value = (noise * 2_654_435_761 % size).abs() + 1;
                let scale = if at % 6 == 5 { 10_000 } else { 1_000_000 };
                facts.push(FactRecord {
                    entity: name.clone(),
                    metric: metric.clone(),
                    date,
                    value: Millionths(value * scale),
                });
            }
        }
    }
    Slice {
        metrics,
        facts,
        ..Slice::new(account, level, "insights".into(), range, now())
    }
}
