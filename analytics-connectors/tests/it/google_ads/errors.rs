//! The platform's errors, and answers that are none.

use analytics_connectors::{ErrorKind, Retry};
use analytics_core::model::Level;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{Vendor, daily, failure, rows, says, stream};

async fn met(response: ResponseTemplate) -> (analytics_connectors::Error, usize) {
    let vendor = Vendor::start().await;
    vendor.on(stream(), response).await;
    let request = daily(Level::Account, "2026-11-20", "2026-11-20");
    let error = vendor.fetch(request).await.unwrap_err();
    (error, vendor.queries().await.len())
}

const LIMITED: ErrorKind = ErrorKind::RateLimited { until: None };

#[rstest]
#[case::expired(
    401,
    "authenticationError",
    "OAUTH_TOKEN_EXPIRED",
    ErrorKind::AuthExpired,
    1
)]
#[case::revoked(
    401,
    "authenticationError",
    "OAUTH_TOKEN_REVOKED",
    ErrorKind::AuthExpired,
    1
)]
#[case::deleted(
    401,
    "authenticationError",
    "GOOGLE_ACCOUNT_DELETED",
    ErrorKind::AuthExpired,
    1
)]
#[case::no_user(401, "authenticationError", "NOT_ADS_USER", ErrorKind::AuthExpired, 1)]
#[case::two_steps(
    401,
    "authenticationError",
    "TWO_STEP_VERIFICATION_NOT_ENROLLED",
    ErrorKind::AuthExpired,
    1
)]
#[case::denied(
    403,
    "authorizationError",
    "USER_PERMISSION_DENIED",
    ErrorKind::PermissionDenied,
    1
)]
#[case::wrong_manager(
    403,
    "authorizationError",
    "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION",
    ErrorKind::PermissionDenied,
    1
)]
#[case::no_manager(
    400,
    "headerError",
    "INVALID_LOGIN_CUSTOMER_ID",
    ErrorKind::PermissionDenied,
    1
)]
#[case::not_enabled(
    403,
    "authorizationError",
    "CUSTOMER_NOT_ENABLED",
    ErrorKind::PermissionDenied,
    1
)]
#[case::suspended(
    403,
    "authorizationError",
    "ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT",
    ErrorKind::PermissionDenied,
    1
)]
#[case::not_found(
    404,
    "authenticationError",
    "CUSTOMER_NOT_FOUND",
    ErrorKind::PermissionDenied,
    1
)]
#[case::project(
    403,
    "authorizationError",
    "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
    ErrorKind::Unavailable,
    1
)]
#[case::developer_token(
    403,
    "authorizationError",
    "DEVELOPER_TOKEN_NOT_APPROVED",
    ErrorKind::Unavailable,
    1
)]
#[case::version(400, "requestError", "UNSUPPORTED_VERSION", ErrorKind::Unavailable, 1)]
#[case::fast(429, "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", LIMITED, 3)]
#[case::internal(500, "internalError", "INTERNAL_ERROR", ErrorKind::Transient, 3)]
#[case::passing(503, "internalError", "TRANSIENT_ERROR", ErrorKind::Transient, 3)]
#[case::page(400, "requestError", "EXPIRED_PAGE_TOKEN", ErrorKind::Transient, 3)]
#[case::too_much(504, "internalError", "DEADLINE_EXCEEDED", ErrorKind::TooMuchData, 1)]
#[case::manager(
    400,
    "queryError",
    "REQUESTED_METRICS_FOR_MANAGER",
    ErrorKind::InvalidRequest,
    1
)]
#[case::field(400, "queryError", "UNRECOGNIZED_FIELD", ErrorKind::InvalidRequest, 1)]
#[case::too_old(
    400,
    "dateRangeError",
    "REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED",
    ErrorKind::InvalidRequest,
    1
)]
#[case::yet_to_come(
    500,
    "internalError",
    "ERROR_CODE_NOT_PUBLISHED",
    ErrorKind::Transient,
    3
)]
#[tokio::test]
async fn each_error_means_what_is_to_be_done(
    #[case] status: u16,
    #[case] family: &str,
    #[case] name: &str,
    #[case] kind: ErrorKind,
    #[case] calls: usize,
) {
    let (error, made) = met(failure(status, family, name)).await;
    assert_eq!(error.kind, kind);
    assert_eq!(made, calls);
    says(
        &error,
        &[
            "google_ads: report (account): 2026-11-20",
            "What the platform says.",
            name,
            "req-1",
        ],
    );
}

#[tokio::test]
async fn the_days_quota_comes_back_with_the_next_day() {
    let (error, calls) = met(failure(429, "quotaError", "RESOURCE_EXHAUSTED")).await;
    let until = "2026-11-24T08:00:00Z".parse().unwrap();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    assert_eq!((error.retry, calls), (Retry::Never, 1));
}

#[tokio::test]
async fn a_wait_that_is_told_is_kept() {
    let body = json!([{ "error": { "code": 429, "status": "RESOURCE_EXHAUSTED", "details": [{
        "errors": [{
            "errorCode": { "quotaError": "RESOURCE_TEMPORARILY_EXHAUSTED" },
            "details": { "quotaErrorDetails": { "retryDelay": "90s" } },
        }],
    }] } }]);
    let (error, calls) = met(ResponseTemplate::new(429).set_body_json(body)).await;
    let until = "2026-11-23T12:01:30Z".parse().unwrap();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    assert_eq!(calls, 1);
}

#[rstest]
#[case::alone(401, json!({ "error": { "code": 401, "status": "UNAUTHENTICATED", "message": "No." } }), ErrorKind::AuthExpired)]
#[case::inside_a_good_answer(200, json!([{ "error": { "code": 403, "status": "PERMISSION_DENIED", "message": "No." } }]), ErrorKind::PermissionDenied)]
#[case::service_off(403, json!({ "error": { "code": 403, "status": "PERMISSION_DENIED", "message": "No.", "details": [{ "reason": "SERVICE_DISABLED" }] } }), ErrorKind::Unavailable)]
#[tokio::test]
async fn an_error_without_a_name_means_what_its_status_says(
    #[case] status: u16,
    #[case] body: Value,
    #[case] kind: ErrorKind,
) {
    let (error, _) = met(ResponseTemplate::new(status).set_body_json(body)).await;
    assert_eq!(error.kind, kind);
    says(&error, &["No."]);
}

#[rstest]
#[case::html(200, "<html><body>Sorry</body></html>", "is no valid JSON")]
#[case::truncated(200, r#"[{"results":[{"segments":{"da"#, "ends in the middle")]
#[case::an_object(200, r#"{"results":[]}"#, "is not what was expected")]
#[case::a_date_that_is_none(
    200,
    r#"[{"results":[{"segments":{"date":"2026-02-30"}}]}]"#,
    "results[0].segments.date"
)]
#[case::a_campaign_without_id(200, r#"[{"results":[{"campaign":{"name":"x"}}]}]"#, "campaign")]
#[tokio::test]
async fn an_answer_that_cannot_be_read_fails_the_slice_and_says_where(
    #[case] status: u16,
    #[case] body: &str,
    #[case] named: &str,
) {
    let response = ResponseTemplate::new(status).set_body_raw(body, "application/json");
    let (error, calls) = met(response).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::Decode, 1));
    says(&error, &["google_ads: report (account): ", named]);
}

#[tokio::test]
async fn a_passing_failure_is_tried_again() {
    let vendor = Vendor::start().await;
    let passing = failure(503, "internalError", "TRANSIENT_ERROR");
    vendor.once(stream(), passing).await;
    vendor.on(stream(), rows(json!([]))).await;
    let request = daily(Level::Account, "2026-11-20", "2026-11-20");
    vendor.fetch(request).await.unwrap();
    assert_eq!(vendor.queries().await.len(), 2);
}
