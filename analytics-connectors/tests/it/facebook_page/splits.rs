//! Views by whether an ad brought them, and reach of whole weeks and of four weeks.

use analytics_connectors::{Batch, ErrorKind};
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    END_OF_1, END_OF_2, INSIGHTS, PAGE, PAGE_PROOF, Vendor, by_ads_call, day_call, insights,
    nothing, refusal, rolling_call, series, vendor,
};
use crate::graph::{NONE, assert_says, days, fixture, gaps, get, ok, windows};

const SPLIT: [&str; 2] = ["facebook_page.views_organic", "facebook_page.views_paid"];

async fn with_buckets(values: Value) -> Vendor {
    let vendor = vendor().await;
    let data =
        json!([{ "name": "page_media_view", "period": "day", "id": PAGE, "values": values }]);
    vendor.on(by_ads_call(), ok(json!({ "data": data }))).await;
    vendor.on(get(INSIGHTS), nothing()).await;
    vendor
}

fn bucket(value: Value, end: &str, is_from_ads: &str) -> Value {
    json!({ "value": value, "end_time": end, "is_from_ads": is_from_ads })
}

async fn with_reach(period: &str, data: Value) -> Vendor {
    let vendor = vendor().await;
    vendor
        .on(rolling_call(period), ok(json!({ "data": data })))
        .await;
    vendor.on(get(INSIGHTS), nothing()).await;
    vendor
}

fn weekly(values: &[(Value, &str)]) -> Value {
    json!([series("page_total_media_view_unique", "week", values)])
}

#[tokio::test]
async fn views_are_split_by_ads_and_a_bucket_left_out_beside_another_is_zero() {
    let vendor = vendor().await;
    let recorded = fixture("facebook_page", "insights_by_ads");
    vendor.on(by_ads_call(), recorded).await;
    vendor.on(get(INSIGHTS), nothing()).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-03").await.unwrap();
    let [organic, paid] = SPLIT;
    assert_eq!(
        days(&batches, organic),
        ["2026-10-01 250", "2026-10-02 287"]
    );
    assert_eq!(days(&batches, paid), ["2026-10-01 60"]);
    for metric in SPLIT {
        assert_eq!(
            gaps(&batches, metric),
            ["2026-10-03..2026-10-03 no_data"],
            "a day with no bucket at all is not known"
        );
    }
}

#[tokio::test]
async fn a_bucket_of_zero_is_left_out() {
    let values = json!([
        bucket(json!(5), END_OF_1, "0"),
        bucket(json!(0), END_OF_1, "1")
    ]);
    let vendor = with_buckets(values).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    let [organic, paid] = SPLIT;
    assert_eq!(days(&batches, organic), ["2026-10-01 5"]);
    assert_eq!(days(&batches, paid), NONE);
    assert_eq!(gaps(&batches, paid), NONE);
}

#[tokio::test]
async fn a_split_of_the_running_day_is_dropped() {
    let values = json!([
        bucket(json!(5), "2026-11-23T08:00:00+0000", "0"),
        bucket(json!(1), "2026-11-24T08:00:00+0000", "0"),
    ]);
    let vendor = with_buckets(values).await;
    let batches = insights(&vendor, "2026-11-22", "2026-11-23").await.unwrap();
    assert_eq!(days(&batches, SPLIT[0]), ["2026-11-22 5"]);
}

#[tokio::test]
async fn a_page_without_a_split_has_a_gap_of_the_whole_range_in_both() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), nothing()).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-03").await.unwrap();
    for metric in SPLIT {
        assert_eq!(gaps(&batches, metric), ["2026-10-01..2026-10-03 no_data"]);
    }
}

#[rstest]
#[case::bucket_twice(
    json!([bucket(json!(5), END_OF_1, "0"), bucket(json!(6), END_OF_1, "0")]),
    "twice"
)]
#[case::no_bucket(json!([{ "value": 5, "end_time": END_OF_1 }]), "`is_from_ads`")]
#[case::no_number(json!([bucket(json!("many"), END_OF_1, "0")]), "many")]
#[tokio::test]
async fn a_split_that_is_not_understood_fails_the_slice(
    #[case] values: Value,
    #[case] named: &str,
) {
    let vendor = with_buckets(values).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-03")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(&error, &["facebook_page", "page insights"]);
    assert_says(
        &error,
        &["page_media_view by is_from_ads", "2026-10-01", named],
    );
}

#[tokio::test]
async fn a_day_that_lacks_one_part_has_none() {
    let untold = json!({ "end_time": END_OF_1, "is_from_ads": "0", "value": null });
    let vendor = with_buckets(json!([untold, bucket(json!(5), END_OF_1, "1")])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    for metric in ["facebook_page.views_organic", "facebook_page.views_paid"] {
        assert_eq!(days(&batches, metric), NONE);
        assert_eq!(gaps(&batches, metric), ["2026-10-01..2026-10-01 no_data"]);
    }
}

#[tokio::test]
async fn the_split_is_a_call_of_views_alone_with_just_these_parameters() {
    let vendor = with_buckets(json!([])).await;
    insights(&vendor, "2026-10-01", "2026-10-03").await.unwrap();
    let asked = vendor.asked(INSIGHTS).await;
    let splits: Vec<_> = asked
        .iter()
        .filter(|params| params.get("breakdown").is_some())
        .collect();
    assert_eq!(splits.len(), 1);
    assert_eq!(
        splits[0].all(),
        [
            ("appsecret_proof", PAGE_PROOF),
            ("breakdown", "is_from_ads"),
            ("metric", "page_media_view"),
            ("period", "day"),
            ("since", "2026-10-01"),
            ("until", "2026-10-04"),
        ]
    );
}

#[tokio::test]
async fn rolling_reach_is_of_the_7_and_28_days_up_to_the_day_it_stands_at() {
    let vendor = vendor().await;
    for period in ["week", "days_28"] {
        let recorded = fixture("facebook_page", &format!("reach_{period}"));
        vendor.on(rolling_call(period), recorded).await;
    }
    vendor.on(get(INSIGHTS), nothing()).await;
    let batches = insights(&vendor, "2026-10-07", "2026-10-08").await.unwrap();
    assert_eq!(
        windows(&batches),
        [
            "reach 2026-10-01..2026-10-07 812",
            "reach 2026-10-02..2026-10-08 820",
            "reach 2026-09-10..2026-10-07 2101",
            "reach 2026-09-11..2026-10-08 2098",
        ]
    );
    let of_the_page = |batch: &Batch| batch.windows.iter().all(|window| *window.entity == *PAGE);
    assert!(batches.iter().all(of_the_page));
    assert_eq!(days(&batches, "reach"), NONE, "windows are no days");
}

#[rstest]
#[case::in_autumn("2026-11-02T08:00:00+0000", "2026-11-01", "2026-10-26..2026-11-01")]
#[case::in_spring("2026-03-09T07:00:00+0000", "2026-03-08", "2026-03-02..2026-03-08")]
#[tokio::test]
async fn a_week_over_a_change_of_clocks_has_seven_days(
    #[case] end_time: &str,
    #[case] last: &str,
    #[case] expected: &str,
) {
    let vendor = with_reach("week", weekly(&[(json!(7), end_time)])).await;
    let batches = insights(&vendor, last, last).await.unwrap();
    assert_eq!(windows(&batches), [format!("reach {expected} 7")]);
}

#[tokio::test]
async fn rolling_values_of_the_running_day_outside_the_range_and_without_a_figure_are_dropped() {
    let data = weekly(&[
        (json!(1), "2026-11-22T08:00:00+0000"),
        (Value::Null, "2026-11-23T08:00:00+0000"),
        (json!(3), "2026-11-24T08:00:00+0000"),
    ]);
    let vendor = with_reach("week", data).await;
    let batches = insights(&vendor, "2026-11-22", "2026-11-23").await.unwrap();
    assert_eq!(windows(&batches), NONE);
}

#[tokio::test]
async fn a_week_that_reached_nobody_is_told() {
    let vendor = with_reach("week", weekly(&[(json!(0), END_OF_1)])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(windows(&batches), ["reach 2026-09-25..2026-10-01 0"]);
}

#[rstest]
#[case::day_twice(weekly(&[(json!(1), END_OF_1), (json!(2), END_OF_1)]), "twice")]
#[case::another_period(
    json!([series("page_total_media_view_unique", "day", &[(json!(1), END_OF_1)])]),
    "period"
)]
#[case::no_number(weekly(&[(json!("many"), END_OF_1)]), "many")]
#[tokio::test]
async fn a_rolling_value_that_is_not_understood_fails_the_slice(
    #[case] data: Value,
    #[case] named: &str,
) {
    let vendor = with_reach("week", data).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-02")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(&error, &["`page_total_media_view_unique`", named]);
}

#[tokio::test]
async fn rolling_reach_that_is_refused_leaves_the_days_alone() {
    let vendor = vendor().await;
    let daily = series(
        "page_total_media_view_unique",
        "day",
        &[(json!(5), END_OF_2)],
    );
    vendor.on(day_call(), ok(json!({ "data": [daily] }))).await;
    for period in ["week", "days_28"] {
        vendor.on(rolling_call(period), refusal()).await;
    }
    vendor.on(get(INSIGHTS), nothing()).await;
    for _ in 0..2 {
        let batches = insights(&vendor, "2026-10-02", "2026-10-02").await.unwrap();
        assert_eq!(windows(&batches), NONE);
        assert_eq!(days(&batches, "reach"), ["2026-10-02 5"]);
    }
    let asked = vendor.asked(INSIGHTS).await;
    let rolling = asked.iter().filter(|params| params.text("period") != "day");
    assert_eq!(rolling.count(), 2, "once each: the refusal is remembered");
}

#[tokio::test]
async fn only_reach_is_asked_for_as_a_rolling_value() {
    let vendor = with_reach("week", json!([])).await;
    insights(&vendor, "2026-10-01", "2026-10-03").await.unwrap();
    let rolling: Vec<String> = vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .filter(|params| params.text("period") != "day")
        .map(|params| {
            let all: Vec<&str> = params.all().iter().map(|(_, value)| *value).collect();
            all[1..].join(" ")
        })
        .collect();
    assert_eq!(
        rolling,
        [
            "page_total_media_view_unique week 2026-10-01 2026-10-04",
            "page_total_media_view_unique days_28 2026-10-01 2026-10-04",
        ]
    );
}
