//! The platform's codes, by name or by number.

use analytics_connectors::{Error, ErrorKind};
use chrono::TimeDelta;
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{STATS, Vendor, failure, get, now, ok, says, stats, two_days};

async fn met(response: ResponseTemplate) -> (Error, usize) {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor.on(get(STATS), response).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    (error, vendor.asked(STATS).await.len())
}

#[rstest]
#[case::refused(401, "UNAUTHORIZED_ACCESS", ErrorKind::AuthExpired, 1)]
#[case::unsigned(401, "32", ErrorKind::AuthExpired, 1)]
#[case::revoked(401, "89", ErrorKind::AuthExpired, 1)]
#[case::malformed(400, "215", ErrorKind::AuthExpired, 1)]
#[case::not_admitted(403, "UNAUTHORIZED_CLIENT_APPLICATION", ErrorKind::Unavailable, 1)]
#[case::read_only(403, "READONLY_CLIENT_APPLICATION", ErrorKind::Unavailable, 1)]
#[case::too_old(
    403,
    "INSUFFICIENT_USER_AUTHORIZED_PERMISSION",
    ErrorKind::PermissionDenied,
    1
)]
#[case::no_role(403, "ACCOUNT_NOT_FOUND", ErrorKind::PermissionDenied, 1)]
#[case::no_user(403, "USER_NOT_FOUND", ErrorKind::PermissionDenied, 1)]
#[case::not_allowed(403, "ACTION_NOT_ALLOWED", ErrorKind::PermissionDenied, 1)]
#[case::no_money(
    403,
    "FUNDING_INSTRUMENT_ACCESS_NOT_ALLOWED",
    ErrorKind::PermissionDenied,
    1
)]
#[case::level(403, "INVALID_ACCOUNT_SERVICE_LEVEL", ErrorKind::PermissionDenied, 1)]
#[case::locked(403, "ACCOUNT_LOCKED_OUT", ErrorKind::PermissionDenied, 1)]
#[case::suspended(403, "CURRENT_USER_SUSPENDED", ErrorKind::PermissionDenied, 1)]
#[case::cancelled(408, "CANCELLED_REQUEST", ErrorKind::Transient, 3)]
#[case::lock(423, "LOCK_ACQUISITION_TIMEOUT", ErrorKind::Transient, 3)]
#[case::internal(500, "INTERNAL_ERROR", ErrorKind::Transient, 3)]
#[case::unavailable(503, "SERVICE_UNAVAILABLE", ErrorKind::Transient, 1)]
#[case::capacity(503, "OVER_CAPACITY", ErrorKind::Transient, 1)]
#[case::route(404, "ROUTE_NOT_FOUND", ErrorKind::Unavailable, 1)]
#[case::parameter(400, "INVALID_PARAMETER", ErrorKind::InvalidRequest, 1)]
#[case::missing(400, "MISSING_PARAMETER", ErrorKind::InvalidRequest, 1)]
#[case::exclusive(400, "EXCLUSIVE_PARAMETERS", ErrorKind::InvalidRequest, 1)]
#[case::inclusive(400, "INCLUSIVE_PARAMETERS", ErrorKind::InvalidRequest, 1)]
#[case::method(405, "METHOD_NOT_ALLOWED", ErrorKind::InvalidRequest, 1)]
#[case::yet_to_come(400, "SOMETHING_NEW", ErrorKind::InvalidRequest, 1)]
#[case::yet_to_come_of_servers(502, "SOMETHING_NEW", ErrorKind::Transient, 3)]
#[case::yet_to_come_of_rights(403, "SOMETHING_NEW", ErrorKind::PermissionDenied, 1)]
#[tokio::test]
async fn each_code_means_what_is_to_be_done(
    #[case] status: u16,
    #[case] code: &str,
    #[case] kind: ErrorKind,
    #[case] tries: usize,
) {
    let (error, tried) = met(failure(status, code)).await;
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(tried, tries, "{error}");
    says(&error, &["x_ads", "figures", code, "What the vendor says."]);
}

#[tokio::test]
async fn a_number_for_a_code_is_read_like_its_text() {
    let body = json!({ "errors": [{ "code": 89, "message": "Invalid or expired token." }] });
    let (error, _) = met(ResponseTemplate::new(401).set_body_json(body)).await;
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    says(&error, &["89", "taken back"]);
}

#[rstest]
#[case::of_the_user("x-rate-limit-reset", "x-rate-limit-limit")]
#[case::of_the_account("x-account-rate-limit-reset", "x-account-rate-limit-limit")]
#[tokio::test]
async fn a_limit_lasts_until_its_reset(#[case] reset: &str, #[case] limit: &str) {
    let until = now() + TimeDelta::minutes(9);
    let answer = failure(429, "TOO_MANY_REQUESTS")
        .insert_header(reset, until.timestamp().to_string().as_str())
        .insert_header(limit, "250");
    let (error, tried) = met(answer).await;
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    assert_eq!(tried, 1);
}

#[tokio::test]
async fn the_accounts_limit_goes_before_the_users() {
    let until = now() + TimeDelta::minutes(2);
    let later = now() + TimeDelta::minutes(15);
    let answer = failure(429, "TOO_MANY_REQUESTS")
        .insert_header("x-rate-limit-reset", later.timestamp().to_string().as_str())
        .insert_header(
            "x-account-rate-limit-reset",
            until.timestamp().to_string().as_str(),
        );
    let (error, _) = met(answer).await;
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
}

#[rstest]
#[case::by_name(failure(429, "TOO_MANY_REQUESTS"))]
#[case::by_number(failure(429, "88"))]
#[case::of_a_page(ResponseTemplate::new(429).set_body_raw("<html>Slow down</html>", "text/html"))]
#[case::of_nothing(ResponseTemplate::new(429))]
#[tokio::test]
async fn a_limit_without_a_reset_lasts_a_minute(#[case] answer: ResponseTemplate) {
    let (error, tried) = met(answer).await;
    let until = now() + TimeDelta::minutes(1);
    assert_eq!(
        error.kind,
        ErrorKind::RateLimited { until: Some(until) },
        "{error}"
    );
    assert_eq!(tried, 1);
}

#[tokio::test]
async fn a_busy_server_that_does_not_say_how_long_is_left_alone() {
    let page = ResponseTemplate::new(503).set_body_raw("<html>Busy</html>", "text/html");
    let (error, tried) = met(page).await;
    assert_eq!((error.kind, tried), (ErrorKind::Transient, 1));
}

#[tokio::test]
async fn a_503_that_says_how_long_is_waited_out() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let busy = failure(503, "SERVICE_UNAVAILABLE").insert_header("retry-after", "1");
    vendor.once(get(STATS), busy).await;
    vendor.on(get(STATS), ok(stats(2, json!([])))).await;
    let begin = std::time::Instant::now();
    vendor.fetch(two_days()).await.unwrap();
    assert!(begin.elapsed() >= std::time::Duration::from_secs(1));
}
