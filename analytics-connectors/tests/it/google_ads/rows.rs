//! What rows become.

use analytics_connectors::{Batch, Error, ErrorKind, FetchRequest};
use analytics_core::model::{Level, MetricId};
use rstest::rstest;
use serde_json::{Value, json};

use super::{ACCOUNT, Vendor, daily, facts, ok, range, rows, says, stream};

fn row(metrics: Value) -> Value {
    json!({ "customer": { "id": ACCOUNT }, "segments": { "date": "2026-11-20" }, "metrics": metrics })
}

async fn fetched(level: Level, answer: Value) -> Result<Vec<Batch>, Error> {
    let vendor = Vendor::start().await;
    vendor.on(stream(), rows(answer)).await;
    vendor.fetch(daily(level, "2026-11-01", "2026-11-20")).await
}

#[rstest]
#[case::text("impressions", json!({ "impressions": "15230" }), "15230")]
#[case::number("clicks", json!({ "clicks": 412 }), "412")]
#[case::micros("spend", json!({ "costMicros": "38450000001" }), "38450.000001")]
#[case::billions("spend", json!({ "costMicros": "9000000000000000000" }), "9000000000000")]
#[case::fraction("conversions", json!({ "conversions": 11.5 }), "11.5")]
#[case::long_fraction("conversions", json!({ "conversions": 4.143_961_599_9 }), "4.143962")]
#[case::value("conversion_value", json!({ "conversionsValue": 132_000.0 }), "132000")]
#[case::all("conversions_all", json!({ "allConversions": 14.25 }), "14.25")]
#[case::all_value("conversion_value_all", json!({ "allConversionsValue": "1.5" }), "1.5")]
#[case::view_through("view_through_conversions", json!({ "viewThroughConversions": "3" }), "3")]
#[case::engagements("engagements", json!({ "engagements": "7" }), "7")]
#[case::video("video_views", json!({ "videoTrueviewViews": "8" }), "8")]
#[case::watch_time("video_watch_time", json!({ "videoWatchTimeDurationMillis": "1234" }), "1.234")]
#[case::viewable("viewable_impressions", json!({ "activeViewImpressions": "5" }), "5")]
#[case::measurable("measurable_impressions", json!({ "activeViewMeasurableImpressions": "6" }), "6")]
#[tokio::test]
async fn every_metric_has_its_exact_value(
    #[case] metric: &str,
    #[case] metrics: Value,
    #[case] expected: &str,
) {
    let batches = fetched(Level::Account, json!([row(metrics)]))
        .await
        .unwrap();
    assert_eq!(
        facts(&batches, metric),
        [format!("{ACCOUNT} 2026-11-20 {expected}")]
    );
}

#[rstest]
#[case::missing(json!({}))]
#[case::null(json!({ "clicks": null }))]
#[case::zero(json!({ "clicks": "0" }))]
#[tokio::test]
async fn what_is_not_set_is_zero_and_left_out(#[case] metrics: Value) {
    let batches = fetched(Level::Account, json!([row(metrics)]))
        .await
        .unwrap();
    assert!(batches[0].facts.is_empty());
}

#[rstest]
#[case::no_number("clicks", json!("many"), "many")]
#[case::finer_than_a_micro("costMicros", json!("1.5"), "1.5")]
#[case::a_list("clicks", json!([1]), "no number")]
#[case::too_large("impressions", json!("10000000000000"), "10000000000000")]
#[case::a_fraction_of_a_click("clicks", json!(0.000_000_1), "0.0000001")]
#[tokio::test]
async fn what_cannot_be_read_exactly_fails_the_slice_and_names_the_place(
    #[case] field: &str,
    #[case] value: Value,
    #[case] shown: &str,
) {
    let error = fetched(Level::Account, json!([row(json!({ field: value }))]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    let named = format!("`metrics.{field}` of {ACCOUNT} on 2026-11-20");
    says(&error, &["google_ads: report (account): ", &named, shown]);
}

#[tokio::test]
async fn an_ad_is_told_with_what_is_above_it_and_counted_in_each_group() {
    let ad = |group: &str| {
        json!({
            "customer": { "id": ACCOUNT },
            "campaign": { "id": "1", "name": "Brand", "status": "ENABLED" },
            "adGroup": { "id": group, "name": format!("Group {group}"), "status": "PAUSED" },
            "adGroupAd": { "ad": { "id": "9", "type": "RESPONSIVE_SEARCH_AD" }, "status": "REMOVED" },
            "segments": { "date": "2026-11-20" },
            "metrics": { "clicks": "2" },
        })
    };
    let batches = fetched(Level::Ad, json!([ad("11"), ad("12")]))
        .await
        .unwrap();
    assert_eq!(
        facts(&batches, "clicks"),
        ["11~9 2026-11-20 2", "12~9 2026-11-20 2"]
    );
    let told: Vec<String> = batches[0]
        .entities
        .iter()
        .map(|one| {
            format!(
                "{} {} < {} {:?} {}",
                one.level.as_str(),
                one.external_id,
                one.parent_external_id.as_deref().unwrap_or("-"),
                one.name.as_deref().unwrap_or_default(),
                one.status.as_deref().unwrap_or("-"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "campaign 1 < - \"Brand\" enabled",
            "ad_group 11 < 1 \"Group 11\" paused",
            "ad 11~9 < 11 \"responsive search ad 9\" removed",
            "ad_group 12 < 1 \"Group 12\" paused",
            "ad 12~9 < 12 \"responsive search ad 9\" removed",
        ]
    );
}

#[rstest]
#[case::of_another_account(json!({ "customer": { "id": "7" }, "segments": { "date": "2026-11-20" } }), "customer.id")]
#[case::without_a_day(json!({ "customer": { "id": ACCOUNT } }), "segments.date")]
#[case::of_another_day(json!({ "segments": { "date": "2026-10-31" } }), "2026-10-31")]
#[tokio::test]
async fn a_row_that_was_not_asked_for_fails_the_slice(#[case] row: Value, #[case] named: &str) {
    let error = fetched(Level::Account, json!([row])).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["google_ads", named]);
}

#[tokio::test]
async fn a_row_that_comes_twice_fails_the_slice() {
    let one = row(json!({ "clicks": "1" }));
    let error = fetched(Level::Account, json!([one, one]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["twice"]);
}

#[rstest]
#[case::nothing(json!([]))]
#[case::a_part_without_rows(json!([{ "fieldMask": "customer.id", "requestId": "r" }]))]
#[case::unknown_things(json!([{ "results": [], "metricAttributes": [], "queryResourceConsumption": "1" }]))]
#[tokio::test]
async fn an_empty_answer_is_no_error(#[case] answer: Value) {
    let vendor = Vendor::start().await;
    vendor.on(stream(), ok(answer)).await;
    let request = daily(Level::Campaign, "2026-11-01", "2026-11-20");
    let batches = vendor.fetch(request).await.unwrap();
    assert!(batches[0].facts.is_empty() && batches[0].entities.is_empty());
}

#[tokio::test]
async fn rows_of_several_parts_are_one_answer() {
    let of = |date: &str| json!({ "segments": { "date": date }, "metrics": { "clicks": "1" } });
    let vendor = Vendor::start().await;
    let parts = json!([{ "results": [of("2026-11-19")] }, { "results": [of("2026-11-20")] }]);
    vendor.on(stream(), ok(parts)).await;
    let request = daily(Level::Account, "2026-11-01", "2026-11-20");
    let batches = vendor.fetch(request).await.unwrap();
    assert_eq!(facts(&batches, "clicks").len(), 2);
}

fn window(level: Level, metric: &str, start: &str, end: &str) -> FetchRequest {
    FetchRequest::Window {
        level,
        metrics: vec![MetricId::from(metric)],
        range: range(start, end),
    }
}

#[tokio::test]
async fn people_of_a_range_are_exact_and_unknown_where_they_are_not_told() {
    let vendor = Vendor::start().await;
    let campaign =
        |id: &str, metrics: Value| json!({ "campaign": { "id": id }, "metrics": metrics });
    let answer = json!([
        campaign("1", json!({ "uniqueUsers": "77" })),
        campaign("2", json!({}))
    ]);
    vendor.on(stream(), rows(answer)).await;
    let request = window(Level::Campaign, "reach", "2026-11-01", "2026-11-20");
    let batches = vendor.fetch(request).await.unwrap();
    let told: Vec<String> = batches[0]
        .windows
        .iter()
        .map(|one| format!("{} {} {}", one.entity, one.range, one.value))
        .collect();
    assert_eq!(told, ["1 2026-11-01..2026-11-20 77"]);
    let queries = vendor.queries().await;
    assert!(
        queries[0].contains("metrics.unique_users FROM campaign"),
        "{queries:?}"
    );
    assert!(
        !queries[0].contains("SELECT segments.date") && !queries[0].contains(", segments.date")
    );
}

#[rstest]
#[case::of_ads(
    Level::Ad,
    "reach",
    "2026-11-01",
    "2026-11-20",
    "accounts and campaigns"
)]
#[case::of_clicks(Level::Account, "clicks", "2026-11-01", "2026-11-20", "`clicks`")]
#[case::of_93_days(Level::Account, "reach", "2026-08-01", "2026-11-01", "92 days")]
#[tokio::test]
async fn what_has_no_exact_value_is_not_asked_for(
    #[case] level: Level,
    #[case] metric: &str,
    #[case] start: &str,
    #[case] end: &str,
    #[case] named: &str,
) {
    let vendor = Vendor::start().await;
    let error = vendor
        .fetch(window(level, metric, start, end))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &[named]);
    assert!(vendor.queries().await.is_empty());
}
