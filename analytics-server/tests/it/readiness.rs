//! `/readyz`, and the id of a request.

use reqwest::Method;
use serde_json::json;

use crate::support::{Client, TestApp};

fn codes(body: &serde_json::Value) -> Vec<&str> {
    let reasons = body["reasons"].as_array().unwrap();
    reasons
        .iter()
        .map(|reason| reason["code"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_database_that_is_away_is_named_and_the_process_stays_alive() {
    let test = TestApp::without_jobs().await;
    let client = test.client();
    assert_eq!(client.get("/readyz").await.status, 200);
    test.store.close().await;
    let answer = client.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body["code"], "not_ready");
    assert_eq!(codes(&answer.body), ["database_away"]);
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(client.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_server_that_shuts_down_is_not_ready() {
    let test = TestApp::without_jobs().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = test.app.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Client::new(url.parse().unwrap());
    assert_eq!(client.get("/readyz").await.status, 200);
    test.app.shut_down().await;
    let answer = client.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert_eq!(codes(&answer.body), ["shutting_down"]);
}

#[tokio::test]
async fn the_id_of_a_request_comes_back_in_header_and_problem() {
    let test = TestApp::without_jobs().await;
    let client = test.client();
    let with = async |id: &str| {
        let request = client.request(Method::GET, "/api/v1/nothing");
        client.send(request.header("x-request-id", id)).await
    };
    let answer = with("proxy-4711").await;
    assert_eq!(answer.header("x-request-id"), "proxy-4711");
    assert_eq!(answer.body["request_id"], "proxy-4711");
    let answer = with("<a made up id>").await;
    assert_ne!(answer.header("x-request-id"), "<a made up id>");
    assert_eq!(
        answer.body["request_id"],
        json!(answer.header("x-request-id"))
    );
}
