//! Saving slices for the first time.

use std::{pin::pin, task::Poll};

use super::fixture::{ACCOUNT, Numbers, World, at, day, days, fact, record, slice};
use crate::{
    Error,
    model::{Level, MetricId, Slice},
    storage::Store,
};

/// Series come sorted by entity and metric, their days ascending, whatever the order of facts.
pub async fn a_slice_reads_back_as_sorted_series(store: &dyn Store) {
    let world = World::new(store).await;
    let facts = [
        ("c2", "spend", 3, 30),
        ("c1", "spend", 1, 11),
        ("c1", "impressions", 2, 2_000_000),
        ("c1", "spend", 0, 10),
        ("c2", "impressions", 0, 1),
    ];
    let saved = slice(world.account.id, Level::Campaign, days(0, 3), 10, &facts);
    let receipt = store
        .save_slice(world.workspace, None, &saved)
        .await
        .unwrap();
    assert_eq!((receipt.facts, receipt.revisions), (5, 0));

    let names = world.names(store).await;
    let series = store
        .series(world.workspace, world.account.id, Level::Campaign)
        .await
        .unwrap();
    assert!(series.is_sorted_by(|a, b| (a.entity, &a.metric) < (b.entity, &b.metric)));
    assert!(
        series
            .iter()
            .all(|one| one.dates.is_sorted_by(|a, b| a < b))
    );
    let first = day(0).to_epoch_days();
    let mut told: Vec<_> = series
        .iter()
        .map(|one| {
            let dates: Vec<_> = one.dates.iter().map(|date| date - first).collect();
            (
                names[&one.entity.0].as_str(),
                one.metric.as_str(),
                dates,
                one.values.clone(),
            )
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("c1", "impressions", vec![2], vec![2_000_000]),
            ("c1", "spend", vec![0, 1], vec![10, 11]),
            ("c2", "impressions", vec![0], vec![1]),
            ("c2", "spend", vec![3], vec![30]),
        ]
    );
    assert!(world.facts(store, Level::Account).await.is_empty());
    assert!(world.facts(store, Level::Ad).await.is_empty());
}

/// The largest and smallest values and days far away survive.
pub async fn values_are_exact_to_the_limits(store: &dyn Store) {
    let world = World::new(store).await;
    let facts = [
        (ACCOUNT, "spend", -40_000, i64::MIN),
        (ACCOUNT, "spend", -1, -1),
        (ACCOUNT, "spend", 0, 0),
        (ACCOUNT, "spend", 40_000, i64::MAX),
    ];
    let range = days(-40_000, 40_000);
    let saved = slice(world.account.id, Level::Account, range, 10, &facts);
    store
        .save_slice(world.workspace, None, &saved)
        .await
        .unwrap();
    let values: Vec<i64> = world
        .facts(store, Level::Account)
        .await
        .into_values()
        .collect();
    assert_eq!(values, [i64::MIN, -1, 0, i64::MAX]);
}

/// A slice that contradicts itself writes nothing: no fact, no entity, no coverage.
pub async fn bad_slices_are_refused_whole(store: &dyn Store) {
    let world = World::new(store).await;
    let good = slice(
        world.account.id,
        Level::Campaign,
        days(0, 3),
        10,
        &[("c1", "spend", 1, 5)],
    );
    let with = |extra: (&str, &str, i64, i64)| {
        let mut bad = good.clone();
        bad.facts.push(fact(extra));
        bad
    };
    let of_another_account = Slice {
        level: Level::Account,
        facts: vec![fact(("act_2", "spend", 1, 5))],
        ..good.clone()
    };
    let before = store.data_versions(world.workspace).await.unwrap();
    for (bad, names) in [
        (with(("c1", "spend", 4, 5)), "2026-01-05"),
        (with(("c1", "spend", -1, 5)), "2025-12-31"),
        (with(("c1", "clicks", 1, 5)), "clicks"),
        (with(("c1", "spend", 1, 6)), "two values"),
        (with(("c1", "spend", 1, 5)), "two values"),
        (with(("", "spend", 1, 5)), "entity"),
        (of_another_account, "act_2"),
    ] {
        let error = store
            .save_slice(world.workspace, None, &bad)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        assert!(
            error.to_string().contains(names),
            "{error} should name {names}"
        );
    }
    assert!(world.facts(store, Level::Campaign).await.is_empty());
    assert_eq!(world.names(store).await.len(), 1);
    assert!(
        store
            .coverage(world.workspace, world.account.id)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.data_versions(world.workspace).await.unwrap(), before);

    store
        .save_slice(world.workspace, None, &good)
        .await
        .unwrap();
    assert_eq!(world.facts(store, Level::Campaign).await.len(), 1);
}

/// No rows is an answer: the days are known to hold nothing.
pub async fn an_empty_slice_covers_its_days(store: &dyn Store) {
    let world = World::new(store).await;
    let empty = slice(world.account.id, Level::Ad, days(0, 9), 10, &[]);
    let receipt = store
        .save_slice(world.workspace, None, &empty)
        .await
        .unwrap();
    assert_eq!((receipt.facts, receipt.revisions), (0, 0));
    let coverage = store
        .coverage(world.workspace, world.account.id)
        .await
        .unwrap();
    assert_eq!(coverage.len(), 1);
    assert_eq!(coverage[0].level, Level::Ad);
    assert_eq!(coverage[0].covered[0].range, days(0, 9));
    assert!(world.facts(store, Level::Ad).await.is_empty());
}

/// Facts may name an entity that no listing described; they are kept under its id.
pub async fn facts_of_unknown_entities_create_them(store: &dyn Store) {
    let world = World::new(store).await;
    let facts = [("a1", "spend", 0, 1), ("a2", "spend", 0, 2)];
    let mut saved = slice(world.account.id, Level::Ad, days(0, 0), 10, &facts);
    saved.entities = vec![record(Level::Ad, "a1", Some("g1"), Some("Known ad"))];
    store
        .save_slice(world.workspace, None, &saved)
        .await
        .unwrap();
    let names = world.names(store).await;
    let mut names: Vec<_> = names.values().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["a1", "a2", ACCOUNT, "g1"]);
    assert_eq!(world.facts(store, Level::Ad).await.len(), 2);
}

/// Larger than any single statement, with odd sizes left over.
pub async fn thousands_of_facts_read_back_exactly(store: &dyn Store) {
    let world = World::new(store).await;
    let mut numbers = Numbers(7);
    let names: Vec<String> = (0..61).map(|number| format!("ad-{number}")).collect();
    let mut facts = Vec::new();
    for name in &names {
        for date in 0..31 {
            for metric in ["impressions", "spend"] {
                if numbers.below(10) > 0 {
                    facts.push((
                        name.as_str(),
                        metric,
                        date,
                        numbers.below(1 << 31) - (1 << 29),
                    ));
                }
            }
        }
    }
    assert!(facts.len() > 3_000);
    let saved = slice(world.account.id, Level::Ad, days(0, 30), 10, &facts);
    let receipt = store
        .save_slice(world.workspace, None, &saved)
        .await
        .unwrap();
    assert_eq!(receipt.facts, facts.len() as u64);
    let expected = facts
        .iter()
        .map(|(name, metric, date, value)| {
            (
                ((*name).to_owned(), (*metric).to_owned(), day(*date)),
                *value,
            )
        })
        .collect();
    assert_eq!(world.facts(store, Level::Ad).await, expected);
}

/// A task that is dropped in the middle of a save loses the whole slice, or nothing of it.
pub async fn a_save_dropped_half_way_leaves_nothing(store: &dyn Store) {
    let world = World::new(store).await;
    let names: Vec<String> = (0..40).map(|number| format!("ad-{number}")).collect();
    let facts: Vec<_> = names
        .iter()
        .flat_map(|name| (0..30).map(move |date| (name.as_str(), "spend", date, date + 1)))
        .collect();
    let (mut dropped, mut finished) = (0, 0);
    for polls in 0..60 {
        let range = days(polls * 30, polls * 30 + 29);
        let mut saved = slice(world.account.id, Level::Ad, range, 10 + polls, &facts);
        for fact in &mut saved.facts {
            fact.date += chrono::Duration::days(polls * 30);
        }
        let before = world.facts(store, Level::Ad).await.len();
        let done = {
            let mut save = pin!(store.save_slice(world.workspace, None, &saved));
            let mut left = polls;
            futures_util::future::poll_fn(|context| match save.as_mut().poll(context) {
                Poll::Ready(receipt) => Poll::Ready(Some(receipt)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => {
                    left -= 1;
                    Poll::Pending
                }
            })
            .await
        };
        // A commit that was under way when its task was dropped may still succeed: writes of an
        // account queue, so another one comes back when it has ended.
        store
            .save_entities(world.workspace, world.account.id, &[])
            .await
            .unwrap();
        let after = world.facts(store, Level::Ad).await.len();
        let coverage = store
            .coverage(world.workspace, world.account.id)
            .await
            .unwrap();
        let covered = coverage
            .iter()
            .flat_map(|feed| &feed.covered)
            .any(|run| run.range.contains(range.start));
        assert_eq!(covered, after > before, "facts and coverage come together");
        assert!(
            after == before || after == before + facts.len(),
            "never a part"
        );
        if let Some(receipt) = done {
            receipt.unwrap();
            assert_eq!(after, before + facts.len());
            finished += 1;
        } else {
            dropped += 1;
        }
    }
    assert!(
        dropped > 3,
        "some saves were dropped half way ({finished} finished)"
    );
}

/// What a report asks before it reads anything.
pub async fn the_span_and_metrics_of_an_account_are_told(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    assert_eq!(store.fact_span(home, id).await.unwrap(), None);
    assert!(store.stored_metrics(home).await.unwrap().is_empty());
    for saved in [
        slice(
            id,
            Level::Account,
            days(5, 9),
            10,
            &[(ACCOUNT, "spend", 7, 1), (ACCOUNT, "impressions", 6, 1)],
        ),
        slice(
            id,
            Level::Campaign,
            days(0, 20),
            10,
            &[("c1", "spend", 0, 1)],
        ),
    ] {
        store.save_slice(home, None, &saved).await.unwrap();
    }
    assert_eq!(
        store.fact_span(home, id).await.unwrap(),
        Some((day(6), day(7)))
    );
    let metrics = store.stored_metrics(home).await.unwrap();
    assert_eq!(metrics, ["impressions", "spend"].map(MetricId::from));
    assert!(store.revisions(home, id, at(-1)).await.unwrap().is_empty());
}
