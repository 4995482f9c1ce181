//! Shutting down in the middle of a backfill.

use std::time::{Duration, Instant};

use crate::support::TestApp;

#[tokio::test]
async fn shutting_down_hands_the_account_back_within_its_deadline() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    test.simulator.faults().inject(
        analytics_connectors::simulator::Fault::SlowReport,
        "facebook_ads",
        0,
        0,
    );
    client.link_first(1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (workspace, account) = test.store.account_refs().await.unwrap()[0];
    let row = test.store.sync_row(workspace, account).await.unwrap();
    assert!(row.running_since.is_some());
    let started = Instant::now();
    test.app.shut_down().await;
    assert!(started.elapsed() < Duration::from_secs(5));
}
