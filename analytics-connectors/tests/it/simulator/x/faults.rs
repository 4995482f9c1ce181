use analytics_connectors::simulator::Fault;
use rstest::rstest;
use serde_json::{Value, json};

use super::{X, ids, tail, word};

impl X {
    fn fault(&self, fault: Fault, detail: Option<&str>) {
        let faults = self.caller.simulator.faults();
        faults.inject_flavour(fault, "x", 1, 0, detail);
    }
}

#[rstest]
#[case(Fault::RateLimited, None, 429, "Too Many Requests", "about:blank")]
#[case(
    Fault::RateLimited,
    Some("429"),
    429,
    "Too Many Requests",
    "about:blank"
)]
#[case(
    Fault::RateLimited,
    Some("no-reset"),
    429,
    "Too Many Requests",
    "about:blank"
)]
#[case(Fault::ServerError, None, 503, "Service Unavailable", "about:blank")]
#[case(
    Fault::ServerError,
    Some("500"),
    500,
    "Service Unavailable",
    "about:blank"
)]
#[case(Fault::PermissionLost, None, 403, "Forbidden", "about:blank")]
#[case(
    Fault::PermissionLost,
    Some("plan"),
    403,
    "Client Forbidden",
    "client-forbidden"
)]
#[case(Fault::Credits, None, 402, "CreditsDepleted", "credits")]
#[case(Fault::Credits, Some("depleted"), 402, "CreditsDepleted", "credits")]
#[case(
    Fault::Credits,
    Some("payment-required"),
    402,
    "Payment Required",
    "credits-depleted"
)]
#[case(Fault::Credits, Some("spend-cap"), 403, "SpendCapReached", "credits")]
#[case(
    Fault::Credits,
    Some("usage-capped"),
    429,
    "UsageCapExceeded",
    "usage-capped"
)]
#[tokio::test]
async fn refusals_are_problem_documents(
    #[case] fault: Fault,
    #[case] detail: Option<&str>,
    #[case] status: u16,
    #[case] title: &str,
    #[case] kind: &str,
) {
    let x = X::start().await;
    x.fault(fault, detail);
    let refused = x.get("users/me", &[]).await;
    assert_eq!(
        (refused.status, &refused.body["title"]),
        (status, &title.into())
    );
    assert_eq!(tail(&refused.body), kind);
    let reset = refused.headers.get("x-rate-limit-reset");
    assert_eq!(reset.is_some(), detail != Some("no-reset"));
    let left = if fault == Fault::RateLimited {
        "0"
    } else {
        "75"
    };
    assert_eq!(refused.headers["x-rate-limit-remaining"], left);
    if kind == "client-forbidden" {
        assert_eq!(refused.body["reason"], "client-not-enrolled");
    }
    if kind == "usage-capped" {
        assert_eq!(refused.body["period"], "Monthly");
    }
    assert_eq!(x.get("users/me", &[]).await.status, 200);
}

#[rstest]
#[case(Fault::RateLimited, "v1", 429, 88)]
#[case(Fault::PermissionLost, "app", 403, 416)]
#[tokio::test]
async fn some_refusals_are_those_of_the_older_api(
    #[case] fault: Fault,
    #[case] detail: &str,
    #[case] status: u16,
    #[case] code: u16,
) {
    let x = X::start().await;
    x.fault(fault, Some(detail));
    let refused = x.get("users/me", &[]).await;
    assert_eq!(
        (refused.status, &refused.body["errors"][0]["code"]),
        (status, &code.into())
    );
    assert_eq!(refused.body["type"], Value::Null);
}

#[tokio::test]
async fn one_user_is_suspended_and_others_are_not() {
    let x = X::start().await;
    let faults = x.caller.simulator.faults();
    faults.inject_flavour(Fault::PermissionLost, "x", 0, 0, Some(x.id(0)));
    assert_eq!(x.page(0, &[]).await.status, 403);
    assert_eq!(x.page(1, &[]).await.status, 200);
}

#[tokio::test]
async fn tokens_die_with_the_consent() {
    let x = X::start().await;
    let granted = x.log_in(x.id(0)).await;
    x.fault(Fault::RevokeToken, None);
    let token = word(&granted, "access_token");
    assert_eq!(x.get_as(&token, "users/me", &[]).await.status, 401);
    let refused = x.refresh(&word(&granted, "refresh_token")).await;
    assert_eq!(
        (refused.status, &refused.body["error"]),
        (400, &"invalid_request".into())
    );
}

#[tokio::test]
async fn answers_break_in_three_ways() {
    let x = X::start().await;
    let path = format!("{}/2/users/me", x.caller.env("ANALYTICS_X_BASE_URL"));
    let ask = || {
        x.caller
            .http
            .get(&path)
            .bearer_auth(&x.users[0].token)
            .send()
    };
    x.fault(Fault::MalformedJson, None);
    let page = ask().await.unwrap();
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert!(page.text().await.unwrap().ends_with("</html>"));
    for fault in [Fault::TruncatedBody, Fault::ConnectionReset] {
        x.fault(fault, None);
        let whole = match ask().await {
            Ok(response) => response.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!whole, "{fault:?}");
    }
    assert!(ask().await.unwrap().bytes().await.is_ok());
}

#[tokio::test]
async fn the_token_endpoint_fails_before_or_after_it_has_done_its_work() {
    let x = X::start().await;
    let granted = x.log_in(x.id(0)).await;
    let old = word(&granted, "refresh_token");
    x.fault(Fault::ServerError, Some("token"));
    assert_eq!(x.get("users/me", &[]).await.status, 200, "not of the API");
    assert_eq!(x.refresh(&old).await.status, 503);
    let second = x.refresh(&old).await;
    assert_eq!(second.status, 200, "nothing had happened");
    x.fault(Fault::ServerError, Some("lost-token"));
    let last = word(&second.body, "refresh_token");
    let url = x.caller.env("ANALYTICS_X_TOKEN_URL");
    let (id, secret) = (
        x.caller.env("ANALYTICS_X_CLIENT_ID"),
        x.caller.env("ANALYTICS_X_CLIENT_SECRET"),
    );
    let form = [("grant_type", "refresh_token"), ("refresh_token", &last)];
    let lost = x
        .caller
        .http
        .post(url)
        .basic_auth(id, Some(secret))
        .form(&form);
    let arrived = match lost.send().await {
        Ok(response) => response.bytes().await.is_ok(),
        Err(_) => false,
    };
    assert!(!arrived);
    assert_eq!(x.refresh(&last).await.status, 400, "it had been used");
}

#[tokio::test]
async fn answers_change_their_shape() {
    let x = X::start().await;
    let fields = [("tweet.fields", "public_metrics")];
    x.fault(Fault::ChangedShape, None);
    let odd = x.page(0, &fields).await;
    assert!(odd.rows()[0]["public_metrics"]["repost_count"].is_i64());
    assert!(odd.rows()[0]["edit_history_post_ids"].is_array());
    x.fault(Fault::ChangedShape, Some("dialect"));
    let me = x
        .get("users/me", &[("user.fields", "public_metrics")])
        .await;
    assert!(me.body["data"]["public_metrics"]["post_count"].is_i64());
    x.fault(Fault::ChangedShape, Some("no-metrics"));
    assert_eq!(x.get("users/me", &[]).await.status, 200, "not of users");
    let bare = x.page(0, &fields).await;
    assert!(
        bare.rows()
            .iter()
            .all(|row| row["public_metrics"].is_null())
    );
    assert_eq!((bare.status, bare.rows().len()), (200, 10));
    let good = x.page(0, &fields).await;
    assert!(
        good.rows()
            .iter()
            .all(|row| row["public_metrics"]["retweet_count"].is_i64())
    );
}

#[tokio::test]
async fn a_cursor_repeats_for_ever() {
    let x = X::start().await;
    let faults = x.caller.simulator.faults();
    faults.inject_flavour(Fault::ChangedShape, "x", 0, 1, Some("repeating-cursor"));
    let first = x.page(0, &[]).await;
    let mut cursor = word(&first.body["meta"], "next_token");
    let mut pages = Vec::new();
    for _ in 0..3 {
        let page = x.page(0, &[("pagination_token", &cursor)]).await;
        cursor = word(&page.body["meta"], "next_token");
        pages.push(ids(page.rows()));
    }
    assert_ne!(pages[0], ids(first.rows()));
    assert_eq!((&pages[1], &pages[2]), (&pages[0], &pages[0]));
    faults.clear();
    faults.inject_flavour(Fault::ChangedShape, "x", 1, 0, Some("repeating-cursor"));
    let first = x.page(0, &[]).await;
    let cursor = word(&first.body["meta"], "next_token");
    let again = x.page(0, &[("pagination_token", &cursor)]).await;
    assert_eq!(ids(again.rows()), ids(first.rows()), "the first page, too");
}

#[tokio::test]
async fn x_and_its_ads_have_faults_and_secrets_of_their_own() {
    let x = X::start().await;
    let faults = x.caller.simulator.faults();
    faults.inject(Fault::ServerError, "x_ads", 0, 0);
    assert_eq!(x.get("users/me", &[]).await.status, 200);
    assert_eq!(faults.pending().len(), 1);
    faults.clear();
    faults.inject(Fault::ServerError, "x", 0, 0);
    let url = x.caller.url("/x_ads/12/accounts");
    let ads = x.caller.http.get(url).send().await.unwrap();
    assert_eq!(ads.status(), 401, "it gets as far as the missing signature");
    assert_eq!(x.get("users/me", &[]).await.status, 503);
    let id = |name| x.caller.env(name);
    assert_ne!(id("ANALYTICS_X_CLIENT_ID"), id("ANALYTICS_X_ADS_CLIENT_ID"));
    assert_ne!(
        json!(id("ANALYTICS_X_BASE_URL")),
        json!(id("ANALYTICS_X_ADS_BASE_URL"))
    );
}
