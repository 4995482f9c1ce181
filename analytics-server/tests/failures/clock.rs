//! The clock is set back by an hour while an account is worked on.

use crate::harness::{AT_ONCE, Plan, Setup, Stage, faketime, on_every_setup};

on_every_setup!(an_hour_back);

async fn an_hour_back(setup: Setup) {
    let stage = Stage::set(setup, Plan::default()).await;
    stage.vendor.hold_after(7);
    let services = stage.start_all();
    stage.vendor.somebody_waits().await;
    // Its lease, and what it was handed, lie an hour ahead of those that come after it.
    for service in services {
        service.kill();
    }
    stage.vendor.open();
    let services = stage.start_all_with(&faketime("-3600"));
    stage.all_is_well(AT_ONCE).await;
    for service in services {
        service.terminate();
    }
    // Back on the right time there is nothing to do again.
    let asked = stage.vendor.fetches().len();
    let services = stage.start_all();
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(stage.vendor.fetches().len(), asked);
    stage.all_is_well(AT_ONCE).await;
    drop(services);
}
