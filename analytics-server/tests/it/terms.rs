//! `PUT /accounts/{id}/cost-terms` and `PATCH /workspace`

use analytics_core::model::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

async fn put(client: &Client, account: &Value, terms: Value) -> Answer {
    let path = format!(
        "/api/v1/accounts/{}/cost-terms",
        account["id"].as_str().unwrap()
    );
    client
        .write(Method::PUT, &path, json!({ "terms": terms }))
        .await
}

#[tokio::test]
async fn fee_and_tax_are_applied_when_asking_and_change_no_stored_figure() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    assert_eq!(account["cost_terms"], json!([]));
    let offers = |account: &Value| {
        let metrics = account["metrics"].as_array().unwrap();
        metrics.iter().any(|metric| metric == "billed_spend")
    };
    assert!(!offers(&account));
    let query = json!({
        "metrics": ["spend", "billed_spend"], "range": "last_7_complete_days", "numbers": "decimal",
    });
    let costs = async || {
        let report = client.report(query.clone()).await;
        assert_eq!(report.status, 200, "{}", report.text);
        ["spend", "billed_spend"].map(|metric| {
            let value = &report.body["totals"][0]["totals"][metric]["current"]["value"];
            value.as_str().unwrap().to_owned()
        })
    };
    let [spend, billed] = costs().await;
    assert_eq!(spend, billed);

    let terms =
        json!([{ "from": "2026-01-01", "fee": { "kind": "on_top", "rate": "0.2" }, "tax": "0.1" }]);
    let answer = put(&client, &account, terms.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["cost_terms"], terms);
    assert!(offers(&answer.body));
    let [after, billed] = costs().await;
    assert_eq!(after, spend, "the plain cost stays");
    let exact = |text: &str| {
        analytics_core::model::Millionths::parse_exact(text)
            .unwrap()
            .0
    };
    assert_eq!(exact(&billed), exact(&spend) * 132 / 100);
}

#[tokio::test]
async fn terms_that_cannot_be_are_refused_by_field() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let account = client.link_first(1).await.remove(0);
    for (terms, field) in [
        (
            json!([{ "from": "2026-01-01", "fee": { "kind": "within", "rate": "1" }, "tax": null }]),
            "terms[0].fee.rate",
        ),
        (
            json!([{ "from": "2026-01-01", "fee": null, "tax": "10" }]),
            "terms[0].tax",
        ),
        (
            json!([{ "from": "2026-02-30", "fee": null, "tax": null }]),
            "terms[0].from",
        ),
        (
            json!([{ "from": "2026-01-01", "fee": { "kind": "beside", "rate": "0.1" }, "tax": null }]),
            "terms[0].fee.kind",
        ),
        (
            json!([{ "from": "2026-01-01", "fee": null, "tax": "much" }]),
            "terms[0].tax",
        ),
        (
            json!([{ "from": "2026-01-02", "fee": null, "tax": null }, { "from": "2026-01-01", "fee": null, "tax": null }]),
            "terms[1].from",
        ),
    ] {
        let answer = put(&client, &account, terms).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert_eq!(answer.body["field"], field, "{}", answer.text);
    }
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.body["cost_terms"], json!([]));
    let viewer = test.member(Role::Viewer).await;
    assert_eq!(put(&viewer, &account, json!([])).await.status, 403);
    let stranger = test.stranger().await;
    assert_eq!(put(&stranger, &account, json!([])).await.status, 404);
}

#[tokio::test]
async fn pages_and_profiles_have_no_costs() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let grant = client.grant_of(&["facebook_page"], &[]).await;
    let found = client.reached(&grant).await;
    let linked = client.link(&grant, &[&found[0]]).await;
    let answer = put(&client, &linked.body["accounts"][0], json!([])).await;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (422, Some("no_costs"))
    );
}

#[tokio::test]
async fn a_workspace_reads_its_weeks_and_years_as_it_is_told() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let change = async |client: &Client, body: Value| {
        client.write(Method::PATCH, "/api/v1/workspace", body).await
    };
    let japanese = json!({
        "name": "Aoyama", "week_start": "sunday", "fiscal_year_start": 4, "currency": "jpy",
        "time_zone": "Asia/Tokyo", "language": "ja",
    });
    let answer = change(&client, japanese).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let session = client.get("/api/v1/session").await.body;
    assert_eq!(session["workspace"], answer.body);
    assert_eq!(answer.body["name"], "Aoyama");
    assert_eq!(answer.body["week_start"], "sunday");
    assert_eq!(answer.body["fiscal_year_start"], 4);
    assert_eq!(answer.body["currency"], "JPY");

    // What is left out stays; null takes away.
    let answer = change(&client, json!({ "currency": null })).await;
    assert_eq!(answer.body["currency"], Value::Null);
    assert_eq!(answer.body["week_start"], "sunday");
    for (body, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "week_start": "someday" }), "week_start"),
        (json!({ "fiscal_year_start": 13 }), "fiscal_year_start"),
        (json!({ "currency": "yen!" }), "currency"),
        (json!({ "time_zone": "Asia/Tokio" }), "time_zone"),
        (json!({ "language": "fr" }), "language"),
    ] {
        let answer = change(&client, body).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert_eq!(answer.body["field"], field);
    }
    let editor = test.member(Role::Editor).await;
    assert_eq!(change(&editor, json!({ "name": "Mine" })).await.status, 403);
}
