//! What figures become, and what of them cannot be believed.

use analytics_connectors::{Batch, Error, ErrorKind};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{ResponseTemplate, matchers::query_param};

use super::{STATS, Vendor, facts, get, of, ok, says, stats, two_days};

/// What two days of a campaign become, with these figures and these conversions.
async fn read(delivery: Value, conversions: Value) -> Result<Vec<Batch>, Error> {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let web = get(STATS).and(query_param("metric_groups", "WEB_CONVERSION"));
    vendor.on(web, ok(conversions)).await;
    vendor.on(get(STATS), ok(delivery)).await;
    vendor.fetch(two_days()).await
}

fn nothing() -> Value {
    stats(2, json!([]))
}

#[tokio::test]
async fn each_figure_finds_its_metric() {
    let delivery = stats(
        2,
        json!([of(
            "c1",
            json!({
                "impressions": [1200, 900], "url_clicks": [30, null], "clicks": ["44", 21], "likes": null,
                "retweets": [3, 0], "replies": [1, 2], "follows": [0, 1], "engagements": [90, 40],
                "billed_charge_local_micro": [5_120_000_000_i64, 1], "billed_engagements": [30, 19],
                "video_total_views": [7, 8], "video_views_25": [6, 6], "video_views_100": [1, 0],
                "something_new": { "deep": [1] },
            })
        )]),
    );
    let purchases = json!({
        "metric": [2, 0], "post_view": [1, 0], "assisted": null,
        "order_quantity": [3_000_000, 0], "sale_amount": [9_800_000_000_i64, null],
    });
    let conversions = stats(
        2,
        json!([of(
            "c1",
            json!({
                "conversion_purchases": purchases, "conversion_custom": { "metric": [1, 1], "sale_amount": [500_000, 0] },
                "conversion_sign_ups": { "metric": [4, null] }, "conversion_site_visits": { "metric": [99, 99] },
            })
        )]),
    );
    let batches = read(delivery, conversions).await.unwrap();
    let first = |metric: &str| {
        facts(&batches, metric)
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    assert_eq!(first("clicks"), "c1 2026-11-21 30");
    assert_eq!(
        first("clicks_all"),
        "c1 2026-11-21 44",
        "numbers may come as text"
    );
    assert_eq!(first("reposts"), "c1 2026-11-21 3");
    assert_eq!(
        facts(&batches, "spend"),
        ["c1 2026-11-21 5120", "c1 2026-11-22 0.000001"]
    );
    assert!(
        facts(&batches, "likes").is_empty(),
        "what did not run is zero"
    );
    assert_eq!(
        facts(&batches, "conversions"),
        ["c1 2026-11-21 3", "c1 2026-11-22 1"]
    );
    assert_eq!(
        facts(&batches, "conversion_value"),
        ["c1 2026-11-21 9800.5"]
    );
    assert_eq!(facts(&batches, "purchase_value"), ["c1 2026-11-21 9800"]);
    assert_eq!(facts(&batches, "leads"), ["c1 2026-11-21 4"]);
    assert_eq!(facts(&batches, "video_views_p100"), ["c1 2026-11-21 1"]);
}

#[rstest]
#[case::nothing_at_all(json!([]))]
#[case::no_metrics(json!([of("c1", json!({}))]))]
#[case::no_data(json!([{ "id": "c1", "id_data": [] }]))]
#[case::all_null(json!([of("c1", json!({ "impressions": null, "clicks": [null, null] }))]))]
#[tokio::test]
async fn what_did_not_run_is_no_error(#[case] data: Value) {
    let batches = read(stats(2, data), nothing()).await.unwrap();
    assert!(batches[0].facts.is_empty());
}

#[rstest]
#[case::other_length(stats(3, json!([])), "`time_series_length` is 3, not 2")]
#[case::too_short(stats(2, json!([of("c1", json!({ "clicks": [1] }))])), "`clicks` of c1 has 1 days, not 2")]
#[case::too_long(stats(2, json!([of("c1", json!({ "clicks": [1, 2, 3] }))])), "has 3 days, not 2")]
#[case::not_asked(stats(2, json!([of("c9", json!({ "clicks": [1, 2] }))])), "c9, which was not asked for")]
#[case::twice(stats(2, json!([of("c1", json!({})), of("c1", json!({}))])), "c1 twice")]
#[case::a_fraction(stats(2, json!([of("c1", json!({ "clicks": [1.5, 2] }))])), "`clicks` of c1 on 2026-11-21")]
#[case::a_part_of_a_millionth(stats(2, json!([of("c1", json!({ "billed_charge_local_micro": [1, 2.5] }))])), "`billed_charge_local_micro` of c1 on 2026-11-22")]
#[case::a_word(stats(2, json!([of("c1", json!({ "clicks": ["many", 2] }))])), "`clicks` of c1")]
#[case::too_large(stats(2, json!([of("c1", json!({ "clicks": [99_999_999_999_999_999_i64, 2] }))])), "`clicks` of c1")]
#[case::an_object(stats(2, json!([of("c1", json!({ "clicks": { "metric": [1, 2] } }))])), "`clicks` of c1 is not what was expected")]
#[case::segments(stats(2, json!([{ "id": "c1", "id_data": [{ "segment": { "segment_name": "Male" }, "metrics": {} }] }])), "segments")]
#[case::no_id(stats(2, json!([{ "id_data": [] }])), "id")]
#[tokio::test]
async fn what_cannot_be_believed_fails_the_slice(#[case] delivery: Value, #[case] named: &str) {
    let error = read(delivery, nothing()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x_ads", "figures", named]);
}

#[rstest]
#[case::an_array(json!({ "conversion_purchases": [1, 2] }), "`conversion_purchases.metric` of c1")]
#[case::short(json!({ "conversion_purchases": { "metric": [1] } }), "`conversion_purchases.metric` of c1 has 1 days")]
#[tokio::test]
async fn conversions_are_objects_of_days(#[case] metrics: Value, #[case] named: &str) {
    let conversions = stats(2, json!([of("c1", metrics)]));
    let error = read(nothing(), conversions).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &[named]);
}

#[rstest]
#[case::a_page(200, "<html>Sorry</html>", ErrorKind::Decode)]
#[case::cut_off(200, r#"{"data":[{"id":"c1","id_da"#, ErrorKind::Decode)]
#[case::empty(200, "", ErrorKind::Decode)]
#[case::a_page_of_a_proxy(502, "<html>Bad gateway</html>", ErrorKind::Transient)]
#[tokio::test]
async fn answers_that_are_none_are_told_as_such(
    #[case] status: u16,
    #[case] body: &str,
    #[case] kind: ErrorKind,
) {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
    vendor.on(get(STATS), answer).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
}
