//! The one account of a login, and what its profile tells.

use analytics_connectors::{ErrorKind, FetchRequest};
use analytics_core::model::{FeedId, FoundAccount, Level, MetricId};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{
    DATE, ME_PATH, SINCE, TOKEN, USER, USER_FIELDS, USER_PATH, Vendor, account, facts, get, map,
    ok, params, problem, profile, range, says, snapshot, stand_in, user,
};

async fn found(answer: ResponseTemplate) -> Result<Vec<FoundAccount>, analytics_connectors::Error> {
    let vendor = Vendor::start().await;
    vendor.on(get(ME_PATH), answer).await;
    vendor.connector.list_accounts(&user()).await
}

#[tokio::test]
async fn a_login_has_one_account_whose_id_keeps_every_digit() {
    let vendor = Vendor::start().await;
    vendor.on(get(ME_PATH), ok(profile(&json!({})))).await;
    let found = vendor.connector.list_accounts(&user()).await.unwrap();
    assert_eq!(found.len(), 1);
    let account = &found[0];
    assert_eq!(account.external_id, USER);
    assert_eq!(account.platform.as_str(), "x");
    assert_eq!(account.name, "Example Shop");
    assert_eq!(
        account.picture_url.as_deref(),
        Some("https://pbs.example.com/1.jpg")
    );
    assert_eq!((&account.currency, account.time_zone), (&None, None));
    assert_eq!(account.access, json!({}));
    assert!(account.is_linkable());
    let asked = vendor.asked(ME_PATH).await;
    assert_eq!(asked.len(), 1);
    assert_eq!(params(&asked[0]), map(&[("user.fields", USER_FIELDS)]));
    let header = asked[0].headers["authorization"].to_str().unwrap();
    assert_eq!(header, format!("Bearer {TOKEN}"));
}

#[rstest]
#[case::full(json!({}), "Example Shop")]
#[case::protected(json!({ "protected": true }), "Example Shop")]
#[case::no_figures(json!({ "public_metrics": null }), "Example Shop")]
#[case::blank_name(json!({ "name": " " }), "@example_shop")]
#[case::no_name(json!({ "name": null }), "@example_shop")]
#[case::no_name_at_all(json!({ "name": null, "username": null }), USER)]
#[tokio::test]
async fn an_account_has_a_name_whatever_else_is_missing(#[case] more: Value, #[case] name: &str) {
    let found = found(ok(profile(&more))).await.unwrap();
    let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, [name]);
}

#[rstest]
#[case::gone("resource-not-found", ErrorKind::PermissionDenied)]
#[case::not_shown("not-authorized-for-resource", ErrorKind::PermissionDenied)]
#[case::not_there("resource-unavailable", ErrorKind::PermissionDenied)]
#[case::passing("internal-error", ErrorKind::Transient)]
#[case::new("never-heard-of", ErrorKind::InvalidRequest)]
#[tokio::test]
async fn a_good_answer_that_holds_only_problems_is_none(
    #[case] tail: &str,
    #[case] kind: ErrorKind,
) {
    let body = json!({ "errors": [{
        "title": "Some Error", "detail": "Could not find user.", "resource_type": "user",
        "type": format!("https://api.x.com/2/problems/{tail}"),
    }] });
    let error = found(ok(body)).await.unwrap_err();
    assert_eq!(error.kind, kind);
    says(
        &error,
        &["x: list accounts: ", "Some Error: Could not find user."],
    );
}

#[tokio::test]
async fn what_the_platform_says_in_a_good_answer_is_cleaned_of_tokens_too() {
    let token = format!("AAAA{}", "b2".repeat(30));
    let detail = format!("Nobody has {token}.");
    let body = json!({ "errors": [{ "title": "Some Error", "detail": detail }] });
    let error = found(ok(body)).await.unwrap_err();
    says(&error, &["Some Error", "[redacted]"]);
    assert!(!format!("{error:?}").contains(&token), "{error}");
}

#[rstest]
#[case::nothing(json!({}))]
#[case::null(json!({ "data": null }))]
#[tokio::test]
async fn an_answer_of_nothing_is_an_error(#[case] body: Value) {
    let error = found(ok(body)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: list accounts: ", "`data`"]);
}

#[tokio::test]
async fn a_user_who_is_gone_cannot_be_read() {
    let error = found(problem(404, "resource-not-found", &json!({})))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    says(
        &error,
        &["What the platform says.", "404", "what was read is kept"],
    );
}

async fn told(
    answer: Value,
) -> Result<Vec<analytics_connectors::Batch>, analytics_connectors::Error> {
    let vendor = Vendor::start().await;
    vendor.on(get(USER_PATH), ok(answer)).await;
    vendor.fetch(snapshot("profile", DATE, SINCE)).await
}

#[tokio::test]
async fn a_profile_tells_its_numbers_for_the_day_that_has_ended() {
    let batches = told(profile(&json!({}))).await.unwrap();
    assert_eq!(batches[0].facts.len(), 3);
    for (metric, value) in [
        ("followers", "15230"),
        ("x.following", "310"),
        ("x.listed", "77"),
    ] {
        assert_eq!(
            facts(&batches, metric),
            [format!("{USER} 2026-11-22 {value}")],
            "{metric}"
        );
    }
}

#[tokio::test]
async fn nobody_following_is_a_number() {
    let metrics = json!({ "followers_count": 0, "following_count": "0", "listed_count": 0 });
    let batches = told(profile(&json!({ "public_metrics": metrics })))
        .await
        .unwrap();
    assert_eq!(
        facts(&batches, "followers"),
        [format!("{USER} 2026-11-22 0")]
    );
    assert_eq!(batches[0].facts.len(), 3);
}

#[rstest]
#[case::no_figures(json!({ "public_metrics": null }), "`public_metrics`")]
#[case::no_followers(
    json!({ "public_metrics": { "following_count": 1, "listed_count": 1 } }),
    "`public_metrics.followers_count` is missing"
)]
#[case::null(
    json!({ "public_metrics": { "followers_count": 1, "following_count": null, "listed_count": 1 } }),
    "`public_metrics.following_count` is missing"
)]
#[case::text(
    json!({ "public_metrics": { "followers_count": 1, "following_count": 1, "listed_count": "few" } }),
    "`public_metrics.listed_count` is no whole number: `few`"
)]
#[case::shape(
    json!({ "public_metrics": { "followers_count": [1] } }),
    "`data.public_metrics.followers_count` is not what was expected"
)]
#[tokio::test]
async fn a_profile_that_does_not_tell_its_numbers_is_an_error(
    #[case] more: Value,
    #[case] named: &str,
) {
    let error = told(profile(&more)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: profile: ", named]);
}

#[rstest]
#[case::snapshots_of_days(
    snapshot("publications", DATE, SINCE),
    "`publications` has no snapshots"
)]
#[case::days_of_snapshots(
    stand_in::daily("posts", Level::Post, "2026-11-20", "2026-11-21"),
    "days at level `post`"
)]
#[case::days_of_posts(
    stand_in::daily("publications", Level::Post, "2026-11-20", "2026-11-21"),
    "days at level `post`"
)]
#[case::fleeting(
    FetchRequest::Fleeting { feed: FeedId::from("posts"), date: DATE.parse().unwrap() },
    "`posts`"
)]
#[case::windows(
    FetchRequest::Window {
        level: Level::Account,
        metrics: vec![MetricId::from("reach")],
        range: range("2026-11-01", "2026-11-22"),
    },
    "no people"
)]
#[tokio::test]
async fn a_question_that_no_feed_answers_is_wrong_without_a_call(
    #[case] request: FetchRequest,
    #[case] named: &str,
) {
    let vendor = Vendor::start().await;
    let error = vendor.fetch(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &[named]);
    assert_eq!(vendor.calls().await, 0);
}

#[rstest]
#[case::none("")]
#[case::a_name("example_shop")]
#[case::a_path("1/../2")]
#[tokio::test]
async fn only_an_id_makes_an_address(#[case] id: &str) {
    let vendor = Vendor::start().await;
    let mut other = account(chrono_tz::UTC);
    other.external_id = id.to_owned();
    let error = vendor
        .fetch_of(&other, snapshot("profile", DATE, SINCE))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &["x: fetch: ", "digits only"]);
    assert_eq!(vendor.calls().await, 0);
}
