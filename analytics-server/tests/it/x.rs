//! X: what is known since when, posts by publish date, what reading costs, one workspace for a user.

use analytics_connectors::{clock::Clock as _, simulator::TruthQuery};
use analytics_core::model::{Level, Millionths, Role};
use chrono::{Duration, NaiveDate};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const PLATFORM: &str = "x";

/// Consents; where the app sends the browser.
async fn consent(client: &Client) -> String {
    let page = client.start_linking_at(PLATFORM, &[PLATFORM]).await;
    let back = client.decide(&page, &[("decision", "allow")]).await;
    client.get(&back).await.location().to_owned()
}

/// Links the first user's account and waits for its data.
async fn linked(test: &TestApp, client: &Client) -> Value {
    let page = consent(client).await;
    let grant = page
        .strip_prefix("/connect/x?grant=")
        .unwrap_or_else(|| panic!("linking ended at {page}"));
    let found = client.reached(grant).await;
    assert_eq!(found.len(), 1, "a login reaches one account");
    assert_eq!(found[0]["time_zone"], Value::Null);
    let answer = client.link(grant, &[&found[0]]).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id = answer.body["accounts"][0]["id"].as_str().unwrap();
    test.settled(client, id).await
}

async fn report(client: &Client, metrics: &[&str], days: [NaiveDate; 2]) -> Value {
    let query = json!({
        "metrics": metrics, "range": {"start": days[0], "end": days[1]}, "numbers": "decimal",
        "compare": "previous_period",
    });
    let answer = client.report(query).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn amounts_begin_with_linking_and_totals_reach_back_a_year() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let account = linked(&test, &client).await;
    assert_eq!(account["time_zone"], "Asia/Tokyo", "lent by the workspace");
    let linked_on = test
        .clock
        .now()
        .with_timezone(&chrono_tz::Asia::Tokyo)
        .date_naive();
    for _ in 0..3 {
        test.clock.set(test.clock.now() + Duration::days(1));
        test.settled(&client, account["id"].as_str().unwrap()).await;
    }
    let last = linked_on + Duration::days(2);
    let answer = report(&client, &["impressions", "followers"], [linked_on, last]).await;
    let since: Vec<&Value> = answer["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|metric| &metric["since"])
        .collect();
    assert_eq!(
        since,
        [&json!(linked_on), &json!(linked_on - Duration::days(1))]
    );
    let total = &answer["totals"][0]["totals"]["impressions"];
    let external = account["external_id"].as_str().unwrap();
    let truth = |level, from, to| {
        let query = TruthQuery::new(PLATFORM, external, from, to).level(level);
        test.simulator.world().truth(&query.as_of(test.clock.now()))
    };
    let true_sum: i64 = truth(Level::Account, linked_on, last)
        .iter()
        .filter(|row| row.metric.as_str() == "impressions")
        .map(|row| row.value.0)
        .sum();
    assert!(true_sum > 0);
    assert_eq!(total["current"]["value"], Millionths(true_sum).to_string());
    assert_eq!(
        total["change"]["reason"], "no_data",
        "before it nothing is known"
    );
    let shown = client
        .get(&format!(
            "/api/v1/accounts/{}",
            account["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(shown.body["since"]["impressions"], json!(linked_on));

    // Every total that is there now stands by the day its post was published.
    let body = json!({
        "metrics": ["impressions"], "range": "last_30_days", "grain": "week",
        "numbers": "decimal",
    });
    let published = client
        .write(Method::POST, "/api/v1/report/published", body)
        .await;
    assert_eq!(published.status, 200, "{}", published.text);
    let published = published.body;
    assert_eq!(published["as_of"], json!(last));
    let first: NaiveDate =
        serde_json::from_value(published["query"]["range"]["start"].clone()).unwrap();
    let totals = truth(Level::Post, last, last);
    let totals = totals
        .iter()
        .filter(|row| row.metric.as_str() == "impressions_lifetime");
    let (mut sum, mut posts) = (0, 0);
    for row in totals {
        let id: i64 = row.entity.parse().unwrap();
        let at = chrono::DateTime::from_timestamp_millis((id >> 22) + 1_288_834_974_657).unwrap();
        if at.with_timezone(&chrono_tz::Asia::Tokyo).date_naive() >= first {
            sum += row.value.0;
            posts += 1;
        }
    }
    assert!(posts > 5, "{posts}");
    let told = &published["totals"]["impressions"];
    assert_eq!(
        (&told["value"], &told["posts"]),
        (&json!(Millionths(sum).to_string()), &json!(posts))
    );
    let refused = json!({"metrics": ["followers"], "range": "last_30_days"});
    let refused = client
        .write(Method::POST, "/api/v1/report/published", refused)
        .await;
    assert_eq!(
        (refused.status, &refused.body["field"]),
        (422, &json!("metrics[0]"))
    );
}

#[tokio::test]
async fn owners_see_what_reading_costs_and_nobody_else_does() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let empty = client.get("/api/v1/costs").await;
    assert_eq!(
        empty.body["platforms"],
        json!([]),
        "nothing that costs is linked"
    );
    let account = linked(&test, &client).await;
    let costs = client.get("/api/v1/costs").await.body;
    assert_eq!(
        (&costs["month"], &costs["currency"]),
        (&json!("2026-11"), &json!("USD"))
    );
    let cost = &costs["platforms"][0];
    assert_eq!(
        (&cost["platform"], &cost["cap"]),
        (&json!("x"), &json!(null))
    );
    let told = &cost["accounts"][0];
    assert_eq!(told["account"], account["id"]);
    let billed = test
        .simulator
        .billed(account["external_id"].as_str().unwrap());
    let reads = json!([
        {"kind": "post", "count": billed.posts}, {"kind": "user", "count": billed.users},
    ]);
    assert_eq!(told["reads"], reads);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let dollars = (billed.posts * 5 + billed.users * 10) as f64 / 1000.0;
    assert!((told["actual"].as_f64().unwrap() - dollars).abs() < 1e-9);
    assert!(told["estimate"].as_f64().unwrap() > 0.3);
    let viewer = test.member(Role::Viewer).await;
    assert_eq!(viewer.get("/api/v1/costs").await.status, 403);
}

#[tokio::test]
async fn a_user_of_x_is_linked_in_one_workspace() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let account = linked(&test, &client).await;
    let stranger = test.stranger().await;
    assert_eq!(
        consent(&stranger).await,
        "/connect/x?error=linked_elsewhere"
    );
    let theirs = stranger.get("/api/v1/accounts").await;
    assert_eq!(theirs.body["accounts"], json!([]));
    // The platform ended the first consent; the account lives on with the second.
    test.clock.set(test.clock.now() + Duration::days(1));
    let account = test.settled(&client, account["id"].as_str().unwrap()).await;
    assert_eq!(
        (&account["state"], &account["error"]),
        (&json!("active"), &json!(null))
    );
}
