//! The round trip of OAuth 1.0a: what the provider's answer is worth without what was kept here.

use serde_json::Value;
use url::Url;

use crate::support::{Client, TestApp};

async fn asked(client: &Client) -> (Url, String) {
    let page = client.start_linking_at("x_ads", &["x_ads"]).await;
    let back = client.decide(&page, &[("decision", "allow")]).await;
    (page, back)
}

/// The same address with another value of a parameter.
fn with(back: &str, name: &str, value: &str) -> String {
    let base: Url = "http://localhost".parse().unwrap();
    let mut url = base.join(back).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let mut query = url.query_pairs_mut();
    query.clear();
    for (known, old) in pairs {
        let value = if known == name { value } else { &old };
        query.append_pair(&known, value);
    }
    drop(query);
    format!("{}?{}", url.path(), url.query().unwrap())
}

#[tokio::test]
async fn three_legs_lead_to_the_accounts_and_only_once() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let (page, back) = asked(&client).await;
    assert!(page.query().unwrap().starts_with("oauth_token="));
    let answer = client.get(&back).await;
    let grant = answer
        .location()
        .strip_prefix("/connect/x_ads?grant=")
        .unwrap_or_else(|| panic!("{}", answer.location()))
        .to_owned();
    let path = format!("/api/v1/grants/{grant}/accounts");
    let reached = client.get(&path).await;
    let found = reached.body["accounts"].as_array().unwrap();
    assert!(found.len() >= 3, "{}", reached.text);
    assert!(found.iter().all(|one: &Value| one["platform"] == "x_ads"));
    assert_eq!(
        client.get(&back).await.location(),
        "/connect/x_ads?error=state_used"
    );
}

#[tokio::test]
async fn a_refusal_has_a_parameter_of_its_own() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let page = client.start_linking_at("x_ads", &["x_ads"]).await;
    let back = client.decide(&page, &[("decision", "deny")]).await;
    assert!(back.contains("denied="), "{back}");
    let answer = client.get(&back).await;
    assert_eq!(answer.location(), "/connect/x_ads?error=denied");
}

#[tokio::test]
async fn the_answer_to_another_request_is_refused() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let (page, _) = asked(&client).await;
    let foreign = page.query_pairs().next().unwrap().1.into_owned();
    let (_, back) = asked(&client).await;
    let mixed = with(&back, "oauth_token", &foreign);
    let answer = client.get(&mixed).await;
    assert_eq!(answer.location(), "/connect/x_ads?error=exchange_failed");
}

#[tokio::test]
async fn a_verifier_that_is_not_the_providers_is_refused() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let (_, back) = asked(&client).await;
    let answer = client.get(&with(&back, "oauth_verifier", "guessed")).await;
    assert_eq!(answer.location(), "/connect/x_ads?error=exchange_failed");
}
