use std::collections::HashMap;

use chrono::Duration;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use super::{Answer, X, answer, word};

const BACK: &str = "http://127.0.0.1:8080/api/v1/connect/x/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-of-those";
const SCOPES: &str = "tweet.read users.read offline.access";

impl X {
    /// The address of a consent page, with what is asked for instead.
    fn dialog(&self, more: &[(&str, &str)]) -> Url {
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER));
        let id = self.caller.env("ANALYTICS_X_CLIENT_ID");
        let mut all = HashMap::from([
            ("response_type", "code"),
            ("client_id", &id),
            ("redirect_uri", BACK),
            ("scope", SCOPES),
            ("state", "s-1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        all.extend(more.iter().copied());
        let url = self.caller.env("ANALYTICS_X_AUTH_URL");
        Url::parse_with_params(&url, all).unwrap()
    }

    /// What the browser is sent back with.
    async fn decide(
        &self,
        more: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> HashMap<String, String> {
        let post = self.caller.http.post(self.dialog(more)).form(form);
        let response = post.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let back: Url = response.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(back.as_str().starts_with(BACK));
        back.query_pairs().into_owned().collect()
    }

    async fn code(&self, user: &str) -> String {
        let form = [("page", "1"), ("decision", "allow"), ("user", user)];
        self.decide(&[], &form).await["code"].clone()
    }

    fn basic(&self) -> String {
        let id = self.caller.env("ANALYTICS_X_CLIENT_ID");
        let secret = self.caller.env("ANALYTICS_X_CLIENT_SECRET");
        format!(
            "Basic {}",
            BASE64.encode(format!("{id}:{secret}").as_bytes())
        )
    }

    pub(super) async fn token(&self, form: &[(&str, &str)]) -> Answer {
        let url = self.caller.env("ANALYTICS_X_TOKEN_URL");
        let post = self.caller.http.post(url).form(form);
        answer(post.header("authorization", self.basic())).await
    }

    async fn exchange(&self, code: &str, verifier: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", verifier),
        ])
        .await
    }

    pub(super) async fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    /// Tokens of a user who has logged in.
    pub(super) async fn log_in(&self, user: &str) -> Value {
        let granted = self.exchange(&self.code(user).await, VERIFIER).await;
        assert_eq!(granted.status, 200, "{granted:?}");
        granted.body
    }

    /// The status of a call with the access token of a grant.
    async fn me(&self, granted: &Value) -> u16 {
        let token = word(granted, "access_token");
        self.get_as(&token, "users/me", &[]).await.status
    }

    async fn revoke(&self, token: &str) -> Answer {
        let url = self.caller.env("ANALYTICS_X_TOKEN_URL");
        let url = url.replace("/token", "/revoke");
        let post = self.caller.http.post(url).form(&[("token", token)]);
        answer(post.header("authorization", self.basic())).await
    }
}

fn is_invalid(answer: &Answer) -> bool {
    answer.status == 400
        && answer.body["error"] == "invalid_request"
        && answer.body["error_description"] == "Value passed for the token was invalid."
}

#[tokio::test]
async fn the_page_lets_one_choose_the_account_and_says_what_is_asked_for() {
    let x = X::start().await;
    let page = x.caller.http.get(x.dialog(&[])).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    assert!(html.contains("みどり珈琲") && html.contains("@northwind_out"));
    assert!(html.contains("<legend>Account</legend>"));
    assert_eq!(html.matches("type=\"radio\" name=\"user\"").count(), 3);
    assert_eq!(html.matches("type=\"radio\"").count(), 3);
    // Name, value and test id of the first come in this order, and it is the chosen one.
    let first = format!("value=\"{0}\" data-testid=\"user-{0}\" checked", x.id(0));
    assert!(html.contains(&first), "{html}");
    assert!(html.contains("consent-allow") && html.contains("offline.access"));
}

#[tokio::test]
async fn a_login_gives_tokens_of_the_user_who_was_chosen() {
    let x = X::start().await;
    for (form, expected) in [
        ("northwind_out", x.id(1)),
        (x.id(2), x.id(2)),
        ("@midori_coffee", x.id(0)),
    ] {
        let granted = x.log_in(form).await;
        assert_eq!(granted["token_type"], "bearer");
        assert_eq!(
            (&granted["expires_in"], &granted["scope"]),
            (&7200.into(), &SCOPES.into())
        );
        let me = x
            .get_as(&word(&granted, "access_token"), "users/me", &[])
            .await;
        assert_eq!(me.body["data"]["id"], expected);
    }
    let first = x.decide(&[], &[("decision", "allow")]).await;
    assert_eq!(first["state"], "s-1");
    let granted = x.exchange(&first["code"], VERIFIER).await.body;
    let me = x
        .get_as(&word(&granted, "access_token"), "users/me", &[])
        .await;
    assert_eq!(me.body["data"]["id"], x.id(0));
}

#[tokio::test]
async fn a_login_can_be_refused_by_the_user() {
    let x = X::start().await;
    let back = x.decide(&[], &[("decision", "deny")]).await;
    assert_eq!(
        (back["error"].as_str(), back["state"].as_str()),
        ("access_denied", "s-1")
    );
    assert_eq!(back.len(), 2);
}

#[rstest]
#[case("client_id", "somebody")]
#[case("response_type", "token")]
#[case("redirect_uri", "nowhere")]
#[case("scope", "tweet.read all.of.it")]
#[case("state", "")]
#[case("code_challenge", "short")]
#[case("code_challenge_method", "plain")]
#[tokio::test]
async fn a_page_that_is_asked_for_wrongly_is_none(#[case] name: &str, #[case] value: &str) {
    let x = X::start().await;
    let url = x.dialog(&[(name, value)]);
    let page = x.caller.http.get(url.clone()).send().await.unwrap();
    assert_eq!(page.status(), 400);
    let post = x.caller.http.post(url).form(&[("decision", "allow")]);
    assert_eq!(post.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn nobody_else_signs_in() {
    let x = X::start().await;
    let post = x.caller.http.post(x.dialog(&[]));
    let post = post.form(&[("decision", "allow"), ("user", "nobody")]);
    assert_eq!(post.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_code_works_for_thirty_seconds_and_once_and_needs_its_proof() {
    let x = X::start().await;
    let now = x.now();
    let late = x.code(x.id(0)).await;
    x.set(now + Duration::seconds(30));
    assert_eq!(x.exchange(&late, VERIFIER).await.status, 400);
    x.set(now);
    let code = x.code(x.id(0)).await;
    x.set(now + Duration::seconds(29));
    let other = "another-verifier-that-is-long-enough-to-be-one";
    assert_eq!(x.exchange(&code, other).await.status, 400);
    assert_eq!(x.exchange(&code, "").await.status, 400);
    assert_eq!(x.exchange(&code, VERIFIER).await.status, 200);
    let again = x.exchange(&code, VERIFIER).await;
    assert_eq!(
        (again.status, &again.body["error"]),
        (400, &"invalid_request".into())
    );
}

#[tokio::test]
async fn an_app_says_who_it_is_in_the_header_only() {
    let x = X::start().await;
    let code = x.code(x.id(0)).await;
    let (id, secret) = (
        x.caller.env("ANALYTICS_X_CLIENT_ID"),
        x.caller.env("ANALYTICS_X_CLIENT_SECRET"),
    );
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", &id),
        ("client_secret", &secret),
    ];
    let url = x.caller.env("ANALYTICS_X_TOKEN_URL");
    let bad = BASE64.encode(format!("{id}:wrong").as_bytes());
    for header in [None, Some(format!("Basic {bad}")), Some(x.basic())] {
        let mut post = x.caller.http.post(&url).form(&form);
        if let Some(header) = header {
            post = post.header("authorization", header);
        }
        let refused = answer(post).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.body["error"], "unauthorized_client");
        assert_eq!(
            refused.body["error_description"],
            "Missing valid authorization header"
        );
    }
    assert_eq!(
        x.exchange(&code, VERIFIER).await.status,
        200,
        "nothing was lost"
    );
}

#[tokio::test]
async fn there_is_a_refresh_token_only_for_who_asked_to_stay() {
    let x = X::start().await;
    let scopes = [("scope", "tweet.read users.read")];
    let back = x.decide(&scopes, &[("decision", "allow")]).await;
    let granted = x.exchange(&back["code"], VERIFIER).await;
    assert_eq!(
        (granted.status, &granted.body["refresh_token"]),
        (200, &Value::Null)
    );
    assert_eq!(granted.body["scope"], "tweet.read users.read");
    let back = x
        .decide(&[("scope", "tweet.read")], &[("decision", "allow")])
        .await;
    let granted = x.exchange(&back["code"], VERIFIER).await.body;
    assert_eq!(x.me(&granted).await, 403, "users were not asked for");
}

#[tokio::test]
async fn an_access_token_works_for_two_hours_and_a_refresh_token_once() {
    let x = X::start().await;
    let now = x.now();
    let first = x.log_in(x.id(0)).await;
    x.set(now + Duration::seconds(7_199));
    assert_eq!(x.me(&first).await, 200);
    x.set(now + Duration::seconds(7_200));
    assert_eq!(x.me(&first).await, 401);
    let second = x.refresh(&word(&first, "refresh_token")).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.body["refresh_token"], first["refresh_token"]);
    assert_eq!(x.me(&second.body).await, 200);
    let third = x.refresh(&word(&second.body, "refresh_token")).await;
    assert_eq!(third.status, 200);
    // Whoever comes with a used one has stolen it, or lost the last: nobody goes on.
    assert!(is_invalid(&x.refresh(&word(&first, "refresh_token")).await));
    assert_eq!(x.me(&third.body).await, 401);
    assert!(is_invalid(
        &x.refresh(&word(&third.body, "refresh_token")).await
    ));
    assert!(is_invalid(&x.refresh("unknown").await));
    let access = word(&x.log_in(x.id(0)).await, "access_token");
    assert!(is_invalid(&x.refresh(&access).await), "of the other kind");
}

#[tokio::test]
async fn a_new_consent_ends_the_older_one_of_the_same_user_only() {
    let x = X::start().await;
    let (first, other) = (x.log_in(x.id(0)).await, x.log_in(x.id(1)).await);
    let second = x.log_in(x.id(0)).await;
    assert_eq!(x.me(&first).await, 401);
    assert!(is_invalid(&x.refresh(&word(&first, "refresh_token")).await));
    assert_eq!((x.me(&second).await, x.me(&other).await), (200, 200));
    assert_eq!(x.refresh(&word(&second, "refresh_token")).await.status, 200);
}

#[tokio::test]
async fn tokens_can_be_given_back() {
    let x = X::start().await;
    let granted = x.log_in(x.id(0)).await;
    let (access, refresh) = (
        word(&granted, "access_token"),
        word(&granted, "refresh_token"),
    );
    assert_eq!(x.revoke(&access).await.body["revoked"], true);
    assert_eq!(x.me(&granted).await, 401);
    let next = x.refresh(&refresh).await;
    assert_eq!(next.status, 200, "only the access token was given back");
    assert_eq!(
        x.revoke(&word(&next.body, "refresh_token")).await.status,
        200
    );
    assert_eq!(x.me(&next.body).await, 401);
    assert!(is_invalid(
        &x.refresh(&word(&next.body, "refresh_token")).await
    ));
    let url = x
        .caller
        .env("ANALYTICS_X_TOKEN_URL")
        .replace("/token", "/revoke");
    let unnamed = answer(x.caller.http.post(url).form(&[("token", &access)])).await;
    assert_eq!(
        (unnamed.status, &unnamed.body["error"]),
        (401, &"unauthorized_client".into())
    );
}
