//! `/connect/{provider}` and its callback, `/grants/{id}/accounts`, `POST /accounts`

use analytics_connectors::oauth::state::{LinkState, StateSigner};
use analytics_core::model::AccountState;
use chrono::{Duration, Utc};
use reqwest::Method;
use serde_json::json;

use crate::support::{OWNER, SECRET, TestApp};

const CALLBACK: &str = "/api/v1/connect/meta/callback";

#[tokio::test]
async fn a_consent_leads_to_the_accounts_it_reaches_and_linking_fills_one() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let page = client.start_linking().await;
    assert_eq!(
        page.host_str(),
        Some("localhost"),
        "another site than the app's"
    );
    let back = client.decide(&page, &[("decision", "allow")]).await;
    let answer = client.get(&back).await;
    assert_eq!(answer.status, 303);
    let grant = answer
        .location()
        .strip_prefix("/connect/meta?grant=")
        .unwrap()
        .to_owned();
    assert!(grant.starts_with("gr_"));

    let reached = client
        .get(&format!("/api/v1/grants/{grant}/accounts"))
        .await;
    assert_eq!(reached.body["grant"]["provider"], "meta");
    let found = reached.body["accounts"].as_array().unwrap();
    assert!(found.len() >= 3, "{}", reached.text);
    assert!(found.iter().all(|one| one["linked"].is_null()));

    let chosen = json!({"platform": found[0]["platform"], "external_id": found[0]["external_id"]});
    // Named twice by mistake: linked once.
    let body = json!({"grant": grant, "accounts": [chosen, chosen]});
    let linked = client.write(Method::POST, "/api/v1/accounts", body).await;
    assert_eq!(linked.status, 201, "{}", linked.text);
    let id = linked.body["accounts"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let account = test.settled(&client, &id).await;
    assert_eq!(account["state"], "active");
    assert_eq!(account["error"], serde_json::Value::Null);
    assert_eq!(account["sync"]["phase"], "idle");
    assert_eq!(account["sync"]["backfilling"], false);
    assert_eq!(account["sync"]["progress"], 1.0);
    assert!(account["complete_through"].is_string());
    assert!(account["data_version"].as_i64().unwrap() > 0);

    let reached = client
        .get(&format!("/api/v1/grants/{grant}/accounts"))
        .await;
    assert_eq!(reached.body["accounts"][0]["linked"], id);
}

#[tokio::test]
async fn a_denied_consent_returns_to_the_page() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let page = client.start_linking().await;
    let back = client.decide(&page, &[("decision", "deny")]).await;
    assert_eq!(
        client.get(&back).await.location(),
        "/connect/meta?error=denied"
    );
}

#[tokio::test]
async fn a_state_works_once() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let page = client.start_linking().await;
    let back = client.decide(&page, &[("decision", "allow")]).await;
    assert!(client.get(&back).await.location().contains("grant="));
    assert_eq!(
        client.get(&back).await.location(),
        "/connect/meta?error=state_used"
    );
}

#[tokio::test]
async fn a_state_that_is_not_ours_or_not_this_users_is_refused() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let invalid = "/connect/meta?error=state_invalid";
    for query in ["", "?code=x", "?state=abc.def&code=x"] {
        let answer = client.get(&format!("{CALLBACK}{query}")).await;
        assert_eq!(answer.location(), invalid, "{query}");
    }
    let page = client.start_linking().await;
    let back = client.decide(&page, &[("decision", "allow")]).await;
    assert_eq!(
        test.client().get(&back).await.location(),
        invalid,
        "signed out"
    );
    let stranger = test.stranger().await;
    assert_eq!(
        stranger.get(&back).await.location(),
        invalid,
        "somebody else"
    );
    assert!(
        client.get(&back).await.location().contains("grant="),
        "still unused"
    );
}

#[tokio::test]
async fn a_state_expires() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let user = test.store.user_by_email(OWNER).await.unwrap().unwrap();
    let workspace = test.store.workspaces().await.unwrap().remove(0);
    let state = LinkState {
        workspace: workspace.public_id,
        user: user.id.0,
        provider: "meta".to_owned(),
        platforms: vec!["facebook_ads".to_owned()],
        nonce: LinkState::new_nonce().unwrap(),
        expires_at: Utc::now() - Duration::seconds(1),
    };
    let state = StateSigner::new(SECRET.as_bytes()).sign(&state);
    let answer = client
        .get(&format!("{CALLBACK}?state={state}&code=x"))
        .await;
    assert_eq!(answer.location(), "/connect/meta?error=state_expired");
}

#[tokio::test]
async fn a_code_the_provider_does_not_know_fails_the_exchange() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let page = client.start_linking().await;
    let state = page
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1;
    let answer = client
        .get(&format!("{CALLBACK}?state={state}&code=made-up"))
        .await;
    assert_eq!(answer.location(), "/connect/meta?error=exchange_failed");
}

#[tokio::test]
async fn a_consent_without_what_is_needed_is_refused() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let page = client.start_linking().await;
    let form = [
        ("decision", "allow"),
        ("page", "1"),
        ("scope", "business_management"),
    ];
    let back = client.decide(&page, &form).await;
    assert_eq!(
        client.get(&back).await.location(),
        "/connect/meta?error=missing_scopes"
    );
}

#[tokio::test]
async fn wrong_names_are_answered_with_the_nearest_ones() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let platforms = json!({"platforms": ["facebook_add"]});
    let answer = client
        .write(Method::POST, "/api/v1/connect/meta", platforms)
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body["field"], "platforms[0]");
    assert_eq!(answer.body["nearest"], "facebook_ads");
    let platforms = json!({"platforms": ["facebook_ads"]});
    let answer = client
        .write(Method::POST, "/api/v1/connect/mata", platforms)
        .await;
    assert_eq!(
        (answer.status, answer.body["nearest"].as_str()),
        (422, Some("meta"))
    );

    let grant = client.grant().await;
    let reached = client
        .get(&format!("/api/v1/grants/{grant}/accounts"))
        .await;
    let real = reached.body["accounts"][0]["external_id"].as_str().unwrap();
    let wrong = format!("{}0", &real[..real.len() - 1]);
    let wrong = if wrong == real {
        format!("{real}1")
    } else {
        wrong
    };
    let body =
        json!({"grant": grant, "accounts": [{"platform": "facebook_ads", "external_id": wrong}]});
    let answer = client.write(Method::POST, "/api/v1/accounts", body).await;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (422, Some("unknown_account"))
    );
    assert_eq!(answer.body["field"], "accounts[0].external_id");
    assert_eq!(answer.body["nearest"], real);
}

#[tokio::test]
async fn linking_again_after_the_consent_died_brings_the_account_back_with_its_data() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    test.simulator.faults().inject(
        analytics_connectors::simulator::Fault::RevokeToken,
        "facebook_ads",
        1,
        0,
    );
    client
        .write(
            Method::POST,
            &format!("/api/v1/accounts/{id}/sync"),
            json!({}),
        )
        .await;
    test.clock.set(test_later(&test));
    let dead = test.settled(&client, id).await;
    assert_eq!(dead["state"], AccountState::NeedsRelink.as_str(), "{dead}");
    assert_eq!(dead["error"]["code"], "auth_expired");
    assert_eq!(dead["covered_from"], account["covered_from"]);
    let refused = client
        .write(
            Method::POST,
            &format!("/api/v1/accounts/{id}/sync"),
            json!({}),
        )
        .await;
    assert_eq!(
        (refused.status, refused.body["code"].as_str()),
        (409, Some("needs_relink"))
    );

    client.grant().await;
    let alive = test.settled(&client, id).await;
    assert_eq!(alive["state"], "active", "{alive}");
    assert_eq!(alive["error"], serde_json::Value::Null);
    assert!(alive["data_version"].as_i64() >= account["data_version"].as_i64());
}

/// A day later, so that there is something to fetch.
fn test_later(test: &TestApp) -> chrono::DateTime<Utc> {
    use analytics_connectors::clock::Clock as _;
    test.clock.now() + Duration::days(1)
}
