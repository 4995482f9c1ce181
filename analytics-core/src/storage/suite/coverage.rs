//! Coverage.

use std::collections::BTreeMap;

use super::fixture::{Numbers, World, at, days, failure, slice};
use crate::{
    model::{FeedCoverage, Level},
    storage::Store,
};

async fn coverage(store: &dyn Store, world: &World) -> Vec<FeedCoverage> {
    store
        .coverage(world.workspace, world.account.id)
        .await
        .unwrap()
}

/// However fetches overlap: each day knows when it was first and last fetched, in as few runs as
/// can say so.
pub async fn every_day_keeps_its_first_and_last_fetch(store: &dyn Store) {
    let world = World::new(store).await;
    let mut numbers = Numbers(3);
    let mut expected = BTreeMap::new();
    for round in 0..40 {
        let first = numbers.below(60);
        let range = days(first, first + numbers.below(15));
        let saved = slice(world.account.id, Level::Account, range, round, &[]);
        store
            .save_slice(world.workspace, None, &saved)
            .await
            .unwrap();
        for date in range.iter() {
            expected.entry(date).or_insert((at(round), at(round))).1 = at(round);
        }
        let told = coverage(store, &world).await;
        assert_eq!(told.len(), 1);
        let mut by_day = BTreeMap::new();
        for run in &told[0].covered {
            for date in run.range.iter() {
                let fetches = (run.first_fetched_at, run.last_fetched_at);
                assert_eq!(by_day.insert(date, fetches), None, "runs do not overlap");
            }
        }
        assert_eq!(by_day, expected, "round {round}");
        for pair in told[0].covered.windows(2) {
            assert!(pair[0].range.end < pair[1].range.start, "runs ascend");
            let same = pair[0].first_fetched_at == pair[1].first_fetched_at
                && pair[0].last_fetched_at == pair[1].last_fetched_at;
            let touch = pair[0].range.end.succ_opt() == Some(pair[1].range.start);
            assert!(!(same && touch), "neighbours alike are one run");
        }
    }
}

/// A fetch says nothing about other levels and feeds.
pub async fn levels_and_feeds_are_covered_apart(store: &dyn Store) {
    let world = World::new(store).await;
    for (level, feed, range) in [
        (Level::Ad, "insights", days(0, 3)),
        (Level::Account, "insights", days(1, 5)),
        (Level::Account, "audience", days(2, 2)),
    ] {
        let mut saved = slice(world.account.id, level, range, 10, &[]);
        saved.feed = feed.into();
        store
            .save_slice(world.workspace, None, &saved)
            .await
            .unwrap();
    }
    let neighbour = world.link(store, "act_2").await;
    assert!(
        store
            .coverage(world.workspace, neighbour.id)
            .await
            .unwrap()
            .is_empty()
    );
    let told = coverage(store, &world).await;
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.level, one.feed.as_str(), one.covered[0].range))
        .collect();
    assert_eq!(
        told,
        [
            (Level::Account, "audience", days(2, 2)),
            (Level::Account, "insights", days(1, 5)),
            (Level::Ad, "insights", days(0, 3)),
        ]
    );
}

/// A failure takes no coverage away, tells its latest reason, and goes with the next success.
pub async fn failed_days_are_told_until_a_fetch_succeeds(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let fail = async |range, fetched, reason: &str| {
        let feed = "insights".into();
        store
            .save_failure(
                home,
                id,
                Level::Account,
                &feed,
                failure(range, fetched, reason),
            )
            .await
            .unwrap();
    };
    let save = async |range, fetched| {
        let saved = slice(id, Level::Account, range, fetched, &[]);
        store.save_slice(home, None, &saved).await.unwrap();
    };
    fail(days(0, 9), 10, "timeout").await;
    let told = coverage(store, &world).await;
    assert!(told[0].covered.is_empty());
    assert_eq!(told[0].failed[0].range, days(0, 9));
    assert_eq!(told[0].failed[0].failed_at, at(10));

    save(days(3, 5), 20).await;
    fail(days(5, 6), 30, "rate limited").await;
    let told = coverage(store, &world).await;
    let failed: Vec<_> = told[0]
        .failed
        .iter()
        .map(|run| (run.range, run.code.as_str(), run.reason.as_str()))
        .collect();
    assert_eq!(
        failed,
        [
            (days(0, 2), "transient", "timeout"),
            (days(5, 6), "transient", "rate limited"),
            (days(7, 9), "transient", "timeout"),
        ]
    );
    assert_eq!(
        told[0].covered[0].range,
        days(3, 5),
        "a failed refetch covers still"
    );
    assert_eq!(told[0].covered[0].last_fetched_at, at(20));

    save(days(0, 9), 40).await;
    let told = coverage(store, &world).await;
    assert!(told[0].failed.is_empty());
    let covered: Vec<_> = told[0]
        .covered
        .iter()
        .map(|run| (run.range, run.first_fetched_at))
        .collect();
    assert_eq!(
        covered,
        [
            (days(0, 2), at(40)),
            (days(3, 5), at(20)),
            (days(6, 9), at(40)),
        ]
    );
}
