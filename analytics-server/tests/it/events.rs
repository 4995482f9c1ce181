//! `GET /events`

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::Value;

use crate::support::{Client, OWNER, PASSWORD, TestApp};

/// Reads events until `enough` says so: name and data of each.
async fn listen(
    client: &Client,
    mut enough: impl FnMut(&[(String, Value)]) -> bool,
) -> Vec<(String, Value)> {
    let response = client
        .request(Method::GET, "/api/v1/events")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(response.headers().get("content-encoding").is_none());
    let mut stream = response.bytes_stream();
    let (mut text, mut events) = (String::new(), Vec::new());
    let reading = async {
        while !enough(&events) {
            let Some(Ok(chunk)) = stream.next().await else {
                break;
            };
            text.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some((event, rest)) = text.split_once("\n\n") {
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::trim)
                };
                if let (Some(name), Some(data)) = (field("event:"), field("data:")) {
                    events.push((name.to_owned(), serde_json::from_str(data).unwrap()));
                }
                text = rest.to_owned();
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), reading)
        .await
        .expect("the events come");
    events
}

#[tokio::test]
async fn progress_and_new_data_arrive_as_they_happen() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let done = |events: &[(String, Value)]| {
        events.iter().any(|(name, data)| {
            name == "account" && data["sync"]["progress"] == 1.0 && data["sync"]["phase"] == "idle"
        })
    };
    let (events, _) = tokio::join!(listen(&client, done), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        client.link_first(1).await
    });
    let progress: Vec<f64> = events
        .iter()
        .filter(|(name, _)| name == "account")
        .map(|(_, account)| account["sync"]["progress"].as_f64().unwrap())
        .collect();
    assert!(progress.is_sorted(), "{progress:?}");
    let versions: Vec<i64> = events
        .iter()
        .filter(|(name, _)| name == "data")
        .map(|(_, data)| data["data_version"].as_i64().unwrap())
        .collect();
    assert!(!versions.is_empty());
    assert!(versions.is_sorted(), "{versions:?}");
}

#[tokio::test]
async fn a_page_hears_which_account_is_gone() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let account = client.link_first(1).await.remove(0);
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let removed = |events: &[(String, Value)]| events.iter().any(|(name, _)| name == "removed");
    let (events, ()) = tokio::join!(listen(&client, removed), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let answer = client.delete(&format!("{path}?mode=purge")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    });
    let (_, data) = events.last().unwrap();
    assert_eq!(*data, serde_json::json!({ "id": account["id"] }));
}

#[tokio::test]
async fn another_workspaces_events_stay_there() {
    let test = TestApp::start().await;
    let (owner, account) = test.linked().await;
    let stranger = test.stranger().await;
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let rename = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        for name in ["One", "Two"] {
            let body = serde_json::json!({ "name": name });
            owner.write(Method::PATCH, &path, body).await;
        }
        tokio::time::sleep(Duration::from_millis(600)).await;
        test.app.shut_down().await;
    };
    let named = |events: &[(String, Value)]| events.iter().any(|(_, data)| data["name"] == "Two");
    let (own, foreign, ()) = tokio::join!(
        listen(&owner, named),
        // Ends because shutting down closes the streams.
        listen(&stranger, |_| false),
        rename
    );
    assert!(!own.is_empty());
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[tokio::test]
async fn a_page_that_signed_out_hears_nothing_more() {
    let test = TestApp::without_jobs().await;
    let owner = test.owner().await;
    let account = owner.link_first(1).await.remove(0);
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let mut other = test.client();
    other.sign_in(OWNER, PASSWORD).await;
    let never = |_: &[(String, Value)]| false;
    let (events, ()) = tokio::join!(listen(&other, never), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(other.delete("/api/v1/session").await.status, 204);
        let renamed = serde_json::json!({"name": "Not for those who left"});
        let answer = owner.write(Method::PATCH, &path, renamed).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    });
    assert!(events.is_empty(), "{events:?}");
}
