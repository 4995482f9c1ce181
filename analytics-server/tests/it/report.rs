//! `POST /report`

use std::collections::BTreeMap;

use analytics_connectors::simulator::TruthQuery;
use analytics_core::model::{Level, MetricId, Millionths};
use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use crate::support::TestApp;

fn day(text: &Value) -> NaiveDate {
    text.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn daily_figures_equal_the_platforms_truth() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let through = day(&account["complete_through"]);
    let from = through - Duration::days(29);
    for metric in [
        "spend",
        "impressions",
        "clicks",
        "conversions",
        "conversion_value",
    ] {
        let query = json!({
            "accounts": [account["id"]], "metrics": [metric], "grain": "day", "numbers": "decimal",
            "range": {"start": from.to_string(), "end": through.to_string()},
        });
        let report = client.report(query).await;
        assert_eq!(report.status, 200, "{}", report.text);
        let mut truth: BTreeMap<NaiveDate, Millionths> = BTreeMap::new();
        let mut question = TruthQuery::new(
            "facebook_ads",
            account["external_id"].as_str().unwrap(),
            from,
            through,
        );
        question.level = Some(Level::Account);
        question.metric = Some(MetricId::from(metric));
        for row in test.simulator.world().truth(&question) {
            truth.insert(row.date, row.value);
        }
        assert!(!truth.is_empty());
        let buckets = report.body["buckets"].as_array().unwrap();
        assert_eq!(buckets.len(), 30);
        let series = &report.body["groups"][0]["series"][metric]["current"];
        for (at, bucket) in buckets.iter().enumerate() {
            let date = day(&bucket["start"]);
            let expected = truth.get(&date).copied().unwrap_or_default();
            let shown = Millionths::parse_exact(series[at]["value"].as_str().unwrap()).unwrap();
            assert_eq!(shown, expected, "{metric} {date}");
        }
    }
}

#[tokio::test]
async fn campaigns_add_up_to_the_account() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let query = |group_by: Value| {
        json!({
            "accounts": [account["id"]], "metrics": ["spend"], "range": "last_7_days",
            "numbers": "decimal", "group_by": group_by, "order_by": "-spend",
        })
    };
    let value = |figure: &Value| {
        Millionths::parse_exact(
            figure["totals"]["spend"]["current"]["value"]
                .as_str()
                .unwrap(),
        )
        .unwrap()
        .0
    };
    let whole = client.report(query(json!([]))).await.body;
    let split = client.report(query(json!(["campaign"]))).await.body;
    let parts: i64 = split["groups"].as_array().unwrap().iter().map(value).sum();
    assert_eq!(parts, value(&whole["totals"][0]), "{split}");
}

#[tokio::test]
async fn wrong_names_and_days_are_named_with_the_nearest_right_ones() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    let nearly = format!("{}a", &id[..id.len() - 1]);
    let nearly = if nearly == id {
        format!("{}b", &id[..id.len() - 1])
    } else {
        nearly
    };
    let base = json!({"metrics": ["spend"], "range": "last_7_days"});
    let cases = [
        (
            json!({"accounts": [nearly]}),
            "unknown_account",
            "accounts[0]",
            nearly.as_str(),
            id,
        ),
        (
            json!({"metrics": ["spend", "clics"]}),
            "unknown_metric",
            "metrics[1]",
            "clics",
            "clicks",
        ),
        (
            json!({"range": "last_30_day"}),
            "unknown_preset",
            "range",
            "last_30_day",
            "last_30_days",
        ),
        (
            json!({"group_by": ["campain"]}),
            "unknown_dimension",
            "group_by[0]",
            "campain",
            "campaign",
        ),
        (
            json!({"range": {"start": "2026-02-01", "end": "2026-02-30"}}),
            "invalid_date",
            "range.end",
            "2026-02-30",
            "2026-02-28",
        ),
        (
            json!({"today": "2026/11/23"}),
            "invalid_date",
            "today",
            "2026/11/23",
            "2026-11-23",
        ),
        (
            json!({"range": {"start": "2026-10-31", "end": "2026-10-01"}}),
            "invalid_date",
            "range.end",
            "2026-10-01",
            "2026-10-31",
        ),
    ];
    for (change, code, field, value, nearest) in cases {
        let mut query = base.clone();
        query
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let answer = client.report(query).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let body = &answer.body;
        assert_eq!(
            (
                &body["code"],
                &body["field"],
                &body["value"],
                &body["nearest"]
            ),
            (&json!(code), &json!(field), &json!(value), &json!(nearest)),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_this_version_cannot_do_yet_is_said() {
    let test = TestApp::start().await;
    let (client, _) = test.linked().await;
    for (field, value) in [
        ("currency", json!("USD")),
        ("as_of", json!("2026-11-01T00:00:00Z")),
        ("compare_at", json!("equal_age")),
    ] {
        let mut query = json!({"metrics": ["spend"], "range": "last_7_days"});
        query[field] = value;
        let answer = client.report(query).await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (422, Some("not_supported")),
            "{}",
            answer.text
        );
        assert_eq!(answer.body["field"], field);
    }
}

#[tokio::test]
async fn a_workspace_without_accounts_gets_an_empty_report() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let query = json!({"metrics": ["spend"], "range": "last_7_days", "grain": "day", "compare": "previous_period"});
    let answer = client.report(query).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["totals"].as_array().unwrap().len(), 1);
}
