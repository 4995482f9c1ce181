//! Mistakes that others made with this API.

use analytics_connectors::FetchRequest;
use analytics_core::model::{Level, MetricId, Millionths};
use serde_json::json;
use wiremock::{
    ResponseTemplate,
    matchers::{query_param, query_param_is_missing},
};

use super::{ACCOUNT, INSIGHTS, Vendor, answer, failure, get, range, value, whole};

async fn with_actions(actions: serde_json::Value, values: serde_json::Value) -> Vendor {
    let vendor = Vendor::start().await;
    let row = json!({ "account_id": ACCOUNT, "impressions": "10", "actions": actions,
        "action_values": values, "date_start": "2026-10-05", "date_stop": "2026-10-05" });
    vendor
        .on(
            get(INSIGHTS),
            ResponseTemplate::new(200).set_body_json(json!({ "data": [row] })),
        )
        .await;
    vendor
}

async fn one_day(vendor: &Vendor, metric: &str) -> Option<Millionths> {
    let batches = vendor
        .daily(Level::Account, "2026-10-05", "2026-10-05")
        .await
        .unwrap();
    value(&batches, ACCOUNT, metric, "2026-10-05")
}

#[tokio::test]
async fn one_purchase_under_many_action_types_counts_once() {
    let vendor = with_actions(
        json!([
            { "action_type": "offsite_conversion.fb_pixel_purchase", "value": "3" },
            { "action_type": "purchase", "value": "3" },
            { "action_type": "onsite_web_purchase", "value": "3" },
            { "action_type": "omni_purchase", "value": "3" }
        ]),
        json!([
            { "action_type": "purchase", "value": "99.9" },
            { "action_type": "omni_purchase", "value": "99.9" }
        ]),
    )
    .await;
    assert_eq!(one_day(&vendor, "purchases").await, whole(3));
    assert_eq!(one_day(&vendor, "conversions").await, whole(3));
    assert_eq!(
        one_day(&vendor, "purchase_value").await,
        Some(Millionths(99_900_000))
    );
}

#[tokio::test]
async fn purchases_fall_back_to_the_next_type_that_is_there() {
    for (types, expected) in [
        (
            json!([{ "action_type": "purchase", "value": "2" },
                { "action_type": "offsite_conversion.fb_pixel_purchase", "value": "1" }]),
            2,
        ),
        (
            json!([{ "action_type": "offsite_conversion.fb_pixel_purchase", "value": "1" }]),
            1,
        ),
    ] {
        let vendor = with_actions(types, json!([])).await;
        assert_eq!(one_day(&vendor, "purchases").await, whole(expected));
    }
}

#[tokio::test]
async fn leads_are_the_aggregate_or_else_forms_and_pixel_together() {
    let parts = json!([
        { "action_type": "onsite_conversion.lead_grouped", "value": "4" },
        { "action_type": "offsite_conversion.fb_pixel_lead", "value": "3" }
    ]);
    let vendor = with_actions(parts.clone(), json!([])).await;
    assert_eq!(one_day(&vendor, "leads").await, whole(7));
    let mut all = parts;
    all.as_array_mut()
        .unwrap()
        .push(json!({ "action_type": "lead", "value": "7" }));
    let vendor = with_actions(all, json!([])).await;
    assert_eq!(one_day(&vendor, "leads").await, whole(7));
    assert_eq!(one_day(&vendor, "conversions").await, whole(7));
}

#[tokio::test]
async fn action_types_match_whole_and_never_in_part() {
    let vendor = with_actions(
        json!([
            { "action_type": "post_engagement", "value": "500" },
            { "action_type": "post_interaction_gross", "value": "60" },
            { "action_type": "onsite_conversion.post_net_save", "value": "70" },
            { "action_type": "page_engagement", "value": "600" },
            { "action_type": "web_in_store_purchase", "value": "5" },
            { "action_type": "offsite_conversion.fb_pixel_custom.lead", "value": "8" }
        ]),
        json!([]),
    )
    .await;
    for metric in ["shares", "saves", "purchases", "leads", "conversions"] {
        assert_eq!(one_day(&vendor, metric).await, None, "{metric}");
    }
}

#[tokio::test]
async fn fractions_of_attributed_conversions_are_kept_to_the_millionth() {
    let vendor = with_actions(
        json!([{ "action_type": "omni_purchase", "value": "0.33333333" }]),
        json!([]),
    )
    .await;
    assert_eq!(
        one_day(&vendor, "purchases").await,
        Some(Millionths(333_333))
    );
}

#[tokio::test]
async fn totals_follow_ads_manager_no_action_breakdown_and_no_window_is_asked_for() {
    let vendor = with_actions(json!([]), json!([])).await;
    one_day(&vendor, "conversions").await;
    let asked = vendor.asked(INSIGHTS).await;
    for name in [
        "action_breakdowns",
        "breakdowns",
        "action_attribution_windows",
        "action_report_time",
        "date_preset",
    ] {
        assert_eq!(asked[0].get(name), None, "{name}");
    }
}

#[tokio::test]
async fn no_ratio_is_asked_for() {
    let vendor = with_actions(json!([]), json!([])).await;
    one_day(&vendor, "conversions").await;
    let asked = vendor.asked(INSIGHTS).await;
    let fields: Vec<&str> = asked[0].get("fields").unwrap().split(',').collect();
    for ratio in [
        "ctr",
        "cpc",
        "cpm",
        "frequency",
        "conversions",
        "purchase_roas",
    ] {
        assert!(!fields.contains(&ratio), "{ratio}");
    }
    for field in ["impressions", "reach", "spend", "actions", "action_values"] {
        assert!(fields.contains(&field), "{field}");
    }
}

#[tokio::test]
async fn the_next_page_keeps_the_calls_own_parameters_and_only_replaces_the_cursor() {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(INSIGHTS).and(query_param("after", "MjQZD")),
            answer("insights_campaign_page_2"),
        )
        .await;
    vendor
        .on(
            get(INSIGHTS).and(query_param_is_missing("after")),
            answer("insights_campaign_page_1"),
        )
        .await;
    vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    let asked = vendor.asked(INSIGHTS).await;
    assert_eq!(asked.len(), 2);
    for name in ["level", "fields", "time_range", "time_increment", "limit"] {
        assert_eq!(asked[0].get(name), asked[1].get(name), "{name}");
    }
    // `get` also asserts that nothing is sent twice.
    assert_eq!(asked[1].get("access_token"), None);
    assert_eq!(
        asked[1].get("appsecret_proof"),
        asked[0].get("appsecret_proof")
    );
}

#[tokio::test]
async fn pages_are_large_so_that_calls_are_few() {
    let vendor = with_actions(json!([]), json!([])).await;
    one_day(&vendor, "reach").await;
    assert_eq!(vendor.asked(INSIGHTS).await[0].get("limit"), Some("500"));
}

#[tokio::test]
async fn an_empty_answer_with_cursors_but_without_next_is_the_end() {
    let vendor = Vendor::start().await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    let batches = vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    assert!(super::facts(&batches).is_empty());
    assert_eq!(vendor.requests().await.len(), 1);
}

#[tokio::test]
async fn a_cursor_that_repeats_does_not_loop() {
    let vendor = Vendor::start().await;
    let body = json!({ "data": [], "paging": { "cursors": { "after": "same" }, "next": "x" } });
    vendor
        .on(
            get(INSIGHTS),
            ResponseTemplate::new(200).set_body_json(body),
        )
        .await;
    let error = vendor
        .daily(Level::Account, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("cursor"), "{error}");
    assert_eq!(vendor.requests().await.len(), 2);
}

#[tokio::test]
async fn a_cursor_that_expires_half_way_begins_the_window_again_without_doubling() {
    let vendor = Vendor::start().await;
    vendor
        .once(
            get(INSIGHTS).and(query_param("after", "MjQZD")),
            failure(400, 100, None, "Invalid cursor"),
        )
        .await;
    vendor
        .on(
            get(INSIGHTS).and(query_param("after", "MjQZD")),
            answer("insights_campaign_page_2"),
        )
        .await;
    vendor
        .on(
            get(INSIGHTS).and(query_param_is_missing("after")),
            answer("insights_campaign_page_1"),
        )
        .await;
    let batches = vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    assert_eq!(
        value(&batches, "230001", "impressions", "2026-10-05"),
        whole(1530)
    );
    assert_eq!(
        value(&batches, "230001", "impressions", "2026-10-06"),
        whole(900)
    );
}

#[tokio::test]
async fn reach_is_asked_at_every_level_and_for_every_range_by_itself() {
    let vendor = Vendor::start().await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    for level in [Level::Account, Level::Campaign] {
        vendor
            .daily(level, "2026-10-05", "2026-10-06")
            .await
            .unwrap();
        vendor
            .fetch(FetchRequest::Window {
                level,
                metrics: vec![MetricId::from("reach")],
                range: range("2026-10-05", "2026-10-06"),
            })
            .await
            .unwrap();
    }
    let asked: Vec<_> = vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .map(|params| {
            assert!(params.get("fields").unwrap().contains("reach"));
            (
                params.get("level").unwrap().to_owned(),
                params.get("time_increment").map(str::to_owned),
            )
        })
        .collect();
    let daily = || Some("1".to_owned());
    assert_eq!(
        asked,
        [
            ("account".to_owned(), daily()),
            ("account".to_owned(), None),
            ("campaign".to_owned(), daily()),
            ("campaign".to_owned(), None),
        ]
    );
}

#[tokio::test]
async fn the_accounts_figures_are_its_own_and_not_the_sum_of_ads_that_are_left() {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(INSIGHTS).and(query_param("level", "account")),
            answer("insights_empty"),
        )
        .await;
    vendor
        .daily(Level::Account, "2026-10-05", "2026-10-05")
        .await
        .unwrap();
    assert_eq!(vendor.requests().await.len(), 1);
}
