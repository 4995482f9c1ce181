//! Days that a feed covers but one of its metrics does not.

use super::fixture::{ACCOUNT, World, days, slice};
use crate::{
    Error,
    model::{DateRange, Level, MetricGap, Slice},
    storage::Store,
};

fn gap(metric: &str, range: DateRange, reason: &str) -> MetricGap {
    MetricGap {
        metric: metric.into(),
        range,
        reason: reason.to_owned(),
    }
}

/// Gaps join into runs, go when the metric is delivered, and never take away what was known.
pub async fn gaps_come_and_go_with_what_is_delivered(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let save = async |range, fetched, facts: &[(&str, &str, i64, i64)], gaps: &[MetricGap]| {
        let slice = Slice {
            gaps: gaps.to_vec(),
            ..slice(id, Level::Account, range, fetched, facts)
        };
        store.save_slice(home, None, &slice).await
    };
    let told = async || -> Vec<_> {
        let gaps = store.gaps(home, id).await.unwrap();
        gaps.into_iter()
            .map(|run| {
                assert_eq!(run.level, Level::Account);
                (run.gap.metric.to_string(), run.gap.range, run.gap.reason)
            })
            .collect()
    };
    let spend = |range, reason: &str| ("spend".to_owned(), range, reason.to_owned());

    let small = gap("spend", days(5, 9), "too small");
    save(days(5, 9), 10, &[(ACCOUNT, "impressions", 6, 3)], &[small])
        .await
        .unwrap();
    let small = gap("spend", days(0, 4), "too small");
    save(days(0, 4), 20, &[], &[small]).await.unwrap();
    assert_eq!(told().await, [spend(days(0, 9), "too small")]);

    // Delivered in the middle: known from now on, whatever is refused later.
    save(days(3, 4), 30, &[(ACCOUNT, "spend", 3, 7)], &[])
        .await
        .unwrap();
    assert_eq!(
        told().await,
        [
            spend(days(0, 2), "too small"),
            spend(days(5, 9), "too small"),
        ]
    );
    let gone = gap("spend", days(2, 6), "not supported any more");
    save(days(2, 6), 40, &[], &[gone]).await.unwrap();
    assert_eq!(
        told().await,
        [
            spend(days(0, 1), "too small"),
            spend(days(2, 2), "not supported any more"),
            spend(days(5, 6), "not supported any more"),
            spend(days(7, 9), "too small"),
        ]
    );
    let facts = world.facts(store, Level::Account).await;
    let kept: Vec<_> = facts
        .iter()
        .map(|((_, metric, _), value)| (metric.as_str(), *value))
        .collect();
    assert_eq!(
        kept,
        [("spend", 7)],
        "impressions vanished, spend was refused"
    );
}

/// Only what the feed delivers can be refused.
pub async fn gaps_of_other_metrics_are_refused(store: &dyn Store) {
    let world = World::new(store).await;
    let bad = Slice {
        gaps: vec![gap("clicks", days(0, 1), "why")],
        ..slice(world.account.id, Level::Account, days(0, 1), 10, &[])
    };
    let refused = store.save_slice(world.workspace, None, &bad).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
    let at_once = store.gaps(world.workspace, world.account.id).await.unwrap();
    assert!(at_once.is_empty());
    assert!(
        store
            .coverage(world.workspace, world.account.id)
            .await
            .unwrap()
            .is_empty()
    );
}
