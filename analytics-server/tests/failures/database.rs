//! The database goes away in the middle of a backfill, or has no room.

use std::time::Duration;

use analytics_core::storage::sqlite::testing::WriteLock;

use crate::harness::{AT_ONCE, Database, Plan, Setup, Stage, is_up_to_date, on_every_setup};

/// Bytes that a file of a full server has at most; its log's have half as many.
const ROOM: u64 = 2 << 20;

on_every_setup!(restarted_in_the_middle, full);

/// An embedded database does not restart; that somebody else does not let it be written for longer
/// than a writer waits is the like of it.
async fn restarted_in_the_middle(setup: Setup) {
    let plan = Plan {
        alone: true,
        ..Plan::default()
    };
    let lease = plan.lease;
    let mut stage = Stage::set(setup, plan).await;
    if setup == Setup::Sqlite {
        stage.change("DATABASE_URL", |url| format!("{url}?busy_seconds=1"));
    }
    stage.vendor.hold_after(7);
    let mut services = stage.start_all();
    stage.vendor.somebody_waits().await;
    match &stage.database {
        Database::Sqlite(_) => {
            let lock = WriteLock::take(&stage.database.url()).await.unwrap();
            stage.vendor.open();
            tokio::time::sleep(lease + Duration::from_secs(3)).await;
            lock.release().await.unwrap();
        }
        Database::Postgres { server, .. } => {
            server.crash().unwrap();
            stage.vendor.open();
            tokio::time::sleep(Duration::from_secs(1)).await;
            server.start_again().unwrap();
        }
    }
    stage.all_is_well(AT_ONCE).await;
    assert!(services.iter_mut().all(|service| service.is_running()));
}

/// Nothing is half written, the account says why, and goes on when there is room.
async fn full(setup: Setup) {
    let plan = Plan {
        history: (400, 400),
        alone: true,
        ..Plan::default()
    };
    let stage = Stage::set(setup, plan).await;
    let account = &stage.accounts[0];
    let services = match &stage.database {
        Database::Sqlite(_) => {
            let small = format!("{}?max_mb=1", stage.database.url());
            stage.start_all_with(&[("DATABASE_URL".to_owned(), small)])
        }
        Database::Postgres { server, .. } => {
            server.stop().unwrap();
            server.start_limited(Some(ROOM)).unwrap();
            stage.start_all()
        }
    };
    let row = stage
        .until(account, 60, |row| row.last_error.is_some())
        .await;
    let error = row.last_error.as_ref().unwrap();
    let says = ["full", "could not extend", "No space left", "too large"];
    let clear = says.iter().any(|part| error.message.contains(part));
    assert!(clear, "{error:?}");
    assert!(!is_up_to_date(&row));
    stage.nothing_is_half_written().await;
    assert!(stage.lacking(account).await > 0, "it was not full");
    for service in services {
        service.terminate();
    }
    if let Database::Postgres { server, .. } = &stage.database {
        server.stop().unwrap();
        server.start_again().unwrap();
    }
    let again = stage.vendor.repeated().len();
    let services = stage.start_all();
    // Fetched again: what found no room, once more for each attempt.
    stage.all_is_well(again + AT_ONCE).await;
    drop(services);
}
