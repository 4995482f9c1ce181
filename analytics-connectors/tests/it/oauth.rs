//! Linking: signed state, Facebook Login, and what comes of it.

use std::sync::Arc;

use analytics_connectors::{
    Config, Connector, ErrorKind, Registry,
    clock::SettableClock,
    config::ProviderConfig,
    oauth::{
        AuthorizationResponse, flow,
        state::{LinkState, StateError, StateSigner},
    },
    platforms::{facebook_ads, meta::GraphConfig},
};
use analytics_core::model::{Platform, PublicId};
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param},
};

use crate::graph::{APP_SECRET, failure, quick_http};

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn state() -> LinkState {
    LinkState {
        workspace: PublicId::from("ws_1"),
        user: 7,
        provider: "meta".to_owned(),
        platforms: vec!["facebook_ads".to_owned()],
        nonce: LinkState::new_nonce().unwrap(),
        expires_at: now() + Duration::minutes(10),
    }
}

#[test]
fn a_signed_state_comes_back_as_it_was() {
    let signer = StateSigner::new(b"key");
    let state = state();
    let text = signer.sign(&state);
    assert_eq!(signer.verify(&text, now()), Ok(state));
    assert!(
        text.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)),
        "safe in a URL: {text}"
    );
}

#[test]
fn a_state_that_was_changed_anywhere_is_refused() {
    let signer = StateSigner::new(b"key");
    let text = signer.sign(&state());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        // The last character of a base64 part may hold spare bits; those must not count either.
        assert_eq!(
            signer.verify(&changed, now()),
            Err(StateError::Invalid),
            "changed at {at}"
        );
    }
    for garbage in ["", ".", "a.b", "no dot at all"] {
        assert_eq!(signer.verify(garbage, now()), Err(StateError::Invalid));
    }
}

#[test]
fn a_state_of_another_key_is_refused() {
    let text = StateSigner::new(b"their key").sign(&state());
    assert_eq!(
        StateSigner::new(b"our key").verify(&text, now()),
        Err(StateError::Invalid)
    );
}

#[test]
fn a_state_expires() {
    let signer = StateSigner::new(b"key");
    let text = signer.sign(&state());
    let late = now() + Duration::minutes(10);
    assert_eq!(signer.verify(&text, late), Err(StateError::Expired));
}

#[test]
fn nonces_differ() {
    assert_ne!(
        LinkState::new_nonce().unwrap(),
        LinkState::new_nonce().unwrap()
    );
}

async fn linked(server: &MockServer, app: ProviderConfig) -> Vec<Arc<dyn Connector>> {
    let config = Config {
        meta: app,
        facebook_ads: facebook_ads::Config {
            graph: GraphConfig {
                base_url: server.uri().parse().unwrap(),
                ..GraphConfig::default()
            },
            ..facebook_ads::Config::default()
        },
        http: quick_http(),
        ..Config::default()
    };
    let registry = Registry::new(&config, Arc::new(SettableClock::fixed(now()))).unwrap();
    vec![registry.connector(&Platform::from("facebook_ads")).unwrap()]
}

fn app() -> ProviderConfig {
    ProviderConfig {
        client_id: Some("4711".to_owned()),
        client_secret: Some(SecretString::from(APP_SECRET)),
        ..ProviderConfig::default()
    }
}

fn back() -> AuthorizationResponse {
    AuthorizationResponse::of_code(SecretString::from("the-code"), redirect())
}

fn redirect() -> url::Url {
    "http://127.0.0.1:8080/api/v1/connect/meta/callback"
        .parse()
        .unwrap()
}

#[tokio::test]
async fn the_user_is_sent_to_facebook_with_comma_separated_scopes_and_the_state() {
    let server = MockServer::start().await;
    let connectors = linked(&server, app()).await;
    let started = flow::start(&connectors, &redirect(), "signed.state").await;
    let url = started.unwrap().url;
    assert_eq!(
        (url.host_str(), url.path()),
        (Some("www.facebook.com"), "/v26.0/dialog/oauth")
    );
    let params: std::collections::BTreeMap<String, String> =
        url.query_pairs().into_owned().collect();
    let expected = [
        // What was declined once is asked for again.
        ("auth_type", "rerequest"),
        ("client_id", "4711"),
        ("redirect_uri", redirect().as_str()),
        ("response_type", "code"),
        ("scope", "ads_read,business_management"),
        ("state", "signed.state"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(params, expected.into_iter().collect());
}

#[tokio::test]
async fn without_an_app_the_operator_is_told_what_to_set() {
    let server = MockServer::start().await;
    let connectors = linked(&server, ProviderConfig::default()).await;
    assert!(!connectors[0].descriptor().configured);
    let started = flow::start(&connectors, &redirect(), "s").await;
    let error = started.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(
        error.to_string().contains("ANALYTICS_META_CLIENT_ID"),
        "{error}"
    );
}

const EXCHANGE: &str = "/v26.0/oauth/access_token";

async fn facebook(server: &MockServer, granted: &[(&str, &str)]) {
    Mock::given(method("GET"))
        .and(path(EXCHANGE))
        .and(query_param("client_id", "4711"))
        .and(query_param("client_secret", APP_SECRET))
        .and(query_param("redirect_uri", redirect().as_str()))
        .and(query_param("code", "the-code"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "access_token": "EAAshort", "token_type": "bearer", "expires_in": 5000
        })))
        .mount(server)
        .await;
    Mock::given(method("GET"))
        .and(path(EXCHANGE))
        .and(query_param("grant_type", "fb_exchange_token"))
        .and(query_param("client_id", "4711"))
        .and(query_param("client_secret", APP_SECRET))
        .and(query_param("fb_exchange_token", "EAAshort"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "access_token": "EAAlong", "token_type": "bearer", "expires_in": 5_183_944
        })))
        .mount(server)
        .await;
    Mock::given(method("GET"))
        .and(path("/v26.0/me"))
        .and(header("authorization", "Bearer EAAlong"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({ "id": "1001", "name": "Aiko" })),
        )
        .mount(server)
        .await;
    let permissions: Vec<_> = granted
        .iter()
        .map(|(name, status)| json!({ "permission": name, "status": status }))
        .collect();
    Mock::given(method("GET"))
        .and(path("/v26.0/me/permissions"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "data": permissions })))
        .mount(server)
        .await;
}

#[tokio::test]
async fn a_code_becomes_a_long_lived_token_with_the_scopes_really_granted() {
    let server = MockServer::start().await;
    facebook(
        &server,
        &[("ads_read", "granted"), ("business_management", "declined")],
    )
    .await;
    let connectors = linked(&server, app()).await;
    let consent = flow::finish(&connectors, &back()).await.unwrap();
    assert_eq!(consent.subject, "1001");
    assert_eq!(consent.subject_name.as_deref(), Some("Aiko"));
    assert_eq!(consent.scopes, ["ads_read"]);
    assert_eq!(consent.tokens.access_token.expose_secret(), "EAAlong");
    assert_eq!(
        consent.tokens.expires_at,
        Some(now() + Duration::seconds(5_183_944))
    );
    assert!(!format!("{consent:?}").contains("EAA"), "{consent:?}");
}

#[tokio::test]
async fn a_consent_without_the_needed_scope_says_which_one_to_tick() {
    let server = MockServer::start().await;
    facebook(&server, &[("ads_read", "declined")]).await;
    let connectors = linked(&server, app()).await;
    let error = flow::finish(&connectors, &back()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert!(error.to_string().contains("ads_read"), "{error}");
}

#[tokio::test]
async fn a_code_that_was_used_before_is_refused_without_saying_it_or_the_apps_secret() {
    let server = MockServer::start().await;
    let message = format!("This authorization code the-code has been used. {APP_SECRET}");
    Mock::given(path(EXCHANGE))
        .respond_with(failure(400, 100, Some(36_009), &message))
        .mount(&server)
        .await;
    let connectors = linked(&server, app()).await;
    let error = flow::finish(&connectors, &back()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("has been used"), "{shown}");
    assert!(
        !shown.contains("the-code") && !shown.contains(APP_SECRET),
        "{shown}"
    );
}

#[tokio::test]
async fn a_wrong_app_secret_is_for_the_operator() {
    let server = MockServer::start().await;
    Mock::given(path(EXCHANGE))
        .respond_with(failure(400, 1, None, "Error validating client secret."))
        .mount(&server)
        .await;
    let connectors = linked(&server, app()).await;
    let error = flow::finish(&connectors, &back()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_live_token_is_renewed_by_exchanging_it_again() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path(EXCHANGE))
        .and(query_param("grant_type", "fb_exchange_token"))
        .and(query_param("fb_exchange_token", "EAAold"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "access_token": "EAAnew" })))
        .mount(&server)
        .await;
    let connectors = linked(&server, app()).await;
    let oauth = connectors[0].oauth();
    let old = analytics_core::model::GrantTokens {
        access_token: SecretString::from("EAAold"),
        refresh_token: None,
        expires_at: None,
    };
    let new = oauth.renew(&old).await.unwrap();
    assert_eq!(new.access_token.expose_secret(), "EAAnew");
    // Facebook left out how long it lives: sixty days is the rule.
    assert_eq!(new.expires_at, Some(now() + Duration::days(60)));
    assert_eq!(oauth.renew_before(), Duration::days(14));
}

#[tokio::test]
async fn a_dead_token_cannot_be_renewed() {
    let server = MockServer::start().await;
    Mock::given(path(EXCHANGE))
        .respond_with(failure(400, 190, Some(463), "Session has expired"))
        .mount(&server)
        .await;
    let connectors = linked(&server, app()).await;
    let old = analytics_core::model::GrantTokens {
        access_token: SecretString::from("EAAold"),
        refresh_token: None,
        expires_at: None,
    };
    let error = connectors[0].oauth().renew(&old).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
}

#[tokio::test]
async fn a_token_answer_that_cannot_be_read_is_not_quoted() {
    let server = MockServer::start().await;
    Mock::given(path(EXCHANGE))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({ "access_token": ["EAAleaked"], "expires_in": "EAAsoon" })),
        )
        .mount(&server)
        .await;
    let connectors = linked(&server, app()).await;
    let error = flow::finish(&connectors, &back()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("access_token"), "{shown}");
    assert!(!shown.contains("EAA"), "{shown}");
}
