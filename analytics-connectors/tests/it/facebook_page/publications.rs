//! How many posts were published on each day.

use analytics_connectors::{Batch, ErrorKind};
use serde_json::json;
use wiremock::matchers::{query_param, query_param_is_missing};

use super::{PAGE, PAGE_PROOF, POSTS, Vendor, bare_with, token, vendor};
use crate::graph::{NONE, assert_says, days, fixture, get, page, too_much};

async fn recorded() -> Vendor {
    let vendor = vendor().await;
    for (cursor, name) in [
        ("QVFJ", "publications_page_2"),
        ("QVFK", "publications_page_3"),
    ] {
        vendor
            .on(
                get(POSTS).and(query_param("after", cursor)),
                fixture("facebook_page", name),
            )
            .await;
    }
    vendor
        .on(
            get(POSTS).and(query_param_is_missing("after")),
            fixture("facebook_page", "publications_page_1"),
        )
        .await;
    vendor
}

async fn october(vendor: &Vendor) -> Vec<Batch> {
    vendor
        .daily("publications", "2026-10-01", "2026-10-03")
        .await
        .unwrap()
}

#[tokio::test]
async fn posts_are_counted_by_pacific_day_each_once_and_days_without_any_left_out() {
    let vendor = recorded().await;
    let batches = october(&vendor).await;
    assert_eq!(days(&batches, "posts"), ["2026-10-01 2", "2026-10-03 3"]);
    assert!(batches[0].facts.iter().all(|fact| *fact.entity == *PAGE));
    assert!(batches[0].gaps.is_empty());
}

#[tokio::test]
async fn a_list_is_read_no_further_than_the_first_older_post() {
    let vendor = recorded().await;
    october(&vendor).await;
    // The third page says that there is a fourth.
    assert_eq!(vendor.asked(POSTS).await.len(), 3);
}

#[tokio::test]
async fn posts_are_asked_for_from_midnight_to_midnight_in_california() {
    let vendor = recorded().await;
    october(&vendor).await;
    let asked = vendor.asked(POSTS).await;
    let same = [
        ("appsecret_proof", PAGE_PROOF),
        ("fields", "id,created_time"),
        ("limit", "100"),
        ("since", "1790838000"),
        ("until", "1791097199"),
    ];
    assert_eq!(asked[0].all(), same);
    assert_eq!(asked[1].all()[0], ("after", "QVFJ"));
    assert_eq!(asked[1].all()[1..], same);
}

#[tokio::test]
async fn a_page_that_did_not_post_has_no_facts_and_no_gaps() {
    let vendor = vendor().await;
    vendor.on(get(POSTS), page(json!([]), None)).await;
    let batches = october(&vendor).await;
    assert_eq!(days(&batches, "posts"), NONE);
    assert!(batches.iter().all(|batch| batch.gaps.is_empty()));
    assert_eq!(vendor.asked(POSTS).await.len(), 1);
}

#[tokio::test]
async fn a_long_range_is_counted_part_by_part() {
    let vendor = bare_with(|config| config.window_days = 2).await;
    vendor.on(get(super::PAGE_PATH), token("EAAB")).await;
    let rows = json!([
        { "id": "5_2", "created_time": "2026-10-03T15:00:00+0000" },
        { "id": "5_1", "created_time": "2026-10-01T15:00:00+0000" },
    ]);
    vendor.on(get(POSTS), page(rows, None)).await;
    let batches = october(&vendor).await;
    assert_eq!(batches.len(), 2);
    assert_eq!(days(&batches, "posts"), ["2026-10-01 1", "2026-10-03 1"]);
    let asked = vendor.asked(POSTS).await;
    let since: Vec<&str> = asked.iter().map(|params| params.text("since")).collect();
    assert_eq!(since, ["1790924400", "1790838000"]);
}

#[tokio::test]
async fn a_list_that_is_too_much_in_the_smallest_pages_is_an_error() {
    let vendor = vendor().await;
    vendor.on(get(POSTS), too_much()).await;
    let error = vendor
        .daily("publications", "2026-10-01", "2026-10-03")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    assert_says(&error, &["facebook_page", "count posts"]);
}

#[tokio::test]
async fn a_post_without_a_time_is_an_error_that_names_it() {
    let vendor = vendor().await;
    vendor
        .on(get(POSTS), page(json!([{ "id": "5_1" }]), None))
        .await;
    let error = vendor
        .daily("publications", "2026-10-01", "2026-10-03")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(
        &error,
        &[
            "facebook_page",
            "count posts",
            "post 5_1 lacks its",
            "`created_time`",
        ],
    );
}
