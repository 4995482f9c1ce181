//! What the totals of single days become.

use analytics_connectors::{ErrorKind, Retry};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::{
    INSIGHTS, PROFILE, TOTALS, Vendor, followed, follows_call, insights, total, totals_call,
    vendor, vendor_with, with_totals,
};
use crate::graph::{NONE, Params, USER_PROOF, assert_says, days, fixture, gaps, get, ok};

async fn recorded() -> Vendor {
    let vendor = vendor().await;
    vendor
        .on(totals_call(), fixture("instagram", "totals"))
        .await;
    vendor
        .on(follows_call(), fixture("instagram", "follows"))
        .await;
    vendor
}

#[rstest]
#[case::views("views", &["2026-10-01 1310"])]
#[case::reach("reach", &["2026-10-01 801"])]
#[case::accounts_engaged("instagram.accounts_engaged", &["2026-10-01 96"])]
#[case::interactions("engagements", &["2026-10-01 144"])]
#[case::likes("likes", &["2026-10-01 101"])]
#[case::text_is_a_number_too("comments", &["2026-10-01 12"])]
#[case::shares("shares", &["2026-10-01 9"])]
#[case::saves("saves", &["2026-10-01 7"])]
#[case::zero_is_left_out("replies", &[])]
#[case::reposts("reposts", &["2026-10-01 3"])]
#[case::profile_views("profile_views", &["2026-10-01 58"])]
#[case::website_clicks("link_clicks", &["2026-10-01 6"])]
#[case::taps_on_contacts("contact_clicks", &["2026-10-01 2"])]
#[case::who_came("follows", &["2026-10-01 5"])]
#[case::who_left("unfollows", &["2026-10-01 2"])]
#[tokio::test]
async fn every_metric_of_a_day_has_its_exact_value(
    #[case] metric: &str,
    #[case] expected: &[&str],
) {
    let vendor = recorded().await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(days(&batches, metric), expected);
    assert_eq!(gaps(&batches, metric), NONE);
}

#[tokio::test]
async fn figures_are_of_the_profile_and_of_no_post() {
    let vendor = recorded().await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    let mut facts = batches.iter().flat_map(|batch| &batch.facts);
    assert!(facts.all(|fact| *fact.entity == *PROFILE));
    assert!(batches[0].entities.is_empty() && batches[0].windows.is_empty());
}

#[rstest]
#[case::in_summer("2026-07-15", "1784098800", "1784185199")]
#[case::in_winter("2026-01-15", "1768464000", "1768550399")]
#[case::with_23_hours("2026-03-08", "1772956800", "1773039599")]
#[case::with_25_hours("2026-11-01", "1793516400", "1793606399")]
#[tokio::test]
async fn a_day_is_asked_for_from_its_midnight_in_california_to_the_second_before_the_next(
    #[case] date: &str,
    #[case] since: &str,
    #[case] until: &str,
) {
    let vendor = recorded().await;
    insights(&vendor, date, date).await.unwrap();
    let asked = vendor.asked(INSIGHTS).await;
    let fields: Vec<&str> = TOTALS.iter().map(|(_, field)| *field).collect();
    let proof = ("appsecret_proof", USER_PROOF);
    let (kind, period) = (("metric_type", "total_value"), ("period", "day"));
    let (since, until) = (("since", since), ("until", until));
    assert_eq!(asked.len(), 2);
    assert_eq!(
        asked[0].all(),
        [
            proof,
            ("metric", fields.join(",").as_str()),
            kind,
            period,
            since,
            until
        ]
    );
    assert_eq!(
        asked[1].all(),
        [
            ("appsecret_proof", USER_PROOF),
            ("breakdown", "follow_type"),
            ("metric", "follows_and_unfollows"),
            kind,
            period,
            since,
            until
        ]
    );
}

#[tokio::test]
async fn days_are_asked_one_by_one_newest_first_and_come_so() {
    let vendor = with_totals(json!([total("views", json!(5))])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-03").await.unwrap();
    let order: Vec<String> = batches
        .iter()
        .flat_map(|batch| days(std::slice::from_ref(batch), "views"))
        .collect();
    assert_eq!(order, ["2026-10-03 5", "2026-10-02 5", "2026-10-01 5"]);
    let asked = vendor.asked(INSIGHTS).await;
    let since: Vec<&str> = asked
        .iter()
        .filter(|params| params.get("breakdown").is_none())
        .map(|params| params.text("since"))
        .collect();
    assert_eq!(since, ["1791010800", "1790924400", "1790838000"]);
}

#[tokio::test]
async fn days_that_are_asked_at_the_same_time_come_in_order_each_with_its_own_figure() {
    let vendor = vendor_with(|config| {
        config.graph.concurrency = 6;
    })
    .await;
    // The day's number in its month; what is asked first takes longest.
    let of_its_day = |request: &Request| {
        let params = Params::of(request);
        let since: i64 = params.text("since").parse().unwrap();
        let number = (since - 1_790_838_000) / 86_400 + 1;
        let wait = std::time::Duration::from_millis(u64::try_from(5 * number).unwrap());
        ok(json!({ "data": [total("views", json!(number))] })).set_delay(wait)
    };
    totals_call()
        .respond_with(of_its_day)
        .mount(&vendor.server)
        .await;
    vendor.on(follows_call(), followed(json!([]))).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-10").await.unwrap();
    assert_eq!(batches.len(), 10);
    for (batch, date) in batches.iter().zip((1..=10).rev()) {
        assert_eq!(
            days(std::slice::from_ref(batch), "views"),
            [format!("2026-10-{date:02} {date}")]
        );
    }
}

#[rstest]
#[case::as_a_total(json!({ "total_value": { "value": 12 } }), &["2026-10-01 12"])]
#[case::as_the_only_value(json!({ "values": [{ "value": 12 }] }), &["2026-10-01 12"])]
#[case::as_a_value_with_a_time(
    json!({ "values": [{ "value": 12, "end_time": "2026-10-01T07:00:00+0000" }] }),
    &["2026-10-01 12"]
)]
#[case::as_text(json!({ "total_value": { "value": "12" } }), &["2026-10-01 12"])]
#[case::as_a_float(json!({ "total_value": { "value": 12.0 } }), &["2026-10-01 12"])]
#[case::negative_where_likes_were_taken_back(
    json!({ "total_value": { "value": -3 } }),
    &["2026-10-01 -3"]
)]
#[case::beside_its_buckets(
    json!({ "total_value": { "value": 12, "breakdowns": [{
        "dimension_keys": ["media_product_type"],
        "results": [{ "dimension_values": ["POST"], "value": 7 }] }] } }),
    &["2026-10-01 12"]
)]
#[tokio::test]
async fn a_figure_is_read_wherever_it_stands(#[case] told: Value, #[case] expected: &[&str]) {
    let mut item = told;
    item["name"] = json!("likes");
    item["period"] = json!("day");
    let vendor = with_totals(json!([item])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(days(&batches, "likes"), expected);
    assert_eq!(gaps(&batches, "likes"), NONE);
}

#[rstest]
#[case::nothing_of_it(json!({ "name": "likes" }))]
#[case::no_value(json!({ "name": "likes", "total_value": {} }))]
#[case::null(json!({ "name": "likes", "total_value": { "value": null } }))]
#[case::no_values(json!({ "name": "likes", "values": [] }))]
#[case::another_metric(json!({ "name": "threads_likes", "total_value": { "value": 4 } }))]
#[tokio::test]
async fn a_figure_that_is_not_told_is_a_gap_of_that_day_and_not_zero(#[case] item: Value) {
    let vendor = with_totals(json!([item])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    assert_eq!(days(&batches, "likes"), NONE);
    assert_eq!(
        gaps(&batches, "likes"),
        [
            "2026-10-01..2026-10-01 no_data",
            "2026-10-02..2026-10-02 no_data"
        ]
    );
}

#[tokio::test]
async fn an_answer_without_anything_is_a_gap_of_every_metric_and_no_error() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), ok(json!({ "data": [] }))).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert!(batches[0].facts.is_empty());
    let missing = batches[0].gaps.iter().map(|gap| gap.metric.as_str());
    let offered = TOTALS.iter().map(|(metric, _)| *metric);
    assert!(missing.eq(offered.chain(["follows", "unfollows"])));
}

#[rstest]
#[case::no_number(total("likes", json!("12,34")), &["`likes`", "2026-10-01", "12,34"])]
#[case::finer_than_a_millionth(
    total("likes", json!(0.0000001)),
    &["`likes`", "2026-10-01", "0.0000001"]
)]
#[case::too_large(total("views", json!(10_000_000_000_000_i64)), &["`views`", "10000000000000"])]
#[case::another_shape(total("likes", json!([1])), &["data[0].total_value"])]
#[case::no_name(json!({ "total_value": { "value": 1 } }), &["data[0]", "`name`"])]
#[tokio::test]
async fn what_is_not_understood_fails_the_day_and_says_where(
    #[case] item: Value,
    #[case] parts: &[&str],
) {
    let vendor = with_totals(json!([item])).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-01")
        .await
        .unwrap_err();
    assert_eq!(
        (&error.kind, error.retry),
        (&ErrorKind::Decode, Retry::Never)
    );
    assert_says(&error, &["instagram: profile insights: "]);
    assert_says(&error, parts);
}

#[tokio::test]
async fn a_day_that_fails_ends_the_fetch_after_the_newer_ones() {
    let vendor = vendor().await;
    let broken = |request: &Request| -> ResponseTemplate {
        let value = match Params::of(request).text("since") {
            "1790838000" => json!("many"),
            _ => json!(5),
        };
        ok(json!({ "data": [total("views", value)] }))
    };
    totals_call()
        .respond_with(broken)
        .mount(&vendor.server)
        .await;
    vendor.on(follows_call(), followed(json!([]))).await;
    let error = insights(&vendor, "2026-09-30", "2026-10-02")
        .await
        .unwrap_err();
    assert_says(&error, &["`views` of 2026-10-01..2026-10-01", "many"]);
    let asked = vendor.asked(INSIGHTS).await;
    assert!(
        asked
            .iter()
            .all(|params| params.text("since") != "1790751600")
    );
}
