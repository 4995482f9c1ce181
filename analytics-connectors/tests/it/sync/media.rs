//! Pages and profiles against the simulator: what is stored is what is true, to the digit, through
//! both changes of clocks, weeks of snapshots and bad weather.

use std::collections::{BTreeMap, BTreeSet};

use analytics_connectors::{
    clock::Clock,
    simulator::{Fault, TruthQuery},
    sync::{Ended, SyncSettings},
};
use analytics_core::model::{Account, FeedCoverage, Level, MetricId, WindowRequest};
use chrono::{Duration, NaiveDate};
use rstest::rstest;

use super::world::{Row, World, same, settings};

const PAGE: &str = "facebook_page";
pub(super) const PROFILE: &str = "instagram";

/// Enough for both changes of clocks: 8 March and 1 November.
fn history() -> SyncSettings {
    SyncSettings {
        window_weeks: 2,
        ..settings(270, 30)
    }
}

impl World {
    pub(super) async fn coverage(&self, account: &Account) -> Vec<FeedCoverage> {
        let (home, id) = (self.workspace, account.id);
        self.store.coverage(home, id).await.unwrap()
    }

    pub(super) fn truths(&self, query: &TruthQuery) -> Vec<Row> {
        let rows = self.sim.world().truth(query).into_iter();
        rows.map(|row| (row.entity, row.metric, row.date, row.value.0))
            .collect()
    }

    /// Demands that the account's own values are exactly the truth, each day as of its last fetch.
    async fn account_equals_truth(&self, account: &Account) {
        let connector = self.registry.connector(&account.platform).unwrap();
        let profile = &connector.descriptor().profile;
        let mut truth = Vec::new();
        for feed in self.coverage(account).await {
            if feed.level != Level::Account {
                continue;
            }
            let offered: BTreeSet<MetricId> = profile
                .feed(&feed.feed)
                .unwrap()
                .metrics
                .iter()
                .map(|offered| offered.metric.clone())
                .collect();
            for run in &feed.covered {
                let (start, end) = (run.range.start, run.range.end);
                let platform = account.platform.as_str();
                let query = TruthQuery::new(platform, &account.external_id, start, end)
                    .level(Level::Account)
                    .as_of(run.last_fetched_at);
                let rows = self.truths(&query).into_iter();
                truth.extend(rows.filter(|(_, metric, _, _)| offered.contains(metric)));
            }
        }
        truth.sort_unstable();
        assert!(!truth.is_empty());
        let stored = self.stored(account, Level::Account).await;
        same(Level::Account, &truth, &stored);
    }

    /// Demands that every stored total is the truth of its day, that the posts of the last month
    /// have one for every day with a snapshot, and that amounts are just what totals rose by. How
    /// many amounts there are, and how many of them are negative.
    pub(super) async fn posts_equal_truth(&self, account: &Account) -> (usize, usize) {
        let platform = account.platform.as_str();
        let days = self.snapshot_days(account).await;
        let (first, last) = (*days.first().unwrap(), *days.last().unwrap());
        let query = TruthQuery::new(platform, &account.external_id, first, last).level(Level::Post);
        let mut truth: BTreeMap<(String, MetricId, NaiveDate), i64> = BTreeMap::new();
        for (post, metric, date, value) in self.truths(&query) {
            if metric.of_lifetime().is_some() {
                truth.insert((post, metric, date), value);
            }
        }
        let stories = self.stories(account).await;
        let (mut totals, mut amounts) = (BTreeMap::new(), BTreeMap::new());
        for (post, metric, date, value) in self.stored(account, Level::Post).await {
            if stories.contains(&post) {
                continue;
            }
            if metric.of_lifetime().is_some() {
                let true_value = truth.get(&(post.clone(), metric.clone(), date));
                assert_eq!(
                    value,
                    true_value.copied().unwrap_or(0),
                    "{post} {metric} {date}"
                );
                totals
                    .entry((post, metric))
                    .or_insert_with(BTreeMap::new)
                    .insert(date, value);
            } else {
                amounts.insert((post, metric, date), value);
            }
        }
        let published = self.published(account).await;
        let mut expected = BTreeMap::new();
        for ((post, metric), by_day) in &totals {
            let base = metric.of_lifetime().unwrap();
            // What nobody could have read before began at zero.
            let first = by_day.keys().next().unwrap();
            let read_before = days.range(..*first).next_back();
            let is_new = read_before.is_some_and(|read| *read < published[post]);
            let mut last = is_new.then_some(0);
            for (date, total) in by_day {
                let rise = last.replace(*total).map_or(0, |before| total - before);
                if rise != 0 && base.as_str() != "reach" {
                    expected.insert((post.clone(), base.clone(), *date), rise);
                }
            }
        }
        assert_eq!(amounts, expected, "amounts are what totals rose by");
        self.recent_posts_are_complete(account, &days, &truth, &totals)
            .await;
        let falling = amounts.values().filter(|value| **value < 0).count();
        (amounts.len(), falling)
    }

    async fn recent_posts_are_complete(
        &self,
        account: &Account,
        days: &BTreeSet<NaiveDate>,
        truth: &BTreeMap<(String, MetricId, NaiveDate), i64>,
        totals: &BTreeMap<(String, MetricId), BTreeMap<NaiveDate, i64>>,
    ) {
        let published = self.published(account).await;
        let mut seen = 0;
        for ((post, metric, date), value) in truth {
            let Some(born) = published.get(post) else {
                continue;
            };
            if !days.contains(date) || *date - *born >= Duration::days(30) || *date < *born {
                continue;
            }
            let stored = totals
                .get(&(post.clone(), metric.clone()))
                .and_then(|by_day| by_day.get(date));
            assert_eq!(stored, Some(value), "{post} {metric} {date} is missing");
            seen += 1;
        }
        assert!(seen > 50, "{seen} totals of young posts");
    }

    pub(super) async fn snapshot_days(&self, account: &Account) -> BTreeSet<NaiveDate> {
        self.coverage(account)
            .await
            .into_iter()
            .filter(|feed| feed.level == Level::Post)
            .flat_map(|feed| feed.covered)
            .flat_map(|run| run.range.iter().collect::<Vec<_>>())
            .collect()
    }

    pub(super) async fn posts(&self, account: &Account) -> Vec<analytics_core::model::Entity> {
        let filter = analytics_core::storage::EntityFilter {
            accounts: vec![account.id],
            level: Some(Level::Post),
            ..Default::default()
        };
        self.store
            .entities(self.workspace, &filter)
            .await
            .unwrap()
            .0
    }

    async fn stories(&self, account: &Account) -> BTreeSet<String> {
        let posts = self.posts(account).await.into_iter();
        posts
            .filter(|post| post.post.as_ref().unwrap().kind.as_deref() == Some("story"))
            .map(|post| post.external_id)
            .collect()
    }

    /// Days of publication by post.
    pub(super) async fn published(&self, account: &Account) -> BTreeMap<String, NaiveDate> {
        let zone = account.time_zone;
        let day = |post: &analytics_core::model::Entity| {
            let details = post.post.as_ref().unwrap();
            details.published_at.with_timezone(&zone).date_naive()
        };
        let posts = self.posts(account).await.into_iter();
        posts
            .map(|post| (post.external_id.clone(), day(&post)))
            .collect()
    }
}

#[rstest]
#[case(PAGE)]
#[case(PROFILE)]
#[tokio::test]
async fn a_year_is_backfilled_to_the_digit_through_both_changes_of_clocks(#[case] platform: &str) {
    let world = World::new(2, history()).await;
    let account = world.link_platform(platform).await.remove(0);
    let outcomes = world.until_complete(&account).await;
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    assert_eq!(outcomes[0].revisions, 0, "a first fetch restates nothing");
    world.account_equals_truth(&account).await;
    let stored = world.stored(&account, Level::Account).await;
    for day in ["2026-03-08", "2026-11-01"] {
        let of_day = stored
            .iter()
            .filter(|(_, _, date, _)| date.to_string() == day);
        assert!(of_day.count() > 8, "{day} is there");
    }
    assert!(world.windows_equal_truth(&account, Level::Account).await >= 6);

    // The first snapshot is a baseline: totals, and no amounts.
    let stories = world.stories(&account).await;
    let mut posts = world.stored(&account, Level::Post).await;
    posts.retain(|(post, _, _, _)| !stories.contains(post));
    assert!(posts.len() > 200);
    assert!(
        posts
            .iter()
            .all(|(_, metric, _, _)| metric.of_lifetime().is_some())
    );
    let one = world.posts(&account).await.remove(0);
    assert!(one.permalink.is_some() && one.post.is_some());
    let gaps = world.store.gaps(world.workspace, account.id).await.unwrap();
    assert_eq!(gaps, []);
}

#[rstest]
#[case(PAGE)]
#[case(PROFILE)]
#[tokio::test]
async fn weeks_of_snapshots_and_refreshes_follow_the_truth(#[case] platform: &str) {
    let world = World::new(2, settings(12, 12)).await;
    let account = world.link_platform(platform).await.remove(0);
    for day in 0..17 {
        // The machine is off for two days.
        if ![8, 9].contains(&day) {
            world.until_complete(&account).await;
        }
        world.clock.set(world.clock.now() + Duration::days(1));
    }
    world.account_equals_truth(&account).await;
    let days = world.snapshot_days(&account).await;
    assert_eq!(days.len(), 15);
    let (amounts, falling) = world.posts_equal_truth(&account).await;
    assert!(amounts > 200, "{amounts}");
    assert!(falling > 0, "counters fall now and then");

    // What is not read every day was read once a week.
    let stored = world.stored(&account, Level::Post).await;
    let views = |post: &str| -> Vec<NaiveDate> {
        let of_post = stored
            .iter()
            .filter(|(of, metric, _, _)| of == post && metric.as_str() == "views_lifetime");
        of_post.map(|(_, _, date, _)| *date).collect()
    };
    let published = world.published(&account).await;
    let age = |born: &NaiveDate| (*days.first().unwrap() - *born).num_days();
    let old = published
        .iter()
        .filter(|(_, born)| (60..300).contains(&age(born)))
        .map(|(post, _)| views(post))
        .find(|dates| !dates.is_empty())
        .unwrap();
    assert!((2..=4).contains(&old.len()), "{old:?}");
}

#[tokio::test]
async fn posts_are_read_when_their_day_ends_and_days_when_they_are_ready() {
    let world = World::new(1, settings(12, 12)).await;
    let account = world.link_platform(PAGE).await.remove(0);
    world.until_complete(&account).await;
    let mut read = Vec::new();
    for _ in 0..4 {
        let due = world.store.sync_row(world.workspace, account.id).await;
        world.clock.set(due.unwrap().next_attempt_at.unwrap());
        let calls = world.sim.calls();
        calls.clear();
        world.until_complete(&account).await;
        let hour = world.clock.now().format("%H:%M").to_string();
        read.push((hour, calls.of("{id}/insights") > 0));
    }
    // Midnight in California, and eight hours later.
    let [night, morning] = [("08:00".to_owned(), false), ("16:00".to_owned(), true)];
    let mut expected = vec![night, morning];
    if read[0].1 {
        expected.reverse();
    }
    expected.extend_from_within(..);
    assert_eq!(read, expected);
}

#[tokio::test]
async fn followers_of_a_profile_begin_with_linking_and_are_those_of_the_days_end() {
    let world = World::new(2, settings(10, 10)).await;
    let account = world.link_platform(PROFILE).await.remove(0);
    for _ in 0..3 {
        world.until_complete(&account).await;
        world.clock.set(world.clock.now() + Duration::days(1));
    }
    let followers: Vec<Row> = world
        .stored(&account, Level::Account)
        .await
        .into_iter()
        .filter(|(_, metric, _, _)| metric.as_str() == "followers")
        .collect();
    // Linked on the evening of the 22nd in California: the 21st is the last day that has ended.
    let dates: Vec<String> = followers
        .iter()
        .map(|(_, _, date, _)| date.to_string())
        .collect();
    assert_eq!(dates, ["2026-11-21", "2026-11-22", "2026-11-23"]);
    world.account_equals_truth(&account).await;
}

#[tokio::test]
async fn a_small_profile_lacks_what_it_is_refused_and_nothing_else() {
    let world = World::new(2, settings(20, 20)).await;
    let account = world.link_platform(PROFILE).await.remove(1);
    let outcomes = world.until_complete(&account).await;
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    let gaps = world.store.gaps(world.workspace, account.id).await.unwrap();
    let refused: BTreeSet<(&str, &str)> = gaps
        .iter()
        .map(|run| (run.gap.metric.as_str(), run.gap.reason.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            ("follows", "too_few_followers"),
            ("unfollows", "too_few_followers"),
        ]
        .into()
    );
    world.account_equals_truth(&account).await;
    let calls = world.sim.calls();
    assert_eq!(calls.of("insights"), calls.of("{id}/insights"));
}

#[tokio::test]
async fn a_page_without_some_figure_has_a_gap_there() {
    let world = World::new(2, settings(20, 20)).await;
    let account = world.link_platform(PAGE).await.remove(1);
    world.until_complete(&account).await;
    let gaps = world.store.gaps(world.workspace, account.id).await.unwrap();
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].gap.metric.as_str(), "contact_clicks");
    assert_eq!(gaps[0].gap.reason, "no_data");
    world.account_equals_truth(&account).await;
}

#[rstest]
#[case::a_rate_limit(PAGE, Fault::RateLimited, None)]
#[case::the_page_limit(PAGE, Fault::RateLimited, Some("32"))]
#[case::a_server_error(PAGE, Fault::ServerError, None)]
#[case::an_error_in_a_good_answer(PAGE, Fault::ServerError, Some("400"))]
#[case::too_much_data(PAGE, Fault::ReduceData, None)]
#[case::malformed_answers(PAGE, Fault::MalformedJson, None)]
#[case::answers_that_break_off(PAGE, Fault::TruncatedBody, None)]
#[case::headers_that_say_stop(PAGE, Fault::ThrottleHeaders, None)]
#[case::a_rate_limit(PROFILE, Fault::RateLimited, None)]
#[case::a_server_error(PROFILE, Fault::ServerError, None)]
#[case::too_much_data(PROFILE, Fault::ReduceData, None)]
#[case::malformed_answers(PROFILE, Fault::MalformedJson, None)]
#[case::broken_connections(PROFILE, Fault::ConnectionReset, None)]
#[case::headers_that_say_stop(PROFILE, Fault::ThrottleHeaders, None)]
#[tokio::test]
async fn a_backfill_in_bad_weather_ends_as_the_truth(
    #[case] platform: &str,
    #[case] fault: Fault,
    #[case] flavour: Option<&str>,
) {
    let world = World::new(1, settings(30, 30)).await;
    let account = world.link_platform(platform).await.remove(0);
    let faults = world.sim.faults();
    faults.inject_flavour(fault, platform, 2, 3, flavour);
    let outcomes = world.until_complete(&account).await;
    assert_eq!(faults.pending(), [], "the fault never happened");
    assert_eq!(outcomes.last().unwrap().ended, Ended::Complete);
    world.account_equals_truth(&account).await;
    let days = world.snapshot_days(&account).await;
    assert_eq!(days.len(), 1);
}

#[tokio::test]
async fn reach_that_a_report_asked_for_is_fetched_and_answered() {
    let world = World::new(1, settings(60, 30)).await;
    let account = world.link_platform(PROFILE).await.remove(0);
    world.until_complete(&account).await;
    let (home, id) = (world.workspace, account.id);
    let range = |start: &str, end: &str| {
        analytics_core::model::DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    };
    let possible = range("2026-10-03", "2026-10-17");
    // 30 days over the hour that autumn adds, and 31 that are too many.
    let asked = [
        possible,
        range("2026-10-05", "2026-11-03"),
        range("2026-10-01", "2026-10-31"),
    ];
    let wanted: Vec<_> = asked.iter().map(|range| ("reach".into(), *range)).collect();
    world
        .store
        .request_windows(home, id, Level::Account, &wanted, world.clock.now())
        .await
        .unwrap();
    let now = world.clock.now();
    let living = world.posts(&account).await.into_iter();
    let living = living.filter(|post| post.post.as_ref().unwrap().ends_at > Some(now));
    let stories = 1 + living.count() as u64;
    let before = world.sim.calls().of("");
    let outcomes = world.engine.reconcile_due().await.unwrap();
    assert_eq!(outcomes.len(), 1, "the account is due for it");
    assert_eq!(
        world.sim.calls().of("") - before,
        2 + stories,
        "one call for each, and nothing but stories is read beside"
    );
    let windows = world.store.windows(home, id, Level::Account).await.unwrap();
    for range in &asked[..2] {
        assert!(windows.iter().any(|window| window.range == *range));
    }
    world.windows_equal_truth(&account, Level::Account).await;
    let requests: Vec<WindowRequest> = world.store.window_requests(home, id).await.unwrap();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| request.answered_at.is_some()));
    assert!(world.engine.reconcile_due().await.unwrap().is_empty());
}
