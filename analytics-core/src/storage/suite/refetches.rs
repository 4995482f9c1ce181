//! Saving slices again.

use std::collections::BTreeMap;

use super::fixture::{METRICS, Numbers, World, at, day, days, fact, failure, slice};
use crate::{
    model::{Level, Millionths, Revision, RevisionKind, Slice},
    storage::Store,
};

async fn revisions(store: &dyn Store, world: &World, since: i64) -> Vec<Revision> {
    store
        .revisions(world.workspace, world.account.id, at(since))
        .await
        .unwrap()
}

/// A settled month may be fetched a hundred times without growing.
pub async fn an_unchanged_refetch_writes_no_revision(store: &dyn Store) {
    let world = World::new(store).await;
    let facts = [
        ("c1", "spend", 0, 1),
        ("c1", "spend", 1, -2),
        ("c2", "impressions", 1, 3),
    ];
    let first = slice(world.account.id, Level::Campaign, days(0, 3), 10, &facts);
    let again = slice(world.account.id, Level::Campaign, days(0, 3), 20, &facts);
    store
        .save_slice(world.workspace, None, &first)
        .await
        .unwrap();
    let before = world.facts(store, Level::Campaign).await;
    let receipt = store
        .save_slice(world.workspace, None, &again)
        .await
        .unwrap();
    assert_eq!((receipt.facts, receipt.revisions), (3, 0));
    assert_eq!(world.facts(store, Level::Campaign).await, before);
    assert!(revisions(store, &world, 0).await.is_empty());
}

/// What a refetch changes, adds or removes is told with its former state and its time.
pub async fn changes_leave_the_former_state_behind(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let first = slice(
        id,
        Level::Campaign,
        days(2, 5),
        10,
        &[
            ("c1", "spend", 2, 1),
            ("c1", "spend", 3, 2),
            ("c1", "spend", 4, 3),
        ],
    );
    store.save_slice(home, None, &first).await.unwrap();
    // Days 0 and 1 are fetched for the first time: what they hold is news, not a revision.
    let second = slice(
        id,
        Level::Campaign,
        days(0, 5),
        20,
        &[
            ("c1", "spend", 0, 9),
            ("c1", "spend", 2, 1),
            ("c1", "spend", 3, 20),
            ("c2", "spend", 5, 7),
        ],
    );
    let receipt = store.save_slice(home, None, &second).await.unwrap();
    assert_eq!((receipt.facts, receipt.revisions), (4, 3));

    let told = revisions(store, &world, 0).await;
    let names = world.names(store).await;
    let mut states: Vec<_> = told
        .iter()
        .map(|one| {
            (
                one.date,
                names[&one.entity.0].as_str(),
                one.kind,
                one.former,
            )
        })
        .collect();
    states.sort_by_key(|one| one.0);
    assert_eq!(
        states,
        [
            (day(3), "c1", RevisionKind::Changed, Some(Millionths(2))),
            (day(4), "c1", RevisionKind::Vanished, Some(Millionths(3))),
            (day(5), "c2", RevisionKind::Appeared, None),
        ]
    );
    assert!(
        told.iter()
            .all(|one| one.superseded_at == at(20) && one.metric.as_str() == "spend")
    );

    // A third fetch comes after the second, also in the order of what is told.
    let third = slice(
        id,
        Level::Campaign,
        days(4, 5),
        30,
        &[("c1", "spend", 4, 3)],
    );
    store.save_slice(home, None, &third).await.unwrap();
    let all = revisions(store, &world, 0).await;
    assert_eq!(all.len(), 5);
    assert!(all.is_sorted_by_key(|one| one.superseded_at));
    assert_eq!(
        revisions(store, &world, 30).await,
        all[3..],
        "`since` is included"
    );
    assert!(revisions(store, &world, 31).await.is_empty());
}

/// A slice replaces its own days, metrics and level; ghosts go, neighbours stay.
pub async fn rows_gone_upstream_vanish_and_others_stay(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let facts = [
        ("c1", "spend", 0, 1),
        ("c1", "spend", 1, 2),
        ("c1", "spend", 2, 3),
        ("c1", "impressions", 1, 4),
        ("gone", "spend", 1, 5),
    ];
    let first = slice(id, Level::Campaign, days(0, 2), 10, &facts);
    store.save_slice(home, None, &first).await.unwrap();
    let ads = slice(id, Level::Ad, days(0, 2), 10, &[("c1", "spend", 1, 6)]);
    store.save_slice(home, None, &ads).await.unwrap();
    let neighbour = world.link(store, "act_2").await;
    let theirs = slice(
        neighbour.id,
        Level::Campaign,
        days(0, 2),
        10,
        &[("c1", "spend", 1, 8)],
    );
    store.save_slice(home, None, &theirs).await.unwrap();

    // Only spend, only the middle day.
    let mut second = slice(
        id,
        Level::Campaign,
        days(1, 1),
        20,
        &[("c1", "spend", 1, 2)],
    );
    second.metrics = vec!["spend".into()];
    let receipt = store.save_slice(home, None, &second).await.unwrap();
    assert_eq!((receipt.facts, receipt.revisions), (1, 1));
    let left = world.facts(store, Level::Campaign).await;
    let left: Vec<_> = left
        .iter()
        .map(|((entity, metric, _), value)| (entity.as_str(), metric.as_str(), *value))
        .collect();
    assert_eq!(
        left,
        [
            ("c1", "impressions", 4),
            ("c1", "spend", 1),
            ("c1", "spend", 2),
            ("c1", "spend", 3),
        ]
    );
    assert_eq!(world.facts(store, Level::Ad).await.len(), 1);
    assert_eq!(
        store
            .series(home, neighbour.id, Level::Campaign)
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(world.names(store).await.values().any(|name| name == "gone"));
}

/// Caches are keyed by the version: it rises even when only coverage changed.
pub async fn every_save_raises_the_data_version(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let neighbour = world.link(store, "act_2").await;
    let mut last = world.account.data_version;
    for fetched in [10, 20] {
        let saved = slice(
            id,
            Level::Campaign,
            days(0, 3),
            fetched,
            &[("c1", "spend", 0, 1)],
        );
        let receipt = store.save_slice(home, None, &saved).await.unwrap();
        assert!(receipt.data_version > last);
        last = receipt.data_version;
        assert_eq!(store.account(home, id).await.unwrap().data_version, last);
    }
    store
        .save_failure(
            home,
            id,
            Level::Ad,
            &"insights".into(),
            failure(days(0, 3), 30, "timeout"),
        )
        .await
        .unwrap();
    let versions = store.data_versions(home).await.unwrap();
    assert!(versions[&id] > last);
    assert_eq!(versions[&neighbour.id], neighbour.data_version);
}

/// Whatever was stored: after a save the slice holds what was fetched, the rest is as it was, and
/// what was superseded leads back to the former state.
pub async fn any_refetch_leaves_exactly_what_was_fetched(store: &dyn Store) {
    let world = World::new(store).await;
    let mut numbers = Numbers(42);
    let mut expected: BTreeMap<(String, String, chrono::NaiveDate), i64> = BTreeMap::new();
    for round in 0..25 {
        let first = numbers.below(20);
        let range = days(first, first + numbers.below(8));
        let mut fetched = Slice {
            ..slice(world.account.id, Level::Campaign, range, round, &[])
        };
        let before = expected.clone();
        expected.retain(|(.., date), _| !range.contains(*date));
        for entity in ["c1", "c2", "c3"] {
            for metric in METRICS {
                for date in range.iter() {
                    if numbers.below(3) > 0 {
                        let number = (date - day(0)).num_days();
                        let value = numbers.below(4);
                        fetched.facts.push(fact((entity, metric, number, value)));
                        expected.insert((entity.to_owned(), metric.to_owned(), date), value);
                    }
                }
            }
        }
        store
            .save_slice(world.workspace, None, &fetched)
            .await
            .unwrap();
        assert_eq!(world.facts(store, Level::Campaign).await, expected);

        let names = world.names(store).await;
        let mut back = expected.clone();
        for one in revisions(store, &world, round).await {
            let key = (
                names[&one.entity.0].clone(),
                one.metric.to_string(),
                one.date,
            );
            match one.former {
                Some(former) => back.insert(key, former.0),
                None => back.remove(&key),
            };
        }
        // Days seen for the first time have no former state to go back to.
        back.retain(|key, _| before.contains_key(key));
        assert_eq!(back, before, "round {round}");
    }
}
