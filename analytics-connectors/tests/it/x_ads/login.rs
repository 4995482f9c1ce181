//! The three legs, and signatures.

use std::collections::BTreeMap;

use analytics_connectors::{
    ErrorKind,
    oauth::{
        AuthorizationResponse,
        oauth1::{Signer, TokenPair},
    },
};
use analytics_core::model::GrantTokens;
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use wiremock::{Request, ResponseTemplate};

use super::{KEY, SECRET, TOKEN_SECRET, Vendor, failure, get, list, post, says, two_days};

fn back() -> url::Url {
    "http://127.0.0.1:8080/api/v1/connect/x_ads/callback"
        .parse()
        .unwrap()
}

fn form(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text, "text/html;charset=utf-8")
}

/// The protocol's parameters in a request's header.
fn protocol(request: &Request) -> BTreeMap<String, String> {
    let header = request.headers["authorization"].to_str().unwrap();
    let pairs = header.strip_prefix("OAuth ").unwrap().split(", ");
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            let text = format!("v={}", value.trim_matches('"'));
            let value = url::form_urlencoded::parse(text.as_bytes()).next().unwrap();
            (name.to_owned(), value.1.into_owned())
        })
        .collect()
}

/// Whether a request is signed as a pair's owner must.
pub(super) fn is_signed(
    vendor: &Vendor,
    request: &Request,
    pair: Option<TokenPair>,
    more: Vec<(&'static str, String)>,
) -> bool {
    let found = protocol(request);
    let signer = Signer {
        consumer_key: KEY.to_owned(),
        consumer_secret: SecretString::from(SECRET),
        token: pair,
        more,
    };
    let query = request.url.query_pairs().into_owned();
    let params: Vec<(String, String)> = query.collect();
    // As it was addressed.
    let place = format!("{}{}", vendor.server.uri(), request.url.path());
    let place = place.parse().unwrap();
    let method = request.method.as_str().parse().unwrap();
    let stamp = found["oauth_timestamp"].parse().unwrap();
    let header = signer.header(&method, &place, &params, &found["oauth_nonce"], stamp);
    header == request.headers["authorization"].to_str().unwrap()
}

pub(super) fn user_pair() -> TokenPair {
    TokenPair {
        token: "37-token".to_owned(),
        secret: SecretString::from(TOKEN_SECRET),
    }
}

#[tokio::test]
async fn the_state_travels_in_the_callback_and_the_secret_stays_here() {
    let vendor = Vendor::start().await;
    let answer = "oauth_token=req-1&oauth_token_secret=reqsecret&oauth_callback_confirmed=true";
    vendor.on(post("/oauth/request_token"), form(answer)).await;
    let oauth = vendor.connector.oauth();
    let request = oauth.authorize(&back(), "the.state", &[]).await.unwrap();
    assert_eq!(request.url.path(), "/oauth/authorize");
    assert_eq!(request.url.query(), Some("oauth_token=req-1"));
    assert!(!format!("{request:?}").contains("reqsecret"));
    let kept = request.secret.unwrap();
    let pair = TokenPair::parse(kept.expose_secret()).unwrap();
    assert_eq!(pair.secret.expose_secret(), "reqsecret");
    let asked = &vendor.asked("/oauth/request_token").await[0];
    let callback = format!("{}?state=the.state", back());
    assert_eq!(protocol(asked)["oauth_callback"], callback);
    assert!(is_signed(
        &vendor,
        asked,
        None,
        vec![("oauth_callback", callback)]
    ));
}

#[rstest]
#[case::not_confirmed(
    "oauth_token=a&oauth_token_secret=b",
    ErrorKind::Unavailable,
    "register it"
)]
#[case::no_secret(
    "oauth_token=a&oauth_callback_confirmed=true",
    ErrorKind::Decode,
    "secret"
)]
#[case::a_page("<html>Sorry</html>", ErrorKind::Unavailable, "confirm")]
#[tokio::test]
async fn a_request_that_is_no_good_says_so(
    #[case] answer: &str,
    #[case] kind: ErrorKind,
    #[case] words: &str,
) {
    let vendor = Vendor::start().await;
    vendor.on(post("/oauth/request_token"), form(answer)).await;
    let oauth = vendor.connector.oauth();
    let error = oauth.authorize(&back(), "s", &[]).await.unwrap_err();
    assert_eq!(error.kind, kind);
    says(&error, &[words]);
}

fn returned(token: Option<&str>, kept: bool) -> AuthorizationResponse {
    let pair = TokenPair {
        token: "req-1".to_owned(),
        secret: SecretString::from("reqsecret"),
    };
    AuthorizationResponse {
        code: SecretString::from("the-verifier"),
        token: token.map(str::to_owned),
        redirect_uri: back(),
        secret: kept.then(|| pair.seal()),
    }
}

#[tokio::test]
async fn a_verifier_becomes_a_pair_that_never_expires() {
    let vendor = Vendor::start().await;
    let answer = "oauth_token=37-token&oauth_token_secret=usersecret&user_id=37&screen_name=aoyama";
    vendor.on(post("/oauth/access_token"), form(answer)).await;
    let oauth = vendor.connector.oauth();
    let consent = oauth
        .exchange(&returned(Some("req-1"), true))
        .await
        .unwrap();
    assert_eq!(
        (consent.subject.as_str(), consent.subject_name.as_deref()),
        ("37", Some("@aoyama"))
    );
    assert_eq!(consent.tokens.expires_at, None);
    let pair = TokenPair::parse(consent.tokens.access_token.expose_secret()).unwrap();
    assert_eq!(pair.token, "37-token");
    assert_eq!(pair.secret.expose_secret(), "usersecret");
    let asked = &vendor.asked("/oauth/access_token").await[0];
    let request_pair = TokenPair {
        token: "req-1".to_owned(),
        secret: SecretString::from("reqsecret"),
    };
    let more = vec![("oauth_verifier", "the-verifier".to_owned())];
    assert!(is_signed(&vendor, asked, Some(request_pair), more));
}

#[rstest]
#[case::of_another_request(Some("req-2"), true)]
#[case::of_none(None, true)]
#[case::of_a_request_that_is_forgotten(Some("req-1"), false)]
#[tokio::test]
async fn an_answer_to_nothing_we_asked_is_refused_without_a_call(
    #[case] token: Option<&str>,
    #[case] kept: bool,
) {
    let vendor = Vendor::start().await;
    let oauth = vendor.connector.oauth();
    let error = oauth.exchange(&returned(token, kept)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &["start linking again"]);
    assert!(vendor.asked("/oauth/access_token").await.is_empty());
}

#[rstest]
#[case::a_wrong_key(401, "32")]
#[case::an_unregistered_callback(403, "415")]
#[case::a_broken_header(400, "215")]
#[tokio::test]
async fn a_refused_request_is_the_operators_matter_to_check(
    #[case] status: u16,
    #[case] code: &str,
) {
    let vendor = Vendor::start().await;
    vendor
        .on(post("/oauth/request_token"), failure(status, code))
        .await;
    let oauth = vendor.connector.oauth();
    let error = oauth.authorize(&back(), "s", &[]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    says(
        &error,
        &[code, "ANALYTICS_X_ADS_CLIENT_SECRET", "clock", "callback"],
    );
}

#[tokio::test]
async fn a_verifier_that_is_refused_means_to_start_again() {
    let vendor = Vendor::start().await;
    vendor
        .on(post("/oauth/access_token"), failure(401, "89"))
        .await;
    let oauth = vendor.connector.oauth();
    let response = returned(Some("req-1"), true);
    let error = oauth.exchange(&response).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &["start linking again"]);
    assert!(!format!("{error:?}").contains("the-verifier"));
}

#[tokio::test]
async fn there_is_nothing_to_renew() {
    let vendor = Vendor::start().await;
    let tokens = GrantTokens {
        access_token: user_pair().seal(),
        refresh_token: None,
        expires_at: None,
    };
    let error = vendor.connector.oauth().renew(&tokens).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
}

#[tokio::test]
async fn calls_are_signed_over_commas_and_offsets_as_they_are_sent() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1aa", "c2bb"]).await;
    let nothing = super::ok(super::stats(2, serde_json::json!([])));
    vendor.on(get(super::STATS), nothing).await;
    vendor.fetch(two_days()).await.unwrap();
    let asked = vendor.asked(super::STATS).await;
    let sent = asked[0].url.query().unwrap();
    assert!(sent.contains("entity_ids=c1aa%2Cc2bb"), "{sent}");
    assert!(
        sent.contains("start_time=2026-11-21T00%3A00%3A00%2B09%3A00"),
        "{sent}"
    );
    for request in &asked {
        assert!(is_signed(&vendor, request, Some(user_pair()), Vec::new()));
    }
    let nonces: Vec<String> = asked
        .iter()
        .map(|one| protocol(one)["oauth_nonce"].clone())
        .collect();
    assert_ne!(nonces[0], nonces[1], "no two calls share one");
}

#[tokio::test]
async fn a_token_without_a_secret_is_no_token() {
    let vendor = Vendor::start().await;
    vendor.on(get("/12/accounts"), list(Vec::new())).await;
    let bare = analytics_connectors::oauth::TokenSource::fixed(SecretString::from("EAAbare"));
    let error = vendor.connector.list_accounts(&bare).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    says(&error, &["no secret to sign with"]);
}
