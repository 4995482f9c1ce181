//! `kill -9` of a worker in the middle of a slice.

use std::time::Duration;

use crate::harness::{AT_ONCE, Plan, Setup, Stage, on_every_setup};

on_every_setup!(
    undisturbed,
    in_the_middle_of_a_slice,
    restarted_at_once,
    while_saving
);

/// What the others are measured by: nothing is fetched twice.
async fn undisturbed(setup: Setup) {
    let stage = Stage::set(setup, Plan::without_accidents()).await;
    let services = stage.start_all();
    stage.all_is_well(0).await;
    drop(services);
}

/// Whoever goes on fetches again what was under way, and nothing else.
async fn in_the_middle_of_a_slice(setup: Setup) {
    let stage = Stage::set(setup, Plan::default()).await;
    stage.vendor.hold_after(7);
    let mut services = stage.start_all();
    stage.vendor.somebody_waits().await;
    services.remove(services.len() - 1).kill();
    stage.nothing_is_half_written().await;
    stage.vendor.open();
    let other = stage.start("worker-9", "worker");
    stage.all_is_well(AT_ONCE).await;
    drop((services, other));
}

/// The same under the same host name, before anybody could have noticed that it was gone.
async fn restarted_at_once(setup: Setup) {
    let stage = Stage::set(setup, Plan::default()).await;
    stage.vendor.hold_after(7);
    let services = stage.start_all();
    stage.vendor.somebody_waits().await;
    for service in services {
        service.kill();
    }
    let services = stage.start_all();
    stage.vendor.open();
    stage.all_is_well(AT_ONCE).await;
    drop(services);
}

/// Killed again and again, each time a little later after the answer arrived: a slice is there
/// wholly or not at all, and coverage agrees.
async fn while_saving(setup: Setup) {
    let plan = Plan {
        lease: Duration::from_secs(3),
        ..Plan::default()
    };
    let stage = Stage::set(setup, plan).await;
    let mut fetched_again = 0;
    for round in 0..6_u64 {
        stage.vendor.hold_after(2);
        let services = stage.start_all();
        stage.vendor.somebody_waits().await;
        stage.vendor.hold_after(1);
        tokio::time::sleep(Duration::from_millis(4 * round)).await;
        for service in services {
            service.kill();
        }
        stage.nothing_is_half_written().await;
        fetched_again += AT_ONCE;
    }
    stage.vendor.open();
    let services = stage.start_all();
    stage.all_is_well(fetched_again).await;
    drop(services);
}
