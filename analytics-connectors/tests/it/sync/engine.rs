//! What a reconciliation fetches, stores and plans next.

use analytics_connectors::{
    ErrorKind, FetchRequest,
    clock::Clock as _,
    sync::{Ended, SyncEventKind},
};
use analytics_core::model::{AccountState, Level, Priority};
use chrono::Duration;

use super::stage::{Stage, at, range};

#[tokio::test]
async fn linking_fills_every_level_newest_days_first_and_account_level_before_all() {
    let stage = Stage::new().await;
    assert_eq!(stage.due().await, [stage.account.id]);
    let outcome = stage.reconcile().await;
    assert_eq!(outcome.ended, Ended::Complete);
    assert_eq!((outcome.slices_saved, outcome.slices_failed), (6, 0));
    assert_eq!(
        stage.platform.asked(),
        [
            (Level::Account, range("2026-11-01", "2026-11-22")),
            (Level::Account, range("2026-10-01", "2026-10-31")),
            (Level::Account, range("2026-09-24", "2026-09-30")),
            (Level::Campaign, range("2026-11-01", "2026-11-22")),
            (Level::Campaign, range("2026-10-01", "2026-10-31")),
            (Level::Campaign, range("2026-09-24", "2026-09-30")),
        ]
    );
    for level in [Level::Account, Level::Campaign] {
        stage
            .holds(level, range("2026-09-24", "2026-11-22"), 0)
            .await;
    }
    let windows = stage
        .store
        .windows(stage.workspace, stage.account.id, Level::Account)
        .await
        .unwrap();
    assert!(
        windows
            .iter()
            .any(|window| window.range == range("2026-11-16", "2026-11-22"))
    );
    assert!(
        windows
            .iter()
            .any(|window| window.range == range("2026-11-09", "2026-11-15"))
    );
}

#[tokio::test]
async fn an_up_to_date_account_is_due_when_its_next_day_is_ready_and_not_before() {
    let stage = Stage::new().await;
    stage.reconcile().await;
    assert_eq!(
        stage.row().await.next_attempt_at,
        Some(at("2026-11-24T06:00:00Z"))
    );
    assert!(stage.due().await.is_empty());
    stage.platform.asked();

    let again = stage.reconcile().await;
    assert_eq!((again.ended, again.slices_saved), (Ended::Complete, 0));
    assert_eq!(stage.platform.asked(), []);

    stage.clock.set(at("2026-11-24T06:00:00Z"));
    assert_eq!(stage.due().await, [stage.account.id]);
    stage.reconcile().await;
    // The new day together with the seven that may have been restated.
    assert_eq!(
        stage.platform.asked(),
        [
            (Level::Account, range("2026-11-17", "2026-11-23")),
            (Level::Campaign, range("2026-11-17", "2026-11-23")),
        ]
    );
}

#[tokio::test]
async fn an_exact_value_that_is_not_there_is_asked_for_once_a_day_and_on_request() {
    let stage = Stage::new().await;
    stage.platform.fall_silent();
    stage.reconcile().await;
    assert!(stage.platform.windows_asked() > 0);
    stage.reconcile().await;
    assert_eq!(stage.platform.windows_asked(), 0);
    let (home, id, now) = (stage.workspace, stage.account.id, stage.clock.now());
    stage
        .store
        .request_sync(home, id, Priority::Refresh, now)
        .await
        .unwrap();
    stage.reconcile().await;
    assert!(stage.platform.windows_asked() > 0);
    stage.clock.set(now + Duration::days(1));
    stage.reconcile().await;
    assert!(stage.platform.windows_asked() > 0);
}

#[tokio::test]
async fn a_request_for_an_overdue_account_fetches_again_what_was_fetched_before_it() {
    let stage = Stage::new().await;
    stage.reconcile().await;
    // Overdue, and part of it fails: the rest is fetched, and no success is noted.
    stage.clock.set(at("2026-11-25T12:00:00Z"));
    stage.platform.fail(ErrorKind::Decode, 0, |request| {
        matches!(
            request,
            FetchRequest::Daily {
                level: Level::Campaign,
                ..
            }
        )
    });
    assert_eq!(stage.reconcile().await.ended, Ended::WithFailures);
    stage.platform.asked();
    let (home, id) = (stage.workspace, stage.account.id);
    let asked_at = stage.clock.now() + Duration::minutes(10);
    stage.clock.set(asked_at);
    stage
        .store
        .request_sync(home, id, Priority::Refresh, asked_at)
        .await
        .unwrap();
    stage.reconcile().await;
    let asked = stage.platform.asked();
    assert!(
        asked.iter().any(|(level, _)| *level == Level::Account),
        "{asked:?}"
    );
}

#[tokio::test]
async fn what_is_asked_for_while_the_account_is_worked_on_comes_next() {
    let stage = Stage::new().await;
    stage.platform.close_gate();
    let (engine, home, id) = (stage.engine.clone(), stage.workspace, stage.account.id);
    let work = tokio::spawn(async move { engine.reconcile(home, id).await });
    stage.platform.somebody_waits().await;
    // A new consent, for example: the grants of this run were read before it.
    let asked_at = stage.clock.now() + Duration::minutes(1);
    stage.clock.set(asked_at);
    let asked = stage
        .store
        .request_sync(home, id, Priority::Refresh, asked_at);
    asked.await.unwrap();
    stage.platform.open_gate(1000);
    assert_eq!(work.await.unwrap().unwrap().ended, Ended::Complete);
    assert_eq!(stage.due().await, [id]);
    assert_eq!(stage.reconcile().await.ended, Ended::Complete);
    assert!(stage.due().await.is_empty(), "once");
}

#[tokio::test]
async fn a_request_fetches_once_what_may_still_move() {
    let stage = Stage::new().await;
    stage.reconcile().await;
    stage.platform.asked();
    stage.clock.set(at("2026-11-23T15:00:00Z"));
    stage
        .store
        .request_sync(
            stage.workspace,
            stage.account.id,
            Priority::Refresh,
            at("2026-11-23T15:00:00Z"),
        )
        .await
        .unwrap();
    stage.reconcile().await;
    assert_eq!(
        stage.platform.asked(),
        [
            (Level::Account, range("2026-11-17", "2026-11-22")),
            (Level::Campaign, range("2026-11-17", "2026-11-22")),
        ]
    );
    stage.reconcile().await;
    assert_eq!(stage.platform.asked(), []);
}

#[tokio::test]
async fn restated_days_are_replaced_and_their_former_values_kept() {
    let stage = Stage::new().await;
    stage.reconcile().await;
    stage.clock.set(at("2026-11-24T06:00:00Z"));
    stage.platform.restate(5);
    let outcome = stage.reconcile().await;
    // Six days of each level changed; the seventh is new.
    assert_eq!(outcome.revisions, 12);
    let stored = stage.stored(Level::Account).await;
    for (date, value) in stored {
        let restated = range("2026-11-17", "2026-11-23").contains(date);
        let expected = super::pretend::spend(date) + if restated { 5 } else { 0 };
        assert_eq!(value, expected, "on {date}");
    }
}

#[tokio::test]
async fn a_service_that_was_away_for_weeks_catches_up_in_one_go() {
    let stage = Stage::new().await;
    stage.reconcile().await;
    stage.clock.set(at("2026-12-20T12:00:00Z"));
    stage.platform.restate(5);
    stage.reconcile().await;
    let stored = stage.stored(Level::Account).await;
    assert_eq!(stored.len(), 87);
    // Days that had not settled when they were last fetched were fetched once more.
    let restated = stored
        .iter()
        .filter(|(date, value)| *value != super::pretend::spend(*date))
        .map(|(date, _)| *date);
    assert_eq!(restated.min(), Some(super::stage::date("2026-11-17")));
}

#[tokio::test]
async fn a_day_that_becomes_ready_during_a_long_backfill_is_fetched_in_the_same_run() {
    let stage = Stage::new().await;
    stage.platform.close_gate();
    let engine = stage.engine.clone();
    let (workspace, account) = (stage.workspace, stage.account.id);
    let run = tokio::spawn(async move { engine.reconcile(workspace, account).await });
    stage.platform.somebody_waits().await;
    stage.clock.set(at("2026-11-24T06:00:00Z"));
    stage.platform.open_gate(1000);
    run.await.unwrap().unwrap();
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-23"), 0)
        .await;
    assert_eq!(
        stage.row().await.next_attempt_at,
        Some(at("2026-11-25T06:00:00Z"))
    );
}

#[tokio::test]
async fn days_that_fell_out_of_the_platforms_history_while_they_waited_are_not_taken_for_covered() {
    let stage = Stage::new().await;
    stage.platform.close_gate();
    let engine = stage.engine.clone();
    let (workspace, account) = (stage.workspace, stage.account.id);
    let run = tokio::spawn(async move { engine.reconcile(workspace, account).await });
    stage.platform.somebody_waits().await;
    // 1000 days of history begin on 2026-10-14 now; September is gone.
    stage.clock.set(at("2029-07-10T12:00:00Z"));
    stage.platform.open_gate(1000);
    run.await.unwrap().unwrap();
    let coverage = stage.store.coverage(workspace, account).await.unwrap();
    for feed in coverage {
        let first = feed.covered.first().unwrap().range.start;
        assert_eq!(first, super::stage::date("2026-10-14"), "{:?}", feed.level);
    }
}

#[tokio::test]
async fn progress_rises_to_one_and_listeners_hear_of_it() {
    let stage = Stage::new().await;
    let mut events = stage.engine.subscribe();
    let before = stage
        .engine
        .progress(stage.workspace, stage.account.id)
        .await
        .unwrap();
    assert!(before.backfilling);
    assert_eq!((before.days_done, before.days_total), (0, 120));
    stage.reconcile().await;

    let mut fractions = Vec::new();
    let mut kinds = Vec::new();
    while let Ok(event) = events.try_recv() {
        assert_eq!(event.account, stage.account.id);
        fractions.push(event.progress.unwrap().fraction);
        kinds.push(event.kind);
    }
    assert_eq!(kinds.first(), Some(&SyncEventKind::Started));
    assert_eq!(kinds.last(), Some(&SyncEventKind::Finished));
    let saved = kinds
        .iter()
        .filter(|kind| matches!(kind, SyncEventKind::SliceSaved { .. }));
    assert_eq!(saved.count(), 6);
    assert!(fractions.is_sorted(), "{fractions:?}");
    assert_eq!(fractions.last(), Some(&1.0));

    let after = stage
        .engine
        .progress(stage.workspace, stage.account.id)
        .await
        .unwrap();
    assert!(!after.backfilling);
    assert_eq!(after.eta_seconds, None);
    assert_eq!(
        after.complete_through,
        Some(super::stage::date("2026-11-22"))
    );
}

#[tokio::test]
async fn an_archived_account_is_left_alone() {
    let stage = Stage::new().await;
    stage
        .store
        .set_account_state(stage.workspace, stage.account.id, AccountState::Archived)
        .await
        .unwrap();
    let refused = stage
        .engine
        .reconcile(stage.workspace, stage.account.id)
        .await;
    assert!(matches!(
        refused,
        Err(analytics_connectors::sync::SyncFailure::Archived)
    ));
    assert_eq!(stage.platform.asked(), []);
}

#[tokio::test]
async fn every_due_account_is_reconciled_and_then_none_is_due() {
    let stage = Stage::new().await;
    let more = analytics_connectors::sync::choose(
        &stage.store,
        &stage.grant,
        [super::pretend::found("1002")],
        at("2026-11-23T12:00:00Z"),
    )
    .await
    .unwrap();
    let outcomes = stage.engine.reconcile_due().await.unwrap();
    assert_eq!(outcomes.len(), 2);
    assert!(outcomes.iter().any(|(account, _)| *account == more[0].id));
    assert!(stage.due().await.is_empty());
}
