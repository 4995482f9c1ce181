//! Metrics that the platform does not give any more.

use analytics_connectors::ErrorKind;
use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use super::{
    DAILY, END_OF_1, INSIGHTS, POSTS, Vendor, by_ads_call, day_call, insights, nothing,
    posts::{FIELDS, lifetime, post, request, with},
    refusal, series, vendor, views,
};
use crate::graph::{
    NONE, Params, assert_says, counters, days, failure, gaps, get, now, ok, page, posts, windows,
};

const GONE: &str = "2026-10-01..2026-10-01 not_supported";

/// A vendor that lost some metrics: it fails every call with one of them and does not say which.
struct Lost(&'static [&'static str]);

impl Respond for Lost {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let params = Params::of(request);
        let names: Vec<&str> = params.text("metric").split(',').collect();
        if names.iter().any(|name| self.0.contains(name)) {
            return refusal();
        }
        if params.get("breakdown").is_some() {
            return nothing();
        }
        let data: Vec<Value> = names
            .iter()
            .map(|name| series(name, params.text("period"), &[(json!(1000), END_OF_1)]))
            .collect();
        ok(json!({ "data": data }))
    }
}

async fn without(lost: &'static [&'static str]) -> Vendor {
    let vendor = vendor().await;
    get(INSIGHTS)
        .respond_with(Lost(lost))
        .mount(&vendor.server)
        .await;
    vendor
}

/// The metrics of the calls for daily figures, from the `from`-th on.
async fn asked_for(vendor: &Vendor, from: usize) -> Vec<String> {
    vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .skip(from)
        .filter(|params| params.text("period") == "day" && params.get("breakdown").is_none())
        .map(|params| params.text("metric").to_owned())
        .collect()
}

#[rstest]
#[case::the_first(&["page_media_view"])]
#[case::one_in_the_middle(&["page_follows"])]
#[case::the_last(&["page_total_actions"])]
#[case::two(&["page_video_views", "page_video_view_time"])]
#[case::two_far_apart(&["page_total_media_view_unique", "page_total_actions"])]
#[case::all_but_one(&[
    "page_media_view",
    "page_total_media_view_unique",
    "page_post_engagements",
    "page_views_total",
    "page_daily_follows_unique",
    "page_daily_unfollows_unique",
    "page_actions_post_reactions_total",
    "page_video_views",
    "page_video_view_time",
    "page_total_actions",
])]
#[tokio::test]
async fn metrics_that_are_gone_are_found_and_all_others_delivered(
    #[case] lost: &'static [&'static str],
) {
    let vendor = without(lost).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for (metric, field) in DAILY {
        if lost.contains(&field) {
            assert_eq!(gaps(&batches, metric), [GONE], "{metric}");
            assert_eq!(days(&batches, metric), NONE, "{metric}");
        } else {
            let value = if metric == "video_watch_time" {
                1
            } else {
                1000
            };
            assert_eq!(gaps(&batches, metric), NONE, "{metric}");
            assert_eq!(
                days(&batches, metric),
                [format!("2026-10-01 {value}")],
                "{metric}"
            );
        }
    }
}

#[tokio::test]
async fn one_that_is_gone_is_found_by_halving() {
    let vendor = without(&["page_daily_follows_unique"]).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    let calls = asked_for(&vendor, 0).await.len();
    // Both halves of 11, of 6, of 3 and of 2 at most, instead of each of 11.
    assert!(calls <= 9, "{calls} calls");
}

#[tokio::test]
async fn what_is_gone_is_not_asked_for_in_the_next_fetch() {
    let vendor = without(&["page_video_views"]).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    let before = vendor.asked(INSIGHTS).await.len();
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(gaps(&batches, "video_views"), [GONE]);
    assert_eq!(days(&batches, "views"), ["2026-10-01 1000"]);
    let asked = asked_for(&vendor, before).await;
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].split(',').any(|name| name == "page_video_views"));
    assert_eq!(asked[0].split(',').count(), DAILY.len() - 1);
}

#[tokio::test]
async fn what_was_gone_is_asked_for_again_after_a_week() {
    let vendor = without(&["page_video_views"]).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for (days, again) in [(6, false), (7, true)] {
        vendor.clock.set(now() + Duration::days(days));
        let before = vendor.asked(INSIGHTS).await.len();
        insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
        let asked = asked_for(&vendor, before).await;
        assert_eq!(
            asked[0].contains("page_video_views"),
            again,
            "after {days} days"
        );
    }
}

#[tokio::test]
async fn rolling_reach_is_not_asked_for_where_reach_is_gone() {
    let vendor = without(&["page_total_media_view_unique"]).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(windows(&batches), NONE);
    let asked = vendor.asked(INSIGHTS).await;
    assert!(asked.iter().all(|params| params.text("period") == "day"));
}

#[tokio::test]
async fn a_split_that_is_gone_takes_nothing_else_with_it_and_is_not_asked_for_again() {
    let vendor = vendor().await;
    vendor.on(by_ads_call(), refusal()).await;
    let data = json!([views(&[(json!(310), END_OF_1)])]);
    vendor.on(day_call(), ok(json!({ "data": data }))).await;
    vendor.on(get(INSIGHTS), nothing()).await;
    for _ in 0..2 {
        let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
        assert_eq!(days(&batches, "views"), ["2026-10-01 310"]);
        assert_eq!(gaps(&batches, "facebook_page.views_organic"), [GONE]);
        assert_eq!(gaps(&batches, "facebook_page.views_paid"), [GONE]);
    }
    let asked = vendor.asked(INSIGHTS).await;
    let splits = asked
        .iter()
        .filter(|params| params.get("breakdown").is_some());
    assert_eq!(splits.count(), 1);
}

#[tokio::test]
async fn another_wrong_parameter_is_an_error_and_no_reason_to_search() {
    let vendor = vendor().await;
    let wrong = failure(400, 100, None, "(#100) since param is not valid");
    vendor.on(get(INSIGHTS), wrong).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-02")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert_says(
        &error,
        &[
            "facebook_page",
            "page insights",
            "2026-10-01..2026-10-02",
            "since param",
        ],
    );
    assert_eq!(vendor.asked(INSIGHTS).await.len(), 1);
}

#[tokio::test]
async fn an_error_in_the_middle_of_the_search_ends_it_and_marks_nothing() {
    let vendor = vendor().await;
    vendor.once(get(INSIGHTS), refusal()).await;
    let limited = failure(400, 80_001, None, "There have been too many calls");
    vendor.once(get(INSIGHTS), limited).await;
    vendor.on(get(INSIGHTS), nothing()).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-01")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: None });
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    let asked = asked_for(&vendor, 2).await;
    assert_eq!(asked[0].split(',').count(), DAILY.len());
}

/// A vendor that lost some figures of posts, and fails every list with one of them.
struct PostsLost(&'static [&'static str]);

impl Respond for PostsLost {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let params = Params::of(request);
        let fields = params.text("fields");
        if self.0.iter().any(|name| fields.contains(name)) {
            return refusal();
        }
        let more = json!({ "insights": lifetime("post_media_view", json!(5)) });
        let row = with(post("5_1", "2026-11-20T15:00:00+0000"), &more);
        page(json!([row]), None)
    }
}

#[tokio::test]
async fn a_figure_that_is_gone_is_found_left_out_and_not_asked_for_again() {
    let vendor = vendor().await;
    get(POSTS)
        .respond_with(PostsLost(&["post_clicks"]))
        .mount(&vendor.server)
        .await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(counters(&batches, "5_1"), ["shares 0", "views 5"]);
    let before = vendor.asked(POSTS).await.len();
    // All together, each of five by itself, and the list.
    assert_eq!(before, 7);
    vendor.fetch(request()).await.unwrap();
    for params in &vendor.asked(POSTS).await[before..] {
        assert!(!params.text("fields").contains("post_clicks"));
        assert!(params.text("fields").contains("post_media_view"));
    }
}

#[tokio::test]
async fn posts_are_told_without_figures_where_all_of_them_are_gone() {
    let vendor = vendor().await;
    get(POSTS)
        .respond_with(PostsLost(&["insights"]))
        .mount(&vendor.server)
        .await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["5_1"]);
    let asked = vendor.asked(POSTS).await;
    assert_eq!(asked.last().unwrap().text("fields"), FIELDS);
}
