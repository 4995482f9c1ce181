//! How far an account is: coverage against what should be covered.

use analytics_core::model::{DateRange, Feed, FeedCoverage, Level};
use chrono::NaiveDate;

use super::{calendar::last_ready, plan::PlanInput};

/// How far an account's data is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Whether history from before linking is still to come.
    pub backfilling: bool,
    /// Covered share of all planned account-days, over all levels, 0 to 1.
    pub fraction: f64,
    /// Covered days, over all levels.
    pub days_done: u64,
    /// Planned days, over all levels.
    pub days_total: u64,
    /// Seconds until everything planned is covered, at this process's recent speed; none while
    /// nobody works on it here.
    pub eta_seconds: Option<u64>,
    /// First covered day at account level.
    pub covered_from: Option<NaiveDate>,
    /// Last covered day at account level.
    pub complete_through: Option<NaiveDate>,
}

/// Measures progress; the ETA is left to whoever knows the speed.
#[must_use]
pub fn measure(input: &PlanInput<'_>) -> Progress {
    // What was there to fetch on linking; a day that became ready since is a refresh.
    let ready_hours = input.profile.day_ready_hours;
    let history_end = last_ready(input.zone, ready_hours, input.linked_at).date;
    let (mut done, mut total, mut backfilling) = (0, 0, false);
    for (feed, level) in input.targets() {
        let Some(horizon) = input.horizon(feed, level) else {
            continue;
        };
        total += horizon.days().unsigned_abs();
        let coverage = input.covered(&feed.id, level);
        let tried = |date: NaiveDate| coverage.is_some_and(|known| was_tried(known, date));
        done += coverage.map_or(0, |known| covered_days(known, horizon));
        backfilling |= horizon
            .iter()
            .any(|date| date <= history_end && !tried(date));
    }
    let (covered_from, complete_through) = span(input);
    Progress {
        backfilling,
        fraction: share(done, total),
        days_done: done,
        days_total: total,
        eta_seconds: None,
        covered_from,
        complete_through,
    }
}

/// First and last day that the feeds of the account level cover, all of those that cover any;
/// snapshots, whose history begins with linking, count only where there is nothing else.
fn span(input: &PlanInput<'_>) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let of_account = |daily: bool| -> Vec<&Feed> {
        input
            .open_feeds()
            .filter(|feed| feed.levels.contains(&Level::Account) && feed.is_daily() == daily)
            .collect()
    };
    let mut feeds = of_account(true);
    if feeds.is_empty() {
        feeds = of_account(false);
    }
    let ends: Vec<(NaiveDate, NaiveDate)> = feeds
        .into_iter()
        .filter_map(|feed| {
            let covered = &input.covered(&feed.id, Level::Account)?.covered;
            Some((covered.first()?.range.start, covered.last()?.range.end))
        })
        .collect();
    (
        ends.iter().map(|(first, _)| *first).max(),
        ends.iter().map(|(_, last)| *last).min(),
    )
}

fn covered_days(coverage: &FeedCoverage, horizon: DateRange) -> u64 {
    coverage
        .covered
        .iter()
        .filter_map(|run| run.range.intersection(&horizon))
        .map(|range| range.days().unsigned_abs())
        .sum()
}

fn was_tried(coverage: &FeedCoverage, date: NaiveDate) -> bool {
    coverage.covered.iter().any(|run| run.range.contains(date))
        || coverage.failed.iter().any(|run| run.range.contains(date))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share of days is shown to people; days are far below 2^52"
)]
fn share(done: u64, total: u64) -> f64 {
    if total == 0 {
        1.0
    } else {
        done as f64 / total as f64
    }
}

impl Progress {
    /// Of an account whose platform has no connector here: nothing is planned for it.
    pub(super) fn unknown() -> Self {
        Self {
            backfilling: false,
            fraction: 1.0,
            days_done: 0,
            days_total: 0,
            eta_seconds: None,
            covered_from: None,
            complete_through: None,
        }
    }
}
