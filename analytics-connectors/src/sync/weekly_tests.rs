//! Days that move only a little any more: fetched again once a week.

use analytics_core::model::{AccountId, CoveredRun, FeedCoverage, FeedId, Level};
use chrono_tz::Tz;

use super::{
    SyncSettings,
    plan::{PlanInput, plan},
    plan_tests::{LIMITS, ads, at, range},
};

/// What is fetched at `now` of days that were all fetched last at the end of 23 November.
fn fetched_again(now: &str) -> Vec<String> {
    let mut profile = ads();
    profile.levels = vec![Level::Account];
    profile.feeds[0].levels = vec![Level::Account];
    profile.feeds[0].weekly_refetch_days = 90;
    let settings = SyncSettings {
        upper_history_days: 200,
        lower_history_days: 0,
        ..SyncSettings::default()
    };
    let fetched = at("2026-11-23T07:00:00Z");
    let coverage = [FeedCoverage {
        level: Level::Account,
        feed: FeedId::from("insights"),
        covered: vec![CoveredRun {
            range: range("2026-05-01", "2026-11-30"),
            first_fetched_at: fetched,
            last_fetched_at: fetched,
        }],
        failed: Vec::new(),
    }];
    let input = PlanInput {
        account: AccountId(1),
        withheld: &[],
        profile: &profile,
        limits: LIMITS,
        coverage: &coverage,
        gaps: &[],
        zone: Tz::UTC,
        linked_at: at("2026-11-23T12:00:00Z"),
        now: at(now),
        requested_at: None,
        settings: &settings,
    };
    let slices = plan(&input).into_iter();
    slices.map(|slice| slice.range.start.to_string()).collect()
}

#[test]
fn ninety_days_are_fetched_again_after_a_week_and_a_month_every_day() {
    // The next day: what moves for 28 days, 27 October on.
    let daily = fetched_again("2026-11-24T07:00:00Z");
    assert_eq!(daily.last().map(String::as_str), Some("2026-10-27"));
    let almost = fetched_again("2026-11-30T05:59:00Z");
    assert_eq!(almost.last().map(String::as_str), Some("2026-10-27"));
    // A week later: 90 days before the last fetch, 26 August on.
    let weekly = fetched_again("2026-12-01T07:00:00Z");
    assert_eq!(weekly.last().map(String::as_str), Some("2026-08-26"));
}
