//! Storing facts: how many a second, and how many bytes each takes.

use std::{sync::Arc, time::Instant};

use analytics_connectors::{Config, Registry, clock::SystemClock};
use analytics_core::{
    Store, connect,
    model::{
        Account, DateRange, EntityRecord, FactRecord, FeedId, Level, MetricId, MetricKind,
        Millionths, Slice,
    },
    storage::Cipher,
};
use chrono::{Days, Utc};
use serde_json::{Value, json};

use crate::{Arguments, Failure, number, rounded, servers::Servers, standin};

/// Campaigns of an account.
const ENTITIES: usize = 40;
const METRICS: usize = 12;
/// Days of a slice.
const SLICE: u64 = 91;

pub(crate) async fn run(arguments: &Arguments) -> Result<Value, Failure> {
    let servers = Servers::start(arguments.setup)?;
    let store = connect(&servers.database_url, Cipher::generate()?).await?;
    let workspace = store.create_workspace("Load", &Default::default()).await?;
    let accounts = standin::link(&*store, workspace.id, arguments.accounts, Utc::now()).await?;
    let config = Config::from_env(|_| None)?;
    let registry = Registry::new(&config, Arc::new(SystemClock))?;
    let catalogue = registry.catalogue();
    let profile = catalogue
        .platform(&"google_ads".into())
        .ok_or("the build lacks google_ads")?;
    let feed = profile.feeds.first().ok_or("the platform has no feed")?;
    let metrics: Vec<MetricId> = feed
        .metrics
        .iter()
        .map(|offered| offered.metric.clone())
        .filter(|id| {
            let metric = catalogue.metric(id);
            metric.is_some_and(|metric| metric.kind == MetricKind::Additive)
        })
        .take(METRICS)
        .collect();
    let empty = servers.bytes_of_facts()?;

    let begun = Instant::now();
    let mut tasks = Vec::new();
    // Two accounts at a time: as many as there are cores here.
    for half in accounts.chunks(accounts.len().div_ceil(2)) {
        let (store, half) = (store.clone(), half.to_vec());
        let (feed, metrics, days) = (feed.id.clone(), metrics.clone(), arguments.days);
        tasks.push(tokio::spawn(async move {
            let mut facts = 0;
            for account in half {
                facts += fill(&*store, &account, &feed, &metrics, days).await?;
            }
            Ok::<u64, Failure>(facts)
        }));
    }
    let mut facts = 0;
    for task in tasks {
        facts += task.await??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    store.close().await;
    let bytes = servers.bytes_of_facts()?.saturating_sub(empty);
    Ok(json!({
        "setup": arguments.setup.name(),
        "accounts": accounts.len(),
        "facts": facts,
        "seconds": rounded(seconds),
        "facts_per_second": (number(facts) / seconds).round(),
        "bytes_per_fact": rounded(number(bytes) / number(facts)),
    }))
}

/// Saves an account's campaigns as synchronization would, newest slice first; how many facts.
async fn fill(
    store: &dyn Store,
    account: &Account,
    feed: &FeedId,
    metrics: &[MetricId],
    days: u32,
) -> Result<u64, Failure> {
    let now = Utc::now();
    let campaigns: Vec<Arc<str>> = (0..ENTITIES)
        .map(|number| format!("{}-{number}", account.external_id).into())
        .collect();
    let (mut facts, mut left) = (0, u64::from(days));
    let mut end = now.date_naive() - Days::new(1);
    while left > 0 {
        let length = left.min(SLICE);
        let range = DateRange::new(end - Days::new(length - 1), end)?;
        let mut slice = Slice {
            metrics: metrics.to_vec(),
            ..Slice::new(account.id, Level::Campaign, feed.clone(), range, now)
        };
        for (number, entity) in campaigns.iter().enumerate() {
            slice.entities.push(EntityRecord {
                name: Some(format!("Campaign {number}")),
                ..EntityRecord::new(Level::Campaign, entity.to_string())
            });
            for metric in metrics {
                slice.facts.extend(range.iter().map(|date| FactRecord {
                    entity: entity.clone(),
                    metric: metric.clone(),
                    date,
                    value: Millionths(1_000_000 * (1 + i64::try_from(number).unwrap_or_default())),
                }));
            }
        }
        facts += store
            .save_slice(account.workspace, None, &slice)
            .await?
            .facts;
        left -= length;
        end = range.start - Days::new(1);
    }
    Ok(facts)
}
