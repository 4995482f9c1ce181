//! Every row of the vendor's error table.

use analytics_connectors::{Error, ErrorKind};
use chrono::Duration;
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{INSIGHTS, PAGE_PATH, PAGE_PROOF, PAGE_TOKEN, bare, bare_with, insights, vendor};
use crate::graph::{
    APP_SECRET, USER_PROOF, USER_TOKEN, assert_hides, assert_says, common_errors, failure, get,
    now, ok,
};

/// The error of a day when every question about figures is answered with `response`, and how often
/// it was asked.
async fn error_of(response: ResponseTemplate) -> (Error, usize) {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), response).await;
    let error = insights(&vendor, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    let calls = vendor.asked(INSIGHTS).await.len();
    (error, calls)
}

/// The same when the page's token is asked for with `response`: what it says is about the user.
async fn error_of_the_user(response: ResponseTemplate) -> (Error, usize) {
    let vendor = bare().await;
    vendor.on(get(PAGE_PATH), response).await;
    let error = insights(&vendor, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    let calls = vendor.requests().await.len();
    (error, calls)
}

common_errors!(
    super::error_of,
    super::error_of_the_user,
    "facebook_page: page insights: 2026-10-05..2026-10-05: "
);

fn assert_names(error: &Error, code: i64) {
    assert_says(
        error,
        &[
            "facebook_page: page insights: 2026-10-05..2026-10-05: ",
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

#[rstest]
#[case::impersonating(
    190,
    None,
    "Any of the pages_read_engagement permission(s) must be granted before impersonating a user's page."
)]
#[case::no_role(190, Some(492), "Error validating access token")]
#[tokio::test]
async fn a_lost_role_concerns_this_page_only(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let (error, calls) = error_of(failure(403, code, subcode, message)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::PermissionDenied, 1));
    assert_names(&error, code);
}

#[tokio::test]
async fn a_rate_limit_waits_as_long_as_the_pages_budget_says_and_no_call_is_made_meanwhile() {
    let usage = r#"{"1000200030004":[{"type":"pages","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":47}]}"#;
    let vendor = vendor().await;
    let limited = failure(400, 80_001, None, "There have been too many calls")
        .insert_header("x-business-use-case-usage", usage);
    vendor.on(get(INSIGHTS), limited).await;
    let until = Some(now() + Duration::minutes(47));
    for _ in 0..2 {
        let error = insights(&vendor, "2026-10-05", "2026-10-05")
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::RateLimited { until });
    }
    assert_eq!(vendor.asked(INSIGHTS).await.len(), 1);
}

#[tokio::test]
async fn a_page_whose_hourly_budget_is_used_up_is_not_asked_for_a_while() {
    let vendor = vendor().await;
    let usage = r#"{"call_count":99,"total_cputime":3,"total_time":4}"#;
    let last = ok(json!({ "data": [] })).insert_header("x-page-usage", usage);
    vendor.on(get(INSIGHTS), last).await;
    let until = Some(now() + Duration::minutes(1));
    let error = insights(&vendor, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { until });
    assert_eq!(vendor.asked(INSIGHTS).await.len(), 1);
}

#[rstest]
#[case::in_words(
    500,
    1,
    None,
    "Please reduce the amount of data you're asking for, then retry"
)]
#[case::in_words_as_code_500(500, 500, None, "Please reduce the amount of data you're asking for")]
#[case::in_words_as_code_2(500, 2, None, "Please reduce the amount of data you're asking for")]
#[case::by_subcode(500, 1, Some(99), "An unknown error occurred")]
#[case::too_long_a_range(
    400,
    100,
    None,
    "(#100) There cannot be more than 90 days (7776000 s) between since and until"
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
#[case::wrong_proof(100, None, "Invalid appsecret_proof provided in the API argument")]
#[case::signature(104, None, "Incorrect signature")]
#[case::unknown_app(101, None, "Missing client_id parameter.")]
#[case::ended_version(2_635, None, "You are calling a deprecated version of the API")]
#[tokio::test]
async fn what_is_wrong_with_the_app_is_for_the_operator(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let (error, calls) = error_of(failure(400, code, subcode, message)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::Unavailable, 1));
    assert_names(&error, code);
    let variable = match code {
        101 => "ANALYTICS_META_CLIENT_ID",
        2_635 => "ANALYTICS_FACEBOOK_PAGE_API_VERSION",
        _ => "ANALYTICS_META_CLIENT_SECRET",
    };
    assert_says(&error, &[variable]);
}

#[rstest]
#[case::other_parameter(100, None)]
#[case::path(2_500, None)]
#[case::no_such_object(803, None)]
#[case::no_metric(3_001, Some(1_504_028))]
#[case::nobody_knows(987_654, None)]
#[tokio::test]
async fn a_wrong_question_is_not_repeated_and_keeps_its_trace(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
) {
    let (error, calls) = error_of(failure(400, code, subcode, "Invalid parameter")).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::InvalidRequest, 1));
    assert_names(&error, code);
    assert_says(&error, &["Invalid parameter", "AbCdEfGhIjK"]);
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_transient_and_its_address_has_no_query() {
    let vendor = bare_with(|config| {
        config.graph.base_url = "http://127.0.0.1:9".parse().unwrap();
    })
    .await;
    let error = insights(&vendor, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    assert_hides(&error, &["appsecret_proof", "fields=", USER_TOKEN]);
}

#[tokio::test]
async fn no_error_says_a_secret_even_if_the_vendor_repeats_it() {
    let message = format!(
        "Malformed access token {PAGE_TOKEN} of {USER_TOKEN} in https://graph.facebook.com/v26.0/me\
         ?access_token={PAGE_TOKEN}&appsecret_proof={PAGE_PROOF} with proof {USER_PROOF}, \
         client_secret={APP_SECRET}"
    );
    let secrets = [PAGE_TOKEN, USER_TOKEN, PAGE_PROOF, USER_PROOF, APP_SECRET];
    for response in [
        failure(400, 190, None, &message),
        failure(400, 10, None, &message),
        failure(400, 100, None, &message),
        ResponseTemplate::new(500).set_body_string(message.clone()),
        ok(json!({ "data": message })),
    ] {
        let (error, _) = error_of(response.clone()).await;
        assert_hides(&error, &secrets);
        let (error, _) = error_of_the_user(response).await;
        assert_hides(&error, &secrets);
    }
}
