use analytics_core::model::{Catalogue, DateRange, Level, MetricId, WeekStart};
use chrono_tz::Tz;

use super::{
    SyncSettings,
    plan::PlanInput,
    plan_tests::{LIMITS, ads, at, date, range},
    windows::{KnownWindow, PlannedWindow, ViewerCalendar, WindowSpec, plan_windows},
};

const UTC: ViewerCalendar = ViewerCalendar {
    zone: Tz::UTC,
    week_start: WeekStart(chrono::Weekday::Mon),
};

fn planned(
    now: &str,
    viewer: ViewerCalendar,
    specs: &[WindowSpec],
    months: u32,
    known: &[KnownWindow],
) -> Vec<PlannedWindow> {
    let profile = ads();
    let settings = SyncSettings {
        account_windows: specs.to_vec(),
        campaign_windows: Vec::new(),
        window_months: months,
        ..SyncSettings::default()
    };
    let input = PlanInput {
        profile: &profile,
        limits: LIMITS,
        coverage: &[],
        zone: Tz::UTC,
        linked_at: at("2026-11-23T12:00:00Z"),
        now: at(now),
        requested_at: None,
        settings: &settings,
    };
    plan_windows(&input, &Catalogue::default(), viewer, known)
}

fn ranges(windows: &[PlannedWindow]) -> Vec<DateRange> {
    windows.iter().map(|window| window.range).collect()
}

#[test]
fn only_unique_metrics_get_windows() {
    let windows = planned(
        "2026-11-23T12:00:00Z",
        UTC,
        &[WindowSpec::LastDays(7)],
        0,
        &[],
    );
    assert!(!windows.is_empty());
    for window in windows {
        assert_eq!(window.metrics, [MetricId::from("reach")]);
    }
}

#[test]
fn the_last_days_and_those_before_are_exact_today_and_after_midnight() {
    let windows = planned(
        "2026-11-23T12:00:00Z",
        UTC,
        &[WindowSpec::LastDays(30)],
        0,
        &[],
    );
    let ranges = ranges(&windows);
    // Until midnight: the 30 days before the 23rd, and the 30 before those.
    assert!(ranges.contains(&range("2026-10-24", "2026-11-22")));
    assert!(ranges.contains(&range("2026-09-24", "2026-10-23")));
    // After midnight the 23rd is not ready yet: 29 days, compared with 29.
    assert!(ranges.contains(&range("2026-10-25", "2026-11-22")));
    assert!(ranges.contains(&range("2026-09-25", "2026-10-23")));
    assert_eq!(ranges.len(), 4);
}

#[test]
fn a_viewer_ahead_of_the_account_gets_its_own_ranges() {
    let tokyo = ViewerCalendar {
        zone: Tz::Asia__Tokyo,
        ..UTC
    };
    // 01:00 on the 24th in Tokyo.
    let windows = planned(
        "2026-11-23T16:00:00Z",
        tokyo,
        &[WindowSpec::LastDays(7)],
        0,
        &[],
    );
    assert!(ranges(&windows).contains(&range("2026-11-17", "2026-11-22")));
}

#[test]
fn this_month_goes_with_the_same_dates_of_the_month_before() {
    let windows = planned(
        "2026-11-23T12:00:00Z",
        UTC,
        &[WindowSpec::ThisMonth, WindowSpec::LastMonth],
        0,
        &[],
    );
    let ranges = ranges(&windows);
    assert!(ranges.contains(&range("2026-11-01", "2026-11-22")));
    assert!(ranges.contains(&range("2026-10-01", "2026-10-22")));
    assert!(ranges.contains(&range("2026-10-01", "2026-10-31")));
    assert!(ranges.contains(&range("2026-09-01", "2026-09-30")));
    assert_eq!(ranges.len(), 4);
}

#[test]
fn weeks_start_where_the_workspace_lets_them() {
    let sunday = ViewerCalendar {
        week_start: WeekStart(chrono::Weekday::Sun),
        ..UTC
    };
    // 2026-11-23 is a Monday.
    let windows = planned(
        "2026-11-23T12:00:00Z",
        sunday,
        &[WindowSpec::ThisWeek, WindowSpec::LastWeek],
        0,
        &[],
    );
    let ranges = ranges(&windows);
    assert!(ranges.contains(&range("2026-11-22", "2026-11-22")));
    assert!(ranges.contains(&range("2026-11-15", "2026-11-15")));
    assert!(ranges.contains(&range("2026-11-15", "2026-11-21")));
}

#[test]
fn whole_months_are_planned_for_a_chart_by_month() {
    let windows = planned("2026-11-23T12:00:00Z", UTC, &[], 2, &[]);
    assert_eq!(
        ranges(&windows),
        [
            range("2026-10-01", "2026-10-31"),
            range("2026-09-01", "2026-09-30")
        ]
    );
}

#[test]
fn a_window_is_fetched_again_each_day_until_it_settles() {
    let fetched = |at_time: &str| KnownWindow {
        level: Level::Account,
        metric: MetricId::from("reach"),
        range: range("2026-10-01", "2026-10-31"),
        fetched_at: at(at_time),
    };
    let again = |now: &str, last: &str| !planned(now, UTC, &[], 1, &[fetched(last)]).is_empty();
    // Reach settles after three days: on the 3rd of November.
    assert!(again("2026-11-02T06:00:00Z", "2026-11-01T06:00:00Z"));
    assert!(!again("2026-11-02T23:00:00Z", "2026-11-02T06:00:00Z"));
    assert!(again("2026-11-03T06:00:00Z", "2026-11-02T06:00:00Z"));
    assert!(!again("2026-11-23T06:00:00Z", "2026-11-03T06:00:00Z"));
    assert!(again("2026-11-23T06:00:00Z", "2026-11-02T06:00:00Z"));
}

#[test]
fn a_window_that_starts_before_the_platform_remembers_is_left_out() {
    let windows = planned(
        "2026-11-23T12:00:00Z",
        UTC,
        &[WindowSpec::LastDays(1000)],
        0,
        &[],
    );
    let first = windows.iter().map(|window| window.range.start).min();
    assert_eq!(first, Some(date("2024-02-27")));
}
