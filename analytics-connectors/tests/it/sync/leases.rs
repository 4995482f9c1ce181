//! One worker per account at a time, whatever happens to workers.

use std::time::Duration;

use analytics_connectors::sync::{Ended, SyncFailure};
use analytics_core::model::Level;
use chrono::Utc;

use super::stage::{Stage, open, range};

#[tokio::test]
async fn of_two_engines_on_one_account_only_one_works() {
    let stage = Stage::new().await;
    stage.platform.close_gate();
    let engine = stage.engine.clone();
    let (workspace, account) = (stage.workspace, stage.account.id);
    let first = tokio::spawn(async move { engine.reconcile(workspace, account).await });
    stage.platform.somebody_waits().await;

    let second = stage.another_engine().reconcile(workspace, account).await;
    assert!(matches!(second, Err(SyncFailure::Busy)), "{second:?}");
    let same_engine = stage.engine.reconcile(workspace, account).await;
    assert!(
        matches!(same_engine, Err(SyncFailure::Busy)),
        "{same_engine:?}"
    );
    assert!(
        stage.due().await.is_empty(),
        "leased accounts are not handed out"
    );

    stage.platform.open_gate(1000);
    let outcome = first.await.unwrap().unwrap();
    assert_eq!((outcome.ended, outcome.slices_saved), (Ended::Complete, 6));
    assert_eq!(
        stage.platform.asked().len(),
        6,
        "every slice was asked for once"
    );
}

#[tokio::test]
async fn a_lease_lasts_as_long_as_the_work() {
    let stage = Stage::new().await;
    stage.platform.close_gate();
    let engine = stage.engine.clone();
    let (workspace, account) = (stage.workspace, stage.account.id);
    let work = tokio::spawn(async move { engine.reconcile(workspace, account).await });
    stage.platform.somebody_waits().await;
    // Longer than a lease lives unless renewed.
    tokio::time::sleep(Duration::from_millis(4600)).await;
    let second = stage.another_engine().reconcile(workspace, account).await;
    assert!(matches!(second, Err(SyncFailure::Busy)), "{second:?}");
    stage.platform.open_gate(1000);
    assert_eq!(work.await.unwrap().unwrap().ended, Ended::Complete);
}

#[tokio::test]
async fn whoever_lost_the_lease_writes_nothing_more() {
    let stage = Stage::new().await;
    stage.platform.close_gate();
    let engine = stage.engine.clone();
    let (workspace, account) = (stage.workspace, stage.account.id);
    let sleeper = tokio::spawn(async move { engine.reconcile(workspace, account).await });
    stage.platform.somebody_waits().await;

    // This runtime's only thread stands still, renewals with it, as in a process that was
    // suspended; meanwhile another process takes the account over.
    let (folder, cipher) = (&stage.folder, &stage.cipher);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let store = open(folder, cipher).await;
                let day = Duration::from_secs(86_400);
                while store
                    .acquire_lease(workspace, account, "another", day, Utc::now())
                    .await
                    .unwrap()
                    .is_none()
                {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                store.close().await;
            });
        });
    });

    stage.platform.open_gate(1000);
    let lost = sleeper.await.unwrap();
    assert!(matches!(lost, Err(SyncFailure::LeaseLost)), "{lost:?}");
    assert_eq!(stage.stored(Level::Account).await, []);
    assert_eq!(
        stage.row().await.last_error,
        None,
        "the record is the new holder's"
    );
}

#[tokio::test]
async fn work_that_nobody_waits_for_gives_its_lease_back_and_keeps_what_it_saved() {
    let stage = Stage::new().await;
    stage.platform.close_gate();
    stage.platform.open_gate(2);
    let work = stage.engine.reconcile(stage.workspace, stage.account.id);
    let dropped = tokio::time::timeout(Duration::from_millis(500), work).await;
    assert!(dropped.is_err());
    assert_eq!(stage.platform.asked().len(), 3);

    stage.platform.open_gate(1000);
    let outcome = loop {
        match stage
            .engine
            .reconcile(stage.workspace, stage.account.id)
            .await
        {
            Err(SyncFailure::Busy) => tokio::time::sleep(Duration::from_millis(10)).await,
            other => break other.unwrap(),
        }
    };
    assert_eq!(outcome.slices_saved, 4);
    stage
        .holds(Level::Account, range("2026-09-24", "2026-11-22"), 0)
        .await;
    stage
        .holds(Level::Campaign, range("2026-09-24", "2026-11-22"), 0)
        .await;
}
