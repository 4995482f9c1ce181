//! Figures that the platform does not give any more.

use analytics_connectors::FetchRequest;
use analytics_core::model::{Level, MetricId};
use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate, matchers::query_param_contains};

use super::{
    INSIGHTS, TOTALS, Vendor, followed, follows_call, insights, total, totals_call, vendor,
};
use crate::graph::{
    NONE, Params, daily, days, failure, gaps, get, media_account, now, ok, range, user, windows,
};

const GONE: &str = "2026-10-01..2026-10-01 not_supported";

/// A vendor that lost some metrics: it fails every call with one of them and tells its place.
struct Lost(&'static [&'static str]);

impl Respond for Lost {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let params = Params::of(request);
        let names: Vec<&str> = params.text("metric").split(',').collect();
        if let Some(at) = names.iter().position(|name| self.0.contains(name)) {
            return refusal(&format!("metric[{at}]"));
        }
        let data: Vec<Value> = names.iter().map(|name| total(name, json!(1))).collect();
        ok(json!({ "data": data }))
    }
}

fn refusal(what: &str) -> ResponseTemplate {
    let message = format!(
        "(#100) {what} must be one of the following values: reach, follower_count, website_clicks, \
         profile_views, online_followers, accounts_engaged, total_interactions, likes, comments"
    );
    failure(400, 100, None, &message)
}

async fn without(lost: &'static [&'static str]) -> Vendor {
    let vendor = vendor().await;
    totals_call()
        .respond_with(Lost(lost))
        .mount(&vendor.server)
        .await;
    vendor.on(follows_call(), followed(json!([]))).await;
    vendor
}

/// The metrics of the calls for totals.
async fn asked_for(vendor: &Vendor) -> Vec<String> {
    vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .filter(|params| params.get("breakdown").is_none())
        .map(|params| params.text("metric").to_owned())
        .collect()
}

#[rstest]
#[case::the_fourth(&["total_interactions"], 2)]
#[case::the_first(&["views"], 2)]
#[case::the_last(&["profile_links_taps"], 2)]
#[case::two(&["profile_views", "website_clicks"], 3)]
#[case::all(
    &[
        "views",
        "reach",
        "accounts_engaged",
        "total_interactions",
        "likes",
        "comments",
        "shares",
        "saves",
        "replies",
        "reposts",
        "profile_views",
        "website_clicks",
        "profile_links_taps",
    ],
    13
)]
#[tokio::test]
async fn what_is_gone_is_left_out_and_all_the_rest_delivered(
    #[case] lost: &'static [&'static str],
    #[case] calls: usize,
) {
    let vendor = without(lost).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for (metric, field) in TOTALS {
        if lost.contains(&field) {
            assert_eq!(gaps(&batches, metric), [GONE], "{metric}");
            assert_eq!(days(&batches, metric), NONE, "{metric}");
        } else {
            assert_eq!(gaps(&batches, metric), NONE, "{metric}");
            assert_eq!(days(&batches, metric), ["2026-10-01 1"], "{metric}");
        }
    }
    assert_eq!(asked_for(&vendor).await.len(), calls);
}

#[tokio::test]
async fn what_is_gone_is_not_asked_for_on_other_days_nor_in_the_next_fetch() {
    let vendor = without(&["total_interactions"]).await;
    insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(gaps(&batches, "engagements"), [GONE]);
    let asked = asked_for(&vendor).await;
    let with_it: Vec<bool> = asked
        .iter()
        .map(|metrics| metrics.contains("total_interactions"))
        .collect();
    assert_eq!(with_it, [true, false, false, false]);
}

#[tokio::test]
async fn what_is_refused_for_one_profile_is_asked_for_of_another() {
    const OTHER: &str = "17840000000000002";
    let vendor = without(&["total_interactions"]).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    let path = format!("/v26.0/{OTHER}/insights");
    vendor.on(get(&path), ok(json!({ "data": [] }))).await;
    let request = daily("insights", "2026-10-01", "2026-10-01");
    vendor
        .fetch_of(&media_account(OTHER), request, user())
        .await
        .unwrap();
    let asked = vendor.asked(&path).await;
    assert!(asked[0].text("metric").contains("total_interactions"));
}

#[tokio::test]
async fn what_was_gone_is_asked_for_again_after_a_week() {
    let vendor = without(&["profile_views"]).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for (later, again) in [(6, false), (7, true)] {
        vendor.clock.set(now() + Duration::days(later));
        let before = asked_for(&vendor).await.len();
        insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
        let asked = asked_for(&vendor).await;
        assert_eq!(
            asked[before].contains("profile_views"),
            again,
            "after {later} days"
        );
    }
}

#[rstest]
#[case::no_place("metric")]
#[case::a_place_nobody_asked("metric[40]")]
#[tokio::test]
async fn a_refusal_that_does_not_say_what_is_narrowed_down_by_halves(#[case] what: &str) {
    let vendor = vendor().await;
    let gone = query_param_contains("metric", "profile_views");
    vendor.on(totals_call().and(gone), refusal(what)).await;
    vendor.on(totals_call(), ok(json!({ "data": [] }))).await;
    vendor.on(follows_call(), followed(json!([]))).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(gaps(&batches, "views"), ["2026-10-01..2026-10-01 no_data"]);
    assert_eq!(gaps(&batches, "profile_views"), [GONE]);
    let asked = asked_for(&vendor).await;
    assert!(asked.len() < 10, "{asked:?}");
    insights(&vendor, "2026-10-02", "2026-10-02").await.unwrap();
    let next = asked_for(&vendor).await;
    assert_eq!(next.len(), asked.len() + 1, "it is known from then on");
}

#[tokio::test]
async fn a_window_of_what_is_gone_has_no_value() {
    let vendor = without(&["reach"]).await;
    let request = FetchRequest::Window {
        level: Level::Account,
        metrics: vec![
            MetricId::from("reach"),
            MetricId::from("instagram.accounts_engaged"),
        ],
        range: range("2026-10-01", "2026-10-07"),
    };
    let batches = vendor.fetch(request).await.unwrap();
    assert_eq!(
        windows(&batches),
        ["instagram.accounts_engaged 2026-10-01..2026-10-07 1"]
    );
}
