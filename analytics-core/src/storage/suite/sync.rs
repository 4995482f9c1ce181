//! Leases, due times and outcomes.

use std::time::Duration;

use super::fixture::{ACCOUNT, LONG, World, at, days, new_account, slice};
use crate::{
    Error,
    model::{AccountId, Level, Millionths, Priority, SyncError, WindowRecord},
    storage::Store,
};

fn lost<T: std::fmt::Debug>(result: crate::Result<T>, account: AccountId) {
    match result {
        Err(Error::LeaseLost { account: named }) => assert_eq!(named, account.0),
        other => panic!("expected a lost lease, got {other:?}"),
    }
}

fn failure(seconds: i64) -> SyncError {
    SyncError {
        code: "rate_limited".to_owned(),
        message: "too many calls".to_owned(),
        operation: "insights (ad)".to_owned(),
        at: at(seconds),
    }
}

/// While a lease is held, nobody gets another; after its release the next one has a higher fence.
pub async fn one_worker_holds_a_lease_until_it_gives_it_back(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let (one, two) = futures_util::join!(
        store.acquire_lease(home, id, "worker-1", LONG, at(5)),
        store.acquire_lease(home, id, "worker-2", LONG, at(5)),
    );
    let mut taken = [one.unwrap(), two.unwrap()].into_iter().flatten();
    let lease = taken.next().unwrap();
    assert_eq!(taken.next(), None, "one of two gets it");
    assert_eq!((lease.workspace, lease.account), (home, id));
    assert_eq!(
        store
            .acquire_lease(home, id, &lease.owner, LONG, at(6))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store.sync_row(home, id).await.unwrap().running_since,
        Some(at(5))
    );
    store.renew_lease(&lease, LONG).await.unwrap();

    store.release_lease(&lease).await.unwrap();
    store.release_lease(&lease).await.unwrap();
    assert_eq!(store.sync_row(home, id).await.unwrap().running_since, None);
    lost(store.renew_lease(&lease, LONG).await, id);
    let next = store
        .acquire_lease(home, id, "worker-3", LONG, at(7))
        .await
        .unwrap()
        .unwrap();
    assert!(next.fence > lease.fence);
    store.release_lease(&lease).await.unwrap();
    store.renew_lease(&next, LONG).await.unwrap();

    let neighbour = world.link(store, "act_2").await;
    let other = store
        .acquire_lease(home, neighbour.id, "worker-3", LONG, at(7))
        .await;
    assert!(other.unwrap().is_some(), "accounts are leased apart");
}

/// A worker that stood still too long cannot write over the one that took its place.
pub async fn an_expired_lease_is_taken_over_and_its_late_holder_refused(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let late = store
        .acquire_lease(home, id, "late", Duration::ZERO, at(5))
        .await
        .unwrap()
        .unwrap();
    let facts = [(ACCOUNT, "spend", 0, 1)];
    let saved = slice(id, Level::Account, days(0, 3), 10, &facts);
    let window = WindowRecord {
        entity: ACCOUNT.into(),
        metric: "reach".into(),
        range: days(0, 3),
        value: Millionths(1),
    };
    let refused = async || {
        lost(store.save_slice(home, Some(&late), &saved).await, id);
        let windows = std::slice::from_ref(&window);
        lost(
            store
                .save_windows(home, Some(&late), id, Level::Account, windows, at(10))
                .await,
            id,
        );
        lost(store.renew_lease(&late, LONG).await, id);
        lost(store.record_success(&late, at(10), at(20)).await, id);
        lost(store.record_failure(&late, &failure(10), None).await, id);
    };
    refused().await;
    let next = store
        .acquire_lease(home, id, "next", LONG, at(6))
        .await
        .unwrap()
        .unwrap();
    assert!(next.fence > late.fence);
    refused().await;
    assert!(world.facts(store, Level::Account).await.is_empty());
    assert!(store.coverage(home, id).await.unwrap().is_empty());
    assert_eq!(store.sync_row(home, id).await.unwrap().attempts, 0);

    store.save_slice(home, Some(&next), &saved).await.unwrap();
    assert_eq!(world.facts(store, Level::Account).await.len(), 1);

    // A lease opens its own account and no other.
    let neighbour = world.link(store, "act_2").await;
    let theirs = slice(neighbour.id, Level::Account, days(0, 3), 10, &[]);
    lost(
        store.save_slice(home, Some(&next), &theirs).await,
        neighbour.id,
    );
}

/// Somebody who waits goes before the daily refresh, and that before old days; then who is due first.
pub async fn due_accounts_come_most_urgent_first(store: &dyn Store) {
    let world = World::new(store).await;
    let home = world.workspace;
    let mut ids = vec![world.account.id];
    for number in 2..=6 {
        ids.push(world.link(store, &format!("act_{number}")).await.id);
    }
    for (id, priority, due) in [
        (ids[0], Priority::Deep, 1),
        (ids[1], Priority::Refresh, 9),
        (ids[2], Priority::Refresh, 8),
        (ids[3], Priority::Linking, 9),
        (ids[4], Priority::Linking, 11),
        (ids[5], Priority::Linking, 9),
    ] {
        let lease = store
            .acquire_lease(home, id, "w", LONG, at(0))
            .await
            .unwrap()
            .unwrap();
        store.record_success(&lease, at(0), at(999)).await.unwrap();
        store
            .request_sync(home, id, priority, at(due))
            .await
            .unwrap();
        if id != ids[5] {
            store.release_lease(&lease).await.unwrap();
        }
    }
    let due = store.due_accounts(at(10), 9).await.unwrap();
    let expected = [ids[3], ids[2], ids[1], ids[0]].map(|id| (home, id));
    assert_eq!(due, expected, "not the one due later, not the leased one");
    assert_eq!(store.due_accounts(at(10), 2).await.unwrap(), expected[..2]);
    assert!(store.due_accounts(at(0), 9).await.unwrap().is_empty());
}

/// What went wrong under the old consent is nothing to show under the new one.
pub async fn a_new_consent_takes_the_old_error_away(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let lease = store
        .acquire_lease(home, id, "w", LONG, at(0))
        .await
        .unwrap()
        .unwrap();
    store
        .record_failure(&lease, &failure(1), None)
        .await
        .unwrap();
    let grant = store.grants_of_account(home, id).await.unwrap().remove(0);
    store
        .link_account(home, &new_account(ACCOUNT, &grant, at(5)))
        .await
        .unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!((row.last_error, row.attempts), (None, 0));
}

/// A request brings an attempt forward, never back, and forgets how often it failed.
pub async fn a_request_makes_due_and_clears_back_off(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let linked = store.sync_row(home, id).await.unwrap();
    assert_eq!(
        linked.next_attempt_at,
        Some(at(0)),
        "a new account is due at once"
    );
    assert_eq!(linked.priority, Priority::Linking);

    let lease = store
        .acquire_lease(home, id, "w", LONG, at(0))
        .await
        .unwrap()
        .unwrap();
    store
        .record_failure(&lease, &failure(1), Some(at(600)))
        .await
        .unwrap();
    store
        .record_failure(&lease, &failure(2), Some(at(900)))
        .await
        .unwrap();
    assert_eq!(store.sync_row(home, id).await.unwrap().attempts, 2);

    store
        .request_sync(home, id, Priority::Refresh, at(50))
        .await
        .unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!((row.next_attempt_at, row.attempts), (Some(at(50)), 0));
    store
        .request_sync(home, id, Priority::Refresh, at(70))
        .await
        .unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!(
        row.next_attempt_at,
        Some(at(70)),
        "the attempt that is under way does not count"
    );

    store
        .record_failure(&lease, &failure(3), None)
        .await
        .unwrap();
    assert_eq!(
        store.sync_row(home, id).await.unwrap().next_attempt_at,
        None
    );
    store
        .request_sync(home, id, Priority::Linking, at(80))
        .await
        .unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!(row.next_attempt_at, Some(at(80)));
    assert_eq!(row.priority, Priority::Linking);

    store.release_lease(&lease).await.unwrap();
    store
        .request_sync(home, id, Priority::Refresh, at(90))
        .await
        .unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!(row.next_attempt_at, Some(at(80)), "never later than before");
}

/// Errors are kept until a success, successes for ever.
pub async fn outcomes_are_kept(store: &dyn Store) {
    let world = World::new(store).await;
    let (home, id) = (world.workspace, world.account.id);
    let lease = store
        .acquire_lease(home, id, "w", LONG, at(0))
        .await
        .unwrap()
        .unwrap();
    store
        .record_failure(&lease, &failure(5), Some(at(65)))
        .await
        .unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!(row.last_error, Some(failure(5)));
    assert_eq!((row.attempts, row.next_attempt_at), (1, Some(at(65))));
    assert_eq!(row.last_success_at, None);

    store.record_success(&lease, at(70), at(900)).await.unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!((row.attempts, &row.last_error), (0, &None));
    assert_eq!(row.last_success_at, Some(at(70)));
    assert_eq!(row.next_attempt_at, Some(at(900)));
    assert_eq!(row.priority, Priority::Refresh);

    store
        .record_failure(&lease, &failure(80), None)
        .await
        .unwrap();
    let row = store.sync_row(home, id).await.unwrap();
    assert_eq!(row.last_success_at, Some(at(70)));
    assert_eq!(row.account, id);
}
