//! The vendor's codes, with a status or inside a 200, and answers that are none.

use analytics_connectors::{Error, ErrorKind, Retry};
use chrono::TimeDelta;
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{DISPLAY, SEARCH, Vendor, failure, now, ok, refusal, reports, says, two_days};

/// The error of a fetch whose order is answered so, and how often it was tried.
async fn met(platform: &str, response: ResponseTemplate) -> (Error, usize) {
    let vendor = Vendor::start(platform).await;
    vendor.on(reports("add"), response).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    (error, vendor.calls("add").await.len())
}

#[rstest]
#[case::token_missing(401, "0110", ErrorKind::AuthExpired, 1)]
#[case::token_refused(401, "0111", ErrorKind::AuthExpired, 1)]
#[case::scope(400, "0114", ErrorKind::AuthExpired, 1)]
#[case::account_gone(401, "0112", ErrorKind::PermissionDenied, 1)]
#[case::account_off(401, "0113", ErrorKind::PermissionDenied, 1)]
#[case::base_account(401, "0117", ErrorKind::PermissionDenied, 1)]
#[case::base_account_unfound(404, "0117", ErrorKind::PermissionDenied, 1)]
#[case::denied(403, "0098", ErrorKind::PermissionDenied, 1)]
#[case::internal(500, "0002", ErrorKind::Transient, 1)]
#[case::maintenance(503, "0099", ErrorKind::Transient, 1)]
#[case::busy(200, "130000", ErrorKind::Transient, 1)]
#[case::version(404, "0004", ErrorKind::Unavailable, 1)]
#[case::invalid(200, "0001", ErrorKind::InvalidRequest, 1)]
#[case::bad(400, "0005", ErrorKind::InvalidRequest, 1)]
#[case::format(200, "F0001", ErrorKind::InvalidRequest, 1)]
#[case::required(200, "R0001", ErrorKind::InvalidRequest, 1)]
#[case::value(200, "V0001", ErrorKind::InvalidRequest, 1)]
#[case::list(200, "L0001", ErrorKind::InvalidRequest, 1)]
#[case::list_of_orders(200, "L0002", ErrorKind::InvalidRequest, 1)]
#[case::state(200, "S0001", ErrorKind::InvalidRequest, 1)]
#[case::inactive(200, "I0001", ErrorKind::InvalidRequest, 1)]
#[case::duplicate(200, "D0001", ErrorKind::InvalidRequest, 1)]
#[case::url(200, "U0002", ErrorKind::InvalidRequest, 1)]
#[case::backwards(200, "RL001", ErrorKind::InvalidRequest, 1)]
#[case::yet_to_come(200, "X9999", ErrorKind::InvalidRequest, 1)]
#[case::yet_to_come_of_servers(502, "X9999", ErrorKind::Transient, 1)]
#[case::yet_to_come_of_rights(403, "X9999", ErrorKind::PermissionDenied, 1)]
#[tokio::test]
async fn each_code_means_what_is_to_be_done(
    #[case] status: u16,
    #[case] code: &str,
    #[case] kind: ErrorKind,
    #[case] tries: usize,
    #[values(SEARCH, DISPLAY)] platform: &str,
) {
    let (error, tried) = met(platform, failure(status, code)).await;
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(tried, tries, "{error}");
    says(
        &error,
        &[
            platform,
            "report (campaign)",
            code,
            "What the vendor says.",
            "rid-1",
        ],
    );
}

#[tokio::test]
async fn too_much_at_a_time_is_tried_again_then_asked_for_in_halves_down_to_a_day() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(reports("add"), failure(200, "130001")).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    says(&error, &["130001", "2026-11-22..2026-11-22"]);
    let calls = vendor.calls("add").await;
    let orders = calls
        .iter()
        .map(|call| call["operand"].as_array().unwrap().len());
    assert_eq!(orders.collect::<Vec<_>>(), [1, 1, 1, 2, 2, 2]);
}

#[tokio::test]
async fn an_order_whose_answer_got_lost_is_not_made_twice() {
    let page = raw(502, "<html>Bad gateway</html>", "text/html");
    let (error, tried) = met(SEARCH, page).await;
    assert_eq!((error.kind, tried), (ErrorKind::Transient, 1));
    let cut = raw(200, "", "application/json");
    let (_, tried) = met(SEARCH, cut).await;
    assert_eq!(tried, 1);
    let vendor = Vendor::start(DISPLAY).await;
    vendor.on(reports("add"), super::added(&[1])).await;
    let page = raw(502, "<html>Bad gateway</html>", "text/html");
    vendor.on(reports("get"), page).await;
    vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(vendor.calls("get").await.len(), 3, "looks may be repeated");
}

#[rstest]
#[case::filter(SEARCH, "240003")]
#[case::dates(SEARCH, "240004")]
#[case::columns(DISPLAY, "250002")]
#[case::a_filter(DISPLAY, "250005")]
#[case::own_dates(DISPLAY, "250004")]
#[case::template(DISPLAY, "250001")]
#[case::timing(DISPLAY, "250003")]
#[case::others(DISPLAY, "250008")]
#[case::id(DISPLAY, "110005")]
#[case::unset(DISPLAY, "120020")]
#[tokio::test]
async fn codes_of_one_product_inside_a_200_fail_its_order(
    #[case] platform: &str,
    #[case] code: &str,
) {
    let answer = ok(json!({ "values": [refusal(code)] }));
    let (error, _) = met(platform, answer).await;
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &[platform, code]);
    let vague = error.to_string().contains("does not say more");
    assert!(!vague, "every known code has its advice: {error}");
}

#[tokio::test]
async fn a_limit_of_rate_is_a_403_and_waits_half_a_minute_at_least() {
    let (error, tried) = met(SEARCH, failure(403, "0003")).await;
    let ErrorKind::RateLimited { until: Some(until) } = error.kind else {
        panic!("{error}");
    };
    assert!(until >= now() + TimeDelta::seconds(30), "{until}");
    assert_eq!(tried, 1, "nobody is asked while waiting");
    says(&error, &["0003", "wait"]);
}

#[tokio::test]
async fn a_limit_of_rate_holds_back_every_account() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(reports("add"), failure(403, "0003")).await;
    vendor.fetch(two_days()).await.unwrap_err();
    let mut other = super::account(json!({}));
    other.external_id = "900000777".to_owned();
    let error = vendor.fetch_of(&other, two_days()).await.unwrap_err();
    assert!(matches!(
        error.kind,
        ErrorKind::RateLimited { until: Some(_) }
    ));
    assert_eq!(vendor.calls("add").await.len(), 1, "the limit is the app's");
}

#[tokio::test]
async fn maintenance_is_not_tried_again_at_once() {
    let (error, _) = met(DISPLAY, failure(503, "0099")).await;
    assert_eq!(error.retry, Retry::Never);
    says(&error, &["out of service"]);
}

#[tokio::test]
async fn an_ended_version_names_the_setting() {
    let (error, _) = met(DISPLAY, failure(404, "0004")).await;
    says(&error, &["ANALYTICS_YAHOO_DISPLAY_ADS_API_VERSION"]);
}

fn raw(status: u16, body: &str, kind: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, kind)
}

#[rstest]
#[case::a_page(200, "<html>Sorry</html>", ErrorKind::Decode)]
#[case::cut_off(200, r#"{"rid":"r","rval":{"values":[{"opera"#, ErrorKind::Decode)]
#[case::nothing(200, "", ErrorKind::Decode)]
#[case::a_list(200, "[]", ErrorKind::Decode)]
#[case::null(200, r#"{"rval":null,"errors":null}"#, ErrorKind::Decode)]
#[case::no_errors_in_the_list(200, r#"{"rval":null,"errors":[]}"#, ErrorKind::Decode)]
#[case::an_id_as_text(
    200,
    r#"{"rval":{"values":[{"reportDefinition":{"reportJobId":"7x"}}]}}"#,
    ErrorKind::Decode
)]
#[case::no_job(
    200,
    r#"{"rval":{"values":[{"operationSucceeded":true}]}}"#,
    ErrorKind::Decode
)]
#[case::a_page_of_a_proxy(502, "<html>Bad gateway</html>", ErrorKind::Transient)]
#[case::a_silent_refusal(403, "", ErrorKind::PermissionDenied)]
#[case::an_error_without_a_code(200, r#"{"errors":[{"message":"?"}]}"#, ErrorKind::InvalidRequest)]
#[case::an_error_with_nulls(
    200,
    r#"{"errors":[{"code":null,"message":null,"details":null}],"rid":null}"#,
    ErrorKind::InvalidRequest
)]
#[tokio::test]
async fn answers_that_are_none_are_told_as_such(
    #[case] status: u16,
    #[case] body: &str,
    #[case] kind: ErrorKind,
) {
    let (error, _) = met(SEARCH, raw(status, body, "application/json")).await;
    assert_eq!(error.kind, kind, "{error}");
    says(&error, &[SEARCH, "report (campaign)"]);
}
