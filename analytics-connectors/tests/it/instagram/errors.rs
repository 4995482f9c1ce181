//! Every row of the vendor's error table.

use analytics_connectors::{Error, ErrorKind};
use chrono::Duration;
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{INSIGHTS, insights, vendor, vendor_with};
use crate::graph::{
    APP_SECRET, USER_PROOF, USER_TOKEN, assert_hides, assert_says, common_errors, failure, get,
    now, ok,
};

/// The error of a day when every question about it is answered with `response`, and how often it
/// was asked.
async fn error_of(response: ResponseTemplate) -> (Error, usize) {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), response).await;
    let error = insights(&vendor, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    (error, vendor.requests().await.len())
}

common_errors!(
    super::error_of,
    super::error_of,
    "instagram: profile insights: 2026-10-05..2026-10-05: "
);

fn assert_names(error: &Error, code: i64) {
    assert_says(
        error,
        &[
            "instagram: profile insights: 2026-10-05..2026-10-05: ",
            &format!("code {code}"),
        ],
    );
}

#[rstest]
#[case::needs_a_page_token(
    190,
    None,
    "(#190) This method must be called with a Page Access Token"
)]
#[case::needs_one_by_subcode(190, Some(2_069_032), "A page access token is required")]
#[tokio::test]
async fn a_token_of_the_wrong_kind_is_no_dead_grant(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let (error, calls) = error_of(failure(400, code, subcode, message)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::InvalidRequest, 1));
    assert_names(&error, code);
}

#[tokio::test]
async fn a_rate_limit_waits_as_long_as_the_profiles_budget_says_and_no_call_is_made_meanwhile() {
    let usage = r#"{"17840000000000001":[{"type":"instagram","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":47}]}"#;
    let vendor = vendor().await;
    let limited = failure(400, 80_002, None, "There have been too many calls")
        .insert_header("x-business-use-case-usage", usage);
    vendor.on(get(INSIGHTS), limited).await;
    let until = Some(now() + Duration::minutes(47));
    for _ in 0..2 {
        let error = insights(&vendor, "2026-10-05", "2026-10-05")
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::RateLimited { until });
    }
    assert_eq!(vendor.requests().await.len(), 1);
}

#[rstest]
#[case::in_words(
    500,
    1,
    None,
    "Please reduce the amount of data you're asking for, then retry"
)]
#[case::in_words_as_code_500(500, 500, None, "Please reduce the amount of data you're asking for")]
#[case::too_long_a_range(
    400,
    100,
    None,
    "(#100) There cannot be more than 30 days (2592000 s) between since and until"
)]
#[tokio::test]
async fn what_is_too_much_asks_for_less_and_is_not_repeated(
    #[case] status: u16,
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let (error, calls) = error_of(failure(status, code, subcode, message)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::TooMuchData, 1));
    assert_names(&error, code);
}

#[rstest]
#[case::wrong_proof(
    100,
    "Invalid appsecret_proof provided in the API argument",
    "ANALYTICS_META_CLIENT_SECRET"
)]
#[case::unknown_app(101, "Missing client_id parameter.", "ANALYTICS_META_CLIENT_ID")]
#[case::ended_version(
    2_635,
    "You are calling a deprecated version of the API",
    "ANALYTICS_INSTAGRAM_API_VERSION"
)]
#[tokio::test]
async fn what_is_wrong_with_the_app_is_for_the_operator(
    #[case] code: i64,
    #[case] message: &str,
    #[case] variable: &str,
) {
    let (error, calls) = error_of(failure(400, code, None, message)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::Unavailable, 1));
    assert_names(&error, code);
    assert_says(&error, &[variable]);
}

#[rstest]
#[case::other_parameter(100, None, "Invalid parameter")]
#[case::metric_type(
    100,
    None,
    "(#100) The following metrics (views) should be specified with parameter metric_type=total_value"
)]
#[case::incompatible(100, None, "(#100) Incompatible metrics and breakdown")]
#[case::path(2_500, None, "Unknown path components")]
#[case::no_such_object(803, None, "Some of the aliases you requested do not exist")]
#[case::no_metric(3_001, Some(1_504_028), "No metric was specified to be fetched")]
#[case::nobody_knows(987_654, None, "Something new")]
#[tokio::test]
async fn a_wrong_question_is_not_repeated_and_keeps_its_words_and_trace(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let (error, calls) = error_of(failure(400, code, subcode, message)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::InvalidRequest, 1));
    assert_names(&error, code);
    assert_says(&error, &[message, "AbCdEfGhIjK"]);
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_transient_and_its_address_has_no_query() {
    let vendor = vendor_with(|config| {
        config.graph.base_url = "http://127.0.0.1:9".parse().unwrap();
    })
    .await;
    let error = insights(&vendor, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    assert_hides(&error, &["appsecret_proof", "metric=", USER_TOKEN]);
}

#[tokio::test]
async fn no_error_says_a_secret_even_if_the_vendor_repeats_it() {
    let message = format!(
        "Malformed access token {USER_TOKEN} in https://graph.facebook.com/v26.0/me\
         ?access_token={USER_TOKEN}&appsecret_proof={USER_PROOF} with proof {USER_PROOF}, \
         client_secret={APP_SECRET}"
    );
    for response in [
        failure(400, 190, None, &message),
        failure(400, 10, None, &message),
        failure(400, 100, None, &message),
        ResponseTemplate::new(500).set_body_string(message.clone()),
        ok(json!({ "data": message })),
    ] {
        let (error, _) = error_of(response).await;
        assert_hides(&error, &[USER_TOKEN, USER_PROOF, APP_SECRET]);
    }
}
