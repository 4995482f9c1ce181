//! Who may do what, and whose data is whose.

use analytics_core::model::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let test = TestApp::start().await;
    let (owner, account) = test.linked().await;
    let grant = owner.grant().await;
    let viewer = test.member(Role::Viewer).await;
    let id = account["id"].as_str().unwrap();
    let path = format!("/api/v1/accounts/{id}");
    assert_eq!(viewer.get(&path).await.status, 200);
    let query = json!({"metrics": ["spend"], "range": "last_7_days"});
    assert_eq!(viewer.report(query).await.status, 200);
    let link =
        json!({"grant": grant, "accounts": [{"platform": "facebook_ads", "external_id": "1"}]});
    let start = json!({"platforms": ["facebook_ads"]});
    for answer in [
        viewer
            .write(Method::POST, "/api/v1/connect/meta", start)
            .await,
        viewer
            .get(&format!("/api/v1/grants/{grant}/accounts"))
            .await,
        viewer.write(Method::POST, "/api/v1/accounts", link).await,
        viewer
            .write(Method::PATCH, &path, json!({"name": "Mine"}))
            .await,
        viewer
            .write(Method::POST, &format!("{path}/sync"), json!({}))
            .await,
        viewer.delete(&format!("{path}?mode=keep")).await,
    ] {
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (403, Some("forbidden")),
            "{}",
            answer.text
        );
        assert_eq!(answer.body["required"], "editor");
    }
    let editor = test.member(Role::Editor).await;
    let purge = editor.delete(&format!("{path}?mode=purge")).await;
    assert_eq!(
        (purge.status, purge.body["required"].as_str()),
        (403, Some("owner"))
    );
    assert_eq!(
        editor.delete(&format!("{path}?mode=keep")).await.status,
        204
    );
}

#[tokio::test]
async fn another_workspace_sees_nothing_of_it() {
    let test = TestApp::start().await;
    let (owner, account) = test.linked().await;
    let grant = owner.grant().await;
    let stranger = test.stranger().await;
    let id = account["id"].as_str().unwrap();
    let path = format!("/api/v1/accounts/{id}");
    assert_eq!(
        stranger.get("/api/v1/accounts").await.body["accounts"],
        json!([])
    );
    for answer in [
        stranger.get(&path).await,
        stranger.get(&format!("{path}/coverage")).await,
        stranger
            .get(&format!("/api/v1/grants/{grant}/accounts"))
            .await,
        stranger
            .write(Method::PATCH, &path, json!({"name": "Mine"}))
            .await,
        stranger
            .write(Method::POST, &format!("{path}/sync"), json!({}))
            .await,
        stranger.delete(&format!("{path}?mode=purge")).await,
    ] {
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (404, Some("not_found"))
        );
    }
    let query = json!({"accounts": [id], "metrics": ["spend"], "range": "last_7_days"});
    let report = stranger.report(query).await;
    assert_eq!(
        (report.status, report.body["code"].as_str()),
        (422, Some("unknown_account"))
    );
    assert_eq!(
        report.body["nearest"],
        serde_json::Value::Null,
        "no hint about another workspace"
    );
    let entities = stranger.get("/api/v1/entities?level=campaign").await;
    assert_eq!(entities.body["total"], 0);
    let own = owner.get("/api/v1/session").await.body["workspace"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let request = stranger
        .request(Method::GET, "/api/v1/accounts")
        .header("analytics-workspace", own);
    let answer = stranger.send(request).await;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (404, Some("unknown_workspace"))
    );
}

#[tokio::test]
async fn nothing_is_shown_to_somebody_who_is_not_signed_in() {
    let test = TestApp::start().await;
    test.owner().await;
    let nobody = test.client();
    for path in [
        "/session",
        "/platforms",
        "/accounts",
        "/accounts/acc_x",
        "/accounts/acc_x/coverage",
        "/metrics",
        "/entities",
        "/events",
        "/operations",
        "/grants/gr_x/accounts",
    ] {
        let answer = nobody.get(&format!("/api/v1{path}")).await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (401, Some("not_signed_in")),
            "{path}"
        );
    }
    let report = nobody
        .report(json!({"metrics": ["spend"], "range": "today"}))
        .await;
    assert_eq!(report.status, 401);
}
