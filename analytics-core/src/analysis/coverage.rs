//! Coverage as the public sees it: states of days, and the last complete day.

use chrono::{DateTime, Days as ChronoDays, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::days::{Days, day_number};
use crate::model::{CoveredRun, FeedCoverage, Level, MetricId, PlatformProfile};

/// What is known of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// Never fetched.
    Missing,
    /// Tried, and never fetched completely.
    Failed,
    /// Fetched, but figures may still be restated.
    Provisional,
    /// Fetched after its figures had settled.
    Final,
}

impl DayState {
    /// `missing`, `failed`, `provisional` or `final`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::Provisional => "provisional",
            Self::Final => "final",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Missing, Self::Failed, Self::Provisional, Self::Final]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// Days of one state and one history of fetches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageStateRun {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// Their state.
    pub state: DayState,
    /// When they were first fetched completely; none unless covered.
    pub first_fetched_at: Option<DateTime<Utc>>,
    /// When they were last fetched completely, or, for failed days, tried.
    pub last_fetched_at: Option<DateTime<Utc>>,
    /// What kind of failure failed days had: the code of an error, for example `rate_limited`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why failed days failed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The last day of `run` that is final, as a day number: those fetched at least
/// `settles_after_days` later, by the day in the account's own zone.
pub(super) fn last_final_day(run: &CoveredRun, zone: Tz, settles_after_days: u16) -> i32 {
    let fetched = run.last_fetched_at.with_timezone(&zone).date_naive();
    day_number(fetched) - i32::from(settles_after_days)
}

/// The last covered day of the platform's feeds at `level`: the earliest of theirs, leaving out
/// feeds nothing of which is covered. None if nothing is covered at all. Holes before it do not
/// move it, since a backfill runs newest first.
#[must_use]
pub fn complete_through(
    profile: &PlatformProfile,
    coverage: &[FeedCoverage],
    level: Level,
) -> Option<NaiveDate> {
    coverage
        .iter()
        .filter(|feed| feed.level == level && profile.feed(&feed.feed).is_some())
        .filter_map(|feed| feed.covered.iter().map(|run| run.range.end).max())
        .min()
}

/// Coverage of one feed as runs of one state each, ascending and without gaps between the first
/// and the last day that was ever tried.
///
/// Whether a day is final is judged for `metric`; without one, for the feed's slowest metric.
#[must_use]
pub fn coverage_runs(
    profile: &PlatformProfile,
    zone: Tz,
    coverage: &FeedCoverage,
    metric: Option<&MetricId>,
) -> Vec<CoverageStateRun> {
    let settles = profile
        .feed(&coverage.feed)
        .into_iter()
        .flat_map(|feed| &feed.metrics)
        .filter(|offered| offered.levels.contains(&coverage.level))
        .filter(|offered| metric.is_none_or(|metric| offered.metric == *metric))
        .map(|offered| offered.settles_after_days)
        .max()
        .unwrap_or_default();
    let mut runs: Vec<_> = coverage
        .covered
        .iter()
        .flat_map(|run| split_covered(run, zone, settles))
        .collect();
    for failed in &coverage.failed {
        let covered: Vec<Days> = coverage
            .covered
            .iter()
            .map(|run| run.range.into())
            .collect();
        runs.extend(
            without(failed.range.into(), &covered)
                .into_iter()
                .filter_map(|days| {
                    Some(CoverageStateRun {
                        code: Some(failed.code.clone()),
                        reason: Some(failed.reason.clone()),
                        ..run_of(days, DayState::Failed, None, Some(failed.failed_at))?
                    })
                }),
        );
    }
    runs.sort_by_key(|run| run.start);
    with_gaps(runs)
}

fn run_of(
    days: Days,
    state: DayState,
    first_fetched_at: Option<DateTime<Utc>>,
    last_fetched_at: Option<DateTime<Utc>>,
) -> Option<CoverageStateRun> {
    let range = days.dates()?;
    Some(CoverageStateRun {
        start: range.start,
        end: range.end,
        state,
        first_fetched_at,
        last_fetched_at,
        code: None,
        reason: None,
    })
}

fn split_covered(run: &CoveredRun, zone: Tz, settles: u16) -> Vec<CoverageStateRun> {
    let days = Days::from(run.range);
    let last_final = last_final_day(run, zone, settles);
    [
        (
            Days::new(days.first, days.last.min(last_final)),
            DayState::Final,
        ),
        (
            Days::new(days.first.max(last_final.saturating_add(1)), days.last),
            DayState::Provisional,
        ),
    ]
    .into_iter()
    .filter_map(|(days, state)| {
        run_of(
            days?,
            state,
            Some(run.first_fetched_at),
            Some(run.last_fetched_at),
        )
    })
    .collect()
}

/// What is left of `days` without those in `taken` (ascending).
pub(super) fn without(days: Days, taken: &[Days]) -> Vec<Days> {
    let mut left = Vec::new();
    let mut first = days.first;
    for run in taken.iter().filter_map(|run| run.intersection(days)) {
        left.extend(Days::new(first, run.first - 1));
        first = run.last + 1;
    }
    left.extend(Days::new(first, days.last));
    left
}

fn with_gaps(runs: Vec<CoverageStateRun>) -> Vec<CoverageStateRun> {
    let mut tiled: Vec<CoverageStateRun> = Vec::with_capacity(runs.len());
    for run in runs {
        if let Some(previous) = tiled.last()
            && let Some(next) = previous.end.checked_add_days(ChronoDays::new(1))
            && next < run.start
        {
            tiled.extend(run.start.pred_opt().map(|end| CoverageStateRun {
                start: next,
                end,
                state: DayState::Missing,
                first_fetched_at: None,
                last_fetched_at: None,
                code: None,
                reason: None,
            }));
        }
        tiled.push(run);
    }
    tiled
}
