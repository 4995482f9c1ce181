use analytics_core::model::{
    AccountId, CoveredRun, DateRange, FailedRun, Family, Feed, FeedCoverage, FeedId, FeedKind,
    Level, MetricId, OfferedMetric, Platform, PlatformProfile, Text, WindowOffer,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    SyncSettings,
    plan::{PlanInput, PlannedSlice, Reason, plan},
    progress::measure,
};
use crate::connector::Limits;

pub(super) const LIMITS: Limits = Limits {
    upper_slice_days: 31,
    lower_slice_days: 31,
    concurrency: 2,
};

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

pub(super) fn range(start: &str, end: &str) -> DateRange {
    DateRange {
        start: date(start),
        end: date(end),
    }
}

pub(super) fn ads() -> PlatformProfile {
    let levels = vec![Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];
    let offered = |metric: &str, settles_after_days| OfferedMetric {
        windows: if metric == "reach" {
            WindowOffer::UpTo(1123)
        } else {
            WindowOffer::None
        },
        ..OfferedMetric::new(metric, settles_after_days, &levels)
    };
    PlatformProfile {
        platform: Platform::from("pretend_ads"),
        provider: "pretend".to_owned(),
        family: Family::Ads,
        name: Text::new("Pretend Ads", "Pretend Ads"),
        levels: levels.clone(),
        feeds: vec![Feed {
            id: FeedId::from("insights"),
            kind: FeedKind::Daily,
            levels: levels.clone(),
            metrics: vec![
                offered("spend", 3),
                offered("reach", 3),
                offered("conversions", 28),
            ],
            history_days: 1123,
            refetch_days: 28,
            weekly_refetch_days: 0,
            sums_up: false,
        }],
        own_metrics: Vec::new(),
        breaks: Vec::new(),
        day_ready_hours: 6,
        default_metrics: vec![MetricId::from("spend")],
    }
}

fn settings(upper: u32, lower: u32) -> SyncSettings {
    SyncSettings {
        upper_history_days: upper,
        lower_history_days: lower,
        ..SyncSettings::default()
    }
}

/// 2026-11-23, 12:00 in UTC, where the account lives and was linked just now.
fn input<'a>(
    profile: &'a PlatformProfile,
    coverage: &'a [FeedCoverage],
    settings: &'a SyncSettings,
) -> PlanInput<'a> {
    PlanInput {
        account: AccountId(1),
        withheld: &[],
        profile,
        limits: LIMITS,
        coverage,
        gaps: &[],
        zone: Tz::UTC,
        linked_at: at("2026-11-23T12:00:00Z"),
        now: at("2026-11-23T12:00:00Z"),
        requested_at: None,
        settings,
    }
}

fn covered(level: Level, days: DateRange, last: &str) -> FeedCoverage {
    FeedCoverage {
        level,
        feed: FeedId::from("insights"),
        covered: vec![CoveredRun {
            range: days,
            first_fetched_at: at(last),
            last_fetched_at: at(last),
        }],
        failed: Vec::new(),
    }
}

fn of_level(slices: &[PlannedSlice], level: Level) -> Vec<String> {
    slices
        .iter()
        .filter(|slice| slice.level == level)
        .map(|slice| slice.range.to_string())
        .collect()
}

#[test]
fn a_new_account_gets_its_account_level_first_and_its_newest_days_first() {
    let (profile, settings) = (ads(), settings(60, 30));
    let slices = plan(&input(&profile, &[], &settings));
    assert_eq!(
        of_level(&slices, Level::Account),
        [
            "2026-11-01..2026-11-22",
            "2026-10-01..2026-10-31",
            "2026-09-24..2026-09-30"
        ]
    );
    assert_eq!(
        of_level(&slices, Level::Ad),
        ["2026-11-01..2026-11-22", "2026-10-24..2026-10-31"]
    );
    let levels: Vec<u8> = slices.iter().map(|slice| slice.level.depth()).collect();
    assert!(levels.is_sorted(), "{levels:?}");
    assert!(slices.iter().all(|slice| slice.reason == Reason::History));
}

#[test]
fn twenty_five_months_above_and_a_year_below_by_default() {
    let (profile, settings) = (ads(), SyncSettings::default());
    let slices = plan(&input(&profile, &[], &settings));
    let days = |level| -> i64 {
        slices
            .iter()
            .filter(|slice| slice.level == level)
            .map(|slice| slice.range.days())
            .sum()
    };
    assert_eq!(days(Level::Account), 762);
    assert_eq!(days(Level::Campaign), 762);
    assert_eq!(days(Level::AdGroup), 365);
    assert_eq!(days(Level::Ad), 365);
}

#[test]
fn history_never_goes_further_back_than_the_platform_answers() {
    let (mut profile, settings) = (ads(), settings(60, 30));
    profile.feeds[0].history_days = 20;
    let slices = plan(&input(&profile, &[], &settings));
    let first = slices.iter().map(|slice| slice.range.start).min();
    assert_eq!(first, Some(date("2026-11-03")));
}

#[test]
fn a_day_that_is_not_ready_is_never_planned() {
    let (profile, settings) = (ads(), settings(60, 30));
    let mut input = input(&profile, &[], &settings);
    input.zone = Tz::Asia__Tokyo;
    for hour in 0..48 {
        input.now = at("2026-11-22T00:00:00Z") + chrono::Duration::hours(hour);
        // The 22nd ends in Tokyo at 15:00 UTC and is ready at 21:00 UTC.
        let expected = if hour >= 45 {
            "2026-11-23"
        } else if hour >= 21 {
            "2026-11-22"
        } else {
            "2026-11-21"
        };
        let last = plan(&input).iter().map(|slice| slice.range.end).max();
        assert_eq!(last, Some(date(expected)), "at {}", input.now);
    }
}

#[test]
fn nothing_is_left_once_everything_was_fetched_after_it_was_ready() {
    let (profile, settings) = (ads(), settings(60, 30));
    let coverage: Vec<FeedCoverage> = profile
        .levels
        .iter()
        .map(|level| {
            covered(
                *level,
                range("2026-09-01", "2026-11-22"),
                "2026-11-23T06:00:00Z",
            )
        })
        .collect();
    assert_eq!(plan(&input(&profile, &coverage, &settings)), []);
}

#[test]
fn the_last_twenty_eight_days_are_fetched_again_every_day() {
    let (profile, settings) = (ads(), settings(60, 0));
    let coverage = [covered(
        Level::Account,
        range("2026-09-01", "2026-11-22"),
        "2026-11-23T05:59:00Z",
    )];
    let slices = plan(&input(&profile, &coverage, &settings));
    assert_eq!(
        of_level(&slices, Level::Account),
        ["2026-11-01..2026-11-22", "2026-10-27..2026-10-31"]
    );
    let account = slices.iter().filter(|slice| slice.level == Level::Account);
    assert!(
        account
            .into_iter()
            .all(|slice| slice.reason == Reason::Refresh)
    );
}

#[test]
fn a_day_that_nobody_fetched_since_it_settled_is_fetched_once_more_however_old() {
    let (profile, settings) = (ads(), settings(120, 0));
    // The service was away for ten days.
    let coverage = [covered(
        Level::Account,
        range("2026-07-01", "2026-11-12"),
        "2026-11-13T12:00:00Z",
    )];
    let slices = plan(&input(&profile, &coverage, &settings));
    assert_eq!(
        of_level(&slices, Level::Account),
        ["2026-11-01..2026-11-22", "2026-10-17..2026-10-31"]
    );
}

#[test]
fn missing_failed_and_stale_days_beside_each_other_are_one_slice() {
    let (profile, settings) = (ads(), settings(22, 0));
    let mut coverage = covered(
        Level::Account,
        range("2026-11-01", "2026-11-10"),
        "2026-11-22T12:00:00Z",
    );
    coverage.failed.push(FailedRun {
        range: range("2026-11-11", "2026-11-15"),
        failed_at: at("2026-11-23T08:00:00Z"),
        code: "decode".to_owned(),
        reason: "malformed".to_owned(),
    });
    let slices = plan(&input(&profile, &[coverage], &settings));
    assert_eq!(
        of_level(&slices, Level::Account),
        ["2026-11-01..2026-11-22"]
    );
    assert_eq!(slices[0].reason, Reason::Failed);
}

#[test]
fn a_failed_refetch_is_tried_again_though_its_days_are_covered() {
    let (profile, settings) = (ads(), settings(60, 0));
    let mut coverage = covered(
        Level::Account,
        range("2026-09-01", "2026-11-22"),
        "2026-11-23T07:00:00Z",
    );
    coverage.failed.push(FailedRun {
        range: range("2026-11-20", "2026-11-22"),
        failed_at: at("2026-11-23T08:00:00Z"),
        code: "decode".to_owned(),
        reason: "malformed".to_owned(),
    });
    let slices = plan(&input(&profile, &[coverage], &settings));
    assert_eq!(
        of_level(&slices, Level::Account),
        ["2026-11-20..2026-11-22"]
    );
}

#[test]
fn planning_after_any_part_was_stored_gives_exactly_the_remaining_slices() {
    let (profile, settings) = (ads(), settings(200, 90));
    let all = plan(&input(&profile, &[], &settings));
    let mut coverage: Vec<FeedCoverage> = Vec::new();
    for (n, slice) in all.iter().enumerate() {
        let run = CoveredRun {
            range: slice.range,
            first_fetched_at: at("2026-11-23T12:00:00Z"),
            last_fetched_at: at("2026-11-23T12:00:00Z"),
        };
        match coverage.iter_mut().find(|known| known.level == slice.level) {
            Some(known) => known.covered.insert(0, run),
            None => coverage.push(FeedCoverage {
                level: slice.level,
                feed: slice.feed.clone(),
                covered: vec![run],
                failed: Vec::new(),
            }),
        }
        assert_eq!(plan(&input(&profile, &coverage, &settings)), all[n + 1..]);
    }
}

#[test]
fn history_does_not_wander_as_days_go_by() {
    let (profile, settings) = (ads(), settings(60, 30));
    let mut later = input(&profile, &[], &settings);
    later.now = at("2026-12-23T12:00:00Z");
    let first = plan(&later).iter().map(|slice| slice.range.start).min();
    assert_eq!(first, Some(date("2026-09-24")));
}

#[test]
fn progress_counts_the_days_of_every_level() {
    let (profile, settings) = (ads(), settings(60, 30));
    let fresh = measure(&input(&profile, &[], &settings));
    assert!(fresh.backfilling);
    assert_eq!((fresh.days_done, fresh.days_total), (0, 180));
    assert_eq!(fresh.complete_through, None);

    let coverage = [covered(
        Level::Account,
        range("2026-10-24", "2026-11-22"),
        "2026-11-23T12:00:00Z",
    )];
    let half = measure(&input(&profile, &coverage, &settings));
    assert!(half.backfilling);
    assert_eq!(half.days_done, 30);
    assert!((half.fraction - 30.0 / 180.0).abs() < 1e-12);
    assert_eq!(half.covered_from, Some(date("2026-10-24")));
    assert_eq!(half.complete_through, Some(date("2026-11-22")));
}

#[test]
fn a_new_day_alone_is_a_refresh_and_no_backfill() {
    let (profile, settings) = (ads(), settings(60, 30));
    let coverage: Vec<FeedCoverage> = profile
        .levels
        .iter()
        .map(|level| {
            covered(
                *level,
                range("2026-09-01", "2026-11-22"),
                "2026-11-23T12:00:00Z",
            )
        })
        .collect();
    let mut next_day = input(&profile, &coverage, &settings);
    next_day.now = at("2026-11-24T12:00:00Z");
    let progress = measure(&next_day);
    assert!(!progress.backfilling);
    assert!(progress.fraction < 1.0);
}

#[test]
fn the_day_before_linking_is_no_backfill_if_it_was_not_ready_then() {
    let (profile, settings) = (ads(), settings(60, 30));
    let days = range("2026-09-01", "2026-11-21");
    let coverage: Vec<FeedCoverage> = profile
        .levels
        .iter()
        .map(|level| covered(*level, days, "2026-11-23T03:05:00Z"))
        .collect();
    let mut early = input(&profile, &coverage, &settings);
    early.linked_at = at("2026-11-23T03:00:00Z");
    early.now = at("2026-11-23T07:00:00Z");
    assert!(!measure(&early).backfilling);
    early.linked_at = at("2026-11-23T06:30:00Z");
    assert!(measure(&early).backfilling);
}

#[test]
fn a_request_fetches_again_what_may_still_move_and_was_fetched_before_it() {
    let (profile, settings) = (ads(), settings(60, 30));
    let days = range("2026-09-01", "2026-11-22");
    let coverage = [covered(Level::Account, days, "2026-11-23T11:00:00Z")];
    let asked = |requested_at: &str| {
        let input = PlanInput {
            account: AccountId(1),
            withheld: &[],
            requested_at: Some(at(requested_at)),
            ..input(&profile, &coverage, &settings)
        };
        plan(&input)
            .into_iter()
            .filter(|slice| slice.level == Level::Account && slice.reason == Reason::Refresh)
            .map(|slice| slice.range.end)
            .max()
    };
    assert_eq!(asked("2026-11-23T11:30:00Z"), Some(days.end));
    assert_eq!(asked("2026-11-23T10:30:00Z"), None);
}
