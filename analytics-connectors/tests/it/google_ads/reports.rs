//! What is asked, and how it is divided.

use analytics_connectors::{ErrorKind, FetchRequest, platforms::google_ads::AccessLevel};
use analytics_core::model::{FeedId, Level};
use chrono::Duration;
use rstest::rstest;
use serde_json::json;
use wiremock::{Request, ResponseTemplate};

use super::{
    ACCOUNT, MANAGER, STREAM, TOKEN, Vendor, account, daily, failure, query, range, rows, says,
    stream,
};

#[rstest]
#[case::account(Level::Account, "FROM customer WHERE", "")]
#[case::campaign(Level::Campaign, "FROM campaign WHERE", "campaign.name")]
#[case::ad_group(Level::AdGroup, "FROM ad_group WHERE", "ad_group.status")]
#[case::ad(Level::Ad, "FROM ad_group_ad WHERE", "ad_group_ad.ad.type")]
#[tokio::test]
async fn a_level_is_asked_of_its_own_resource_with_quoted_days_and_every_metric(
    #[case] level: Level,
    #[case] resource: &str,
    #[case] attribute: &str,
) {
    let vendor = Vendor::start().await;
    vendor.on(stream(), rows(json!([]))).await;
    vendor
        .fetch(daily(level, "2026-11-01", "2026-11-20"))
        .await
        .unwrap();
    let asked = vendor.asked(STREAM).await;
    assert_eq!(asked.len(), 1);
    let text = query(&asked[0]);
    for part in [
        resource,
        attribute,
        "SELECT customer.id",
        "segments.date BETWEEN '2026-11-01' AND '2026-11-20'",
        "metrics.cost_micros",
        "metrics.video_trueview_views",
        "PARAMETERS omit_unselected_resource_names = true",
    ] {
        assert!(text.contains(part), "{text} lacks {part}");
    }
    assert!(!text.contains("unique_users"), "people are not of days");
    assert!(
        !text.contains(".status ="),
        "what was removed belongs to its account"
    );
    let headers = &asked[0].headers;
    assert_eq!(headers["authorization"], format!("Bearer {TOKEN}").as_str());
    assert!(headers.get("login-customer-id").is_none());
    assert!(headers.get("developer-token").is_none());
    assert!(!asked[0].url.as_str().contains(TOKEN));
}

#[tokio::test]
async fn an_account_below_a_manager_is_asked_through_it_and_dashes_are_forgiven() {
    let vendor = Vendor::start().await;
    vendor.on(stream(), rows(json!([]))).await;
    let mut below = account(json!({ "login_customer_id": MANAGER }));
    below.external_id = "111-222-3334".to_owned();
    let request = daily(Level::Account, "2026-11-01", "2026-11-20");
    vendor.fetch_of(&below, request).await.unwrap();
    let asked = vendor.asked(STREAM).await;
    assert_eq!(asked[0].headers["login-customer-id"], MANAGER);
}

/// The days that queries asked for, in order.
async fn days(vendor: &Vendor) -> Vec<String> {
    let queries = vendor.queries().await.into_iter();
    queries
        .map(|query| {
            let (_, days) = query.split_once("BETWEEN '").unwrap();
            let days = days.split_once("' PARAMETERS").unwrap().0;
            days.replace("' AND '", "..")
        })
        .collect()
}

#[tokio::test]
async fn long_ranges_are_asked_in_parts_newest_first() {
    let vendor = Vendor::with(|config| config.lower_slice_days = 10).await;
    vendor.on(stream(), rows(json!([]))).await;
    vendor
        .fetch(daily(Level::Ad, "2026-10-27", "2026-11-20"))
        .await
        .unwrap();
    assert_eq!(
        days(&vendor).await,
        [
            "2026-11-11..2026-11-20",
            "2026-11-01..2026-11-10",
            "2026-10-27..2026-10-31"
        ]
    );
}

#[tokio::test]
async fn what_is_too_much_is_asked_in_halves_down_to_a_day() {
    let vendor = Vendor::start().await;
    let picky = |request: &Request| -> ResponseTemplate {
        let text = query(request);
        if text.contains("'2026-11-17' AND '2026-11-20'") || text.contains("AND '2026-11-18'") {
            failure(504, "internalError", "DEADLINE_EXCEEDED")
        } else {
            rows(json!([]))
        }
    };
    stream().respond_with(picky).mount(&vendor.server).await;
    let error = vendor
        .fetch(daily(Level::Account, "2026-11-17", "2026-11-20"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    says(&error, &["2026-11-18..2026-11-18"]);
    assert_eq!(
        days(&vendor).await,
        [
            "2026-11-17..2026-11-20",
            "2026-11-19..2026-11-20",
            "2026-11-17..2026-11-18",
            "2026-11-18..2026-11-18",
        ]
    );
}

#[tokio::test]
async fn history_ends_after_37_months() {
    let vendor = Vendor::start().await;
    vendor.on(stream(), rows(json!([]))).await;
    vendor
        .fetch(daily(Level::Account, "2023-10-01", "2023-10-31"))
        .await
        .unwrap();
    assert_eq!(days(&vendor).await, ["2023-10-23..2023-10-31"]);
    let error = vendor
        .fetch(daily(Level::Account, "2023-09-01", "2023-09-30"))
        .await
        .unwrap_err();
    says(&error, &["37 months"]);
}

#[tokio::test]
async fn the_days_operations_are_counted_and_the_next_day_has_them_again() {
    let vendor = Vendor::with(|config| config.access_level = AccessLevel::Explorer).await;
    vendor.on(stream(), rows(json!([]))).await;
    let request = || daily(Level::Account, "2026-11-20", "2026-11-20");
    for _ in 0..2_880 {
        vendor.fetch(request()).await.unwrap();
    }
    let error = vendor.fetch(request()).await.unwrap_err();
    // Midnight in California.
    let until = "2026-11-24T08:00:00Z".parse().unwrap();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    says(&error, &["ANALYTICS_GOOGLE_ADS_ACCESS_LEVEL"]);
    vendor.clock.set(until + Duration::seconds(1));
    vendor.fetch(request()).await.unwrap();
}

#[rstest]
#[case::feed(FetchRequest::Daily { level: Level::Account, feed: FeedId::from("stories"), range: range("2026-11-01", "2026-11-02") }, "`stories`")]
#[case::level(daily(Level::Post, "2026-11-01", "2026-11-02"), "`post`")]
#[case::snapshot(FetchRequest::Snapshot { feed: FeedId::from("reports"), date: "2026-11-01".parse().unwrap(), since: "2026-11-01".parse().unwrap() }, "snapshots")]
#[tokio::test]
async fn what_there_is_not_is_not_asked_for(#[case] request: FetchRequest, #[case] named: &str) {
    let vendor = Vendor::start().await;
    let error = vendor.fetch(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &["google_ads", named]);
    assert!(vendor.queries().await.is_empty());
}

#[tokio::test]
async fn an_id_that_is_none_is_not_asked_for() {
    let vendor = Vendor::start().await;
    let mut nobody = account(json!({}));
    nobody.external_id = "me/../2".to_owned();
    let request = daily(Level::Account, "2026-11-01", "2026-11-02");
    let error = vendor.fetch_of(&nobody, request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert!(
        vendor
            .asked(&format!("/v25/customers/{ACCOUNT}"))
            .await
            .is_empty()
    );
}
