//! Claims, living processes, pauses and shared limits.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::fixture::{LONG, World, at, days, slice};
use crate::{
    model::{
        AccountId, AccountState, Level, PlatformPause, Priority, SyncError, WorkerReport,
        WorkspaceId,
    },
    storage::{Claim, Store},
};

fn claim(now: DateTime<Utc>, limit: u32) -> Claim {
    Claim {
        platform: "facebook_ads".into(),
        up_to: Priority::Deep,
        now,
        limit,
        hold: LONG,
    }
}

async fn claimed(store: &dyn Store, claim: &Claim) -> Vec<(WorkspaceId, AccountId)> {
    store.claim_due(claim).await.unwrap()
}

/// A due account is handed to one caller only, until somebody began with it or the hold ended.
pub async fn a_due_account_is_claimed_once(store: &dyn Store) {
    let world = World::new(store).await;
    let key = (world.workspace, world.account.id);
    assert_eq!(claimed(store, &claim(at(-1), 9)).await, [], "not due yet");
    let other = Claim {
        platform: "google_ads".into(),
        ..claim(at(9), 9)
    };
    assert_eq!(claimed(store, &other).await, [], "of another platform");
    assert_eq!(claimed(store, &claim(at(9), 9)).await, [key]);
    assert_eq!(claimed(store, &claim(at(9), 9)).await, []);
    let occupied = store.occupied().await.unwrap();
    assert_eq!(occupied[&"facebook_ads".into()].handed_over, 1);

    let lease = store
        .acquire_lease(world.workspace, world.account.id, "w", LONG, at(9))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claimed(store, &claim(at(9), 9)).await, [], "worked on");
    let occupied = store.occupied().await.unwrap();
    let one = occupied[&"facebook_ads".into()];
    assert_eq!((one.handed_over, one.running), (0, 1));
    store.release_lease(&lease).await.unwrap();
    assert_eq!(claimed(store, &claim(at(9), 9)).await, [key], "still due");

    store.unclaim(&[world.account.id]).await.unwrap();
    let short = Claim {
        hold: Duration::from_millis(1),
        ..claim(at(9), 9)
    };
    assert_eq!(claimed(store, &short).await, [key], "given back");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(claimed(store, &claim(at(9), 9)).await, [key], "forgotten");
}

/// Claims come most urgent first, as urgent as wanted and as many as wanted.
pub async fn claims_come_most_urgent_first(store: &dyn Store) {
    let world = World::new(store).await;
    let mut accounts = vec![world.account.clone()];
    for name in ["act_2", "act_3", "act_4", "act_5"] {
        accounts.push(world.link(store, name).await);
    }
    for (account, due) in accounts.iter().zip([40, 30, 20, 10]) {
        let lease = store
            .acquire_lease(world.workspace, account.id, "w", LONG, at(2))
            .await
            .unwrap()
            .unwrap();
        store.record_success(&lease, at(3), at(due)).await.unwrap();
        store.release_lease(&lease).await.unwrap();
    }
    let keys: Vec<_> = accounts
        .iter()
        .map(|account| (world.workspace, account.id))
        .collect();
    let linking = Claim {
        up_to: Priority::Linking,
        ..claim(at(35), 9)
    };
    assert_eq!(claimed(store, &linking).await, [keys[4]]);
    assert_eq!(claimed(store, &claim(at(35), 2)).await, [keys[3], keys[2]]);
    assert_eq!(claimed(store, &claim(at(35), 2)).await, [keys[1]]);
    store
        .set_account_state(world.workspace, accounts[0].id, AccountState::Archived)
        .await
        .unwrap();
    assert_eq!(claimed(store, &claim(at(99), 9)).await, [], "archived");
}

/// An account with exact values to fetch is claimed though its next attempt lies ahead.
pub async fn an_account_with_values_to_fetch_is_claimed(store: &dyn Store) {
    let world = World::new(store).await;
    let id = world.account.id;
    let lease = store
        .acquire_lease(world.workspace, id, "w", LONG, at(2))
        .await
        .unwrap()
        .unwrap();
    store
        .record_success(&lease, at(3), at(9_000))
        .await
        .unwrap();
    store.release_lease(&lease).await.unwrap();
    assert_eq!(claimed(store, &claim(at(9), 9)).await, []);
    store
        .request_windows(
            world.workspace,
            id,
            Level::Account,
            &[("reach".into(), days(0, 6))],
            at(8),
        )
        .await
        .unwrap();
    assert_eq!(
        claimed(store, &claim(at(9), 9)).await,
        [(world.workspace, id)]
    );
    assert_eq!(claimed(store, &claim(at(9), 9)).await, []);
}

/// Processes are known while they report.
pub async fn processes_are_known_while_they_report(store: &dyn Store) {
    let mut report = WorkerReport {
        id: "01J".to_owned(),
        host: "a".to_owned(),
        role: "worker".to_owned(),
        version: "0.1.0".to_owned(),
        capacity: 4,
        running: 0,
    };
    store.report_worker(&report).await.unwrap();
    report.running = 3;
    store.report_worker(&report).await.unwrap();
    let known = store.workers(LONG).await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].report, report);
    assert!(known[0].started_at <= known[0].seen_at);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(store.workers(Duration::from_millis(5)).await.unwrap(), []);
    store.remove_worker("01J").await.unwrap();
    assert_eq!(store.workers(LONG).await.unwrap(), []);
}

/// A pause ends by itself or when somebody lifts it.
pub async fn a_pause_ends_by_itself_or_by_hand(store: &dyn Store) {
    let pause = PlatformPause {
        until: at(60),
        error: SyncError {
            code: "unavailable".to_owned(),
            message: "the app is disabled".to_owned(),
            operation: "insights".to_owned(),
            at: at(0),
        },
    };
    store.pause_platform(&"x".into(), &pause).await.unwrap();
    assert_eq!(store.pauses(at(59)).await.unwrap()[&"x".into()], pause);
    assert!(store.pauses(at(60)).await.unwrap().is_empty());
    let longer = PlatformPause {
        until: at(90),
        ..pause
    };
    store.pause_platform(&"x".into(), &longer).await.unwrap();
    assert_eq!(store.pauses(at(60)).await.unwrap()[&"x".into()], longer);
    assert!(store.lift_pause(&"x".into()).await.unwrap());
    assert!(store.pauses(at(0)).await.unwrap().is_empty());
    assert!(!store.lift_pause(&"x".into()).await.unwrap());
}

/// Everybody together gets no more calls than the limit allows in a period.
pub async fn a_shared_limit_is_kept_by_everybody_together(store: &dyn Store) {
    let platform = "x_ads".into();
    let take = |wanted, period| store.take_budget(&platform, "app", wanted, 10, period);
    assert_eq!(take(6, LONG).await.unwrap().granted, 6);
    let rest = take(6, LONG).await.unwrap();
    assert_eq!(rest.granted, 4);
    assert!(rest.renews_in <= LONG && rest.renews_in > LONG / 2);
    assert_eq!(take(6, LONG).await.unwrap().granted, 0);
    let apart = store
        .take_budget(&platform, "1", 6, 10, LONG)
        .await
        .unwrap();
    assert_eq!(apart.granted, 6, "scopes are apart");
    let used = store.budgets(at(0)).await.unwrap();
    let app = used.iter().find(|one| one.scope == "app").unwrap();
    assert_eq!((app.used, app.allowed), (10, Some(10)));

    let short = Duration::from_millis(10);
    store
        .take_budget(&platform, "quick", 10, 10, short)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(30)).await;
    let again = store.take_budget(&platform, "quick", 10, 10, short).await;
    assert_eq!(again.unwrap().granted, 10, "a new period");
}

/// A scope rests for the longest time that anybody said.
pub async fn a_parked_scope_rests_for_the_longest_time(store: &dyn Store) {
    let platform = "instagram".into();
    store.park(&platform, "17", at(90)).await.unwrap();
    store.park(&platform, "17", at(60)).await.unwrap();
    let parked = store.budgets(at(70)).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].parked_until, Some(at(90)));
    assert_eq!(store.budgets(at(90)).await.unwrap(), []);
}

/// Operators see what waits, what fails and how far the figures go.
pub async fn operators_see_how_accounts_fare(store: &dyn Store) {
    let world = World::new(store).await;
    let behind = world.link(store, "act_2").await;
    let save = slice(world.account.id, Level::Account, days(0, 6), 5, &[]);
    store
        .save_slice(world.workspace, None, &save)
        .await
        .unwrap();
    let health = store.platform_health(at(9)).await.unwrap();
    assert_eq!(health.len(), 1);
    let of = &health[0];
    assert_eq!((of.accounts, of.due, of.failing), (2, 2, 0));
    assert_eq!(of.oldest_due, Some(at(0)));
    assert_eq!(of.complete_through, None, "one has no day yet");
    assert_eq!(of.newest_day, Some(days(6, 6).end));

    let save = slice(behind.id, Level::Account, days(0, 3), 6, &[]);
    store
        .save_slice(world.workspace, None, &save)
        .await
        .unwrap();
    let lease = store
        .acquire_lease(world.workspace, behind.id, "w", LONG, at(7))
        .await
        .unwrap()
        .unwrap();
    let error = SyncError {
        code: "transient".to_owned(),
        message: "the platform fails".to_owned(),
        operation: "insights".to_owned(),
        at: at(8),
    };
    store
        .record_failure(&lease, &error, Some(at(500)))
        .await
        .unwrap();
    store.release_lease(&lease).await.unwrap();
    let health = store.platform_health(at(9)).await.unwrap();
    let of = &health[0];
    assert_eq!((of.accounts, of.due, of.failing), (2, 1, 1));
    assert_eq!(of.complete_through, Some(days(3, 3).end));
    let failed = store.failed_accounts(10).await.unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].account, behind.id);
    assert_eq!(failed[0].public_id, behind.public_id);
    assert_eq!(failed[0].row.last_error, Some(error));
    assert_eq!(failed[0].row.next_attempt_at, Some(at(500)));
}

/// A change of data, state or synchronization shows, and another workspace's does not.
pub async fn a_changed_account_shows_from_outside(store: &dyn Store) {
    let world = World::new(store).await;
    let other = World::named(store, "Another").await;
    let marks = async || store.account_marks(world.workspace).await.unwrap();
    let id = world.account.id;
    let before = marks().await;
    assert_eq!(before.len(), 1);
    assert_eq!(before[&id].public_id, world.account.public_id);
    let save = slice(other.account.id, Level::Account, days(0, 6), 5, &[]);
    store
        .save_slice(other.workspace, None, &save)
        .await
        .unwrap();
    assert_eq!(marks().await, before);

    let save = slice(id, Level::Account, days(0, 6), 5, &[]);
    store
        .save_slice(world.workspace, None, &save)
        .await
        .unwrap();
    let saved = marks().await;
    assert!(saved[&id].data_version > before[&id].data_version);
    assert_eq!(saved[&id].state, before[&id].state);
    let lease = store
        .acquire_lease(world.workspace, id, "w", LONG, at(7))
        .await
        .unwrap()
        .unwrap();
    let running = marks().await;
    assert_ne!(running[&id].state, saved[&id].state);
    store.release_lease(&lease).await.unwrap();
    assert_ne!(marks().await[&id].state, running[&id].state);
}
