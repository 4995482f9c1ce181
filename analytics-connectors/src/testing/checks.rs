//! What the rules are put together from.

use std::collections::BTreeSet;

use analytics_core::model::{
    Catalogue, DateRange, FactRecord, FeedId, Level, MetricId, MetricKind, WindowOffer,
};
use chrono::NaiveDate;

use super::harness::{Harness, Violation, fetch_all};
use crate::{
    connector::{Batch, FetchRequest},
    error::{Error, ErrorKind},
};

/// Result of one check.
pub type Check = Result<(), Violation>;

pub(super) fn expect_kind(rule: &'static str, failed: Option<Error>, kind: &ErrorKind) -> Check {
    match failed {
        Some(error) if error.kind == *kind => Ok(()),
        Some(error) => Err(violation(
            rule,
            format!(
                "expected {}, got {}: {error}",
                kind.code(),
                error.kind.code()
            ),
        )),
        None => Err(violation(rule, "the call succeeded".to_owned())),
    }
}

pub(super) fn well_formed(
    harness: &dyn Harness,
    feed: &FeedId,
    level: Level,
    range: DateRange,
    batch: &Batch,
) -> Check {
    const RULE: &str = "answers";
    let connector = harness.connector();
    let profile = &connector.descriptor().profile;
    let catalogue = Catalogue::with_platforms([profile.clone()]);
    let account = harness.account().external_id;
    let mut seen = BTreeSet::new();
    for fact in &batch.facts {
        ensure(RULE, range.contains(fact.date), || {
            format!("{fact:?} lies outside {range}")
        })?;
        ensure(RULE, seen.insert(key(fact)), || {
            format!("{fact:?} comes twice")
        })?;
        let offered = profile.offer(&fact.metric, level);
        ensure(RULE, offered.is_some_and(|(by, _)| by.id == *feed), || {
            format!("{fact:?} is not offered by `{feed}`")
        })?;
        let absent_is_zero = catalogue
            .metric(&fact.metric)
            .is_some_and(|metric| metric.kind != MetricKind::Stock);
        ensure(RULE, fact.value.0 != 0 || !absent_is_zero, || {
            format!("{fact:?} is a zero; leave it out")
        })?;
        let placed = if level == Level::Account {
            *fact.entity == *account
        } else {
            batch
                .entities
                .iter()
                .any(|entity| entity.level == level && *entity.external_id == *fact.entity)
        };
        ensure(RULE, placed, || {
            format!("{fact:?} is about an entity that was not delivered")
        })?;
    }
    for gap in &batch.gaps {
        let offered = profile.offer(&gap.metric, level);
        ensure(RULE, offered.is_some_and(|(by, _)| by.id == *feed), || {
            format!("{gap:?} is of a metric that `{feed}` does not offer")
        })?;
        let contradicted = batch
            .facts
            .iter()
            .find(|fact| fact.metric == gap.metric && gap.range.contains(fact.date));
        ensure(RULE, contradicted.is_none(), || {
            format!("{gap:?} has a value all the same: {contradicted:?}")
        })?;
    }
    for window in &batch.windows {
        let told = profile
            .offer(&window.metric, level)
            .is_some_and(|(_, offered)| {
                matches!(&offered.windows, WindowOffer::WithDays(lengths)
                if lengths.iter().any(|days| i64::from(*days) == window.range.days()))
            });
        ensure(RULE, told && range.contains(window.range.end), || {
            format!("{window:?} was neither asked for nor said to come with its days")
        })?;
    }
    for entity in &batch.entities {
        let below = entity.level.depth() > 1;
        ensure(RULE, !below || entity.parent_external_id.is_some(), || {
            format!("{entity:?} has no parent")
        })?;
    }
    Ok(())
}

pub(super) async fn fetch(
    harness: &dyn Harness,
    rule: &'static str,
    request: FetchRequest,
) -> Result<Batch, Violation> {
    fetch_all(
        harness.connector().as_ref(),
        &harness.account(),
        request,
        harness.tokens(),
    )
    .await
    .map_err(|error| violation(rule, error.to_string()))
}

pub(super) fn targets(harness: &dyn Harness) -> Vec<(FeedId, Level)> {
    let connector = harness.connector();
    let feeds = &connector.descriptor().profile.feeds;
    feeds
        .iter()
        .filter(|feed| feed.is_daily())
        .flat_map(|feed| feed.levels.iter().map(|level| (feed.id.clone(), *level)))
        .collect()
}

/// Snapshot feeds and their levels.
pub(super) fn snapshots(harness: &dyn Harness) -> Vec<(FeedId, Level)> {
    let connector = harness.connector();
    let feeds = &connector.descriptor().profile.feeds;
    feeds
        .iter()
        .filter(|feed| !feed.is_daily())
        .flat_map(|feed| feed.levels.iter().map(|level| (feed.id.clone(), *level)))
        .collect()
}

/// Unique metrics that can be asked for over so many days.
pub(super) fn unique_metrics(harness: &dyn Harness, level: Level, days: i64) -> Vec<MetricId> {
    let connector = harness.connector();
    let profile = &connector.descriptor().profile;
    let catalogue = Catalogue::with_platforms([profile.clone()]);
    profile
        .feeds
        .iter()
        .flat_map(|feed| &feed.metrics)
        .filter(|offered| offered.levels.contains(&level) && offered.windows.can_ask(days))
        .map(|offered| offered.metric.clone())
        .filter(|id| {
            catalogue
                .metric(id)
                .is_some_and(|metric| metric.kind == MetricKind::Unique)
        })
        .collect()
}

pub(super) fn some_day(harness: &dyn Harness) -> FetchRequest {
    let feed = targets(harness).swap_remove(0).0;
    daily(&feed, Level::Account, DateRange::day(harness.range().end))
}

pub(super) fn daily(feed: &FeedId, level: Level, range: DateRange) -> FetchRequest {
    FetchRequest::Daily {
        level,
        feed: feed.clone(),
        range,
    }
}

fn key(fact: &FactRecord) -> (String, MetricId, NaiveDate) {
    (fact.entity.to_string(), fact.metric.clone(), fact.date)
}

pub(super) fn sorted(mut facts: Vec<FactRecord>) -> Vec<FactRecord> {
    facts.sort_by_cached_key(key);
    facts
}

/// Names the first difference: whole answers are too long to read.
pub(super) fn same<T: PartialEq + std::fmt::Debug>(
    rule: &'static str,
    expected: &[T],
    found: &[T],
) -> Check {
    if let Some((expected, found)) = expected.iter().zip(found).find(|(a, b)| a != b) {
        return Err(violation(
            rule,
            format!("expected {expected:?}, found {found:?}"),
        ));
    }
    ensure(rule, expected.len() == found.len(), || {
        let rest = &expected.get(found.len()..).or(found.get(expected.len()..));
        let first = rest.and_then(|rest| rest.first());
        format!(
            "expected {} values, found {}; the first that only one side has is {first:?}",
            expected.len(),
            found.len()
        )
    })
}

pub(super) fn ensure(rule: &'static str, holds: bool, message: impl FnOnce() -> String) -> Check {
    if holds {
        Ok(())
    } else {
        Err(violation(rule, message()))
    }
}

pub(super) fn violation(rule: &'static str, message: String) -> Violation {
    Violation { rule, message }
}
