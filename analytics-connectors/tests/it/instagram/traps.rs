//! Mistakes that others made with this API, and questions that are wrong.

use analytics_connectors::{ErrorKind, FetchRequest};
use analytics_core::model::{FeedId, Level, MetricId};
use rstest::rstest;
use serde_json::json;

use super::{
    INSIGHTS, MEDIA, PROFILE_PATH, STORIES, Vendor, follows_call, insights,
    media::{medium, with_media},
    totals_call, vendor, with_totals,
};
use crate::graph::{
    USER_TOKEN, assert_says, bearer, daily, fixture, get, media_account, ok, page, range, snapshot,
    user,
};

/// One question of each kind.
fn questions() -> Vec<FetchRequest> {
    vec![
        daily("insights", "2026-10-01", "2026-10-01"),
        daily("publications", "2026-10-01", "2026-10-02"),
        snapshot("profile", "2026-10-02", "2026-10-01"),
        snapshot("posts", "2026-11-22", "2026-10-24"),
        FetchRequest::Window {
            level: Level::Account,
            metrics: vec![MetricId::from("reach")],
            range: range("2026-10-01", "2026-10-07"),
        },
    ]
}

/// A stand-in that was asked each of them.
async fn asked_everything() -> Vendor {
    let vendor = vendor().await;
    let rows = json!([medium("1", "2026-11-20T15:00:00+0000")]);
    vendor.on(get(MEDIA), page(rows, None)).await;
    vendor.on(get(STORIES), page(json!([]), None)).await;
    let nothing = ok(json!({ "data": [] }));
    vendor.on(get(INSIGHTS), nothing.clone()).await;
    vendor.on(get("/v26.0/1/insights"), nothing).await;
    vendor
        .on(get(PROFILE_PATH), ok(json!({ "followers_count": 1 })))
        .await;
    for question in questions() {
        vendor.fetch(question).await.unwrap();
    }
    vendor
}

#[tokio::test]
async fn every_call_carries_the_token_in_its_header_and_no_address_holds_it() {
    let vendor = asked_everything().await;
    let requests = vendor.requests().await;
    // A day is two calls, the posts are two lists and a call each; the rest is one call.
    assert_eq!(requests.len(), 2 + 1 + 1 + 3 + 1);
    for request in requests {
        let url = request.url.as_str();
        assert_eq!(bearer(&request), USER_TOKEN);
        assert!(
            !url.contains("EAAB") && !url.contains("access_token"),
            "{url}"
        );
        assert!(url.contains("appsecret_proof="), "{url}");
        assert!(url.contains("/v26.0/"), "{url}");
    }
}

#[tokio::test]
async fn no_metric_that_has_ended_is_asked_for_and_new_followers_are_not_taken_for_all() {
    let vendor = asked_everything().await;
    for request in vendor.requests().await {
        let url = request.url.as_str();
        for ended in [
            "impressions",
            "plays",
            "follower_count",
            "video_views",
            "email_contacts",
            "online_followers",
        ] {
            assert!(!url.contains(ended), "{ended}: {url}");
        }
    }
}

#[tokio::test]
async fn every_call_about_the_profile_asks_for_totals_and_for_a_whole_number_of_days() {
    let vendor = asked_everything().await;
    for params in vendor.asked(INSIGHTS).await {
        // `text` also asserts that nothing is sent twice.
        assert_eq!(params.text("metric_type"), "total_value");
        assert_eq!(params.text("period"), "day");
        let second = |name: &str| params.text(name).parse::<i64>().unwrap();
        assert_eq!((second("until") + 1 - second("since")) % 86_400, 0);
    }
}

#[tokio::test]
async fn who_came_and_who_left_are_a_call_of_their_own_and_always_split() {
    let vendor = with_totals(json!([])).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for params in vendor.asked(INSIGHTS).await {
        let alone = params.text("metric") == "follows_and_unfollows";
        let mentioned = params.text("metric").contains("follows_and_unfollows");
        assert_eq!(params.get("breakdown").is_some(), alone);
        assert_eq!(mentioned, alone);
    }
}

#[tokio::test]
async fn figures_lead_through_time_without_an_end_and_are_not_followed() {
    let vendor = vendor().await;
    let totals = fixture("instagram", "totals");
    let follows = fixture("instagram", "follows");
    vendor.on(totals_call(), totals).await;
    vendor.on(follows_call(), follows).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(vendor.requests().await.len(), 2);
}

#[tokio::test]
async fn a_posts_totals_are_never_stored_as_figures_of_a_day() {
    let vendor = with_media(json!([medium("1", "2026-11-20T15:00:00+0000")])).await;
    let batches = vendor
        .snapshot("posts", "2026-11-22", "2026-10-24")
        .await
        .unwrap();
    for batch in &batches {
        assert!(batch.facts.is_empty() && batch.windows.is_empty() && batch.gaps.is_empty());
    }
    // They are for their whole life, so that no range is asked for.
    let asked = vendor.asked("/v26.0/1/insights").await;
    assert_eq!(
        (asked[0].get("since"), asked[0].get("period")),
        (None, None)
    );
}

fn at_level(level: Level, feed: &str) -> FetchRequest {
    FetchRequest::Daily {
        level,
        feed: FeedId::from(feed),
        range: range("2026-10-01", "2026-10-02"),
    }
}

#[rstest]
#[case::feed(daily("stories", "2026-10-01", "2026-10-02"), "`stories`")]
#[case::days_of_posts(daily("posts", "2026-10-01", "2026-10-02"), "`posts`")]
#[case::days_of_the_profile(daily("profile", "2026-10-01", "2026-10-02"), "`profile`")]
#[case::a_snapshot_of_days(snapshot("insights", "2026-10-02", "2026-10-01"), "`insights`")]
#[case::a_snapshot_of_nothing(snapshot("stories", "2026-10-02", "2026-10-01"), "`stories`")]
#[case::campaigns(at_level(Level::Campaign, "insights"), "`campaign`")]
#[case::posts(at_level(Level::Post, "insights"), "`post`")]
#[case::publications_of_posts(at_level(Level::Post, "publications"), "`post`")]
#[tokio::test]
async fn a_question_about_nothing_here_is_refused_before_it_is_asked(
    #[case] request: FetchRequest,
    #[case] named: &str,
) {
    let vendor = vendor().await;
    let error = vendor.fetch(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert_says(&error, &["instagram", named]);
    assert!(vendor.requests().await.is_empty());
}

#[rstest]
#[case::empty("")]
#[case::letters("me")]
#[case::a_handle("sample.bakery")]
#[case::another_path("5/../6")]
#[tokio::test]
async fn an_id_that_is_none_is_refused_before_it_is_asked_for(#[case] id: &str) {
    let vendor = vendor().await;
    for request in questions() {
        let error = vendor
            .fetch_of(&media_account(id), request, user())
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest);
        assert_says(&error, &["instagram", &format!("`{id}`"), "profile id"]);
    }
    assert!(vendor.requests().await.is_empty());
}
