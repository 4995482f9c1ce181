use chrono::Duration;
use serde_json::json;

use super::{Answer, Caller, Product, answer, code};

const BACK: &str = "http://127.0.0.1:8080/api/v1/connect/yahoo/callback";

fn dialog(caller: &Caller, params: &[(&str, &str)]) -> String {
    let mut url = reqwest::Url::parse(&caller.env("ANALYTICS_YAHOO_AUTH_URL")).unwrap();
    let id = caller.env("ANALYTICS_YAHOO_CLIENT_ID");
    let mut all = vec![
        ("response_type", "code"),
        ("client_id", id.as_str()),
        ("redirect_uri", BACK),
        ("scope", "yahooads"),
        ("state", "s-1_~:/?@"),
    ];
    all.retain(|(name, _)| params.iter().all(|(given, _)| given != name));
    all.extend_from_slice(params);
    url.query_pairs_mut().extend_pairs(all);
    url.to_string()
}

/// What the browser is sent back with.
async fn back(caller: &Caller, form: &[(&str, &str)], name: &str) -> Option<String> {
    let page = caller.http.post(dialog(caller, &[])).form(form);
    let response = page.send().await.unwrap();
    assert_eq!(response.status(), 303);
    let url = response.headers()["location"].to_str().unwrap();
    assert!(url.starts_with(BACK));
    let url: reqwest::Url = url.parse().unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

async fn new_code(caller: &Caller) -> String {
    // The page's own form, with nothing ticked: there is nothing to untick.
    let form = [("page", "1"), ("decision", "allow")];
    back(caller, &form, "code").await.unwrap()
}

async fn exchange(caller: &Caller, params: &[(&str, &str)]) -> Answer {
    let id = caller.env("ANALYTICS_YAHOO_CLIENT_ID");
    let secret = caller.env("ANALYTICS_YAHOO_CLIENT_SECRET");
    let mut all = vec![
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    all.retain(|(name, _)| params.iter().all(|(given, _)| given != name));
    all.extend_from_slice(params);
    let url = caller.env("ANALYTICS_YAHOO_TOKEN_URL");
    answer(caller.http.post(url).form(&all)).await
}

async fn redeem(caller: &Caller, code: &str) -> Answer {
    let params = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("code", code),
    ];
    exchange(caller, &params).await
}

async fn renew(caller: &Caller, refresh: &str) -> Answer {
    let params = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    exchange(caller, &params).await
}

/// How a token is answered.
async fn opens(product: &Product, token: &str) -> (u16, String) {
    let request = product.request("BaseAccountService", "get", &json!({}));
    let answer = answer(request.bearer_auth(token)).await;
    if answer.status == 200 {
        return (200, String::new());
    }
    let (status, code) = code(&answer);
    (status, code.to_owned())
}

#[tokio::test]
async fn one_consent_opens_both_products_for_an_hour_and_is_renewed() {
    let product = Product::search().await;
    let caller = &product.caller;
    let page = caller.http.get(dialog(caller, &[])).send().await.unwrap();
    let html = page.text().await.unwrap();
    for part in [
        "みどり珈琲 検索広告",
        "みどり珈琲 ディスプレイ",
        "value=\"yahooads\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("untick"));
    let granted = redeem(caller, &new_code(caller).await).await.body;
    let mut names: Vec<&String> = granted.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(
        names,
        ["access_token", "expires_in", "refresh_token", "token_type"]
    );
    assert_eq!(granted["expires_in"], 3600);
    let old = granted["access_token"].as_str().unwrap();
    let refresh = granted["refresh_token"].as_str().unwrap();
    for host in ["search", "display"] {
        let url = format!("/yahoo/{host}/api/v20/BaseAccountService/get");
        let request = caller.http.post(caller.url(&url)).json(&json!({}));
        assert_eq!(answer(request.bearer_auth(old)).await.status, 200);
    }
    let renewed = renew(caller, refresh).await.body;
    assert!(renewed.get("refresh_token").is_none(), "never rotated");
    let new = renewed["access_token"].as_str().unwrap();
    assert_eq!(opens(&product, old).await.0, 200, "older ones stay valid");
    assert_eq!(opens(&product, new).await.0, 200);
    let clock = product.caller.simulator.clock();
    clock.set(product.caller.simulator.world().now() + Duration::seconds(3600));
    assert_eq!(opens(&product, new).await, (401, "0111".to_owned()));
    assert_eq!(renew(caller, refresh).await.status, 200);
    assert_eq!(opens(&product, refresh).await, (401, "0111".to_owned()));
}

#[tokio::test]
async fn a_code_works_once_for_its_address_and_ten_minutes() {
    let product = Product::search().await;
    let caller = &product.caller;
    let refusal = |answer: Answer| {
        let error = answer.body["error"].as_str().unwrap_or_default().to_owned();
        (answer.status, error)
    };
    let no_grant = (400, "invalid_grant".to_owned());
    let code = new_code(caller).await;
    let elsewhere = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", "http://127.0.0.1/other"),
        ("code", &code),
    ];
    assert_eq!(refusal(exchange(caller, &elsewhere).await), no_grant);
    let stranger = [("client_secret", "x"), ("grant_type", "authorization_code")];
    let stranger = refusal(exchange(caller, &stranger).await);
    assert_eq!(stranger, (401, "invalid_client".to_owned()));
    assert_eq!(redeem(caller, &code).await.status, 200);
    assert_eq!(refusal(redeem(caller, &code).await), no_grant);
    let old = new_code(caller).await;
    let clock = product.caller.simulator.clock();
    clock.set(product.caller.simulator.world().now() + Duration::minutes(10));
    assert_eq!(refusal(redeem(caller, &old).await), no_grant);
    assert_eq!(refusal(renew(caller, "nonsense").await), no_grant);
}

#[tokio::test]
async fn a_dialog_that_cannot_be_is_explained_and_a_cancelled_one_goes_back() {
    let product = Product::search().await;
    let caller = &product.caller;
    let long = "s".repeat(513);
    for bad in [
        ("client_id", "1"),
        ("response_type", "token"),
        ("scope", "everything"),
        ("redirect_uri", "nowhere"),
        ("state", long.as_str()),
        ("state", "a b"),
        ("state", "ä"),
    ] {
        let page = caller
            .http
            .post(dialog(caller, &[bad]))
            .send()
            .await
            .unwrap();
        assert_eq!(page.status(), 400, "{bad:?}");
        assert!(page.text().await.unwrap().contains("role=\"alert\""));
    }
    let deny = [("decision", "deny")];
    let error = back(caller, &deny, "error").await;
    assert_eq!(error.as_deref(), Some("access_denied"));
    let state = back(caller, &deny, "state").await;
    assert_eq!(state.as_deref(), Some("s-1_~:/?@"));
}
