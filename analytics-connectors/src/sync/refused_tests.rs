//! Days that lack a metric which was refused for a while.

use analytics_core::model::{
    AccountId, CoveredRun, DateRange, FeedCoverage, FeedId, GapRun, Level, MetricGap, MetricId,
};
use chrono_tz::Tz;

use super::{
    SyncSettings,
    plan::{PlanInput, Reason, plan},
    plan_tests::{LIMITS, ads, at, range},
};

/// Days, when they were first and last fetched.
fn run(days: DateRange, first: &str, last: &str) -> CoveredRun {
    CoveredRun {
        range: days,
        first_fetched_at: at(first),
        last_fetched_at: at(last),
    }
}

fn gap(metric: &str, reason: &str, days: DateRange) -> GapRun {
    GapRun {
        level: Level::Account,
        gap: MetricGap {
            metric: MetricId::from(metric),
            range: days,
            reason: reason.to_owned(),
        },
    }
}

/// What is fetched on 23 November though nothing moves any more. The days since October were first
/// fetched on the 15th, and last this morning.
fn fetched_again(old_fetched: &str, gaps: &[GapRun]) -> Vec<String> {
    let mut profile = ads();
    profile.levels = vec![Level::Account];
    profile.feeds[0].levels = vec![Level::Account];
    let settings = SyncSettings {
        upper_history_days: 83,
        lower_history_days: 0,
        ..SyncSettings::default()
    };
    let coverage = [FeedCoverage {
        level: Level::Account,
        feed: FeedId::from("insights"),
        covered: vec![
            run(range("2026-09-01", "2026-09-30"), LONG_AGO, old_fetched),
            run(
                range("2026-10-01", "2026-11-22"),
                "2026-11-15T07:00:00Z",
                "2026-11-23T07:00:00Z",
            ),
        ],
        failed: Vec::new(),
    }];
    let input = PlanInput {
        account: AccountId(1),
        withheld: &[],
        profile: &profile,
        limits: LIMITS,
        coverage: &coverage,
        gaps,
        zone: Tz::UTC,
        linked_at: at("2026-11-23T12:00:00Z"),
        now: at("2026-11-23T12:00:00Z"),
        requested_at: None,
        settings: &settings,
    };
    let slices = plan(&input).into_iter();
    slices
        .inspect(|slice| assert_eq!(slice.reason, Reason::Failed))
        .map(|slice| slice.range.to_string())
        .collect()
}

const LONG_AGO: &str = "2026-11-10T07:00:00Z";

#[test]
fn days_of_a_metric_that_is_given_again_are_fetched_again() {
    let refused = gap("spend", "not_supported", range("2026-09-01", "2026-09-30"));
    let again = fetched_again(LONG_AGO, std::slice::from_ref(&refused));
    assert_eq!(again, ["2026-09-01..2026-09-30"]);
    // They were tried since.
    assert!(fetched_again("2026-11-20T07:00:00Z", &[refused]).is_empty());
}

#[test]
fn what_is_still_refused_or_lacks_for_another_reason_is_left_alone() {
    let days = range("2026-09-01", "2026-09-30");
    let still = [
        gap("spend", "not_supported", days),
        gap("spend", "not_supported", range("2026-11-20", "2026-11-22")),
    ];
    assert!(fetched_again(LONG_AGO, &still).is_empty());
    assert!(fetched_again(LONG_AGO, &[gap("spend", "no_data", days)]).is_empty());
    // A metric that the feed does not deliver.
    assert!(fetched_again(LONG_AGO, &[gap("likes", "not_supported", days)]).is_empty());
    // Of the days that were fetched together with it, others have it.
    let some = range("2026-09-10", "2026-09-12");
    assert!(fetched_again(LONG_AGO, &[gap("spend", "not_supported", some)]).is_empty());
}
