//! What is stored of an account beside what the simulator knows to be true.

use std::collections::{BTreeMap, BTreeSet};

use analytics_core::{
    Result, Store,
    model::{Account, DateRange, EntityId, Level, MetricId, PlatformProfile},
    storage::EntityFilter,
};
use chrono::{Duration, NaiveDate};

use crate::simulator::{TruthQuery, TruthRow, World};

/// Entity, metric and first day of a value, as the platform names them.
type Key = (Level, String, MetricId, NaiveDate);

/// How what is stored of an account differs from the truth, over the days that are covered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Daily values stored.
    pub facts: u64,
    /// Exact values of whole ranges stored.
    pub windows: u64,
    /// Days covered, by level and feed.
    pub covered_days: u64,
    /// True values of covered days that are not stored.
    pub missing: u64,
    /// Stored values of covered days that are others than the true ones.
    pub different: u64,
    /// Stored values that are not true at all, or of days that are not covered.
    pub unexpected: u64,
    /// The first few of all these, in words.
    pub examples: Vec<String>,
}

impl Comparison {
    /// Whether everything stored is true and everything covered is stored.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.missing + self.different + self.unexpected == 0
    }

    fn note(&mut self, what: impl FnOnce() -> String) {
        if self.examples.len() < 8 {
            self.examples.push(what());
        }
    }

    fn compare(&mut self, mut truth: BTreeMap<Key, i64>, stored: impl Iterator<Item = (Key, i64)>) {
        for (key, value) in stored {
            match truth.remove(&key) {
                Some(true_value) if true_value == value => {}
                Some(true_value) => {
                    self.different += 1;
                    self.note(|| format!("{key:?} is {value}, in truth {true_value}"));
                }
                None => {
                    self.unexpected += 1;
                    self.note(|| format!("{key:?} = {value} should not be there"));
                }
            }
        }
        self.missing += truth.len() as u64;
        for (key, value) in truth.iter().take(4) {
            self.note(|| format!("{key:?} = {value} is missing"));
        }
    }
}

/// Compares what a store has of an account with the truth as of now: every daily value of every
/// covered day, and every exact value of a range. Posts' lifetime totals are not looked at.
///
/// # Errors
/// If the store fails.
pub async fn compare_with_truth(
    store: &dyn Store,
    world: &World,
    profile: &PlatformProfile,
    account: &Account,
) -> Result<Comparison> {
    let mut comparison = Comparison::default();
    let coverage = store.coverage(account.workspace, account.id).await?;
    let levels: BTreeSet<Level> = profile.levels.iter().copied().collect();
    for level in levels {
        let names = names(store, account, level).await?;
        let mut truth = BTreeMap::new();
        for feed in coverage.iter().filter(|feed| feed.level == level) {
            let offered: BTreeSet<MetricId> = profile
                .feed(&feed.feed)
                .map(|feed| feed.metrics.iter().map(|one| one.metric.clone()).collect())
                .unwrap_or_default();
            for run in &feed.covered {
                comparison.covered_days += run.range.days().unsigned_abs();
                let rows = world.truth(&question(account, level, run.range));
                let rows = rows.into_iter().filter(|row| offered.contains(&row.metric));
                truth.extend(rows.map(keyed));
            }
        }
        let series = store.series(account.workspace, account.id, level).await?;
        let stored = series.iter().flat_map(|series| {
            let name = names.get(&series.entity).cloned().unwrap_or_default();
            let metric = series.metric.clone();
            series
                .dates
                .iter()
                .zip(&series.values)
                .map(move |(date, value)| {
                    ((level, name.clone(), metric.clone(), day(*date)), *value)
                })
        });
        comparison.facts += series
            .iter()
            .map(|series| series.dates.len() as u64)
            .sum::<u64>();
        comparison.compare(truth, stored);
        compare_windows(store, world, account, level, &names, &mut comparison).await?;
    }
    Ok(comparison)
}

async fn compare_windows(
    store: &dyn Store,
    world: &World,
    account: &Account,
    level: Level,
    names: &BTreeMap<EntityId, String>,
    comparison: &mut Comparison,
) -> Result<()> {
    let windows = store.windows(account.workspace, account.id, level).await?;
    let mut by_range: BTreeMap<(NaiveDate, NaiveDate), Vec<(Key, i64)>> = BTreeMap::new();
    for window in &windows {
        let name = names.get(&window.entity).cloned().unwrap_or_default();
        let key = (level, name, window.metric.clone(), window.range.start);
        by_range
            .entry((window.range.start, window.range.end))
            .or_default()
            .push((key, window.value.0));
    }
    comparison.windows += windows.len() as u64;
    for ((start, end), stored) in by_range {
        let metrics: BTreeSet<&MetricId> =
            stored.iter().map(|((_, _, metric, _), _)| metric).collect();
        let asked = question(account, level, DateRange { start, end }).window();
        let truth = world
            .truth(&asked)
            .into_iter()
            .filter(|row| metrics.contains(&row.metric))
            .map(keyed)
            .collect();
        comparison.compare(truth, stored.into_iter().filter(|(_, value)| *value != 0));
    }
    Ok(())
}

fn question(account: &Account, level: Level, range: DateRange) -> TruthQuery {
    let platform = account.platform.as_str();
    TruthQuery::new(platform, &account.external_id, range.start, range.end).level(level)
}

fn keyed(row: TruthRow) -> (Key, i64) {
    ((row.level, row.entity, row.metric, row.date), row.value.0)
}

async fn names(
    store: &dyn Store,
    account: &Account,
    level: Level,
) -> Result<BTreeMap<EntityId, String>> {
    let filter = EntityFilter {
        accounts: vec![account.id],
        level: Some(level),
        ..EntityFilter::default()
    };
    let (entities, _) = store.entities(account.workspace, &filter).await?;
    let named = entities
        .into_iter()
        .map(|entity| (entity.id, entity.external_id));
    Ok(named.collect())
}

fn day(number: i32) -> NaiveDate {
    NaiveDate::default() + Duration::days(i64::from(number))
}
