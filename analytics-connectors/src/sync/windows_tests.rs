use analytics_core::model::{
    AccountId, Catalogue, DateRange, Level, MetricId, PlatformProfile, WeekStart, WindowOffer,
    WindowRequest,
};
use chrono_tz::Tz;

use super::{
    SyncSettings,
    plan::PlanInput,
    plan_tests::{LIMITS, ads, at, date, range},
    windows::{
        KnownWindow, PlannedRequests, PlannedWindow, ViewerCalendar, WindowSpec, plan_requests,
        plan_windows,
    },
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
    let settings = SyncSettings {
        account_windows: specs.to_vec(),
        campaign_windows: Vec::new(),
        window_months: months,
        window_weeks: 0,
        ..SyncSettings::default()
    };
    with_input(&ads(), &settings, now, |input| {
        plan_windows(input, &Catalogue::default(), viewer, known)
    })
}

fn with_input<T>(
    profile: &PlatformProfile,
    settings: &SyncSettings,
    now: &str,
    use_it: impl FnOnce(&PlanInput<'_>) -> T,
) -> T {
    let input = PlanInput {
        account: AccountId(1),
        withheld: &[],
        profile,
        limits: LIMITS,
        coverage: &[],
        gaps: &[],
        zone: Tz::UTC,
        linked_at: at("2026-11-23T12:00:00Z"),
        now: at(now),
        requested_at: None,
        settings,
    };
    use_it(&input)
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

#[test]
fn complete_days_end_on_the_last_ready_day_and_are_never_cut() {
    // 05:00: the 22nd is not ready yet.
    let windows = planned(
        "2026-11-23T05:00:00Z",
        UTC,
        &[WindowSpec::CompleteDays(7), WindowSpec::CompleteDays(28)],
        0,
        &[],
    );
    assert_eq!(
        ranges(&windows),
        [
            range("2026-11-15", "2026-11-21"),
            range("2026-10-25", "2026-11-21"),
            range("2026-11-08", "2026-11-14"),
            range("2026-09-27", "2026-10-24"),
        ]
    );
}

#[test]
fn whole_weeks_are_planned_for_a_chart_by_week() {
    let settings = SyncSettings {
        account_windows: Vec::new(),
        campaign_windows: Vec::new(),
        window_months: 0,
        window_weeks: 2,
        ..SyncSettings::default()
    };
    let weeks = |now: &str, start| {
        let viewer = ViewerCalendar {
            week_start: WeekStart(start),
            ..UTC
        };
        with_input(&ads(), &settings, now, |input| {
            ranges(&plan_windows(input, &Catalogue::default(), viewer, &[]))
        })
    };
    // 2026-11-22 is a Sunday: the last day of a week that starts on Monday.
    assert_eq!(
        weeks("2026-11-23T12:00:00Z", chrono::Weekday::Mon),
        [
            range("2026-11-16", "2026-11-22"),
            range("2026-11-09", "2026-11-15"),
        ]
    );
    assert_eq!(
        weeks("2026-11-23T12:00:00Z", chrono::Weekday::Sun),
        [
            range("2026-11-15", "2026-11-21"),
            range("2026-11-08", "2026-11-14"),
        ]
    );
}

#[test]
fn longer_ranges_than_the_platform_counts_people_over_are_not_asked_for() {
    let mut profile = ads();
    for offered in &mut profile.feeds[0].metrics {
        if offered.metric == MetricId::from("reach") {
            offered.windows = WindowOffer::UpTo(30);
        }
    }
    let asked = |days, answered_at: Option<&str>| WindowRequest {
        level: Level::Account,
        metric: MetricId::from("reach"),
        range: days,
        requested_at: at("2026-11-23T11:00:00Z"),
        answered_at: answered_at.map(at),
    };
    let requests = [
        asked(range("2026-10-01", "2026-10-30"), None),
        asked(range("2026-10-01", "2026-10-31"), None),
        asked(range("2026-11-20", "2026-11-23"), None),
        asked(
            range("2026-09-01", "2026-09-07"),
            Some("2026-11-23T11:30:00Z"),
        ),
    ];
    let settings = SyncSettings::default();
    let window = |days| PlannedWindow {
        level: Level::Account,
        metrics: vec![MetricId::from("reach")],
        range: days,
    };
    let planned = with_input(&profile, &settings, "2026-11-23T12:00:00Z", |input| {
        plan_requests(input, &Catalogue::default(), &requests)
    });
    assert_eq!(
        planned,
        PlannedRequests {
            windows: vec![window(range("2026-10-01", "2026-10-30"))],
            impossible: vec![
                window(range("2026-10-01", "2026-10-31")),
                window(range("2026-11-20", "2026-11-23")),
            ],
        }
    );
    let months = with_input(&profile, &settings, "2026-11-23T12:00:00Z", |input| {
        plan_windows(input, &Catalogue::default(), UTC, &[])
    });
    assert!(months.iter().any(|window| window.range.days() == 30));
    assert!(months.iter().all(|window| window.range.days() <= 30));
}
