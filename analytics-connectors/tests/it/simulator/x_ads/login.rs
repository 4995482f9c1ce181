use std::collections::HashMap;

use chrono::Duration;
use url::form_urlencoded;

use super::{Answer, X, answer, code};

const BACK: &str = "http://127.0.0.1:8080/api/v1/connect/x_ads/callback?state=s-1";

type Form = HashMap<String, String>;

fn parsed(text: &str) -> Form {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

impl X {
    fn sibling(&self, name: &str) -> String {
        let url = self.caller.env("ANALYTICS_X_ADS_TOKEN_URL");
        url.replace("access_token", name)
    }

    async fn begin(&self, callback: &str) -> (u16, String) {
        let url = self.sibling("request_token");
        let more = [("oauth_callback", callback)];
        let header = self.signer_with(None).header("POST", &url, &[], &more);
        let request = self.caller.http.post(url).header("authorization", header);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// What the browser is sent back with.
    async fn decide(&self, token: &str, decision: &str) -> Form {
        let url = self.caller.env("ANALYTICS_X_ADS_AUTH_URL");
        let page = self
            .caller
            .http
            .post(format!("{url}?oauth_token={token}"))
            .form(&[("page", "1"), ("decision", decision)]);
        let response = page.send().await.unwrap();
        assert_eq!(response.status(), 303);
        let back = response.headers()["location"].to_str().unwrap();
        assert!(back.starts_with(&format!("{BACK}&")), "{back}");
        parsed(back.split_once('?').unwrap().1)
    }

    async fn finish(&self, token: &str, secret: &str, verifier: &str) -> (u16, String) {
        let url = self.sibling("access_token");
        let token = Some((token.to_owned(), secret.to_owned()));
        let more = [("oauth_verifier", verifier)];
        let header = self.signer_with(token).header("POST", &url, &[], &more);
        let request = self.caller.http.post(url).header("authorization", header);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// A user who has logged in.
    async fn user(&self) -> (String, String) {
        let begun = parsed(&self.begin(BACK).await.1);
        let back = self.decide(&begun["oauth_token"], "allow").await;
        let (status, text) = self
            .finish(
                &begun["oauth_token"],
                &begun["oauth_token_secret"],
                &back["oauth_verifier"],
            )
            .await;
        assert_eq!(status, 200, "{text}");
        let granted = parsed(&text);
        (
            granted["oauth_token"].clone(),
            granted["oauth_token_secret"].clone(),
        )
    }

    async fn ask(&self, user: &(String, String), path: &str) -> Answer {
        self.call_as(user, "GET", path, &[]).await
    }

    async fn call_as(
        &self,
        user: &(String, String),
        method: &str,
        path: &str,
        params: &[(&str, &str)],
    ) -> Answer {
        let signer = self.signer_with(Some(user.clone()));
        answer(self.request(&signer, method, path, params)).await
    }
}

#[tokio::test]
async fn a_login_takes_three_steps_and_its_token_never_expires() {
    let x = X::start().await;
    let (status, text) = x.begin(BACK).await;
    assert_eq!(status, 200, "{text}");
    let begun = parsed(&text);
    assert_eq!(begun["oauth_callback_confirmed"], "true");
    let token = &begun["oauth_token"];
    let url = x.caller.env("ANALYTICS_X_ADS_AUTH_URL");
    let page = x.caller.http.get(format!("{url}?oauth_token={token}"));
    let html = page.send().await.unwrap().text().await.unwrap();
    assert!(html.contains("みどり珈琲 X") && html.contains("consent-allow"));
    // The user has not agreed yet.
    let secret = &begun["oauth_token_secret"];
    assert_eq!(x.finish(token, secret, "guess").await.0, 401);
    let back = x.decide(token, "allow").await;
    assert_eq!(
        (&back["oauth_token"], back["state"].as_str()),
        (token, "s-1")
    );
    let verifier = &back["oauth_verifier"];
    assert_eq!(x.finish(token, secret, "guess").await.0, 401);
    assert_eq!(x.finish(token, "wrong", verifier).await.0, 401);
    let (status, text) = x.finish(token, secret, verifier).await;
    assert_eq!(status, 200, "{text}");
    let granted = parsed(&text);
    assert_eq!(granted["user_id"], "1700000000424242");
    assert!(granted.contains_key("screen_name"));
    assert_eq!(x.finish(token, secret, verifier).await.0, 401, "once");
    let user = (
        granted["oauth_token"].clone(),
        granted["oauth_token_secret"].clone(),
    );
    assert_eq!(x.ask(&user, "accounts").await.rows().len(), 6);
    let clock = x.caller.simulator.clock();
    clock.set(x.caller.simulator.world().now() + Duration::days(4_000));
    assert_eq!(x.ask(&user, "accounts").await.status, 200);
}

#[tokio::test]
async fn a_login_can_be_refused_and_some_cannot_be() {
    let x = X::start().await;
    let begun = parsed(&x.begin(BACK).await.1);
    let token = &begun["oauth_token"];
    let back = x.decide(token, "deny").await;
    assert_eq!((&back["denied"], back.len()), (token, 2));
    let url = x.caller.env("ANALYTICS_X_ADS_AUTH_URL");
    for gone in [token.as_str(), "unknown", ""] {
        let page = x.caller.http.get(format!("{url}?oauth_token={gone}"));
        assert_eq!(page.send().await.unwrap().status(), 400);
    }
    assert_eq!(x.begin("nowhere").await.0, 403);
    let late = parsed(&x.begin(BACK).await.1);
    let back = x.decide(&late["oauth_token"], "allow").await;
    let clock = x.caller.simulator.clock();
    clock.set(x.caller.simulator.world().now() + Duration::hours(1));
    let (token, secret) = (&late["oauth_token"], &late["oauth_token_secret"]);
    assert_eq!(
        x.finish(token, secret, &back["oauth_verifier"]).await.0,
        401
    );
}

#[tokio::test]
async fn users_are_counted_the_known_token_is_not_and_a_token_is_given_back() {
    let x = X::start().await;
    let user = x.user().await;
    for left in (0..5).rev() {
        let answer = x.ask(&user, "accounts").await;
        assert_eq!(answer.status, 200);
        let told = answer.headers["x-rate-limit-remaining"].to_str().unwrap();
        assert_eq!(told, left.to_string());
    }
    let answer = x.ask(&user, "accounts").await;
    assert_eq!(code(&answer), (429, "TOO_MANY_REQUESTS".to_owned()));
    let now = x.caller.simulator.world().now();
    let reset = (now + Duration::minutes(15)).timestamp().to_string();
    assert_eq!(answer.headers["x-rate-limit-reset"], reset.as_str());
    let one = format!("accounts/{}", x.id(0));
    assert_eq!(x.ask(&user, &one).await.status, 200, "not counted");
    for _ in 0..8 {
        assert_eq!(x.get("accounts", &[]).await.status, 200);
    }
    x.caller.simulator.clock().set(now + Duration::minutes(15));
    assert_eq!(x.ask(&user, "accounts").await.status, 200);

    let url = x.caller.url("/x_ads/1.1/oauth/invalidate_token.json");
    let signer = x.signer_with(Some(user.clone()));
    let header = signer.header("POST", &url, &[], &[]);
    let given_back = super::answer(x.caller.http.post(url).header("authorization", header)).await;
    assert_eq!(given_back.status, 200);
    assert_eq!(code(&x.ask(&user, &one).await), (401, "89".to_owned()));
    assert_eq!(x.get(&one, &[]).await.status, 200, "another token lives on");
}

#[tokio::test]
async fn figures_at_once_are_counted_for_a_quarter_of_an_hour() {
    let x = X::start().await;
    let user = x.user().await;
    let path = format!("stats/accounts/{}/active_entities", x.id(0));
    // Refused calls count as well.
    for _ in 0..250 {
        assert_eq!(x.ask(&user, &path).await.status, 400);
    }
    let answer = x.ask(&user, &path).await;
    assert_eq!(code(&answer), (429, "TOO_MANY_REQUESTS".to_owned()));
    assert_eq!(answer.headers["x-rate-limit-limit"], "250");
    let jobs = format!("stats/jobs/accounts/{}", x.id(0));
    assert_eq!(x.ask(&user, &jobs).await.status, 200);
}

#[tokio::test]
async fn calls_to_an_account_are_counted_together_whoever_asks() {
    let x = X::start().await;
    let (one, other) = (x.user().await, x.user().await);
    let left = async |user: &(String, String), path: &str| {
        let answer = x.ask(user, path).await;
        assert_eq!(answer.status, 200, "{path}");
        let told = answer.headers["x-account-rate-limit-remaining"].to_str();
        told.unwrap().parse::<u32>().unwrap()
    };
    let campaigns = format!("accounts/{}/campaigns", x.id(0));
    let account = format!("accounts/{}", x.id(0));
    assert_eq!(left(&one, &campaigns).await, 9_999);
    assert_eq!(left(&other, &campaigns).await, 9_998);
    assert_eq!(left(&one, &account).await, 1_999, "each list by itself");
    let elsewhere = format!("accounts/{}/campaigns", x.id(1));
    assert_eq!(
        left(&one, &elsewhere).await,
        9_999,
        "each account by itself"
    );
}

#[tokio::test]
async fn an_account_takes_so_many_orders_and_cancellations_a_minute() {
    let x = X::start().await;
    let (one, other) = (x.user().await, x.user().await);
    let campaign = x.campaign(0).await;
    let wanted = super::question(&[("entity_ids", &campaign)]);
    let jobs = format!("stats/jobs/accounts/{}", x.id(0));
    let start = x.caller.simulator.world().now();
    let told = |answer: &Answer, what: &str| {
        let name = format!("x-account-rate-limit-{what}");
        answer.headers[name].to_str().unwrap().to_owned()
    };
    let ordered = x.call_as(&one, "POST", &jobs, &wanted).await;
    assert_eq!(
        (ordered.status, told(&ordered, "limit")),
        (200, "450".into())
    );
    assert_eq!(told(&ordered, "remaining"), "449");
    assert_eq!(ordered.headers["x-concurrent-job-limit-remaining"], "99");
    let job = ordered.body["data"]["id_str"].as_str().unwrap();
    let job = format!("{jobs}/{job}");
    let cancelled = x.call_as(&other, "DELETE", &job, &[]).await;
    assert_eq!(
        (cancelled.status, told(&cancelled, "remaining")),
        (200, "448".into())
    );
    // Refused calls count as well.
    for _ in 0..448 {
        let unknown = x.call_as(&one, "DELETE", &format!("{jobs}/1"), &[]).await;
        assert_eq!(unknown.status, 404);
    }
    let soon = start + Duration::seconds(59);
    x.caller.simulator.clock().set(soon);
    for user in [&one, &other] {
        let refused = x.call_as(user, "POST", &jobs, &wanted).await;
        assert_eq!(code(&refused), (429, "TOO_MANY_REQUESTS".to_owned()));
        assert_eq!(told(&refused, "remaining"), "0");
        let reset = (start + Duration::minutes(1)).timestamp().to_string();
        assert_eq!(told(&refused, "reset"), reset);
    }
    assert_eq!(
        x.ask(&one, &jobs).await.status,
        200,
        "reading is not writing"
    );
    let elsewhere = format!("stats/jobs/accounts/{}/1", x.id(1));
    let elsewhere = x.call_as(&one, "DELETE", &elsewhere, &[]).await;
    assert_eq!(elsewhere.status, 404, "each account by itself");
    let known = x.order(0, &[("entity_ids", &campaign)]).await;
    assert_eq!(
        (known.status, told(&known, "remaining")),
        (200, "450".into())
    );
    x.caller.simulator.clock().set(start + Duration::minutes(1));
    let again = x.call_as(&one, "POST", &jobs, &wanted).await;
    assert_eq!(
        (again.status, told(&again, "remaining")),
        (200, "449".into())
    );
}

#[tokio::test]
async fn a_token_outlives_the_server() {
    let (before, after) = (X::start().await, X::start().await);
    let user = before.user().await;
    assert_eq!(after.ask(&user, "accounts").await.status, 200);
}
