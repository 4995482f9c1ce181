//! One consent for both products: the code, who gave it, and tokens that are renewed.

use std::collections::BTreeMap;

use analytics_connectors::{
    ErrorKind,
    oauth::{
        AuthorizationResponse,
        state::{LinkState, StateSigner},
    },
};
use analytics_core::model::{GrantTokens, PublicId};
use chrono::Duration;
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockBuilder, ResponseTemplate,
    matchers::{method, path},
};

use super::{DISPLAY, SEARCH, SECRET, Vendor, at, now, ok, post, says};

fn back() -> url::Url {
    "http://127.0.0.1:8080/api/v1/connect/yahoo/callback"
        .parse()
        .unwrap()
}

fn returned() -> AuthorizationResponse {
    AuthorizationResponse::of_code(SecretString::from("the code"), back())
}

fn endpoint() -> MockBuilder {
    Mock::given(method("POST")).and(path("/token"))
}

fn token(more: &Value) -> ResponseTemplate {
    let mut token = json!({ "access_token": "next", "expires_in": 3600, "token_type": "Bearer" });
    for (key, value) in more.as_object().unwrap() {
        token[key] = value.clone();
    }
    ResponseTemplate::new(200).set_body_json(token)
}

fn whoever() -> ResponseTemplate {
    ok(json!({ "totalNumEntries": 0, "authorizationBusinessId": 2_017_334_455, "values": null }))
}

#[rstest]
#[case::search(SEARCH)]
#[case::display(DISPLAY)]
#[tokio::test]
async fn the_user_is_asked_for_one_scope_with_a_state_the_vendor_takes(#[case] platform: &str) {
    let vendor = Vendor::start(platform).await;
    let state = LinkState {
        workspace: PublicId::generate("ws"),
        user: i64::MAX,
        provider: "yahoo".to_owned(),
        platforms: vec![SEARCH.to_owned(), DISPLAY.to_owned()],
        nonce: LinkState::new_nonce().unwrap(),
        expires_at: now(),
    };
    let state = StateSigner::new(&[7; 32]).sign(&state);
    let oauth = vendor.connector.oauth();
    let scopes = ["yahooads".to_owned()];
    let started = oauth.authorize(&back(), &state, &scopes).await;
    let url = started.unwrap().url;
    assert_eq!(url.host_str(), Some("biz-oauth.yahoo.co.jp"));
    assert_eq!(url.path(), "/oauth/v1/authorize");
    let params: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(params["response_type"], "code");
    assert_eq!(params["scope"], "yahooads");
    assert_eq!(params["redirect_uri"], back().as_str());
    assert_eq!(params["state"], state);
    assert!(state.len() <= 512, "{} letters", state.len());
    let allowed =
        |letter: char| letter.is_ascii_alphanumeric() || "!#%&+-./:;=?@_~".contains(letter);
    assert!(state.chars().all(allowed), "{state}");
    assert!(!params.contains_key("code_challenge"), "not documented");
    assert!(!url.as_str().contains(SECRET));
}

#[tokio::test]
async fn a_code_becomes_tokens_and_the_business_id_says_who_consented() {
    let vendor = Vendor::start(SEARCH).await;
    vendor
        .on(endpoint(), token(&json!({ "refresh_token": "stays" })))
        .await;
    vendor
        .on(post("BaseAccountService", "get"), whoever())
        .await;
    let oauth = vendor.connector.oauth();
    let consent = oauth.exchange(&returned()).await.unwrap();
    assert_eq!(consent.subject, "2017334455");
    assert_eq!(consent.scopes, ["yahooads"], "the answer names none");
    let tokens = consent.tokens;
    assert_eq!(tokens.access_token.expose_secret(), "next");
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), "stays");
    assert_eq!(tokens.expires_at, Some(now() + Duration::seconds(3600)));
    let asked = vendor.asked("/token").await;
    assert_eq!(asked[0].url.query(), None, "secrets travel in the body");
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&asked[0].body)
        .into_owned()
        .collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["client_secret"], SECRET);
    let asked = &vendor.asked(&at("BaseAccountService", "get")).await[0];
    assert_eq!(asked.headers["authorization"], "Bearer next");
    assert!(!asked.headers.contains_key("x-z-base-account-id"));
}

#[tokio::test]
async fn a_consent_without_a_refresh_token_is_no_link() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(endpoint(), token(&json!({}))).await;
    let oauth = vendor.connector.oauth();
    let error = oauth.exchange(&returned()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    says(&error, &["refresh token", "link again"]);
}

#[tokio::test]
async fn a_consent_of_nobody_is_an_error() {
    let vendor = Vendor::start(DISPLAY).await;
    vendor
        .on(endpoint(), token(&json!({ "refresh_token": "stays" })))
        .await;
    let nobody = ok(json!({ "totalNumEntries": 0, "values": null }));
    vendor.on(post("BaseAccountService", "get"), nobody).await;
    let oauth = vendor.connector.oauth();
    let error = oauth.exchange(&returned()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["authorizationBusinessId"]);
}

fn held() -> GrantTokens {
    GrantTokens {
        access_token: SecretString::from("old"),
        refresh_token: Some(SecretString::from("stays")),
        expires_at: None,
    }
}

#[tokio::test]
async fn a_renewed_token_keeps_the_refresh_token() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(endpoint(), token(&json!({}))).await;
    let tokens = vendor.connector.oauth().renew(&held()).await.unwrap();
    assert_eq!(tokens.access_token.expose_secret(), "next");
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), "stays");
}

#[rstest]
#[case::spelt(400, r#"{"error":"invalid_grant"}"#, ErrorKind::AuthExpired)]
#[case::unknown(400, r#"{"error":"something_new"}"#, ErrorKind::AuthExpired)]
#[case::silent(401, "", ErrorKind::AuthExpired)]
#[case::of_a_page(403, "<html>Forbidden</html>", ErrorKind::AuthExpired)]
#[case::of_the_app(401, r#"{"error":"invalid_client"}"#, ErrorKind::Unavailable)]
#[case::server(503, "<html>Sorry</html>", ErrorKind::Transient)]
#[tokio::test]
async fn a_refused_renewal_means_to_link_again_unless_the_app_or_the_server_is_at_fault(
    #[case] status: u16,
    #[case] body: &str,
    #[case] kind: ErrorKind,
) {
    let vendor = Vendor::start(SEARCH).await;
    let answer = ResponseTemplate::new(status).set_body_raw(body, "text/plain");
    vendor.on(endpoint(), answer).await;
    let error = vendor.connector.oauth().renew(&held()).await.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    match kind {
        ErrorKind::AuthExpired => says(&error, &["link again"]),
        ErrorKind::Unavailable => says(&error, &["ANALYTICS_YAHOO_CLIENT_SECRET"]),
        _ => says(&error, &[]),
    }
}
