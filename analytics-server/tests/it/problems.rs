//! Problem details, for everything that can be wrong with a request.

use reqwest::{Method, header};
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn whatever_is_wrong_is_a_problem_document() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let post = |path: &str, mime: &str, body: String| {
        client
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, mime)
            .body(body)
    };
    let json = "application/json";
    let report = "/api/v1/report";
    let requests = [
        (
            "no such route",
            client.request(Method::GET, "/api/v1/acounts"),
        ),
        (
            "wrong method",
            client.request(Method::PUT, "/api/v1/accounts"),
        ),
        (
            "no such account",
            client.request(Method::GET, "/api/v1/accounts/acc_nope"),
        ),
        ("no JSON", post(report, "text/plain", "spend".to_owned())),
        (
            "malformed JSON",
            post(report, json, "{\"metrics\": [".to_owned()),
        ),
        (
            "missing field",
            post(report, json, json!({"metrics": []}).to_string()),
        ),
        (
            "unknown field",
            post(
                report,
                json,
                json!({"metrics": ["spend"], "rnage": "today"}).to_string(),
            ),
        ),
        (
            "wrong type",
            post(
                report,
                json,
                json!({"metrics": "spend", "range": "today"}).to_string(),
            ),
        ),
        (
            "wrong choice",
            post(
                report,
                json,
                json!({"metrics": ["spend"], "range": "today", "grain": "weak"}).to_string(),
            ),
        ),
        (
            "too large",
            post(report, json, format!("\"{}\"", "x".repeat(300_000))),
        ),
        (
            "wrong metric",
            post(
                report,
                json,
                json!({"metrics": ["spendd"], "range": "today"}).to_string(),
            ),
        ),
    ];
    let mut problems = serde_json::Map::new();
    for (name, request) in requests {
        let mut answer = client.send(request).await;
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{name}: {}",
            answer.text
        );
        assert_eq!(answer.body["status"], answer.status);
        if answer.status == 405 {
            assert_eq!(answer.header("allow"), "GET,HEAD,POST");
        }
        let id = answer.header("x-request-id").to_owned();
        let members = answer.body.as_object_mut().unwrap();
        assert_eq!(members.remove("request_id"), Some(json!(id)), "{name}");
        problems.insert(name.to_owned(), answer.body);
    }
    insta::assert_json_snapshot!(problems);
}

#[tokio::test]
async fn an_address_that_is_no_text_is_a_problem_document_too() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let answer = client.get("/api/v1/accounts/%ff").await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (400, Some("invalid_address"))
    );
}
