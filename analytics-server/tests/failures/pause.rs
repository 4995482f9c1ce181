//! A worker that stands still for longer than its lease, and then goes on as if nothing had been.

use std::time::Duration;

use crate::harness::{AT_ONCE, Plan, Setup, Stage, on_every_setup};

on_every_setup!(a_late_write_is_refused);

async fn a_late_write_is_refused(setup: Setup) {
    // Long enough for the next worker to renew it on a busy machine: losing it, too, would make it
    // ask again for a reason that is not the fault's.
    let lease = Duration::from_secs(10);
    let plan = Plan {
        lease,
        ..Plan::default()
    };
    let stage = Stage::set(setup, plan).await;
    stage.vendor.hold_after(7);
    let services = stage.start_all();
    stage.vendor.somebody_waits().await;
    for service in &services {
        service.freeze();
    }
    tokio::time::sleep(lease).await;
    // The answers to the questions of the one that stands still wait in its sockets.
    stage.vendor.open();
    let mut others = stage.setup.processes();
    others.iter_mut().for_each(|(name, _)| *name = "other");
    let others: Vec<_> = others
        .into_iter()
        .map(|(name, role)| stage.start(name, role))
        .collect();
    // Its transaction may hold the row until the database gives it up.
    stage.up_to_date(120).await;
    let account = &stage.accounts[0];
    let version = |stage: &Stage| {
        let store = stage.store.clone();
        let (workspace, id) = (stage.workspace, account.id);
        async move { store.account(workspace, id).await.unwrap().data_version }
    };
    let before = version(&stage).await;
    let coverage = stage
        .store
        .coverage(stage.workspace, account.id)
        .await
        .unwrap();
    for service in &services {
        service.thaw();
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(version(&stage).await, before, "a late write was taken");
    let after = stage
        .store
        .coverage(stage.workspace, account.id)
        .await
        .unwrap();
    assert_eq!(after, coverage);
    stage.all_is_well(AT_ONCE).await;
    drop((services, others));
}
