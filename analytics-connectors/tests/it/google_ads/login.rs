//! OAuth: offline access and its refresh tokens.

use std::collections::BTreeMap;

use analytics_connectors::{ErrorKind, oauth::AuthorizationResponse};
use analytics_core::model::GrantTokens;
use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockBuilder, ResponseTemplate,
    matchers::{method, path},
};

use super::{SECRET, Vendor, now, ok, says};

const ADS: &str = "https://www.googleapis.com/auth/adwords";

fn back() -> url::Url {
    "http://127.0.0.1:8080/api/v1/connect/google/callback"
        .parse()
        .unwrap()
}

fn returned() -> AuthorizationResponse {
    AuthorizationResponse::of_code(SecretString::from("the code"), back())
}

fn endpoint() -> MockBuilder {
    Mock::given(method("POST")).and(path("/token"))
}

fn id_token() -> String {
    let claims = json!({ "sub": "1081", "email": "someone@example.com" }).to_string();
    format!("head.{}.proof", BASE64URL_NOPAD.encode(claims.as_bytes()))
}

fn token(more: &Value) -> Value {
    let mut token = json!({
        "access_token": "ya29.next", "expires_in": 3599, "token_type": "Bearer",
        "scope": format!("openid {ADS}"), "id_token": id_token(),
    });
    for (key, value) in more.as_object().unwrap() {
        token[key] = value.clone();
    }
    token
}

#[tokio::test]
async fn the_user_is_asked_for_access_that_stays() {
    let vendor = Vendor::start().await;
    let scopes = ["openid".to_owned(), ADS.to_owned()];
    let oauth = vendor.connector.oauth();
    let started = oauth.authorize(&back(), "the state", &scopes).await;
    let url = started.unwrap().url;
    assert_eq!(url.host_str(), Some("accounts.google.com"));
    let params: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(params["access_type"], "offline");
    assert_eq!(params["prompt"], "consent");
    assert_eq!(params["scope"], format!("openid {ADS}"));
    assert_eq!(params["state"], "the state");
    assert!(!url.as_str().contains(SECRET));
}

#[tokio::test]
async fn a_code_becomes_tokens_and_says_who_consented_to_what() {
    let vendor = Vendor::start().await;
    let answer = token(&json!({ "refresh_token": "1//refresh" }));
    vendor.on(endpoint(), ok(answer)).await;
    let consent = vendor
        .connector
        .oauth()
        .exchange(&returned())
        .await
        .unwrap();
    assert_eq!(consent.subject, "1081");
    assert_eq!(consent.subject_name.as_deref(), Some("someone@example.com"));
    assert_eq!(consent.scopes, ["openid", ADS]);
    let tokens = consent.tokens;
    assert_eq!(tokens.access_token.expose_secret(), "ya29.next");
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), "1//refresh");
    assert_eq!(tokens.expires_at, Some(now() + Duration::seconds(3599)));
    let asked = vendor.asked("/token").await;
    assert_eq!(asked[0].url.query(), None, "secrets travel in the body");
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&asked[0].body)
        .into_owned()
        .collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "the code");
    assert_eq!(form["client_secret"], SECRET);
    assert_eq!(form["redirect_uri"], back().as_str());
}

#[tokio::test]
async fn a_consent_without_a_refresh_token_is_no_link_and_says_what_to_do() {
    let vendor = Vendor::start().await;
    vendor.on(endpoint(), ok(token(&json!({})))).await;
    let error = vendor
        .connector
        .oauth()
        .exchange(&returned())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    says(
        &error,
        &["refresh token", "myaccount.google.com/connections"],
    );
}

#[rstest]
#[case::missing(json!({ "id_token": null }), "id_token")]
#[case::no_token(json!({ "id_token": "abc" }), "id_token")]
#[case::of_nobody(json!({ "id_token": format!("a.{}.c", BASE64URL_NOPAD.encode(b"{}")) }), "sub")]
#[tokio::test]
async fn a_consent_of_nobody_is_an_error(#[case] more: Value, #[case] named: &str) {
    let vendor = Vendor::start().await;
    let mut answer = token(&more);
    answer["refresh_token"] = json!("1//refresh");
    vendor.on(endpoint(), ok(answer)).await;
    let error = vendor
        .connector
        .oauth()
        .exchange(&returned())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["google", named]);
}

fn old(refresh: Option<&str>) -> GrantTokens {
    GrantTokens {
        access_token: SecretString::from("ya29.old"),
        refresh_token: refresh.map(SecretString::from),
        expires_at: Some(now()),
    }
}

#[tokio::test]
async fn a_renewal_keeps_the_refresh_token_unless_another_comes() {
    let vendor = Vendor::start().await;
    vendor.once(endpoint(), ok(token(&json!({})))).await;
    let oauth = vendor.connector.oauth();
    let renewed = oauth.renew(&old(Some("1//refresh"))).await.unwrap();
    assert_eq!(renewed.access_token.expose_secret(), "ya29.next");
    assert_eq!(renewed.refresh_token.unwrap().expose_secret(), "1//refresh");
    let other = token(&json!({ "refresh_token": "1//other" }));
    vendor.on(endpoint(), ok(other)).await;
    let renewed = oauth.renew(&old(Some("1//refresh"))).await.unwrap();
    assert_eq!(renewed.refresh_token.unwrap().expose_secret(), "1//other");
    assert!(oauth.renew_before() >= Duration::minutes(1));
}

#[rstest]
#[case::ended(400, "invalid_grant", ErrorKind::AuthExpired)]
#[case::app(401, "invalid_client", ErrorKind::Unavailable)]
#[case::other(400, "invalid_request", ErrorKind::InvalidRequest)]
#[case::passing(503, "temporarily_unavailable", ErrorKind::Transient)]
#[tokio::test]
async fn a_refused_renewal_means_what_is_to_be_done(
    #[case] status: u16,
    #[case] name: &str,
    #[case] kind: ErrorKind,
) {
    let vendor = Vendor::start().await;
    let body = json!({ "error": name, "error_description": "Said." });
    vendor
        .on(
            endpoint(),
            ResponseTemplate::new(status).set_body_json(body),
        )
        .await;
    let oauth = vendor.connector.oauth();
    let error = oauth.renew(&old(Some("1//refresh"))).await.unwrap_err();
    assert_eq!(error.kind, kind);
    says(&error, &["google: oauth: renew the token", "Said.", name]);
    assert!(!error.to_string().contains("1//refresh"));
}

#[tokio::test]
async fn without_a_refresh_token_only_a_new_consent_helps() {
    let vendor = Vendor::start().await;
    let error = vendor
        .connector
        .oauth()
        .renew(&old(None))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    assert!(vendor.asked("/token").await.is_empty());
}
