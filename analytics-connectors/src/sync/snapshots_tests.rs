use analytics_core::model::{
    AccountId, CoveredRun, DateRange, Feed, FeedCoverage, FeedId, FeedKind, Level, OfferedMetric,
    PlatformProfile, Watch,
};
use chrono_tz::Tz;

use super::{
    SyncSettings,
    plan::{PlanInput, plan},
    plan_tests::{LIMITS, ads, at, date, range},
    progress::measure,
    refresh::next_due,
    snapshots::{PlannedFleeting, PlannedSnapshot, plan_fleeting, plan_snapshots},
};

const PACIFIC: Tz = Tz::America__Los_Angeles;

/// A platform with daily figures, followers as of now, and posts of which some are soon gone.
fn fleeting() -> PlatformProfile {
    let mut profile = media();
    for feed in &mut profile.feeds {
        if let FeedKind::Snapshot(watch) = &mut feed.kind {
            watch.fleeting_hours = if feed.levels == [Level::Post] { 3 } else { 0 };
        }
    }
    profile
}

/// A platform with daily figures, followers as of now, and posts.
fn media() -> PlatformProfile {
    let mut profile = ads();
    profile.levels = vec![Level::Account, Level::Post];
    profile.feeds[0].levels = vec![Level::Account];
    profile.day_ready_hours = 32;
    let snapshot = |id: &str, metric: &str, level, watch| Feed {
        id: FeedId::from(id),
        kind: FeedKind::Snapshot(watch),
        levels: vec![level],
        metrics: vec![OfferedMetric::new(metric, 0, &[level])],
        history_days: 730,
        refetch_days: 0,
        weekly_refetch_days: 0,
        sums_up: false,
    };
    let watch = Watch {
        fleeting_hours: 0,
        daily_days: 30,
        weekly_days: 365,
        monthly_days: 0,
    };
    profile
        .feeds
        .push(snapshot("posts", "likes_lifetime", Level::Post, watch));
    profile.feeds.push(snapshot(
        "profile",
        "followers",
        Level::Account,
        Watch::default(),
    ));
    profile
}

fn covered(feed: &str, level: Level, days: DateRange) -> FeedCoverage {
    FeedCoverage {
        level,
        feed: FeedId::from(feed),
        covered: vec![CoveredRun {
            range: days,
            first_fetched_at: at("2026-11-20T08:00:00Z"),
            last_fetched_at: at("2026-11-20T08:00:00Z"),
        }],
        failed: Vec::new(),
    }
}

fn planned(now: &str, coverage: &[FeedCoverage], withheld: &[FeedId]) -> Vec<PlannedSnapshot> {
    let (profile, settings) = (media(), SyncSettings::default());
    plan_snapshots(&input(&profile, &settings, now, coverage, withheld))
}

fn input<'a>(
    profile: &'a PlatformProfile,
    settings: &'a SyncSettings,
    now: &str,
    coverage: &'a [FeedCoverage],
    withheld: &'a [FeedId],
) -> PlanInput<'a> {
    PlanInput {
        profile,
        limits: LIMITS,
        account: AccountId(3),
        withheld,
        coverage,
        gaps: &[],
        zone: PACIFIC,
        linked_at: at("2026-11-10T12:00:00Z"),
        now: at(now),
        requested_at: None,
        settings,
    }
}

#[test]
fn the_first_snapshot_is_whole_and_counts_for_the_day_that_ended_where_the_account_lives() {
    // 07:59 UTC is still the evening of the 10th in California.
    let evening = planned("2026-11-11T07:59:00Z", &[], &[]);
    assert_eq!(
        evening,
        [
            PlannedSnapshot {
                level: Level::Account,
                feed: FeedId::from("profile"),
                date: date("2026-11-09"),
                since: date("2026-11-10"),
            },
            PlannedSnapshot {
                level: Level::Post,
                feed: FeedId::from("posts"),
                date: date("2026-11-09"),
                since: date("2025-11-10"),
            },
        ]
    );
    let night = planned("2026-11-11T08:00:00Z", &[], &[]);
    assert!(
        night
            .iter()
            .all(|snapshot| snapshot.date == date("2026-11-10"))
    );
}

#[test]
fn a_day_has_one_snapshot_and_a_week_one_whole_one() {
    let mut whole = Vec::new();
    let mut known = Vec::new();
    for day in 10..=30 {
        let now = format!("2026-11-{day}T09:00:00Z");
        let posts = planned(&now, &known, &[])
            .into_iter()
            .find(|snapshot| snapshot.level == Level::Post)
            .map(|snapshot| snapshot.since);
        let label = date(&format!("2026-11-{:02}", day - 1));
        if posts == Some(label - chrono::Duration::days(364)) {
            whole.push(day);
        } else {
            assert_eq!(posts, Some(label - chrono::Duration::days(29)));
        }
        known = vec![
            covered(
                "posts",
                Level::Post,
                range("2026-11-09", &label.to_string()),
            ),
            covered("profile", Level::Account, DateRange::day(label)),
        ];
        assert_eq!(planned(&now, &known, &[]), [], "one a day is enough");
    }
    assert_eq!(whole.len(), 4, "{whole:?}");
    assert!(
        whole[1..].windows(2).all(|pair| pair[1] - pair[0] == 7),
        "{whole:?}"
    );
}

#[test]
fn the_older_posts_are_the_more_seldom_they_are_read() {
    let mut profile = media();
    for feed in &mut profile.feeds {
        if let FeedKind::Snapshot(watch) = &mut feed.kind
            && watch.daily_days > 0
        {
            watch.weekly_days = 90;
            watch.monthly_days = 200;
        }
    }
    let settings = SyncSettings::default();
    let first = date("2026-11-09");
    let mut reaches = Vec::new();
    for day in 0..85 {
        let label = first + chrono::Duration::days(day);
        let known = if day == 0 {
            Vec::new()
        } else {
            let before = label - chrono::Duration::days(1);
            let days = DateRange::new(first, before).unwrap_or(DateRange::day(first));
            vec![covered("posts", Level::Post, days)]
        };
        let now = format!("{}T09:00:00Z", label + chrono::Duration::days(1));
        let posts = plan_snapshots(&input(&profile, &settings, &now, &known, &[]))
            .into_iter()
            .find(|snapshot| snapshot.level == Level::Post);
        reaches.extend(posts.map(|posts| (posts.date - posts.since).num_days() + 1));
    }
    assert_eq!(reaches.len(), 85, "one a day");
    let at = |reach: i64| -> Vec<usize> {
        let days = reaches.iter().enumerate();
        days.filter(|(_, known)| **known == reach)
            .map(|(day, _)| day)
            .collect()
    };
    assert_eq!(at(365), [0], "all of them at first");
    assert_eq!(at(200).len(), 3, "{reaches:?}");
    assert!(at(200).windows(2).all(|pair| pair[1] - pair[0] == 28));
    assert_eq!(at(90).len() + at(200).len(), 12, "one a week: {reaches:?}");
    assert_eq!(at(30).len(), 85 - 1 - 12);
}

#[test]
fn posts_that_soon_are_gone_are_read_again_once_the_day_before_is_there() {
    let settings = SyncSettings::default();
    let planned = |profile: &PlatformProfile, coverage: &[FeedCoverage], withheld: &[FeedId]| {
        plan_fleeting(&input(
            profile,
            &settings,
            "2026-11-11T09:00:00Z",
            coverage,
            withheld,
        ))
    };
    let day = |text: &str| [covered("posts", Level::Post, DateRange::day(date(text)))];
    let wanted = PlannedFleeting {
        level: Level::Post,
        feed: FeedId::from("posts"),
        date: date("2026-11-11"),
    };
    assert_eq!(planned(&fleeting(), &day("2026-11-10"), &[]), [wanted]);
    // The snapshot of the day before reads them anyway.
    assert_eq!(planned(&fleeting(), &day("2026-11-09"), &[]), []);
    assert_eq!(planned(&fleeting(), &[], &[]), []);
    assert_eq!(planned(&media(), &day("2026-11-10"), &[]), []);
    let withheld = [FeedId::from("posts")];
    assert_eq!(planned(&fleeting(), &day("2026-11-10"), &withheld), []);
}

#[test]
fn what_the_grant_does_not_open_is_neither_planned_nor_waited_for() {
    let withheld = [FeedId::from("insights"), FeedId::from("posts")];
    let snapshots = planned("2026-11-11T09:00:00Z", &[], &withheld);
    assert_eq!(snapshots.len(), 1);
    let (profile, settings) = (media(), SyncSettings::default());
    let input = input(&profile, &settings, "2026-11-11T09:00:00Z", &[], &withheld);
    assert!(plan(&input).is_empty());
    assert!(!measure(&input).backfilling);
}

#[test]
fn snapshots_are_no_slices_and_do_not_shorten_the_history_shown() {
    let (profile, settings) = (media(), SyncSettings::default());
    let coverage = [
        covered(
            "insights",
            Level::Account,
            range("2026-01-01", "2026-11-08"),
        ),
        covered("profile", Level::Account, range("2026-11-09", "2026-11-10")),
    ];
    let input = input(&profile, &settings, "2026-11-11T09:00:00Z", &coverage, &[]);
    assert!(
        plan(&input)
            .iter()
            .all(|slice| slice.feed == FeedId::from("insights"))
    );
    let progress = measure(&input);
    assert_eq!(progress.covered_from, Some(date("2026-01-01")));
    assert_eq!(progress.complete_through, Some(date("2026-11-08")));
}

#[test]
fn an_account_with_snapshots_is_due_when_its_day_ends_and_when_its_figures_are_ready() {
    let settings = SyncSettings {
        refresh_jitter: std::time::Duration::ZERO,
        ..SyncSettings::default()
    };
    let due = |profile: &PlatformProfile, now: &str| {
        next_due(profile, &[], PACIFIC, AccountId(3), at(now), &settings)
    };
    // Midnight in California is 08:00 UTC; figures are ready at 16:00 UTC.
    assert_eq!(
        due(&media(), "2026-11-11T07:00:00Z"),
        at("2026-11-11T08:00:00Z")
    );
    assert_eq!(
        due(&media(), "2026-11-11T08:00:01Z"),
        at("2026-11-11T16:00:00Z")
    );
    let mut daily = media();
    daily.feeds.truncate(1);
    assert_eq!(
        due(&daily, "2026-11-11T07:00:00Z"),
        at("2026-11-11T16:00:00Z")
    );
    // What is soon gone does not wait for that.
    assert_eq!(
        due(&fleeting(), "2026-11-11T08:00:01Z"),
        at("2026-11-11T11:00:01Z")
    );
    assert_eq!(
        due(&fleeting(), "2026-11-11T07:00:00Z"),
        at("2026-11-11T08:00:00Z")
    );
    let withheld = [FeedId::from("posts")];
    let now = at("2026-11-11T08:00:01Z");
    assert_eq!(
        next_due(
            &fleeting(),
            &withheld,
            PACIFIC,
            AccountId(3),
            now,
            &settings
        ),
        at("2026-11-11T16:00:00Z"),
        "nobody may read them"
    );
}
