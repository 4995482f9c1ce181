//! Followers as of now, and people of whole ranges.

use analytics_connectors::{Batch, Error, ErrorKind, FetchRequest};
use analytics_core::model::{Level, MetricId};
use rstest::rstest;
use serde_json::{Value, json};

use super::{INSIGHTS, PROFILE, PROFILE_PATH, Vendor, total, vendor};
use crate::graph::{NONE, USER_PROOF, assert_says, days, failure, get, ok, range, windows};

async fn followers(answer: Value) -> (Vendor, Result<Vec<Batch>, Error>) {
    let vendor = vendor().await;
    vendor.on(get(PROFILE_PATH), ok(answer)).await;
    let batches = vendor.snapshot("profile", "2026-11-22", "2026-10-24").await;
    (vendor, batches)
}

#[rstest]
#[case::number(json!(5123), "2026-11-22 5123")]
#[case::text(json!("5123"), "2026-11-22 5123")]
#[case::nobody(json!(0), "2026-11-22 0")]
#[tokio::test]
async fn followers_of_now_count_for_the_day_that_has_ended(
    #[case] count: Value,
    #[case] expected: &str,
) {
    let answer = json!({ "followers_count": count, "id": PROFILE });
    let batches = followers(answer).await.1.unwrap();
    assert_eq!(days(&batches, "followers"), [expected]);
    assert_eq!(*batches[0].facts[0].entity, *PROFILE);
}

#[rstest]
#[case::missing(json!({ "id": PROFILE }), "is missing")]
#[case::null(json!({ "followers_count": null, "id": PROFILE }), "is missing")]
#[case::no_number(json!({ "followers_count": "many", "id": PROFILE }), "many")]
#[case::another_shape(json!({ "followers_count": [1], "id": PROFILE }), "not what was expected")]
#[tokio::test]
async fn followers_that_are_not_told_are_an_error_and_not_nobody(
    #[case] answer: Value,
    #[case] named: &str,
) {
    let error = followers(answer).await.1.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(
        &error,
        &["instagram: followers: ", "`followers_count`", named],
    );
}

#[tokio::test]
async fn followers_are_one_call_with_just_these_parameters() {
    let answer = json!({ "followers_count": 1, "id": PROFILE });
    let (vendor, _) = followers(answer).await;
    assert_eq!(vendor.requests().await.len(), 1);
    assert_eq!(
        vendor.asked(PROFILE_PATH).await[0].all(),
        [
            ("appsecret_proof", USER_PROOF),
            ("fields", "followers_count")
        ]
    );
}

#[tokio::test]
async fn a_profile_that_is_not_seen_any_more_is_a_missing_permission() {
    let vendor = vendor().await;
    let gone = failure(400, 100, Some(33), "Unsupported get request");
    vendor.on(get(PROFILE_PATH), gone).await;
    let error = vendor
        .snapshot("profile", "2026-11-22", "2026-10-24")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
}

fn window(metrics: &[&str], start: &str, end: &str) -> FetchRequest {
    FetchRequest::Window {
        level: Level::Account,
        metrics: metrics.iter().map(|id| MetricId::from(*id)).collect(),
        range: range(start, end),
    }
}

async fn with_people(data: Value) -> Vendor {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), ok(json!({ "data": data }))).await;
    vendor
}

#[tokio::test]
async fn the_people_of_a_range_are_one_call_for_the_whole_of_it() {
    let data = json!([
        total("reach", json!(6510)),
        total("accounts_engaged", json!("96")),
    ]);
    let vendor = with_people(data).await;
    let both = ["reach", "instagram.accounts_engaged"];
    let batches = vendor
        .fetch(window(&both, "2026-10-01", "2026-10-07"))
        .await
        .unwrap();
    assert_eq!(
        windows(&batches),
        [
            "reach 2026-10-01..2026-10-07 6510",
            "instagram.accounts_engaged 2026-10-01..2026-10-07 96",
        ]
    );
    assert_eq!(*batches[0].windows[0].entity, *PROFILE);
    assert!(batches[0].facts.is_empty() && batches[0].gaps.is_empty());
    let asked = vendor.asked(INSIGHTS).await;
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].all(),
        [
            ("appsecret_proof", USER_PROOF),
            ("metric", "reach,accounts_engaged"),
            ("metric_type", "total_value"),
            ("period", "day"),
            // Midnight of the 1st, and the last second of the 7th.
            ("since", "1790838000"),
            ("until", "1791442799"),
        ]
    );
}

#[tokio::test]
async fn only_what_was_asked_for_is_asked() {
    let vendor = with_people(json!([total("reach", json!(0))])).await;
    let request = window(&["reach"], "2026-10-01", "2026-10-07");
    let batches = vendor.fetch(request).await.unwrap();
    assert_eq!(windows(&batches), ["reach 2026-10-01..2026-10-07 0"]);
    assert_eq!(vendor.asked(INSIGHTS).await[0].get("metric"), Some("reach"));
}

#[rstest]
#[case::thirty_days("2026-09-02", "2026-10-01", true)]
#[case::thirty_days_over_spring("2026-03-01", "2026-03-30", true)]
#[case::thirty_days_over_autumn("2026-10-03", "2026-11-01", true)]
#[case::thirty_one_days("2026-09-01", "2026-10-01", false)]
#[tokio::test]
async fn a_range_of_more_than_thirty_days_has_no_value_and_is_not_asked_for(
    #[case] start: &str,
    #[case] end: &str,
    #[case] answered: bool,
) {
    let vendor = with_people(json!([total("reach", json!(5))])).await;
    let batches = vendor.fetch(window(&["reach"], start, end)).await.unwrap();
    assert_eq!(windows(&batches).len(), usize::from(answered));
    assert_eq!(vendor.requests().await.len(), usize::from(answered));
}

#[rstest]
// Midnight of 3 October; a second more than 30 times 24 hours would be refused.
#[case::over_autumn("2026-10-03", "2026-11-01", "1791010800", "1793602799")]
#[case::over_spring("2026-03-01", "2026-03-30", "1772352000", "1774940399")]
#[tokio::test]
async fn thirty_days_end_no_later_than_is_answered(
    #[case] start: &str,
    #[case] end: &str,
    #[case] since: &str,
    #[case] until: &str,
) {
    let vendor = with_people(json!([total("reach", json!(5))])).await;
    vendor.fetch(window(&["reach"], start, end)).await.unwrap();
    let asked = vendor.asked(INSIGHTS).await;
    assert_eq!(
        (asked[0].text("since"), asked[0].text("until")),
        (since, until)
    );
}

#[rstest]
#[case::missing(json!([]))]
#[case::no_value(json!([{ "name": "reach", "total_value": {} }]))]
#[case::another_metric(json!([total("views", json!(5))]))]
#[tokio::test]
async fn people_that_are_not_told_make_no_window(#[case] data: Value) {
    let vendor = with_people(data).await;
    let request = window(&["reach"], "2026-10-01", "2026-10-07");
    assert_eq!(windows(&vendor.fetch(request).await.unwrap()), NONE);
}

#[tokio::test]
async fn people_that_are_no_number_are_an_error_that_names_the_range() {
    let vendor = with_people(json!([total("reach", json!("many"))])).await;
    let request = window(&["reach"], "2026-10-01", "2026-10-07");
    let error = vendor.fetch(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(
        &error,
        &["instagram", "`reach`", "2026-10-01..2026-10-07", "many"],
    );
}

#[rstest]
#[case::views(Level::Account, &["views"], "`views`")]
#[case::views_beside_reach(Level::Account, &["reach", "views"], "`views`")]
#[case::posts(Level::Post, &["reach"], "`post`")]
#[tokio::test]
async fn other_metrics_and_posts_have_no_windows(
    #[case] level: Level,
    #[case] metrics: &[&str],
    #[case] named: &str,
) {
    let vendor = vendor().await;
    let request = FetchRequest::Window {
        level,
        metrics: metrics.iter().map(|id| MetricId::from(*id)).collect(),
        range: range("2026-10-01", "2026-10-07"),
    };
    let error = vendor.fetch(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert_says(&error, &["instagram", named]);
    assert!(vendor.requests().await.is_empty());
}
