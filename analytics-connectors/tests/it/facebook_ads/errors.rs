//! Every row of the vendor's error table.

use analytics_connectors::{ErrorKind, Retry, oauth::TokenSource};
use analytics_core::model::Level;
use rstest::rstest;
use secrecy::SecretString;
use wiremock::ResponseTemplate;

use super::{
    APP_SECRET, ATTEMPTS, INSIGHTS, TOKEN, Vendor, answer, common_errors, daily, failure, get, post,
};

/// The error of a day at account level, when everything is answered with `response`.
async fn error_of(response: ResponseTemplate) -> (analytics_connectors::Error, usize) {
    let vendor = Vendor::start().await;
    vendor.on(get(INSIGHTS), response.clone()).await;
    vendor.on(post(INSIGHTS), response).await;
    let error = vendor
        .daily(Level::Account, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    (error, vendor.requests().await.len())
}

common_errors!(super::error_of, super::error_of, "facebook_ads: ");

fn assert_says(error: &analytics_connectors::Error, code: i64) {
    let message = error.to_string();
    assert!(
        message.contains("facebook_ads") && message.contains(&format!("code {code}")),
        "{message}"
    );
}

#[rstest]
#[case::sync_timeout(400, 100, Some(1_504_018), "timeout")]
#[case::sync_timeout_as_code_2(500, 2, Some(1_504_038), "timeout")]
#[case::too_much_1487534(400, 100, Some(1_487_534), "too much")]
#[case::too_much_1504045(400, -3, Some(1_504_045), "too much")]
#[case::code_1_subcode_99(500, 1, Some(99), "An unknown error occurred")]
#[case::unknown_error(500, 1, None, "An unknown error occurred")]
#[case::reduce(
    400,
    1,
    None,
    "Please reduce the amount of data you're asking for, then retry your request"
)]
#[tokio::test]
async fn too_much_data_is_asked_in_smaller_ways_before_it_is_an_error(
    #[case] status: u16,
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let (error, calls) = error_of(failure(status, code, subcode, message)).await;
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    assert_says(&error, code);
    // Pages of 500, 250, 125 and 100 rows, then a report run.
    assert_eq!(calls, 5);
}

#[rstest]
#[case::insights_global(4, Some(1_504_022))]
#[case::insights_global_too(4, Some(1_504_039))]
#[case::app(4, None)]
#[case::user(17, None)]
#[case::user_with_subcode(17, Some(2_446_079))]
#[case::page(32, None)]
#[case::feature(341, None)]
#[case::calls(613, None)]
#[case::calls_from_this_account(613, Some(1_487_742))]
#[case::calls_5044001(613, Some(5_044_001))]
#[case::calls_1996(613, Some(1_996))]
#[case::ads_insights(80_000, None)]
#[case::custom_audience(80_003, None)]
#[case::ads_management(80_004, None)]
#[case::ads_management_with_subcode(80_004, Some(2_446_079))]
#[case::catalogue(80_014, None)]
#[tokio::test]
async fn a_rate_limit_is_not_hammered_and_leaves_the_wait_to_the_caller(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
) {
    let (error, calls) = error_of(failure(400, code, subcode, "User request limit reached")).await;
    assert_eq!(error.kind, ErrorKind::RateLimited { until: None });
    assert_eq!((error.retry, calls), (Retry::Never, 1));
    assert_says(&error, code);
}

#[rstest]
#[case::invalid_breakdown(2, Some(1_504_041))]
#[case::invalid_custom_metric(2, Some(1_504_042))]
#[case::field_combination(100, Some(3_191_001))]
#[case::start_too_old(3_018, None)]
#[case::other_parameter(100, None)]
#[case::other_parameter_with_subcode(100, Some(1_815_001))]
#[case::nobody_knows(987_654, None)]
#[tokio::test]
async fn a_wrong_question_is_not_repeated(#[case] code: i64, #[case] subcode: Option<i64>) {
    // The status says 500, the body knows better.
    let status = if code == 987_654 { 400 } else { 500 };
    let (error, calls) = error_of(failure(status, code, subcode, "Invalid parameter")).await;
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert_eq!(calls, 1);
    assert_says(&error, code);
    assert!(error.to_string().contains("Invalid parameter"), "{error}");
}

#[rstest]
#[case::pair_1504043(2, Some(1_504_043))]
#[case::pair_1504044(2, Some(1_504_044))]
#[case::code_1(1, None)]
#[case::code_2(2, None)]
#[case::code_104(104, None)]
#[case::batch_timeout(960, None)]
#[case::report_not_ready(2_601, Some(1_815_107))]
#[case::report_not_ready_without_subcode(2_601, None)]
#[tokio::test]
async fn what_passes_by_itself_is_tried_again_so_many_times(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
) {
    let (error, calls) = error_of(failure(400, code, subcode, "Service temporarily down")).await;
    assert_eq!(error.kind, ErrorKind::Transient);
    assert_eq!(calls, ATTEMPTS);
    assert_says(&error, code);
}

#[tokio::test]
async fn an_ended_version_is_for_the_operator() {
    let (error, _) = error_of(failure(400, 2_635, None, "Deprecated version")).await;
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(
        error
            .to_string()
            .contains("ANALYTICS_FACEBOOK_ADS_API_VERSION"),
        "{error}"
    );
}

#[tokio::test]
async fn no_error_says_a_secret_even_if_the_vendor_repeats_it() {
    let message = format!(
        "Malformed access token {TOKEN} in https://graph.facebook.com/v26.0/me?access_token={TOKEN}\
         &appsecret_proof=abc with secret {APP_SECRET}"
    );
    for response in [
        failure(400, 190, None, &message),
        failure(400, 100, None, &message),
        ResponseTemplate::new(500).set_body_string(message),
    ] {
        let (error, _) = error_of(response).await;
        let shown = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
        for secret in [TOKEN, "appsecret_proof=abc", "access_token=EAA"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_transient_and_its_address_has_no_query() {
    let vendor = Vendor::with(|config| {
        config.graph.base_url = "http://127.0.0.1:9".parse().unwrap();
    })
    .await;
    let error = vendor
        .daily(Level::Account, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("appsecret_proof"), "{shown}");
    assert!(!shown.contains("time_range"), "{shown}");
}

/// Gives `EAAold` until it is told that it was refused.
struct Renewing(std::sync::Mutex<&'static str>);

#[async_trait::async_trait]
impl analytics_connectors::oauth::TokenRenewer for Renewing {
    async fn token(&self) -> analytics_connectors::Result<SecretString> {
        Ok(SecretString::from(*self.0.lock().unwrap()))
    }

    async fn refused(&self, token: &SecretString) -> analytics_connectors::Result<()> {
        use secrecy::ExposeSecret;
        assert_eq!(token.expose_secret(), "EAAold");
        *self.0.lock().unwrap() = "EAAnew";
        Ok(())
    }
}

#[tokio::test]
async fn a_refused_token_is_reported_and_the_call_made_again_with_the_new_one() {
    let vendor = Vendor::start().await;
    let with = |token: &str| {
        get(INSIGHTS).and(wiremock::matchers::header(
            "authorization",
            format!("Bearer {token}"),
        ))
    };
    vendor
        .on(
            with("EAAold"),
            failure(400, 190, Some(463), "Session has expired"),
        )
        .await;
    vendor.on(with("EAAnew"), answer("insights_empty")).await;
    let tokens = TokenSource::new(Renewing(std::sync::Mutex::new("EAAold")));
    let batches = vendor
        .fetch_as(daily(Level::Account, "2026-10-05", "2026-10-05"), tokens)
        .await;
    assert!(batches.is_ok(), "{batches:?}");
    assert_eq!(vendor.requests().await.len(), 2);
}
