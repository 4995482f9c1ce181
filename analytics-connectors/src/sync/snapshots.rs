//! Snapshots: one a day of whatever the platform tells only as it is now.

use analytics_core::model::{Feed, FeedId, FeedKind, Level, Watch};
use chrono::NaiveDate;

use super::{
    calendar::{self, shift},
    plan::PlanInput,
};

/// Days of a round in which some posts are read once.
const WEEK: i64 = 7;
const MONTH: i64 = 28;

/// A snapshot to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSnapshot {
    /// Level.
    pub level: Level,
    /// Feed.
    pub feed: FeedId,
    /// The day it counts for: the last one that has ended where the account lives.
    pub date: NaiveDate,
    /// Only posts published on this day or later.
    pub since: NaiveDate,
}

/// Posts to read before they are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFleeting {
    /// Level.
    pub level: Level,
    /// Feed.
    pub feed: FeedId,
    /// The day that is running where the account lives.
    pub date: NaiveDate,
}

/// The feeds with posts that soon are gone, as far as the day before has been read.
#[must_use]
pub fn plan_fleeting(input: &PlanInput<'_>) -> Vec<PlannedFleeting> {
    let date = calendar::last_ready(input.zone, 0, input.now).date;
    input
        .open_feeds()
        .filter(|feed| matches!(feed.kind, FeedKind::Snapshot(watch) if watch.fleeting_hours > 0))
        .flat_map(|feed| feed.levels.iter().map(move |level| (feed, *level)))
        .filter(|(feed, level)| is_covered(input, feed, *level, date, date))
        .map(|(feed, level)| PlannedFleeting {
            level,
            feed: feed.id.clone(),
            date: input.today(),
        })
        .collect()
}

/// The snapshots that the last ended day lacks, coarsest level first.
#[must_use]
pub fn plan_snapshots(input: &PlanInput<'_>) -> Vec<PlannedSnapshot> {
    let date = calendar::last_ready(input.zone, 0, input.now).date;
    let mut planned: Vec<PlannedSnapshot> = input
        .open_feeds()
        .filter_map(|feed| match feed.kind {
            FeedKind::Daily => None,
            FeedKind::Snapshot(watch) => Some((feed, watch)),
        })
        .flat_map(|(feed, watch)| feed.levels.iter().map(move |level| (feed, watch, *level)))
        .filter(|(feed, _, level)| !is_covered(input, feed, *level, date, date))
        .map(|(feed, watch, level)| {
            let days = watched_days(input, feed, watch, level, date);
            PlannedSnapshot {
                level,
                feed: feed.id.clone(),
                date,
                since: shift(date, 1 - i64::from(days)),
            }
        })
        .collect();
    planned.sort_by_key(|snapshot| snapshot.level.depth());
    planned
}

/// How far back the posts were published that are read for `date`: at first all that are wanted,
/// then now and then those that hardly move any more.
fn watched_days(
    input: &PlanInput<'_>,
    feed: &Feed,
    watch: Watch,
    level: Level,
    date: NaiveDate,
) -> u32 {
    let read_since = |first| is_covered(input, feed, level, first, date);
    let rounds = [(WEEK, watch.weekly_days), (MONTH, watch.monthly_days)];
    let due = rounds
        .into_iter()
        .filter(|(length, _)| !read_since(round_start(input, date, *length)))
        .map(|(_, days)| days);
    let wanted = feed.history_days.min(input.settings.lower_history_days);
    let first = (watch.daily_days > 0 && !read_since(NaiveDate::MIN)).then_some(wanted);
    due.chain(first).fold(watch.daily_days, u32::max)
}

/// The day from which on a round of so many days runs: each account has a first day of its own.
fn round_start(input: &PlanInput<'_>, date: NaiveDate, length: i64) -> NaiveDate {
    let days = i64::from(date.to_epoch_days()) - input.account.0;
    shift(date, -days.rem_euclid(length))
}

/// Whether any day from `first` to `last` has a snapshot.
fn is_covered(
    input: &PlanInput<'_>,
    feed: &Feed,
    level: Level,
    first: NaiveDate,
    last: NaiveDate,
) -> bool {
    input.covered(&feed.id, level).is_some_and(|coverage| {
        coverage
            .covered
            .iter()
            .any(|run| run.range.start <= last && first <= run.range.end)
    })
}
