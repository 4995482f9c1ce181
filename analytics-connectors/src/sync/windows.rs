//! Exact values of unique metrics: which whole ranges are worth a call of their own.
//!
//! People reached cannot be added up, so a range has an exact figure only if the platform was asked
//! for just that range. Planned are the ranges a dashboard asks for until the next refresh.

use std::collections::BTreeSet;

use analytics_core::model::{
    Catalogue, DateRange, Level, MetricId, MetricKind, OfferedMetric, WeekStart, WindowRequest,
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    calendar::shift,
    grid::{month_of, month_start},
    plan::PlanInput,
};

/// A range relative to today whose exact values are kept, together with the period before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowSpec {
    /// The days before today, as far as they are ready.
    LastDays(u32),
    /// As many days up to the last one that is ready.
    CompleteDays(u32),
    /// The week of today.
    ThisWeek,
    /// The week before.
    LastWeek,
    /// The month of today.
    ThisMonth,
    /// The month before.
    LastMonth,
}

/// A stored window as far as planning looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownWindow {
    /// Level.
    pub level: Level,
    /// Unique metric.
    pub metric: MetricId,
    /// Its range.
    pub range: DateRange,
    /// When it was last fetched.
    pub fetched_at: DateTime<Utc>,
}

/// How the workspace that looks at the account reads its calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewerCalendar {
    /// Presets such as the last 30 days are relative to today in this zone.
    pub zone: Tz,
    /// First day of its weeks.
    pub week_start: WeekStart,
}

/// A window to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedWindow {
    /// Level.
    pub level: Level,
    /// Unique metrics, fetched together.
    pub metrics: Vec<MetricId>,
    /// The range.
    pub range: DateRange,
}

/// The windows that are missing, or were fetched before their figures settled and before the last
/// day became ready; newest first within a level.
#[must_use]
pub fn plan_windows(
    input: &PlanInput<'_>,
    catalogue: &Catalogue,
    viewer: ViewerCalendar,
    known: &[KnownWindow],
) -> Vec<PlannedWindow> {
    let mut planned = Vec::new();
    let settings = input.settings;
    for (level, specs, months, weeks) in [
        (
            Level::Account,
            &settings.account_windows,
            settings.window_months,
            settings.window_weeks,
        ),
        (Level::Campaign, &settings.campaign_windows, 0, 0),
    ] {
        let ranges = ranges(input, viewer, specs, (months, weeks));
        for range in ranges.into_iter().rev() {
            let metrics = wanted_metrics(input, catalogue, level, range, known);
            if !metrics.is_empty() {
                planned.push(PlannedWindow {
                    level,
                    metrics,
                    range,
                });
            }
        }
    }
    planned
}

/// The ranges, oldest end first.
fn ranges(
    input: &PlanInput<'_>,
    viewer: ViewerCalendar,
    specs: &[WindowSpec],
    (months, weeks): (u32, u32),
) -> Vec<DateRange> {
    let through = input.ready().date;
    let today = input.now.with_timezone(&viewer.zone).date_naive();
    let mut ranges = BTreeSet::new();
    // Until the next refresh the viewer's day changes once.
    for today in [today, shift(today, 1)] {
        for spec in specs {
            ranges.extend(
                spec.ranges(today, through, viewer.week_start)
                    .map(|range| (range.end, range.start)),
            );
        }
    }
    let this_month = month_index(through);
    for back in 1..=months.cast_signed() {
        let month = month_of(month_start(this_month - back));
        ranges.insert((month.end, month.start));
    }
    let into_week = through.weekday().days_since(viewer.week_start.0);
    // The week of the last day is whole only if that is its last one.
    let this_week = shift(through, 1 - i64::from((into_week + 1) % 7));
    for back in 1..=i64::from(weeks) {
        let start = shift(this_week, -7 * back);
        ranges.insert((shift(start, 6), start));
    }
    ranges
        .into_iter()
        .map(|(end, start)| DateRange { start, end })
        .collect()
}

/// The unique metrics of `level` that the platform can give for `range` and that are not known
/// well enough.
fn wanted_metrics(
    input: &PlanInput<'_>,
    catalogue: &Catalogue,
    level: Level,
    range: DateRange,
    known: &[KnownWindow],
) -> Vec<MetricId> {
    let ready = input.ready();
    askable(input, catalogue, level, range)
        .filter(|offered| {
            let last = known
                .iter()
                .filter(|window| {
                    window.level == level
                        && window.metric == offered.metric
                        && window.range == range
                })
                .map(|window| window.fetched_at)
                .max();
            last.is_none_or(|at| {
                let settled = shift(range.end, i64::from(offered.settles_after_days));
                at < ready.since && at.with_timezone(&input.zone).date_naive() < settled
            })
        })
        .map(|offered| offered.metric.clone())
        .collect()
}

/// The unique metrics of `level` that the platform can be asked for over just this range.
fn askable<'a>(
    input: &'a PlanInput<'_>,
    catalogue: &'a Catalogue,
    level: Level,
    range: DateRange,
) -> impl Iterator<Item = &'a OfferedMetric> {
    let offered = input.open_feeds().flat_map(move |feed| {
        let oldest = shift(input.today(), -i64::from(feed.history_days));
        feed.metrics
            .iter()
            .filter(move |offered| offered.levels.contains(&level) && range.start >= oldest)
    });
    offered
        .filter(move |offered| offered.windows.can_ask(range.days()))
        .filter(move |offered| {
            offered
                .available_from
                .is_none_or(|from| from <= range.start)
        })
        .filter(|offered| {
            catalogue
                .metric(&offered.metric)
                .is_some_and(|metric| metric.kind == MetricKind::Unique)
        })
}

/// What became of requests for exact values.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PlannedRequests {
    /// To be fetched, in the order of the requests.
    pub windows: Vec<PlannedWindow>,
    /// Not to be had from this platform, or with this grant.
    pub impossible: Vec<PlannedWindow>,
}

/// The windows that reports asked for and that nobody has fetched yet.
#[must_use]
pub fn plan_requests(
    input: &PlanInput<'_>,
    catalogue: &Catalogue,
    requests: &[WindowRequest],
) -> PlannedRequests {
    let mut planned = PlannedRequests::default();
    for request in requests.iter().filter(|one| one.answered_at.is_none()) {
        let possible = request.range.end <= input.ready().date
            && askable(input, catalogue, request.level, request.range)
                .any(|offered| offered.metric == request.metric);
        let windows = if possible {
            &mut planned.windows
        } else {
            &mut planned.impossible
        };
        let together = windows
            .iter_mut()
            .find(|window| window.level == request.level && window.range == request.range);
        match together {
            Some(window) => window.metrics.push(request.metric.clone()),
            None => windows.push(PlannedWindow {
                level: request.level,
                metrics: vec![request.metric.clone()],
                range: request.range,
            }),
        }
    }
    planned
}

impl WindowSpec {
    /// The range as of `today`, cut to `through`, and the period before it, cut alike.
    fn ranges(
        self,
        today: NaiveDate,
        through: NaiveDate,
        week_start: WeekStart,
    ) -> impl Iterator<Item = DateRange> + use<> {
        let (start, end, previous) = self.nominal(today, through, week_start);
        let cut = end.min(through);
        let current = (start <= cut).then_some(DateRange { start, end: cut });
        let before = current.map(|current| {
            let whole = cut == end;
            DateRange {
                start: previous.start,
                end: if whole {
                    previous.end
                } else {
                    shift(previous.start, current.days() - 1).min(previous.end)
                },
            }
        });
        current.into_iter().chain(before)
    }

    /// First and last day as of `today`, and the period before.
    fn nominal(
        self,
        today: NaiveDate,
        through: NaiveDate,
        week_start: WeekStart,
    ) -> (NaiveDate, NaiveDate, DateRange) {
        match self {
            Self::LastDays(days) | Self::CompleteDays(days) => {
                let days = i64::from(days.max(1));
                let end = match self {
                    Self::CompleteDays(_) => through,
                    _ => shift(today, -1),
                };
                let start = shift(end, 1 - days);
                let before = DateRange {
                    start: shift(start, -days),
                    end: shift(start, -1),
                };
                (start, end, before)
            }
            Self::ThisWeek | Self::LastWeek => {
                let into = i64::from(today.weekday().days_since(week_start.0));
                let this = shift(today, -into);
                let (start, end) = if self == Self::ThisWeek {
                    (this, today)
                } else {
                    (shift(this, -7), shift(this, -1))
                };
                let before = DateRange {
                    start: shift(start, -7),
                    end: shift(end, -7),
                };
                (start, end, before)
            }
            Self::ThisMonth => {
                let month = month_of(today);
                let before = month_of(shift(month.start, -1));
                // The same dates a month earlier; a whole month goes with the whole month before.
                let end = if today == month.end {
                    before.end
                } else {
                    shift(before.start, i64::from(today.day0())).min(before.end)
                };
                let before = DateRange {
                    start: before.start,
                    end,
                };
                (month.start, today, before)
            }
            Self::LastMonth => {
                let month = month_of(shift(month_of(today).start, -1));
                (month.start, month.end, month_of(shift(month.start, -1)))
            }
        }
    }
}

fn month_index(date: NaiveDate) -> i32 {
    date.year() * 12 + date.month0().cast_signed()
}
