//! `/platforms` and `/metrics`

use analytics_connectors::{clock::Clock as _, simulator::Fault};
use analytics_core::model::Role;
use chrono::Duration;
use reqwest::Method;
use serde_json::json;

use crate::support::{Client, TestApp};

#[tokio::test]
async fn platforms_say_what_they_give_and_what_they_ask_for() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let answer = client.get("/api/v1/platforms").await;
    let platforms = answer.body["platforms"].as_array().unwrap();
    let find = |id: &str| platforms.iter().find(|one| one["id"] == id).unwrap();
    let platform = find("facebook_ads");
    assert_eq!(platform["provider"], "meta");
    assert_eq!(platform["configured"], true);
    assert_eq!(platform["setup_hint"], json!(null));
    assert!(platform["history_days"].as_u64().unwrap() > 1000);
    assert!(
        !platform["scopes"][0]["why"]["ja"]
            .as_str()
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        platform["default_metrics"],
        json!([
            "spend",
            "impressions",
            "clicks",
            "ctr",
            "cpc",
            "conversions",
            "cpa",
            "roas"
        ])
    );

    let page = find("facebook_page");
    assert_eq!(
        (&page["family"], &page["provider"]),
        (&json!("media"), &json!("meta"))
    );
    let scopes = page["scopes"].as_array().unwrap();
    let scope = |id: &str| scopes.iter().find(|scope| scope["id"] == id).unwrap();
    assert_eq!(scope("pages_read_engagement")["required"], true);
    let insights = scope("read_insights");
    assert_eq!(insights["required"], false);
    let lost = insights["metrics"].as_array().unwrap();
    assert!(
        lost.contains(&json!("reach")),
        "what declining it costs: {lost:?}"
    );
    assert!(
        page["breaks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["date"].is_string())
    );
    let feeds = page["feeds"].as_array().unwrap();
    assert!(
        feeds.iter().any(|feed| feed["kind"] == "snapshot"),
        "{feeds:?}"
    );
}

#[tokio::test]
async fn the_catalogue_says_how_ratios_are_made() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let answer = client.get("/api/v1/metrics").await;
    let metrics = answer.body["metrics"].as_array().unwrap();
    let metric = |id: &str| metrics.iter().find(|metric| metric["id"] == id).unwrap();
    let cpm = metric("cpm");
    assert_eq!(
        (
            &cpm["kind"],
            &cpm["numerator"],
            &cpm["denominator"],
            &cpm["scale"],
            &cpm["better"]
        ),
        (
            &json!("ratio"),
            &json!("spend"),
            &json!("impressions"),
            &json!(1000),
            &json!("down")
        )
    );
    assert_eq!(metric("spend")["unit"], "currency");
    assert_eq!(metric("spend")["numerator"], json!(null));
    assert_eq!(metric("reach")["kind"], "unique");
}

#[tokio::test]
async fn a_platform_that_refuses_the_app_is_paused_for_everybody_and_tells_the_owner_why() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let page = client.start_linking_at("x_ads", &["x_ads"]).await;
    let back = client.decide(&page, &[("decision", "allow")]).await;
    let answer = client.get(&back).await;
    let grant = answer.location().split_once("grant=").unwrap().1.to_owned();
    let reached = client.reached(&grant).await;
    let linked = client.link(&grant, &[&reached[0]]).await;
    assert_eq!(linked.status, 201, "{}", linked.text);
    let account = linked.body["accounts"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    test.settled(&client, &account).await;
    test.simulator
        .faults()
        .inject_flavour(Fault::PermissionLost, "x_ads", 0, 0, Some("app"));
    test.clock.set(test.clock.now() + Duration::days(1));
    let account = test.settled(&client, &account).await;
    assert_eq!(account["state"], "active", "the account is not at fault");
    assert_eq!(account["error"]["code"], "unavailable", "{account}");

    let paused = async |client: &Client, id: &str| {
        let answer = client.get("/api/v1/platforms").await;
        let platforms = answer.body["platforms"].as_array().unwrap().clone();
        let found = platforms.into_iter().find(|one| one["id"] == id).unwrap();
        found["paused"].clone()
    };
    let owned = paused(&client, "x_ads").await;
    assert_eq!(owned["until"], account["error"]["retry_at"]);
    assert!(owned["message"].as_str().unwrap().len() > 20, "{owned}");
    assert_eq!(paused(&client, "facebook_ads").await, json!(null));
    let viewer = test.member(Role::Viewer).await;
    let seen = paused(&viewer, "x_ads").await;
    assert_eq!(
        (&seen["until"], &seen["message"]),
        (&owned["until"], &json!(null))
    );

    test.simulator.faults().clear();
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let refresh = async |client: &Client| {
        let sync = format!("{path}/sync");
        let asked = client.write(Method::POST, &sync, json!({})).await;
        assert_eq!(asked.status, 202);
        test.app.scheduler().settle().await.unwrap();
        client.get(&path).await.body["error"].clone()
    };
    let editor = test.member(Role::Editor).await;
    assert_eq!(refresh(&editor).await["code"], "unavailable");
    assert_eq!(refresh(&client).await, json!(null), "an owner ends it");
    assert_eq!(paused(&client, "x_ads").await, json!(null));
}
