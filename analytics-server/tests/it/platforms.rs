//! `/platforms` and `/metrics`

use serde_json::json;

use crate::support::TestApp;

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
