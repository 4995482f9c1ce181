//! Who came and who left.

use analytics_connectors::ErrorKind;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{INSIGHTS, Vendor, followed, follows_call, insights, total, totals_call, vendor};
use crate::graph::{NONE, assert_says, days, failure, gaps, ok};

async fn with_follows(response: ResponseTemplate) -> Vendor {
    let vendor = vendor().await;
    let totals = json!([total("views", json!(5))]);
    vendor
        .on(totals_call(), ok(json!({ "data": totals })))
        .await;
    vendor.on(follows_call(), response).await;
    vendor
}

fn bucket(name: &str, value: Value) -> Value {
    json!({ "dimension_values": [name], "value": value })
}

fn item(more: &Value) -> ResponseTemplate {
    let mut item = json!({ "name": "follows_and_unfollows", "period": "day" });
    for (key, value) in more.as_object().unwrap() {
        item[key] = value.clone();
    }
    ok(json!({ "data": [item] }))
}

async fn asked(vendor: &Vendor) -> usize {
    let asked = vendor.asked(INSIGHTS).await;
    asked
        .iter()
        .filter(|params| params.get("breakdown").is_some())
        .count()
}

#[rstest]
#[case::both(json!([bucket("FOLLOWER", json!(5)), bucket("NON_FOLLOWER", json!(2))]), 5, 2)]
#[case::only_one_came(json!([bucket("FOLLOWER", json!(1))]), 1, 0)]
#[case::only_one_left(json!([bucket("NON_FOLLOWER", json!("1"))]), 0, 1)]
#[case::nobody(json!([]), 0, 0)]
#[case::of_an_unknown_kind(
    json!([bucket("UNKNOWN", json!(9)), bucket("FOLLOWER", json!(4)), bucket("UNKNOWN", json!(1))]),
    4,
    0
)]
#[tokio::test]
async fn a_bucket_that_is_left_out_is_nobody(
    #[case] results: Value,
    #[case] came: i64,
    #[case] left: i64,
) {
    let vendor = with_follows(followed(results)).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for (metric, people) in [("follows", came), ("unfollows", left)] {
        let expected: Vec<String> = (people > 0)
            .then(|| format!("2026-10-01 {people}"))
            .into_iter()
            .collect();
        assert_eq!(days(&batches, metric), expected);
        assert_eq!(gaps(&batches, metric), NONE);
    }
}

#[rstest]
#[case::no_results(json!({ "total_value": { "breakdowns": [{ "dimension_keys": ["follow_type"] }] } }))]
#[case::no_breakdowns(json!({ "total_value": {} }))]
#[tokio::test]
async fn a_day_on_which_nothing_happened_is_zero_and_no_gap(#[case] told: Value) {
    let vendor = with_follows(item(&told)).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for metric in ["follows", "unfollows"] {
        assert_eq!(days(&batches, metric), NONE);
        assert_eq!(gaps(&batches, metric), NONE);
    }
}

#[rstest]
#[case::no_item(ok(json!({ "data": [] })))]
#[case::no_total(item(&json!({})))]
#[case::null(item(&json!({ "total_value": null })))]
#[tokio::test]
async fn an_answer_without_a_total_is_a_gap_of_both(#[case] response: ResponseTemplate) {
    let vendor = with_follows(response).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for metric in ["follows", "unfollows"] {
        assert_eq!(days(&batches, metric), NONE);
        assert_eq!(gaps(&batches, metric), ["2026-10-01..2026-10-01 no_data"]);
    }
    assert_eq!(days(&batches, "views"), ["2026-10-01 5"]);
}

#[rstest]
#[case::came_twice(
    json!([bucket("FOLLOWER", json!(5)), bucket("FOLLOWER", json!(6))]),
    "two buckets `FOLLOWER`"
)]
#[case::left_twice(
    json!([bucket("NON_FOLLOWER", json!(5)), bucket("NON_FOLLOWER", json!(5))]),
    "two buckets `NON_FOLLOWER`"
)]
#[case::no_number(json!([bucket("FOLLOWER", json!("many"))]), "many")]
#[tokio::test]
async fn buckets_that_are_not_understood_fail_the_day(#[case] results: Value, #[case] named: &str) {
    let vendor = with_follows(followed(results)).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-01")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(
        &error,
        &[
            "instagram: profile insights: ",
            "`follows_and_unfollows`",
            "2026-10-01",
            named,
        ],
    );
}

#[rstest]
#[case::subcode_of_code_10(10, Some(2_874_010), "(#10) Not enough data")]
#[case::subcode_of_code_100(100, Some(2_874_010), "(#100) Data is not available")]
#[case::in_words(10, None, "(#10) There are not enough followers to show this data")]
#[tokio::test]
async fn a_profile_that_too_few_follow_has_gaps_and_is_not_asked_for_its_other_days(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let vendor = with_follows(failure(400, code, subcode, message)).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-03").await.unwrap();
    for metric in ["follows", "unfollows"] {
        assert_eq!(
            gaps(&batches, metric),
            [
                "2026-10-01..2026-10-01 too_few_followers",
                "2026-10-02..2026-10-02 too_few_followers",
                "2026-10-03..2026-10-03 too_few_followers",
            ]
        );
        assert_eq!(days(&batches, metric), NONE);
    }
    assert_eq!(
        days(&batches, "views"),
        ["2026-10-01 5", "2026-10-02 5", "2026-10-03 5"]
    );
    assert_eq!(asked(&vendor).await, 1);
}

#[tokio::test]
async fn a_profile_that_has_grown_is_asked_again_by_the_next_fetch() {
    let vendor = vendor().await;
    vendor.on(totals_call(), ok(json!({ "data": [] }))).await;
    let few = failure(400, 100, Some(2_874_010), "Data is not available");
    vendor.once(follows_call(), few).await;
    let grown = json!([bucket("FOLLOWER", json!(5))]);
    vendor.on(follows_call(), followed(grown)).await;
    insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(days(&batches, "follows"), ["2026-10-01 5"]);
}

#[tokio::test]
async fn another_error_is_no_sign_of_a_small_profile() {
    let denied = failure(
        403,
        10,
        None,
        "(#10) Application does not have permission for this action",
    );
    let vendor = with_follows(denied).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-01")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_says(
        &error,
        &["instagram: profile insights: 2026-10-01..2026-10-01: "],
    );
}

#[tokio::test]
async fn a_metric_that_is_gone_costs_its_own_figures_alone() {
    let gone = failure(
        400,
        100,
        None,
        "(#100) metric[0] must be one of the following values: reach, views",
    );
    let vendor = with_follows(gone).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    assert_eq!(days(&batches, "views").len(), 2);
    for metric in ["follows", "unfollows"] {
        assert_eq!(
            gaps(&batches, metric),
            [
                "2026-10-01..2026-10-01 not_supported",
                "2026-10-02..2026-10-02 not_supported",
            ]
        );
    }
    let before = asked(&vendor).await;
    insights(&vendor, "2026-10-03", "2026-10-03").await.unwrap();
    assert_eq!(asked(&vendor).await, before, "not asked again");
}
