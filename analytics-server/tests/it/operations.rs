//! `/operations`

use std::time::Duration;

use analytics_core::model::{PlatformPause, Role, SyncError, WorkerReport};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;

fn pause(test: &TestApp) -> PlatformPause {
    let now = chrono::Utc::now();
    PlatformPause {
        until: now.max(analytics_connectors::simulator::default_now())
            + chrono::Duration::days(400),
        error: SyncError {
            code: "unavailable".to_owned(),
            message: "the app's credits are used up".to_owned(),
            operation: "accounts".to_owned(),
            at: test.clock_now(),
        },
    }
}

fn platform<'a>(body: &'a Value, name: &str) -> &'a Value {
    let platforms = body["platforms"].as_array().unwrap();
    platforms
        .iter()
        .find(|one| one["platform"] == name)
        .unwrap_or_else(|| panic!("no {name} in {body}"))
}

#[tokio::test]
async fn whoever_set_the_server_up_sees_processes_platforms_and_limits() {
    let test = TestApp::start().await;
    let (client, _) = test.linked().await;
    let report = WorkerReport {
        id: "w1".to_owned(),
        host: "machine-1".to_owned(),
        role: "worker".to_owned(),
        version: "1.2.3".to_owned(),
        capacity: 4,
        running: 1,
    };
    test.store.report_worker(&report).await.unwrap();
    let minute = Duration::from_secs(60);
    let (x_ads, facebook) = ("x_ads".into(), "facebook_ads".into());
    test.store
        .take_budget(&x_ads, "app", 3, 10, minute)
        .await
        .unwrap();
    test.store
        .pause_platform(&facebook, &pause(&test))
        .await
        .unwrap();
    let answer = client.get("/api/v1/operations").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = &answer.body;
    let workers = body["workers"].as_array().unwrap();
    let ours = workers.iter().find(|one| one["id"] == "w1").unwrap();
    assert_eq!(
        (&ours["host"], &ours["capacity"]),
        (&json!("machine-1"), &json!(4))
    );
    let facebook = platform(body, "facebook_ads");
    assert_eq!(facebook["accounts"], 1);
    assert_eq!(facebook["due"], 0);
    assert!(facebook["lag_days"].as_u64().unwrap() <= 2, "{facebook}");
    assert_eq!(
        facebook["pause"]["error"]["message"],
        "the app's credits are used up"
    );
    let budgets = body["budgets"].as_array().unwrap();
    assert!(
        budgets.contains(&json!({
            "platform": "x_ads", "scope": "app", "used": 3, "allowed": 10, "parked_until": null
        })),
        "{body}"
    );
    assert_eq!(body["failures"], json!([]));
    assert_eq!(body["more_failures"], false);
    assert_eq!(
        client.get("/api/v1/session").await.body["operator"],
        json!(true)
    );
}

#[tokio::test]
async fn an_owner_who_is_no_operator_gets_nothing_of_it() {
    let test = TestApp::without_jobs().await;
    let operator = test.owner().await;
    test.store
        .pause_platform(&"x".into(), &pause(&test))
        .await
        .unwrap();
    let strangers = [test.stranger().await, test.member(Role::Editor).await];
    for stranger in &strangers {
        for answer in [
            stranger.get("/api/v1/operations").await,
            stranger.delete("/api/v1/operations/pauses/x").await,
            stranger
                .write(
                    Method::POST,
                    "/api/v1/operations/failures/acc_x/retry",
                    json!({}),
                )
                .await,
        ] {
            assert_eq!(answer.status, 403, "{}", answer.text);
            assert_eq!(answer.body["required"], "operator");
        }
        let session = stranger.get("/api/v1/session").await;
        assert_eq!(session.body["operator"], false);
    }
    let nobody = test.client().get("/api/v1/operations").await;
    assert_eq!(nobody.status, 401);
    let mut elsewhere = operator.clone();
    elsewhere.origin = Some("https://evil.example.com".to_owned());
    let answer = elsewhere.delete("/api/v1/operations/pauses/x").await;
    assert_eq!(answer.body["code"], "wrong_origin");
    assert_eq!(
        operator.delete("/api/v1/operations/pauses/x").await.status,
        204
    );
}

#[tokio::test]
async fn a_lifted_pause_is_gone_and_lifting_it_again_says_so() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    test.store
        .pause_platform(&"x".into(), &pause(&test))
        .await
        .unwrap();
    let path = "/api/v1/operations/pauses/x";
    assert_eq!(client.delete(path).await.status, 204);
    let body = client.get("/api/v1/operations").await.body;
    assert_eq!(body["platforms"], json!([]));
    assert_eq!(client.delete(path).await.status, 404);
}

#[tokio::test]
async fn a_failure_is_shown_with_its_words_and_tried_again() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    let path = format!("/api/v1/operations/failures/{id}/retry");
    let well = client.write(Method::POST, &path, json!({})).await;
    assert_eq!(well.status, 404, "{}", well.text);
    test.fail_once(&account, "transient").await;
    let body = client.get("/api/v1/operations").await.body;
    let failure = &body["failures"][0];
    assert_eq!(failure["id"], id);
    assert_eq!(failure["workspace"], "Test");
    assert_eq!(failure["error"]["code"], "transient");
    assert_eq!(failure["attempts"], 1);
    assert_eq!(platform(&body, "facebook_ads")["failing"], 1);
    let answer = client.write(Method::POST, &path, json!({})).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    test.settled(&client, id).await;
    let body = client.get("/api/v1/operations").await.body;
    assert_eq!(body["failures"], json!([]));
}
