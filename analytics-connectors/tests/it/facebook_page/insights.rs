//! What daily figures become.

use analytics_connectors::{ErrorKind, Retry};
use analytics_core::model::DateRange;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    DAILY, END_OF_1, END_OF_2, END_OF_3, INSIGHTS, PAGE, Vendor, day_call, insights, nothing,
    series, vendor, views, with_days,
};
use crate::graph::{NONE, assert_says, daily, day, days, fixture, gaps, get};

async fn recorded() -> Vendor {
    let vendor = vendor().await;
    vendor
        .on(day_call(), fixture("facebook_page", "insights_day"))
        .await;
    vendor.on(get(INSIGHTS), nothing()).await;
    vendor
}

#[rstest]
#[case::views("views", &["2026-10-01 310", "2026-10-02 287"])]
#[case::reach("reach", &["2026-10-01 201", "2026-10-02 190"])]
#[case::engagements("engagements", &["2026-10-01 44", "2026-10-02 39"])]
#[case::profile_views("profile_views", &["2026-10-01 18", "2026-10-02 21"])]
#[case::followers("followers", &["2026-10-01 5123", "2026-10-02 5125"])]
#[case::follows("follows", &["2026-10-01 4", "2026-10-02 3"])]
#[case::unfollows("unfollows", &["2026-10-01 1", "2026-10-02 1"])]
#[case::a_map_is_added_up_and_an_empty_one_is_zero("reactions", &["2026-10-01 6"])]
#[case::text_is_a_number_too("video_views", &["2026-10-01 52", "2026-10-02 47"])]
#[case::milliseconds_become_seconds("video_watch_time", &["2026-10-01 123.456", "2026-10-02 98"])]
#[case::zero_is_left_out("contact_clicks", &["2026-10-02 2"])]
#[tokio::test]
async fn every_metric_has_its_exact_values(#[case] metric: &str, #[case] expected: &[&str]) {
    let vendor = recorded().await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    assert_eq!(days(&batches, metric), expected);
    assert_eq!(gaps(&batches, metric), NONE);
}

#[tokio::test]
async fn figures_are_of_the_page_and_of_no_post() {
    let vendor = recorded().await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    assert_eq!(batches.len(), 1);
    assert!(batches[0].facts.iter().all(|fact| *fact.entity == *PAGE));
    assert!(batches[0].entities.is_empty() && batches[0].counters.is_empty());
}

#[rstest]
#[case::in_summer("2026-07-16T07:00:00+0000", "2026-07-15")]
#[case::in_winter("2026-01-16T08:00:00+0000", "2026-01-15")]
#[case::before_clocks_go_forward("2026-03-08T08:00:00+0000", "2026-03-07")]
#[case::with_23_hours("2026-03-09T07:00:00+0000", "2026-03-08")]
#[case::before_clocks_go_back("2026-11-01T07:00:00+0000", "2026-10-31")]
#[case::with_25_hours("2026-11-02T08:00:00+0000", "2026-11-01")]
#[case::the_last_of_a_year("2026-01-01T08:00:00+0000", "2025-12-31")]
#[case::a_colon_in_the_offset("2026-07-16T07:00:00+00:00", "2026-07-15")]
#[case::told_in_local_time("2026-07-16T00:00:00-0700", "2026-07-15")]
#[tokio::test]
async fn a_figure_is_of_the_pacific_day_before_its_end_time(
    #[case] end_time: &str,
    #[case] measured: &str,
) {
    let vendor = with_days(json!([views(&[(json!(310), end_time)])])).await;
    let around = DateRange {
        start: day(measured).pred_opt().unwrap(),
        end: day(measured).succ_opt().unwrap(),
    };
    let (start, end) = (around.start.to_string(), around.end.to_string());
    let batches = insights(&vendor, &start, &end).await.unwrap();
    assert_eq!(days(&batches, "views"), [format!("{measured} 310")]);
}

#[tokio::test]
async fn rows_outside_of_the_range_are_dropped() {
    let data = views(&[
        (json!(1), "2026-10-01T07:00:00+0000"),
        (json!(2), END_OF_1),
        (json!(3), END_OF_2),
    ]);
    let vendor = with_days(json!([data])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(days(&batches, "views"), ["2026-10-01 2"]);
}

#[tokio::test]
async fn the_running_day_is_no_figure_until_it_has_ended() {
    let data = views(&[
        (json!(20), "2026-11-23T08:00:00+0000"),
        (json!(3), "2026-11-24T08:00:00+0000"),
    ]);
    let vendor = with_days(json!([data])).await;
    let batches = insights(&vendor, "2026-11-22", "2026-11-23").await.unwrap();
    assert_eq!(days(&batches, "views"), ["2026-11-22 20"]);
    assert_eq!(gaps(&batches, "views"), ["2026-11-23..2026-11-23 no_data"]);
    vendor.clock.set("2026-11-24T08:00:00Z".parse().unwrap());
    let batches = insights(&vendor, "2026-11-22", "2026-11-23").await.unwrap();
    assert_eq!(days(&batches, "views"), ["2026-11-22 20", "2026-11-23 3"]);
}

#[rstest]
#[case::number(json!(310), "2026-10-01 310")]
#[case::text(json!("310"), "2026-10-01 310")]
#[case::float(json!(310.0), "2026-10-01 310")]
#[case::fraction(json!(0.1), "2026-10-01 0.1")]
#[case::large(json!(9_000_000_000_i64), "2026-10-01 9000000000")]
#[case::map(json!({ "a": 1, "b": "2", "c": 0.5 }), "2026-10-01 3.5")]
#[tokio::test]
async fn a_number_is_read_however_it_is_written(#[case] told: Value, #[case] expected: &str) {
    let vendor = with_days(json!([views(&[(told, END_OF_1)])])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(days(&batches, "views"), [expected]);
}

#[tokio::test]
async fn a_day_without_followers_is_told_and_any_other_zero_is_left_out() {
    let data = json!([
        views(&[(json!(0), END_OF_1)]),
        series("page_follows", "day", &[(json!(0), END_OF_1)]),
    ]);
    let vendor = with_days(data).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-01").await.unwrap();
    assert_eq!(days(&batches, "followers"), ["2026-10-01 0"]);
    assert_eq!(days(&batches, "views"), NONE);
    assert_eq!(gaps(&batches, "views"), NONE);
}

#[tokio::test]
async fn a_null_is_a_gap_of_that_day() {
    let data = views(&[
        (json!(1), END_OF_1),
        (Value::Null, END_OF_2),
        (json!(3), END_OF_3),
    ]);
    let vendor = with_days(json!([data])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-03").await.unwrap();
    assert_eq!(days(&batches, "views"), ["2026-10-01 1", "2026-10-03 3"]);
    assert_eq!(gaps(&batches, "views"), ["2026-10-02..2026-10-02 no_data"]);
}

#[tokio::test]
async fn days_that_are_missing_are_gaps_run_by_run() {
    let data = views(&[(json!(2), END_OF_2), (json!(5), "2026-10-06T07:00:00+0000")]);
    let vendor = with_days(json!([data])).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-07").await.unwrap();
    assert_eq!(
        gaps(&batches, "views"),
        [
            "2026-10-01..2026-10-01 no_data",
            "2026-10-03..2026-10-04 no_data",
            "2026-10-06..2026-10-07 no_data",
        ]
    );
}

#[rstest]
#[case::the_metric_is_missing(json!([series("page_follows", "day", &[(json!(7), END_OF_1)])]))]
#[case::it_has_no_days(json!([views(&[])]))]
#[case::nothing_is_there(json!([]))]
#[tokio::test]
async fn a_metric_without_figures_is_a_gap_of_the_whole_range_and_not_zero(#[case] data: Value) {
    let vendor = with_days(data).await;
    let batches = insights(&vendor, "2026-10-01", "2026-10-07").await.unwrap();
    assert_eq!(days(&batches, "views"), NONE);
    assert_eq!(gaps(&batches, "views"), ["2026-10-01..2026-10-07 no_data"]);
}

#[rstest]
#[case::day_twice(
    views(&[(json!(1), END_OF_1), (json!(1), END_OF_1)]),
    &["`page_media_view`", "2026-10-01", "twice"]
)]
#[case::another_period(
    series("page_media_view", "days_28", &[(json!(1), END_OF_1)]),
    &["`page_media_view`", "period"]
)]
#[case::no_end_time(
    json!({ "name": "page_media_view", "period": "day", "values": [{ "value": 46 }] }),
    &["`page_media_view`", "`end_time`"]
)]
#[case::an_end_time_that_is_none(
    views(&[(json!(1), "yesterday")]),
    &["data[0].values[0].end_time"]
)]
#[case::finer_than_a_millionth(
    views(&[(json!(0.0000001), END_OF_1)]),
    &["`page_media_view`", "2026-10-01", "0.0000001"]
)]
#[case::no_number(
    views(&[(json!("12,34"), END_OF_1)]),
    &["`page_media_view`", "2026-10-01", "12,34"]
)]
#[case::too_large(
    views(&[(json!(10_000_000_000_000_i64), END_OF_1)]),
    &["`page_media_view`", "10000000000000"]
)]
#[case::adds_up_to_too_much(
    views(&[(json!({ "a": 9_000_000_000_000_i64, "b": 9_000_000_000_000_i64 }), END_OF_1)]),
    &["`page_media_view`", "2026-10-01", "adds up"]
)]
#[case::finer_than_a_microsecond(
    series("page_video_view_time", "day", &[(json!(0.0005), END_OF_1)]),
    &["`page_video_view_time`", "2026-10-01", "digits"]
)]
#[case::another_shape(
    views(&[(json!([1]), END_OF_1)]),
    &["data[0].values[0]"]
)]
#[tokio::test]
async fn what_is_not_understood_fails_the_slice_and_says_where(
    #[case] data: Value,
    #[case] parts: &[&str],
) {
    let vendor = with_days(json!([data])).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-03")
        .await
        .unwrap_err();
    assert_eq!(
        (&error.kind, error.retry),
        (&ErrorKind::Decode, Retry::Never)
    );
    assert_says(&error, &["facebook_page", "page insights"]);
    assert_says(&error, parts);
}

#[tokio::test]
async fn every_figure_is_asked_for_in_one_call_with_just_these_parameters() {
    let vendor = with_days(json!([])).await;
    let request = daily("insights", "2026-10-01", "2026-10-02");
    vendor.fetch(request).await.unwrap();
    let metrics: Vec<&str> = DAILY.iter().map(|(_, field)| *field).collect();
    let asked = vendor.asked(INSIGHTS).await;
    assert_eq!(
        asked[0].all(),
        [
            ("appsecret_proof", super::PAGE_PROOF),
            ("metric", metrics.join(",").as_str()),
            ("period", "day"),
            ("since", "2026-10-01"),
            // The day before this one is the last: dates are midnights in UTC.
            ("until", "2026-10-03"),
        ]
    );
}

#[tokio::test]
async fn a_long_range_is_asked_in_parts_of_88_days_that_do_not_overlap_newest_first() {
    let vendor = with_days(json!([])).await;
    let batches = insights(&vendor, "2026-01-01", "2026-11-22").await.unwrap();
    assert_eq!(batches.len(), 4);
    let parts: Vec<String> = vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .filter(|params| params.text("period") == "day" && params.get("breakdown").is_none())
        .map(|params| format!("{} {}", params.text("since"), params.text("until")))
        .collect();
    assert_eq!(
        parts,
        [
            "2026-08-27 2026-11-23",
            "2026-05-31 2026-08-27",
            "2026-03-04 2026-05-31",
            "2026-01-01 2026-03-04",
        ]
    );
}
