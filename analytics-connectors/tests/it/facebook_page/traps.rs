//! Mistakes that others made with this API, and questions that are wrong.

use analytics_connectors::{ErrorKind, FetchRequest, oauth::TokenSource};
use analytics_core::model::{FeedId, Level, MetricId};
use rstest::rstest;
use secrecy::SecretString;
use serde_json::json;

use super::{
    DAILY, END_OF_1, INSIGHTS, PAGE_PATH, POSTS, by_ads_call, day_call, insights, nothing,
    rolling_call, series, vendor, views, with_days,
};
use crate::graph::{
    assert_says, daily, days, fixture, get, media_account, page, range, snapshot, user,
};

#[tokio::test]
async fn figures_lead_through_time_without_an_end_and_are_not_followed() {
    let vendor = vendor().await;
    for (mock, name) in [
        (day_call(), "insights_day"),
        (by_ads_call(), "insights_by_ads"),
        (rolling_call("week"), "reach_week"),
        (rolling_call("days_28"), "reach_days_28"),
    ] {
        vendor.on(mock, fixture("facebook_page", name)).await;
    }
    insights(&vendor, "2026-10-01", "2026-10-08").await.unwrap();
    let asked: Vec<String> = vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .map(|params| {
            let split = params.get("breakdown").unwrap_or("whole");
            format!("{} {split}", params.text("period"))
        })
        .collect();
    assert_eq!(
        asked,
        [
            "day whole",
            "day is_from_ads",
            "week whole",
            "days_28 whole"
        ]
    );
}

#[tokio::test]
async fn no_address_holds_a_token() {
    let vendor = with_days(json!([])).await;
    vendor.on(get(POSTS), page(json!([]), None)).await;
    for request in [
        daily("insights", "2026-10-01", "2026-10-02"),
        daily("publications", "2026-10-01", "2026-10-02"),
        snapshot("posts", "2026-10-02", "2026-10-01"),
    ] {
        vendor.fetch(request).await.unwrap();
    }
    for request in vendor.requests().await {
        let url = request.url.as_str();
        assert!(
            !url.contains("EAAB") && !url.contains("access_token="),
            "{url}"
        );
        assert!(url.contains("appsecret_proof="), "{url}");
        assert!(url.contains("/v26.0/"), "{url}");
    }
}

#[tokio::test]
async fn no_metric_that_has_ended_is_asked_for() {
    let vendor = with_days(json!([])).await;
    vendor.on(get(POSTS), page(json!([]), None)).await;
    insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    let posts = snapshot("posts", "2026-10-02", "2026-10-01");
    vendor.fetch(posts).await.unwrap();
    for request in vendor.requests().await {
        let url = request.url.as_str();
        for ended in [
            "impressions",
            "page_fan",
            "engaged_users",
            "consumptions",
            "_10s",
            "page_video_views_unique",
        ] {
            assert!(!url.contains(ended), "{ended}: {url}");
        }
    }
}

#[tokio::test]
async fn every_call_for_figures_says_its_period_and_both_ends_of_its_range() {
    let vendor = with_days(json!([])).await;
    insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    for params in vendor.asked(INSIGHTS).await {
        // `text` also asserts that nothing is sent twice.
        for name in ["metric", "period", "since", "until"] {
            assert!(!params.text(name).is_empty(), "{name}");
        }
    }
}

#[tokio::test]
async fn the_lifetime_flavour_of_a_metric_beside_the_days_is_not_mistaken_for_them() {
    let data = json!([
        series("page_follows", "day", &[(json!(1385), END_OF_1)]),
        series("page_follows", "lifetime", &[(json!(1406), END_OF_1)]),
    ]);
    let vendor = with_days(data).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-01")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(&error, &["`page_follows`", "period"]);
}

#[tokio::test]
async fn a_metric_nobody_asked_for_becomes_nothing() {
    let data = json!([
        views(&[(json!(310), END_OF_1)]),
        series("page_impressions", "day", &[(json!(999), END_OF_1)]),
    ]);
    let vendor = with_days(data).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(days(&batches, "views"), ["2026-10-01 310"]);
    assert_eq!(batches[0].facts.len(), 1);
}

#[tokio::test]
async fn an_answer_without_figures_is_a_gap_of_every_metric_and_no_error() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), nothing()).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    assert!(batches[0].facts.is_empty());
    let missing = batches[0].gaps.iter().map(|gap| gap.metric.as_str());
    let split = ["facebook_page.views_organic", "facebook_page.views_paid"];
    let offered = DAILY.iter().map(|(metric, _)| *metric).chain(split);
    assert!(missing.eq(offered));
}

fn at_level(level: Level) -> FetchRequest {
    FetchRequest::Daily {
        level,
        feed: FeedId::from("insights"),
        range: range("2026-10-01", "2026-10-02"),
    }
}

#[rstest]
#[case::feed(daily("stories", "2026-10-01", "2026-10-02"), "`stories`")]
#[case::days_of_posts(daily("posts", "2026-10-01", "2026-10-02"), "`posts`")]
#[case::a_snapshot_of_days(snapshot("insights", "2026-10-02", "2026-10-01"), "`insights`")]
#[case::a_snapshot_of_nothing(snapshot("stories", "2026-10-02", "2026-10-01"), "`stories`")]
#[case::campaigns(at_level(Level::Campaign), "`campaign`")]
#[case::posts(at_level(Level::Post), "`post`")]
#[case::window(
    FetchRequest::Window {
        level: Level::Account,
        metrics: vec![MetricId::from("reach")],
        range: range("2026-10-01", "2026-10-02"),
    },
    "2026-10-01..2026-10-02"
)]
#[tokio::test]
async fn a_question_about_nothing_here_is_refused_before_it_is_asked(
    #[case] request: FetchRequest,
    #[case] named: &str,
) {
    let vendor = vendor().await;
    let error = vendor.fetch(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert_says(&error, &["facebook_page", named]);
    assert!(vendor.requests().await.is_empty());
}

#[rstest]
#[case::empty("")]
#[case::letters("me")]
#[case::another_path("5/../6")]
#[case::a_post("1000200030004_501")]
#[tokio::test]
async fn an_id_that_is_none_is_refused_before_it_is_asked_for(#[case] id: &str) {
    let vendor = vendor().await;
    for request in [
        daily("insights", "2026-10-01", "2026-10-02"),
        daily("publications", "2026-10-01", "2026-10-02"),
        snapshot("posts", "2026-10-02", "2026-10-01"),
    ] {
        let error = vendor
            .fetch_of(&media_account(id), request, user())
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest);
        assert_says(&error, &["facebook_page", &format!("`{id}`"), "page id"]);
    }
    assert!(vendor.requests().await.is_empty());
}

#[tokio::test]
async fn another_version_of_the_api_is_asked_at_its_own_address() {
    let vendor = super::bare_with(|config| config.graph.api_version = "v25.0".to_owned()).await;
    let at = |path: &str| get(&path.replace("v26.0", "v25.0"));
    vendor.on(at(PAGE_PATH), super::token("EAABpage")).await;
    vendor.on(at(INSIGHTS), nothing()).await;
    let tokens = TokenSource::fixed(SecretString::from("EAABuser"));
    let request = daily("insights", "2026-10-01", "2026-10-02");
    vendor.fetch_as(request, tokens).await.unwrap();
}
