//! The platform's refusals, in all their shapes.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use analytics_connectors::{
    Error, ErrorKind, Retry,
    oauth::{TokenRenewer, TokenSource},
};
use async_trait::async_trait;
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use wiremock::{ResponseTemplate, matchers::header};

use super::{
    DATE, SINCE, TOKEN, USER_PATH, Vendor, at, facts, get, ok, problem, profile, says, snapshot,
};

async fn met_at(now: &str, answer: ResponseTemplate) -> (Error, usize) {
    let vendor = Vendor::start().await;
    vendor.clock.set(at(now));
    vendor.on(get(USER_PATH), answer).await;
    let request = snapshot("profile", DATE, SINCE);
    let error = vendor.fetch(request).await.unwrap_err();
    (error, vendor.calls().await)
}

async fn met(answer: ResponseTemplate) -> (Error, usize) {
    met_at("2026-11-23T12:00:00Z", answer).await
}

fn refused(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

fn numbered(status: u16, code: u32) -> ResponseTemplate {
    refused(
        status,
        json!({ "errors": [{ "code": code, "message": "What the platform says." }] }),
    )
}

fn html(status: u16) -> ResponseTemplate {
    let page = "<html><body>What the edge says</body></html>";
    ResponseTemplate::new(status).set_body_raw(page, "text/html")
}

/// The kinds that a table can hold.
#[derive(Debug, Clone, Copy)]
enum Kind {
    AuthExpired,
    PermissionDenied,
    Unavailable,
    InvalidRequest,
    Transient,
}

impl Kind {
    fn is(self, error: &Error) {
        let expected = match self {
            Self::AuthExpired => ErrorKind::AuthExpired,
            Self::PermissionDenied => ErrorKind::PermissionDenied,
            Self::Unavailable => ErrorKind::Unavailable,
            Self::InvalidRequest => ErrorKind::InvalidRequest,
            Self::Transient => ErrorKind::Transient,
        };
        assert_eq!(error.kind, expected, "{error}");
    }
}

use Kind::{AuthExpired, InvalidRequest, PermissionDenied, Transient, Unavailable};

#[rstest]
#[case::login(403, "unsupported-authentication", PermissionDenied, 1, "link again")]
#[case::scope(403, "oauth1-permissions", PermissionDenied, 1, "link again")]
#[case::plan(403, "client-forbidden", Unavailable, 1, "developer console")]
#[case::not_shown(403, "not-authorized-for-resource", PermissionDenied, 1, "suspended")]
#[case::new(403, "never-heard-of", PermissionDenied, 1, "suspended")]
#[case::no_credits(402, "credits", Unavailable, 1, "no credits left")]
#[case::none_left(402, "credits-depleted", Unavailable, 1, "no credits left")]
#[case::new_bill(402, "never-heard-of", Unavailable, 1, "no credits left")]
#[case::parameter(400, "invalid-request", InvalidRequest, 1, "refused")]
#[case::new_question(400, "never-heard-of", InvalidRequest, 1, "refused")]
#[case::gone(404, "resource-not-found", PermissionDenied, 1, "gone")]
#[case::nowhere(404, "never-heard-of", PermissionDenied, 1, "gone")]
#[case::internal(500, "internal-error", Transient, 3, "later")]
#[case::gateway(502, "never-heard-of", Transient, 3, "later")]
#[case::overloaded(503, "internal-error", Transient, 3, "later")]
#[case::slow(504, "never-heard-of", Transient, 3, "later")]
#[case::figures(500, "field-hydration-failure", Transient, 3, "later")]
#[case::token(401, "never-heard-of", AuthExpired, 1, "link again")]
#[tokio::test]
async fn each_name_means_what_is_to_be_done(
    #[case] status: u16,
    #[case] tail: &str,
    #[case] kind: Kind,
    #[case] calls: usize,
    #[case] advice: &str,
) {
    let (error, made) = met(problem(status, tail, &json!({}))).await;
    kind.is(&error);
    assert_eq!(made, calls);
    let number = status.to_string();
    says(
        &error,
        &["x: profile: ", "What the platform says.", &number, advice],
    );
    // The address that the name stands in may be the old or the new one.
    let other = json!({ "type": format!("https://api.x.com/2/problems/{tail}") });
    kind.is(&met(problem(status, tail, &other)).await.0);
}

#[tokio::test]
async fn a_token_that_is_refused_is_told_without_a_name() {
    let body = json!({ "title": "Unauthorized", "type": "about:blank", "status": 401,
        "detail": "Unauthorized" });
    let (error, calls) = met(refused(401, body)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::AuthExpired, 1));
    says(&error, &["Unauthorized (HTTP 401)", "link again"]);
    assert!(!error.to_string().contains("Unauthorized: Unauthorized"));
}

#[rstest]
#[case::not_authenticated(401, 32, AuthExpired, 1)]
#[case::revoked(401, 89, AuthExpired, 1)]
#[case::revoked_by_another_status(403, 89, AuthExpired, 1)]
#[case::suspended(403, 64, PermissionDenied, 1)]
#[case::locked(403, 326, PermissionDenied, 1)]
#[case::overloaded(503, 130, Transient, 3)]
#[case::internal(500, 131, Transient, 3)]
#[case::new(403, 9_999, PermissionDenied, 1)]
#[case::new_question(400, 9_999, InvalidRequest, 1)]
#[tokio::test]
async fn old_numbers_are_understood(
    #[case] status: u16,
    #[case] code: u32,
    #[case] kind: Kind,
    #[case] calls: usize,
) {
    let (error, made) = met(numbered(status, code)).await;
    kind.is(&error);
    assert_eq!(made, calls);
    says(&error, &["x: profile: ", "What the platform says."]);
}

#[rstest]
#[case::depleted(402, json!({ "title": "CreditsDepleted", "detail": "None left.",
    "type": "https://api.twitter.com/2/problems/credits" }), "no credits left")]
#[case::required(402, json!({ "title": "Payment Required", "detail": "Pay.", "status": 402,
    "type": "https://api.x.com/2/problems/credits-depleted" }), "no credits left")]
#[case::without_a_type(402, json!({ "title": "Payment Required" }), "no credits left")]
#[case::titled_by_another_status(403, json!({ "title": "CreditsDepleted" }), "no credits left")]
#[case::capped(403, json!({ "title": "SpendCapReached", "detail": "Until the next cycle.",
    "reset_date": "2026-12-13" }), "spending limit")]
// So it was recorded: named as if there were no credits.
#[case::capped_by_the_name_of_credits(403, json!({ "title": "SpendCapReached",
    "detail": "Until the next cycle.", "reset_date": "2026-12-13",
    "type": "https://api.twitter.com/2/problems/credits" }), "spending limit")]
#[tokio::test]
async fn what_the_operator_must_pay_for_is_the_operators_matter(
    #[case] status: u16,
    #[case] body: Value,
    #[case] advice: &str,
) {
    let title = body["title"].as_str().unwrap().to_owned();
    let (error, calls) = met(refused(status, body)).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::Unavailable, 1));
    says(&error, &[&title, advice, "developer console"]);
}

#[rstest]
#[case::page(html(402))]
#[case::nothing(ResponseTemplate::new(402))]
#[case::list(refused(402, json!([])))]
#[tokio::test]
async fn a_bill_in_no_readable_shape_is_one_all_the_same(#[case] answer: ResponseTemplate) {
    let (error, calls) = met(answer).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::Unavailable, 1));
    says(&error, &["402", "no credits left"]);
    assert!(!error.to_string().contains("<html>"));
}

#[tokio::test]
async fn a_missing_plan_says_why() {
    let more = json!({ "title": "Client Forbidden", "reason": "client-not-enrolled",
        "registration_url": "https://developer.x.com/en/docs?token=abc" });
    let (error, _) = met(problem(403, "client-forbidden", &more)).await;
    assert_eq!(error.kind, ErrorKind::Unavailable);
    says(
        &error,
        &["Client Forbidden", "[client-not-enrolled]", "plan"],
    );
}

#[rstest]
#[case::account(
    "Your account is suspended and is not permitted to access this feature.",
    false
)]
#[case::user("User has been suspended: [9007199254740993].", false)]
#[case::locked("To protect our users, this account is temporarily locked.", false)]
#[case::app("This application has been suspended from making requests.", true)]
#[case::client_app("The client app is suspended.", true)]
#[case::your_app("Your App has been Suspended.", true)]
#[case::app_may_not("Your client app is not configured with the right permissions.", false)]
#[tokio::test]
async fn a_suspended_account_is_its_owners_matter_and_a_suspended_app_the_operators(
    #[case] detail: &str,
    #[case] of_app: bool,
) {
    let body = json!({ "title": "Forbidden", "type": "about:blank", "status": 403,
        "detail": detail });
    let (error, _) = met(refused(403, body)).await;
    let expected = match of_app {
        true => ErrorKind::Unavailable,
        false => ErrorKind::PermissionDenied,
    };
    assert_eq!(error.kind, expected);
    says(&error, &[detail]);
}

fn limited() -> ResponseTemplate {
    problem(429, "rate-limit-exceeded", &json!({}))
}

#[rstest]
#[case::name(limited())]
#[case::number(numbered(429, 88))]
#[case::number_by_another_status(numbered(400, 88))]
#[case::title(refused(429, json!({ "title": "Too Many Requests", "detail": "Too Many Requests" })))]
#[case::page(html(429))]
#[case::nothing(ResponseTemplate::new(429))]
#[tokio::test]
async fn too_many_requests_wait_for_the_reset_or_a_minute(#[case] answer: ResponseTemplate) {
    let (error, calls) = met(answer.clone()).await;
    let until = at("2026-11-23T12:01:00Z");
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    assert_eq!((error.retry, calls), (Retry::Never, 1));
    let reset = at("2026-11-23T12:09:30Z");
    let answer = answer
        .insert_header("x-rate-limit-limit", "900")
        .insert_header("x-rate-limit-remaining", "0")
        .insert_header("x-rate-limit-reset", reset.timestamp().to_string());
    let (error, calls) = met(answer).await;
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(reset) });
    assert_eq!((error.retry, calls), (Retry::Never, 1));
}

#[rstest]
#[case::past("1")]
#[case::nonsense("soon")]
#[tokio::test]
async fn a_reset_that_says_nothing_means_a_minute(#[case] reset: &str) {
    let (error, _) = met(limited().insert_header("x-rate-limit-reset", reset)).await;
    let until = at("2026-11-23T12:01:00Z");
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
}

#[tokio::test]
async fn while_an_account_waits_it_is_not_asked_and_afterwards_it_is() {
    let vendor = Vendor::start().await;
    vendor.once(get(USER_PATH), limited()).await;
    vendor.on(get(USER_PATH), ok(profile(&json!({})))).await;
    let request = || snapshot("profile", DATE, SINCE);
    vendor.fetch(request()).await.unwrap_err();
    let error = vendor.fetch(request()).await.unwrap_err();
    let until = at("2026-11-23T12:01:00Z");
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    assert_eq!(vendor.calls().await, 1);
    vendor.clock.set(until);
    vendor.fetch(request()).await.unwrap();
    assert_eq!(vendor.calls().await, 2);
}

#[rstest]
#[case::day("2026-11-23T12:00:00Z", json!({ "period": "Daily", "scope": "Account" }), 12 * 3600)]
#[case::month("2026-11-23T12:00:00Z", json!({ "period": "Monthly", "scope": "Product" }), 180 * 3600)]
#[case::unknown("2026-11-23T12:00:00Z", json!({}), 180 * 3600)]
#[case::month_of_a_year("2026-12-31T22:00:00Z", json!({ "period": "Monthly" }), 2 * 3600)]
#[case::day_of_a_year("2026-12-31T23:00:00Z", json!({ "period": "Daily" }), 3600)]
#[case::leap_day("2028-02-29T00:00:00Z", json!({ "period": "Daily" }), 24 * 3600)]
#[tokio::test]
async fn reads_that_are_used_up_come_back_with_the_next_period(
    #[case] now: &str,
    #[case] more: Value,
    #[case] seconds: u64,
) {
    // The window of a quarter of an hour has nothing to do with it.
    let reset = (at(now).timestamp() + 60).to_string();
    let answer = problem(429, "usage-capped", &more).insert_header("x-rate-limit-reset", reset);
    let (error, calls) = met_at(now, answer).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::Unavailable, 1));
    assert_eq!(error.retry, Retry::After(Duration::from_secs(seconds)));
    says(&error, &["What the platform says.", "used up"]);
}

#[rstest]
#[case::unauthorized(401, AuthExpired, 1)]
#[case::forbidden(403, PermissionDenied, 1)]
#[case::bad(400, InvalidRequest, 1)]
#[case::failing(500, Transient, 3)]
#[case::overloaded(503, Transient, 3)]
#[tokio::test]
async fn a_page_of_the_edge_means_what_its_status_says(
    #[case] status: u16,
    #[case] kind: Kind,
    #[case] calls: usize,
) {
    let (error, made) = met(html(status)).await;
    kind.is(&error);
    assert_eq!(made, calls);
    assert!(!error.to_string().contains("edge"), "{error}");
}

#[rstest]
#[case::page(html(200), "is no valid JSON")]
#[case::truncated(
    ResponseTemplate::new(200).set_body_raw(r#"{"data":{"id":"90071992"#, "application/json"),
    "ends in the middle"
)]
#[case::nothing(ResponseTemplate::new(200), "ends in the middle")]
#[tokio::test]
async fn a_good_status_does_not_make_an_answer(
    #[case] answer: ResponseTemplate,
    #[case] named: &str,
) {
    let (error, calls) = met(answer).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::Decode, 1));
    says(&error, &["x: profile: ", named]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let answer = ResponseTemplate::new(302).insert_header("location", "https://example.com/");
    let (error, calls) = met(answer).await;
    assert_eq!((&error.kind, calls), (&ErrorKind::InvalidRequest, 1));
}

#[tokio::test]
async fn a_passing_failure_is_tried_again() {
    let vendor = Vendor::start().await;
    vendor.once(get(USER_PATH), html(503)).await;
    let passing = problem(500, "internal-error", &json!({}));
    vendor.once(get(USER_PATH), passing).await;
    vendor.on(get(USER_PATH), ok(profile(&json!({})))).await;
    vendor
        .fetch(snapshot("profile", DATE, SINCE))
        .await
        .unwrap();
    assert_eq!(vendor.calls().await, 3);
}

#[tokio::test]
async fn which_parameter_was_wrong_is_said() {
    let wrong = "The `start_time` query parameter value is not valid";
    let body = json!({
        "errors": [{ "parameters": { "start_time": ["soon"] }, "message": wrong }],
        "title": "Invalid Request", "detail": "One or more parameters was invalid.",
        "type": "https://api.twitter.com/2/problems/invalid-request",
    });
    let (error, _) = met(refused(400, body)).await;
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(
        &error,
        &[
            "Invalid Request: One or more parameters was invalid.",
            wrong,
        ],
    );
}

#[tokio::test]
async fn what_the_platform_says_never_repeats_a_token() {
    let more = json!({ "detail": format!("Token {TOKEN} of ?access_token={TOKEN} is bad.") });
    let (error, _) = met(problem(403, "never-heard-of", &more)).await;
    says(&error, &["Token [redacted] of "]);
    let body = json!({ "errors": [{ "code": 9, "message": format!("Bearer {TOKEN} is bad.") }] });
    let (error, _) = met(refused(403, body)).await;
    says(&error, &["Bearer [redacted] is bad."]);
}

/// Has an old token until that is refused, then another one.
#[derive(Clone, Default)]
struct Renewing {
    refused: Arc<Mutex<Vec<String>>>,
    /// Whether there is no other one.
    ended: bool,
}

#[async_trait]
impl TokenRenewer for Renewing {
    async fn token(&self) -> analytics_connectors::Result<SecretString> {
        let renewed = !self.refused.lock().unwrap().is_empty();
        Ok(SecretString::from(if renewed { "new" } else { "old" }))
    }

    async fn refused(&self, token: &SecretString) -> analytics_connectors::Result<()> {
        let token = token.expose_secret().to_owned();
        self.refused.lock().unwrap().push(token);
        if self.ended {
            let what = "the consent has ended";
            let kind = ErrorKind::AuthExpired;
            return Err(Error::new(kind, "x", "oauth: renew the token", what));
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_refused_token_is_reported_once_and_the_call_made_again_with_the_next() {
    let vendor = Vendor::start().await;
    let old = get(USER_PATH).and(header("authorization", "Bearer old"));
    vendor.on(old, numbered(401, 89)).await;
    let new = get(USER_PATH).and(header("authorization", "Bearer new"));
    vendor.on(new, ok(profile(&json!({})))).await;
    let renewer = Renewing::default();
    let batches = vendor
        .fetch_with(
            TokenSource::new(renewer.clone()),
            snapshot("profile", DATE, SINCE),
        )
        .await
        .unwrap();
    assert_eq!(facts(&batches, "followers").len(), 1);
    assert_eq!(*renewer.refused.lock().unwrap(), ["old"]);
    assert_eq!(vendor.calls().await, 2);
}

#[rstest]
#[case::another_is_refused_too(false, 2)]
#[case::there_is_no_other(true, 1)]
#[tokio::test]
async fn a_token_that_stays_refused_ends_the_link(#[case] ended: bool, #[case] calls: usize) {
    let vendor = Vendor::start().await;
    vendor.on(get(USER_PATH), html(401)).await;
    let renewer = Renewing {
        ended,
        ..Renewing::default()
    };
    let error = vendor
        .fetch_with(
            TokenSource::new(renewer.clone()),
            snapshot("profile", DATE, SINCE),
        )
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    assert_eq!(*renewer.refused.lock().unwrap(), ["old"]);
    assert_eq!(vendor.calls().await, calls);
}

#[tokio::test]
async fn another_refusal_is_no_reason_for_another_token() {
    let vendor = Vendor::start().await;
    let suspended = problem(403, "not-authorized-for-resource", &json!({}));
    vendor.on(get(USER_PATH), suspended).await;
    let renewer = Renewing::default();
    vendor
        .fetch_with(
            TokenSource::new(renewer.clone()),
            snapshot("profile", DATE, SINCE),
        )
        .await
        .unwrap_err();
    assert!(renewer.refused.lock().unwrap().is_empty());
    assert_eq!(vendor.calls().await, 1);
}
