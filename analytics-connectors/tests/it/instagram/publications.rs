//! How many posts were published on each day.

use analytics_connectors::{Batch, ErrorKind};
use serde_json::json;
use wiremock::matchers::{query_param, query_param_is_missing};

use super::{MEDIA, PROFILE, Vendor, vendor};
use crate::graph::{NONE, USER_PROOF, assert_says, days, fixture, get, page, too_much};

async fn recorded() -> Vendor {
    let vendor = vendor().await;
    vendor
        .on(
            get(MEDIA).and(query_param("after", "QVFJ")),
            fixture("instagram", "publications_page_2"),
        )
        .await;
    vendor
        .on(
            get(MEDIA).and(query_param_is_missing("after")),
            fixture("instagram", "publications_page_1"),
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
    assert_eq!(days(&batches, "posts"), ["2026-10-01 2", "2026-10-03 2"]);
    assert!(batches[0].facts.iter().all(|fact| *fact.entity == *PROFILE));
    assert!(batches[0].gaps.is_empty());
}

#[tokio::test]
async fn a_list_is_read_no_further_than_the_first_older_post() {
    let vendor = recorded().await;
    october(&vendor).await;
    // The second page says that there is a third.
    assert_eq!(vendor.asked(MEDIA).await.len(), 2);
}

#[tokio::test]
async fn posts_are_asked_for_from_midnight_to_midnight_in_california() {
    let vendor = recorded().await;
    october(&vendor).await;
    let asked = vendor.asked(MEDIA).await;
    let same = [
        ("appsecret_proof", USER_PROOF),
        ("fields", "id,timestamp"),
        ("limit", "100"),
        ("since", "1790838000"),
        ("until", "1791097199"),
    ];
    assert_eq!(asked[0].all(), same);
    assert_eq!(asked[1].all()[0], ("after", "QVFJ"));
    assert_eq!(asked[1].all()[1..], same);
}

#[tokio::test]
async fn a_profile_that_did_not_post_has_no_facts_and_no_gaps() {
    let vendor = vendor().await;
    vendor.on(get(MEDIA), page(json!([]), None)).await;
    let batches = october(&vendor).await;
    assert_eq!(days(&batches, "posts"), NONE);
    assert!(batches.iter().all(|batch| batch.gaps.is_empty()));
    assert_eq!(vendor.asked(MEDIA).await.len(), 1);
}

#[tokio::test]
async fn a_list_that_is_too_much_in_the_smallest_pages_is_an_error() {
    let vendor = vendor().await;
    vendor.on(get(MEDIA), too_much()).await;
    let error = vendor
        .daily("publications", "2026-10-01", "2026-10-03")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    assert_says(&error, &["instagram: count posts: "]);
    let asked = vendor.asked(MEDIA).await;
    let limits: Vec<&str> = asked.iter().map(|params| params.text("limit")).collect();
    assert_eq!(limits, ["100", "50", "25", "12", "10"]);
}

#[tokio::test]
async fn a_post_without_a_time_is_an_error_that_names_it() {
    let vendor = vendor().await;
    vendor
        .on(get(MEDIA), page(json!([{ "id": "1" }]), None))
        .await;
    let error = vendor
        .daily("publications", "2026-10-01", "2026-10-03")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(
        &error,
        &[
            "instagram: count posts: ",
            "post 1 lacks its",
            "`timestamp`",
        ],
    );
}
