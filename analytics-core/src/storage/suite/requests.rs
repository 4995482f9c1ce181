//! Exact values that reports lacked.

use super::fixture::{LONG, World, at, days};
use crate::{
    model::{Level, WindowRequest},
    storage::Store,
};

/// A day and a bit, in seconds.
const DAY: i64 = 86_401;

/// A request waits until it is answered, is not doubled meanwhile, and may be repeated a day later.
pub async fn a_request_waits_until_it_is_answered(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let reach = || ("reach".into(), days(0, 6));
    let ask = async |windows: &[_], now| {
        store
            .request_windows(home, id, Level::Account, windows, at(now))
            .await
            .unwrap()
    };
    let told = async || -> Vec<WindowRequest> { store.window_requests(home, id).await.unwrap() };

    assert_eq!(
        ask(&[reach(), reach(), ("reach".into(), days(0, 29))], 10).await,
        2
    );
    assert_eq!(ask(&[reach()], 20).await, 0, "it waits already");
    let open = told().await;
    assert_eq!(open.len(), 2);
    assert!(open.iter().all(|one| one.answered_at.is_none()
        && one.requested_at == at(10)
        && one.level == Level::Account));

    let version = store.data_versions(home).await.unwrap()[&id];
    store
        .close_window_requests(
            home,
            id,
            Level::Account,
            &["reach".into()],
            days(0, 6),
            at(30),
        )
        .await
        .unwrap();
    // Another metric's answer, and another level's, answer nothing here.
    for (level, metric) in [
        (Level::Account, "accounts_engaged"),
        (Level::Campaign, "reach"),
    ] {
        store
            .close_window_requests(home, id, level, &[metric.into()], days(0, 29), at(30))
            .await
            .unwrap();
    }
    let answered: Vec<_> = told()
        .await
        .into_iter()
        .map(|one| (one.range, one.answered_at))
        .collect();
    assert_eq!(answered.len(), 2);
    assert!(answered.contains(&(days(0, 6), Some(at(30)))));
    assert!(answered.contains(&(days(0, 29), None)));
    assert!(
        store.data_versions(home).await.unwrap()[&id] > version,
        "caches see the answer"
    );

    assert_eq!(ask(&[reach()], 40).await, 0, "just answered");
    assert_eq!(
        ask(&[reach()], 30 + DAY).await,
        1,
        "a day later it may be tried again"
    );
}

/// An account with something to fetch is due, unless it failed or must not be tried.
pub async fn a_request_makes_due_without_asking_for_a_refresh(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let lease = store
        .acquire_lease(home, id, "worker", LONG, at(10))
        .await
        .unwrap()
        .unwrap();
    store
        .record_success(&lease, at(10), at(1_000))
        .await
        .unwrap();
    store.release_lease(&lease).await.unwrap();
    let due = async || store.due_accounts(at(20), 10).await.unwrap();
    assert!(due().await.is_empty());

    store
        .request_windows(
            home,
            id,
            Level::Account,
            &[("reach".into(), days(0, 6))],
            at(20),
        )
        .await
        .unwrap();
    assert_eq!(due().await, [(home, id)]);
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!(
        row.next_attempt_at,
        Some(at(1_000)),
        "the next refresh stays where it was"
    );

    store
        .close_window_requests(
            home,
            id,
            Level::Account,
            &["reach".into()],
            days(0, 6),
            at(30),
        )
        .await
        .unwrap();
    assert!(due().await.is_empty());
}
