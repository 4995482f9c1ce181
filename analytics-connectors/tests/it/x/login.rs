//! OAuth 2.0 with proof, and refresh tokens that work once.

use std::collections::BTreeMap;

use analytics_connectors::{
    Error, ErrorKind,
    oauth::{AuthorizationResponse, Consent},
};
use analytics_core::model::GrantTokens;
use chrono::Duration;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wiremock::{Request, ResponseTemplate};

use super::{
    APP, ME_PATH, REFRESH, SECRET, USER, Vendor, get, merged, now, ok, post, problem, profile, says,
};

const TOKEN_PATH: &str = "/2/oauth2/token";
const CODE: &str = "theCodeThatNobodyMayEverSee";
const VERIFIER: &str = "theVerifierThatNobodyMayEverSee";
const NEXT: &str = "nextAccessTokenThatNobodyMayEverSee";
const NEXT_REFRESH: &str = "nextRefreshTokenThatNobodyMayEverSee";

fn back() -> url::Url {
    "http://127.0.0.1:8080/api/v1/connect/x/callback"
        .parse()
        .unwrap()
}

fn scopes() -> Vec<String> {
    ["tweet.read", "users.read", "offline.access"]
        .map(str::to_owned)
        .to_vec()
}

fn returned() -> AuthorizationResponse {
    AuthorizationResponse {
        secret: Some(SecretString::from(VERIFIER)),
        ..AuthorizationResponse::of_code(SecretString::from(CODE), back())
    }
}

fn token(more: &Value) -> Value {
    let token = json!({
        "token_type": "bearer", "expires_in": 7200, "access_token": NEXT,
        "scope": "users.read tweet.read offline.access", "refresh_token": NEXT_REFRESH,
    });
    merged(token, more)
}

fn form(request: &Request) -> BTreeMap<String, String> {
    let pairs = url::form_urlencoded::parse(&request.body);
    pairs.into_owned().collect()
}

fn is_silent(shown: &str) {
    for secret in [SECRET, CODE, VERIFIER, NEXT, NEXT_REFRESH, REFRESH] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Whether a request to the token endpoint proves the app as X wants it: in the header alone.
fn is_proved(request: &Request) {
    let header = request.headers["authorization"].to_str().unwrap();
    let proof = BASE64.encode(format!("{APP}:{SECRET}").as_bytes());
    assert_eq!(header, format!("Basic {proof}"));
    assert_eq!(request.url.query(), None, "secrets travel in the body");
    let body = String::from_utf8(request.body.clone()).unwrap();
    assert!(
        !body.contains(SECRET) && !body.contains("client_"),
        "{body}"
    );
}

#[tokio::test]
async fn the_user_is_sent_to_x_with_a_challenge_and_the_proof_stays_here() {
    let vendor = Vendor::start().await;
    let oauth = vendor.connector.oauth();
    let request = oauth
        .authorize(&back(), "the state", &scopes())
        .await
        .unwrap();
    assert_eq!(request.url.host_str(), Some("x.com"));
    assert_eq!(request.url.path(), "/i/oauth2/authorize");
    let kept = request.secret.as_ref().unwrap().expose_secret().to_owned();
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(kept.as_bytes()));
    let params: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
    assert_eq!(
        params,
        super::map(&[
            ("response_type", "code"),
            ("client_id", APP),
            ("redirect_uri", back().as_str()),
            ("scope", "tweet.read users.read offline.access"),
            ("state", "the state"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
    );
    assert!((43..=128).contains(&kept.len()), "by RFC 7636");
    assert!(!format!("{request:?}").contains(&kept));
    is_silent(request.url.as_str());
    let again = oauth.authorize(&back(), "s", &scopes()).await.unwrap();
    assert_ne!(again.secret.unwrap().expose_secret(), kept);
    assert_eq!(vendor.calls().await, 0);
}

#[test]
fn every_scope_that_is_asked_for_is_needed() {
    let server = tokio::runtime::Runtime::new().unwrap();
    let vendor = server.block_on(Vendor::start());
    let descriptor = vendor.connector.descriptor();
    let ids: Vec<&str> = descriptor.scopes.iter().map(|scope| scope.id).collect();
    assert_eq!(ids, ["tweet.read", "users.read", "offline.access"]);
    assert!(descriptor.scopes.iter().all(|scope| scope.required));
    assert!(vendor.connector.oauth().one_grant_per_user());
}

async fn exchanged(vendor: &Vendor, answer: Value) -> Result<Consent, Error> {
    vendor.on(post(TOKEN_PATH), ok(answer)).await;
    vendor.on(get(ME_PATH), ok(profile(&json!({})))).await;
    vendor.connector.oauth().exchange(&returned()).await
}

#[tokio::test]
async fn a_code_with_its_proof_becomes_tokens_and_says_who_consented_to_what() {
    let vendor = Vendor::start().await;
    // One scope fewer than was asked for, and in another order.
    let answer = token(&json!({ "scope": "offline.access tweet.read" }));
    let consent = exchanged(&vendor, answer).await.unwrap();
    assert_eq!(consent.subject, USER);
    assert_eq!(consent.subject_name.as_deref(), Some("@example_shop"));
    assert_eq!(consent.scopes, ["offline.access", "tweet.read"]);
    is_silent(&format!("{consent:?}"));
    let tokens = consent.tokens;
    assert_eq!(tokens.access_token.expose_secret(), NEXT);
    assert_eq!(tokens.expires_at, Some(now() + Duration::hours(2)));
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), NEXT_REFRESH);
    let asked = vendor.asked(TOKEN_PATH).await;
    assert_eq!(asked.len(), 1);
    is_proved(&asked[0]);
    assert_eq!(
        form(&asked[0]),
        super::map(&[
            ("grant_type", "authorization_code"),
            ("code", CODE),
            ("redirect_uri", back().as_str()),
            ("code_verifier", VERIFIER),
        ])
    );
    let me = &vendor.asked(ME_PATH).await[0];
    let header = me.headers["authorization"].to_str().unwrap();
    assert_eq!(header, format!("Bearer {NEXT}"), "with the new token");
}

#[rstest]
#[case::missing(json!({ "refresh_token": null }))]
#[case::and_not_granted(json!({ "refresh_token": null, "scope": "tweet.read users.read" }))]
#[tokio::test]
async fn a_consent_without_a_refresh_token_says_what_to_leave_ticked(#[case] more: Value) {
    let vendor = Vendor::start().await;
    let error = exchanged(&vendor, token(&more)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    says(&error, &["x: oauth: ", "`offline.access`", "link again"]);
    is_silent(&format!("{error:?}"));
    assert!(vendor.asked(ME_PATH).await.is_empty());
}

#[rstest]
#[case::late(
    400,
    "invalid_request",
    "Value passed for the authorization code was invalid.",
    ErrorKind::InvalidRequest
)]
#[case::grant(400, "invalid_grant", "The code has expired.", ErrorKind::AuthExpired)]
#[case::app(
    401,
    "unauthorized_client",
    "Missing valid authorization header",
    ErrorKind::Unavailable
)]
#[case::client(401, "invalid_client", "Unknown client.", ErrorKind::Unavailable)]
#[tokio::test]
async fn a_refused_code_is_said_in_the_platforms_words(
    #[case] status: u16,
    #[case] name: &str,
    #[case] description: &str,
    #[case] kind: ErrorKind,
) {
    let vendor = Vendor::start().await;
    vendor
        .on(post(TOKEN_PATH), refusal(status, name, description))
        .await;
    let oauth = vendor.connector.oauth();
    let error = oauth.exchange(&returned()).await.unwrap_err();
    assert_eq!(error.kind, kind);
    says(&error, &["x: oauth: exchange the code", description, name]);
    is_silent(&format!("{error:?} {error}"));
    assert_eq!(vendor.asked(TOKEN_PATH).await.len(), 1);
}

#[rstest]
#[case::no_token(json!({ "access_token": null }), "access_token")]
#[case::a_number(json!({ "access_token": 5 }), "access_token")]
#[case::life(json!({ "expires_in": "long" }), "expires_in")]
#[tokio::test]
async fn an_answer_that_is_no_token_is_an_error(#[case] more: Value, #[case] named: &str) {
    let vendor = Vendor::start().await;
    let error = exchanged(&vendor, token(&more)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: oauth: exchange the code", named]);
    is_silent(&format!("{error:?} {error}"));
}

fn refusal(status: u16, name: &str, description: &str) -> ResponseTemplate {
    let body = json!({ "error": name, "error_description": description });
    ResponseTemplate::new(status).set_body_json(body)
}

fn old() -> GrantTokens {
    GrantTokens {
        access_token: SecretString::from("accessTokenOfYesterday"),
        refresh_token: Some(SecretString::from(REFRESH)),
        expires_at: Some(now()),
    }
}

#[tokio::test]
async fn a_renewal_brings_a_new_refresh_token_that_is_kept() {
    let vendor = Vendor::start().await;
    vendor
        .on(post(TOKEN_PATH), ok(token(&json!({ "expires_in": 3600 }))))
        .await;
    let oauth = vendor.connector.oauth();
    let renewed = oauth.renew(&old()).await.unwrap();
    assert_eq!(renewed.access_token.expose_secret(), NEXT);
    assert_eq!(renewed.expires_at, Some(now() + Duration::hours(1)));
    is_silent(&format!("{renewed:?}"));
    assert_eq!(renewed.refresh_token.unwrap().expose_secret(), NEXT_REFRESH);
    let asked = vendor.asked(TOKEN_PATH).await;
    assert_eq!(asked.len(), 1);
    is_proved(&asked[0]);
    assert_eq!(
        form(&asked[0]),
        super::map(&[("grant_type", "refresh_token"), ("refresh_token", REFRESH)])
    );
    assert!(oauth.renew_before() < Duration::hours(2));
}

#[rstest]
#[case::dead(
    400,
    "invalid_request",
    "Value passed for the token was invalid.",
    ErrorKind::AuthExpired,
    "link again"
)]
#[case::grant(400, "invalid_grant", "Gone.", ErrorKind::AuthExpired, "link again")]
#[case::grant_401(401, "invalid_grant", "Gone.", ErrorKind::AuthExpired, "link again")]
#[case::app(
    401,
    "unauthorized_client",
    "Missing valid authorization header",
    ErrorKind::Unavailable,
    "ANALYTICS_X_CLIENT_SECRET"
)]
#[case::header(
    401,
    "invalid_request",
    "Missing valid authorization header",
    ErrorKind::Unavailable,
    "ANALYTICS_X_CLIENT_SECRET"
)]
#[tokio::test]
async fn a_refused_renewal_ends_the_link_only_where_the_token_is_to_blame(
    #[case] status: u16,
    #[case] name: &str,
    #[case] description: &str,
    #[case] kind: ErrorKind,
    #[case] advice: &str,
) {
    let vendor = Vendor::start().await;
    vendor
        .on(post(TOKEN_PATH), refusal(status, name, description))
        .await;
    let error = vendor.connector.oauth().renew(&old()).await.unwrap_err();
    assert_eq!(error.kind, kind);
    says(
        &error,
        &["x: oauth: renew the token", name, description, advice],
    );
    is_silent(&format!("{error:?} {error}"));
    assert_eq!(vendor.asked(TOKEN_PATH).await.len(), 1);
}

#[tokio::test]
async fn what_is_said_of_a_refused_renewal_never_repeats_the_token() {
    let vendor = Vendor::start().await;
    let said = format!("Value {REFRESH} of {SECRET} was invalid.");
    vendor
        .on(post(TOKEN_PATH), refusal(400, "invalid_request", &said))
        .await;
    let error = vendor.connector.oauth().renew(&old()).await.unwrap_err();
    says(&error, &["Value [redacted] of [redacted] was invalid."]);
}

#[rstest]
#[case::json(503, ResponseTemplate::new(503).set_body_json(json!({ "error": "server_error" })))]
#[case::html(502, ResponseTemplate::new(502).set_body_raw("<html>Over capacity</html>", "text/html"))]
#[case::nothing(500, ResponseTemplate::new(500))]
#[case::problem(503, problem(503, "internal-error", &json!({})))]
#[tokio::test]
async fn a_failing_token_endpoint_is_asked_again_with_the_same_token(
    #[case] status: u16,
    #[case] answer: ResponseTemplate,
) {
    let vendor = Vendor::start().await;
    vendor.once(post(TOKEN_PATH), answer.clone()).await;
    vendor.once(post(TOKEN_PATH), ok(token(&json!({})))).await;
    let oauth = vendor.connector.oauth();
    let renewed = oauth.renew(&old()).await.unwrap();
    assert_eq!(renewed.refresh_token.unwrap().expose_secret(), NEXT_REFRESH);
    let asked = vendor.asked(TOKEN_PATH).await;
    let sent: Vec<String> = asked
        .iter()
        .map(|request| form(request)["refresh_token"].clone())
        .collect();
    assert_eq!(sent, [REFRESH, REFRESH]);
    // One that goes on failing is no reason to end the link.
    vendor.on(post(TOKEN_PATH), answer).await;
    let error = oauth.renew(&old()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient, "{status}");
    says(&error, &["x: oauth: renew the token"]);
}

#[tokio::test]
async fn a_rotation_that_happened_unseen_ends_the_link() {
    let vendor = Vendor::start().await;
    vendor
        .once(post(TOKEN_PATH), ResponseTemplate::new(500))
        .await;
    let said = "Value passed for the token was invalid.";
    vendor
        .on(post(TOKEN_PATH), refusal(400, "invalid_request", said))
        .await;
    let error = vendor.connector.oauth().renew(&old()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    assert_eq!(vendor.asked(TOKEN_PATH).await.len(), 2);
}

#[tokio::test]
async fn without_a_refresh_token_only_a_new_consent_helps() {
    let vendor = Vendor::start().await;
    let tokens = GrantTokens {
        refresh_token: None,
        ..old()
    };
    let error = vendor.connector.oauth().renew(&tokens).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    assert_eq!(vendor.calls().await, 0);
}
