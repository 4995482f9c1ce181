//! Pages and profiles: what a consent opens, what is offered, posts and exact values on demand.

use std::collections::BTreeMap;

use analytics_connectors::{clock::Clock as _, simulator::TruthQuery};
use analytics_core::model::{Level, Millionths};
use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const MEDIA: [&str; 2] = ["facebook_page", "instagram"];

/// The first found account of a platform.
fn first<'a>(found: &'a [Value], platform: &str) -> &'a Value {
    found
        .iter()
        .find(|one| one["platform"] == platform)
        .unwrap()
}

/// Links the first account of `platform`, whose consent lacks `declined`, and waits for its data.
async fn linked(test: &TestApp, platform: &str, declined: &[&str]) -> (Client, Value) {
    let client = test.owner().await;
    let grant = client.grant_of(&MEDIA, declined).await;
    let found = client.reached(&grant).await;
    let answer = client.link(&grant, &[first(&found, platform)]).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id = answer.body["accounts"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let account = test.settled(&client, &id).await;
    (client, account)
}

fn truth(
    test: &TestApp,
    account: &Value,
    level: Level,
    from: NaiveDate,
    to: NaiveDate,
) -> TruthQuery {
    let text = |name: &str| account[name].as_str().unwrap();
    let query = TruthQuery::new(text("platform"), text("external_id"), from, to);
    query.level(level).as_of(test.clock.now())
}

fn day(text: &Value) -> NaiveDate {
    text.as_str().unwrap().parse().unwrap()
}

fn exact(text: &Value) -> Millionths {
    Millionths::parse_exact(text.as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn one_consent_reaches_pages_and_profiles_and_says_which_cannot_be_linked() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let grant = client.grant_of(&MEDIA, &[]).await;
    let found = client.reached(&grant).await;
    for platform in MEDIA {
        let of = || found.iter().filter(|one| one["platform"] == platform);
        assert!(
            of().filter(|one| one["linkable"] == true).count() >= 2,
            "{found:?}"
        );
    }
    let closed = found.iter().find(|one| one["linkable"] == false).unwrap();
    let open = first(&found, "facebook_page");
    let refused = client.link(&grant, &[open, closed]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.body["field"], "accounts[1].external_id");
    let none = client.get("/api/v1/accounts").await;
    assert_eq!(none.body["accounts"], json!([]), "all or nothing");
}

#[tokio::test]
async fn a_consent_says_what_was_declined_for_each_platform() {
    let test = TestApp::without_jobs().await;
    let client = test.owner().await;
    let declined = ["read_insights", "instagram_basic"];
    let grant = client.grant_of(&MEDIA, &declined).await;
    let path = format!("/api/v1/grants/{grant}/accounts");
    let answer = client.get(&path).await;
    let platforms = answer.body["platforms"].as_array().unwrap();
    let of = |id: &str| {
        let mut platforms = platforms.iter();
        platforms.find(|one| one["platform"] == id).unwrap()
    };
    let page = of("facebook_page");
    assert_eq!(page["missing_scopes"], json!(["read_insights"]));
    assert_eq!(page["error"], Value::Null);
    assert_eq!(
        of("instagram")["missing_scopes"],
        json!(["instagram_basic"])
    );
    let found = answer.body["accounts"].as_array().unwrap();
    assert!(found.iter().all(|one| one["platform"] == "facebook_page"));
}

#[tokio::test]
async fn a_declined_permission_costs_the_figures_it_opens_and_nothing_else() {
    let test = TestApp::start().await;
    let (client, account) = linked(&test, "facebook_page", &["read_insights"]).await;
    assert_eq!(account["error"], Value::Null, "{account}");
    let missing = account["not_offered"].as_array().unwrap();
    let reach = missing.iter().find(|one| one["metric"] == "reach").unwrap();
    assert_eq!(reach["reason"], "missing_scope");
    assert_eq!(reach["scope"], "read_insights");
    assert_eq!(account["posts_withheld"], "read_insights");
    let query = json!({"metrics": ["posts"], "range": "last_30_days"});
    let report = client.report(query).await;
    assert_eq!(report.status, 200, "{}", report.text);
    let posts = &report.body["totals"][0]["totals"]["posts"]["current"];
    assert_eq!(posts["covered"], 1.0, "{posts}");
    assert!(posts["value"].as_f64() > Some(0.0), "{posts}");
}

#[tokio::test]
async fn what_begins_with_linking_says_since_when() {
    let test = TestApp::start().await;
    let (_, account) = linked(&test, "instagram", &[]).await;
    let followers = day(&account["since"]["followers"]);
    assert_eq!(
        day(&account["posts_since"]),
        followers + Duration::days(1),
        "a baseline first"
    );
    assert!(day(&account["covered_from"]) < followers, "{account}");
    assert_eq!(account["not_offered"], json!([]));
    assert_eq!(account["posts_withheld"], Value::Null);
    assert!(account["access_ends_at"].is_string(), "{account}");
}

#[tokio::test]
async fn daily_figures_of_a_profile_equal_the_truth() {
    let test = TestApp::start().await;
    let (client, account) = linked(&test, "instagram", &[]).await;
    let through = day(&account["complete_through"]);
    let from = through - Duration::days(20);
    let range = json!({"start": from.to_string(), "end": through.to_string()});
    for metric in ["views", "reach", "likes", "engagements"] {
        let query =
            json!({"metrics": [metric], "grain": "day", "numbers": "decimal", "range": range});
        let report = client.report(query).await;
        assert_eq!(report.status, 200, "{}", report.text);
        let question = truth(&test, &account, Level::Account, from, through).metric(metric);
        let truth: BTreeMap<NaiveDate, Millionths> = test
            .simulator
            .world()
            .truth(&question)
            .into_iter()
            .map(|row| (row.date, row.value))
            .collect();
        assert!(truth.len() > 15, "{metric}");
        let series = &report.body["groups"][0]["series"][metric]["current"];
        for (at, bucket) in report.body["buckets"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            let date = day(&bucket["start"]);
            let expected = truth.get(&date).copied().unwrap_or_default();
            assert_eq!(exact(&series[at]["value"]), expected, "{metric} {date}");
        }
    }
}

#[tokio::test]
async fn posts_come_with_their_text_their_day_and_their_totals() {
    let test = TestApp::start().await;
    let (client, account) = linked(&test, "instagram", &[]).await;
    // The first totals are those of the day before linking.
    let through = day(&account["since"]["followers"]);
    let from = through - Duration::days(29);
    let query = json!({
        "metrics": ["likes_lifetime", "likes"], "group_by": ["post"], "order_by": "-published_at",
        "numbers": "decimal", "limit": 100,
        "range": {"start": from.to_string(), "end": through.to_string()},
        "filters": [{"dimension": "published", "op": "between", "values": [from.to_string(), through.to_string()]}],
    });
    let report = client.report(query).await;
    assert_eq!(report.status, 200, "{}", report.text);
    let groups = report.body["groups"].as_array().unwrap();
    assert!(groups.len() > 3, "{}", report.text);
    let question = truth(&test, &account, Level::Post, through, through).metric("likes_lifetime");
    let totals: BTreeMap<String, Millionths> = test
        .simulator
        .world()
        .truth(&question)
        .into_iter()
        .map(|row| (row.entity, row.value))
        .collect();
    let mut compared = 0;
    for group in groups {
        let label = |name: &str| group["labels"][name].as_str().unwrap();
        assert!(label("permalink").starts_with("https://"), "{group}");
        let total = &group["totals"]["likes_lifetime"]["current"];
        if let Some(known) = totals.get(label("external_id")) {
            assert_eq!(exact(&total["value"]), *known, "{group}");
            compared += 1;
        }
        let amount = &group["totals"]["likes"]["current"];
        assert_eq!(amount["status"], "missing", "a baseline is no amount");
    }
    assert!(compared > 3, "{compared} of {}", groups.len());
    let published: Vec<&str> = groups
        .iter()
        .map(|group| group["labels"]["published_at"].as_str().unwrap())
        .collect();
    assert!(
        published.is_sorted_by(|one, next| one >= next),
        "{published:?}"
    );
}

#[tokio::test]
async fn an_exact_value_that_is_missing_is_fetched_and_told() {
    let test = TestApp::start().await;
    let (client, account) = linked(&test, "instagram", &[]).await;
    let end = day(&account["complete_through"]) - Duration::days(3);
    let start = end - Duration::days(10);
    let query = json!({
        "metrics": ["reach"], "numbers": "decimal", "compare": null,
        "range": {"start": start.to_string(), "end": end.to_string()},
    });
    let version = account["data_version"].as_i64().unwrap();
    let before = client.report(query.clone()).await;
    let figure = &before.body["totals"][0]["totals"]["reach"]["current"];
    assert_eq!(figure["status"], "bounded", "{}", before.text);
    assert_eq!(figure["pending"], true, "{figure}");
    let after = test.settled(&client, account["id"].as_str().unwrap()).await;
    assert!(
        after["data_version"].as_i64() > Some(version),
        "a page that listens hears of it"
    );
    let report = client.report(query).await;
    let figure = &report.body["totals"][0]["totals"]["reach"]["current"];
    let question = truth(&test, &account, Level::Account, start, end)
        .metric("reach")
        .window();
    let known = test.simulator.world().truth(&question).remove(0).value;
    assert_eq!(exact(&figure["value"]), known, "{figure}");
    assert_ne!(figure["pending"], true, "{figure}");
}
