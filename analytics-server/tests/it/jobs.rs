//! Shutting down in the middle of a backfill.

use std::time::{Duration, Instant};

use analytics_connectors::clock::Clock as _;
use reqwest::Method;
use serde_json::json;

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

#[tokio::test]
async fn a_refresh_asked_for_during_a_run_fetches_what_the_run_already_had() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let account = client.link_first(1).await.remove(0);
    let id = account["id"].as_str().unwrap();
    let path = format!("/api/v1/accounts/{id}");
    while client.get(&path).await.body["sync"]["days_done"] == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let asked = test.clock.now() + chrono::Duration::minutes(30);
    test.clock.set(asked);
    let answer = client
        .write(Method::POST, &format!("{path}/sync"), json!({}))
        .await;
    assert_eq!(answer.status, 202);
    test.settled(&client, id).await;
    let coverage = client
        .get(&format!("{path}/coverage?level=account"))
        .await
        .body;
    let runs = coverage["feeds"][0]["runs"].as_array().unwrap();
    let newest = runs.iter().rfind(|run| run["state"] != "missing").unwrap();
    let fetched: chrono::DateTime<chrono::Utc> =
        serde_json::from_value(newest["last_fetched_at"].clone()).unwrap();
    assert!(fetched >= asked, "{coverage}");
}
