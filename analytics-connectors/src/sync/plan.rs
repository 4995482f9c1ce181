//! What an account lacks, derived from what is covered: nothing is remembered between runs.

use std::collections::BTreeMap;

use analytics_core::model::{
    AccountId, DateRange, Feed, FeedCoverage, FeedId, GapRun, Level, PlatformProfile, Priority,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    SyncSettings,
    calendar::{self, ReadyDay, shift},
    grid,
};
use crate::connector::Limits;

/// How often days are fetched again that move only a little.
const WEEK: TimeDelta = TimeDelta::days(7);
/// Why it was refused: the other reasons are about single days.
const NOT_SUPPORTED: &str = "not_supported";

/// Everything a plan depends on.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// What the platform offers.
    pub profile: &'a PlatformProfile,
    /// How much may be asked at once.
    pub limits: Limits,
    /// The account: full snapshots are spread over the days of the week by it.
    pub account: AccountId,
    /// Feeds that the grant does not open.
    pub withheld: &'a [FeedId],
    /// What is covered, and what failed.
    pub coverage: &'a [FeedCoverage],
    /// Days that the platform refused a metric for.
    pub gaps: &'a [GapRun],
    /// The account's own time zone.
    pub zone: Tz,
    /// When the account was linked: history is counted from there, so that it does not wander.
    pub linked_at: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
    /// When somebody asked for fresh figures: what was fetched before and may still move is
    /// fetched again, even if the day is not over since.
    pub requested_at: Option<DateTime<Utc>>,
    /// Settings.
    pub settings: &'a SyncSettings,
}

/// Why a slice is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Covered, but its figures may have moved since.
    Refresh,
    /// Never fetched.
    History,
    /// The last attempt failed.
    Failed,
}

/// A slice to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSlice {
    /// Level.
    pub level: Level,
    /// Feed.
    pub feed: FeedId,
    /// Days in the account's own zone.
    pub range: DateRange,
    /// The strongest reason among its days.
    pub reason: Reason,
    /// How urgent it is.
    pub priority: Priority,
}

impl PlanInput<'_> {
    /// The last day that may be fetched.
    #[must_use]
    pub fn ready(&self) -> ReadyDay {
        calendar::last_ready(self.zone, self.profile.day_ready_hours, self.now)
    }

    /// Today where the account lives.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The days of `feed` at `level` that should be covered by now; none if the platform has none.
    #[must_use]
    pub fn horizon(&self, feed: &Feed, level: Level) -> Option<DateRange> {
        let wanted = if level.depth() <= 1 {
            self.settings.upper_history_days
        } else {
            self.settings.lower_history_days
        };
        let linked = self.linked_at.with_timezone(&self.zone).date_naive();
        let offered = feed
            .metrics
            .iter()
            .filter(|offered| offered.levels.contains(&level))
            .map(|offered| offered.available_from.unwrap_or(NaiveDate::MIN))
            .min()?;
        let start = shift(linked, -i64::from(wanted))
            .max(shift(self.today(), -i64::from(feed.history_days)))
            .max(offered);
        let end = self.ready().date;
        (start <= end).then_some(DateRange { start, end })
    }

    /// The feeds that the grant opens.
    pub(super) fn open_feeds(&self) -> impl Iterator<Item = &Feed> {
        self.profile
            .feeds
            .iter()
            .filter(|feed| !self.withheld.contains(&feed.id))
    }

    /// Every (feed, level) that is fetched day by day, coarsest level first.
    pub(super) fn targets(&self) -> Vec<(&Feed, Level)> {
        let mut targets: Vec<(&Feed, Level)> = self
            .open_feeds()
            .filter(|feed| feed.is_daily())
            .flat_map(|feed| feed.levels.iter().map(move |level| (feed, *level)))
            .collect();
        targets.sort_by_key(|(_, level)| level.depth());
        targets
    }

    /// Coverage of `feed` at `level`; none if it was never tried.
    pub(super) fn covered(&self, feed: &FeedId, level: Level) -> Option<&FeedCoverage> {
        self.coverage
            .iter()
            .find(|coverage| coverage.feed == *feed && coverage.level == level)
    }
}

/// The slices that bring the account up to date: account level first, newest days first. A day
/// that is not ready is never among them.
#[must_use]
pub fn plan(input: &PlanInput<'_>) -> Vec<PlannedSlice> {
    let ready = input.ready();
    let mut slices = Vec::new();
    for (feed, level) in input.targets() {
        let Some(horizon) = input.horizon(feed, level) else {
            continue;
        };
        let limit = if level.depth() <= 1 {
            input.limits.upper_slice_days
        } else {
            input.limits.lower_slice_days
        };
        let needed = needed_days(input, feed, level, horizon, ready);
        slices.extend(
            cut(&needed, limit)
                .into_iter()
                .rev()
                .map(|(range, reason)| PlannedSlice {
                    level,
                    feed: feed.id.clone(),
                    range,
                    reason,
                    priority: match reason {
                        Reason::History => Priority::Linking,
                        Reason::Refresh | Reason::Failed => Priority::Refresh,
                    },
                }),
        );
    }
    slices
}

/// The days to fetch, each with its reason.
fn needed_days(
    input: &PlanInput<'_>,
    feed: &Feed,
    level: Level,
    horizon: DateRange,
    ready: ReadyDay,
) -> BTreeMap<NaiveDate, Reason> {
    let mut needed: BTreeMap<NaiveDate, Reason> =
        horizon.iter().map(|date| (date, Reason::History)).collect();
    let Some(coverage) = input.covered(&feed.id, level) else {
        return needed;
    };
    let moves_for = moves_for_days(feed, level);
    let trickles_for = i64::from(feed.weekly_refetch_days);
    for run in &coverage.covered {
        let fetched = run.last_fetched_at.with_timezone(&input.zone).date_naive();
        let stale = run.last_fetched_at < ready.since
            || input
                .requested_at
                .is_some_and(|requested| run.last_fetched_at < requested);
        let week_old = run.last_fetched_at + WEEK <= ready.since;
        for date in run
            .range
            .intersection(&horizon)
            .iter()
            .flat_map(DateRange::iter)
        {
            // The last fetch that counts is the one after the figures stopped moving, however
            // long nobody looked in between.
            if (stale && fetched < shift(date, moves_for))
                || (week_old && fetched < shift(date, trickles_for))
            {
                needed.insert(date, Reason::Refresh);
            } else {
                needed.remove(&date);
            }
        }
    }
    for date in given_again(input, feed, level, coverage) {
        if horizon.contains(date) {
            needed.insert(date, Reason::Failed);
        }
    }
    for run in &coverage.failed {
        for date in run
            .range
            .intersection(&horizon)
            .iter()
            .flat_map(DateRange::iter)
        {
            needed.insert(date, Reason::Failed);
        }
    }
    needed
}

/// Days that lack a metric which the platform refused then and gives by now, unless they were
/// fetched again since it does.
fn given_again(
    input: &PlanInput<'_>,
    feed: &Feed,
    level: Level,
    coverage: &FeedCoverage,
) -> Vec<NaiveDate> {
    let runs = &coverage.covered;
    let mut days = Vec::new();
    for offered in &feed.metrics {
        let refused = |run: &&GapRun| {
            run.level == level
                && run.gap.metric == offered.metric
                && run.gap.reason == NOT_SUPPORTED
        };
        let gaps = || input.gaps.iter().filter(refused).map(|run| run.gap.range);
        let last = gaps().map(|days| days.end).max();
        let newer = runs.iter().filter(|run| Some(run.range.end) > last);
        let Some(since) = newer.map(|run| run.first_fetched_at).min() else {
            continue;
        };
        let old = runs.iter().filter(|run| run.last_fetched_at < since);
        days.extend(
            old.flat_map(|run| gaps().filter_map(|days| days.intersection(&run.range)))
                .flat_map(|days| days.iter()),
        );
    }
    days
}

/// Days after which a feed's figures at `level` are not fetched again.
fn moves_for_days(feed: &Feed, level: Level) -> i64 {
    feed.metrics
        .iter()
        .filter(|offered| offered.levels.contains(&level))
        .map(|offered| i64::from(offered.settles_after_days))
        .max()
        .unwrap_or(0)
        .max(i64::from(feed.refetch_days))
}

/// Joins adjacent days, whatever their reasons, and cuts at the grid; oldest first.
fn cut(needed: &BTreeMap<NaiveDate, Reason>, limit: u32) -> Vec<(DateRange, Reason)> {
    let mut slices: Vec<(DateRange, Reason)> = Vec::new();
    let mut cell: Option<DateRange> = None;
    for (date, reason) in needed {
        if let Some((range, strongest)) = slices.last_mut()
            && shift(range.end, 1) == *date
            && cell.is_some_and(|cell| cell.contains(*date))
        {
            range.end = *date;
            *strongest = (*strongest).max(*reason);
        } else {
            cell = Some(grid::cell(*date, limit));
            slices.push((DateRange::day(*date), *reason));
        }
    }
    slices
}
