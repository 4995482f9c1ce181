//! `/connect/{provider}/deauthorize`, `/connect/{provider}/data-deletion`, `/deletions/{code}`

use analytics_connectors::clock::Clock as _;
use chrono::Duration;
use reqwest::Method;

use crate::support::{Answer, Client, TestApp};

/// What the provider's own machine sends: no cookie, no origin.
async fn notice(test: &TestApp, callback: &str, signed_request: &str) -> Answer {
    let mut provider = Client::new(test.url.clone());
    provider.origin = None;
    let request = provider
        .request(Method::POST, &format!("/api/v1/connect/meta/{callback}"))
        .form(&[("signed_request", signed_request)]);
    provider.send(request).await
}

#[tokio::test]
async fn an_app_that_was_removed_needs_a_new_consent_and_keeps_the_data() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let signed = test.simulator.signed_request();
    let answer = notice(&test, "deauthorize", &signed).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let after = client.get(&path).await.body;
    assert_eq!(after["state"], "needs_relink", "{after}");
    assert_eq!(after["covered_from"], account["covered_from"]);
    let again = notice(&test, "deauthorize", &signed).await;
    assert_eq!(again.status, 204, "told twice is no error");
}

#[tokio::test]
async fn a_user_who_wants_to_be_forgotten_gets_a_page_that_says_so() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let answer = notice(&test, "data-deletion", &test.simulator.signed_request()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let code = answer.body["confirmation_code"].as_str().unwrap();
    let page = answer.body["url"].as_str().unwrap();
    assert_eq!(
        page,
        test.url.join(&format!("deletion/{code}")).unwrap().as_str()
    );

    let anybody = test.client();
    assert_eq!(anybody.get(page).await.status, 200);
    let deletion = anybody.get(&format!("/api/v1/deletions/{code}")).await;
    assert_eq!(deletion.status, 200, "{}", deletion.text);
    assert_eq!(deletion.body["provider"], "meta");
    assert_eq!(deletion.body["grants"], 1);
    assert_eq!(deletion.body["accounts"], 1);
    assert_eq!(anybody.get("/api/v1/deletions/del_0000").await.status, 404);

    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let after = client.get(&path).await.body;
    assert_eq!(after["state"], "needs_relink", "{after}");
    let (workspace, id) = test.store.account_refs().await.unwrap()[0];
    let grants = test.store.grants_of_account(workspace, id).await.unwrap();
    assert!(grants.is_empty(), "nothing of the user is left: {grants:?}");
}

#[tokio::test]
async fn a_notice_that_comes_late_or_again_spares_a_newer_consent() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let old = test.simulator.signed_request();
    for callback in ["deauthorize", "data-deletion"] {
        test.clock.set(test.clock.now() + Duration::hours(1));
        client.consent().await;
        let answer = notice(&test, callback, &old).await;
        assert!(answer.status < 300, "{}", answer.text);
        let after = client.get(&path).await.body;
        assert_eq!(after["state"], "active", "{callback}: {after}");
    }
    let fresh = test.simulator.signed_request();
    notice(&test, "deauthorize", &fresh).await;
    assert_eq!(client.get(&path).await.body["state"], "needs_relink");
}

#[tokio::test]
async fn what_is_no_form_is_a_problem_document() {
    let test = TestApp::without_jobs().await;
    let client = Client::new(test.url.clone());
    let post = || client.request(Method::POST, "/api/v1/connect/meta/deauthorize");
    let json = post().json(&serde_json::json!({"signed_request": "a.b"}));
    for (request, status, code) in [
        (json, 415, "unsupported_media_type"),
        (post().form(&[("signed", "a.b")]), 422, "invalid_form"),
    ] {
        let answer = client.send(request).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{}",
            answer.text
        );
        assert_eq!(answer.body["code"], code);
    }
}

#[tokio::test]
async fn a_notice_that_the_provider_did_not_sign_changes_nothing() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let signed = test.simulator.signed_request();
    let (proof, payload) = signed.split_once('.').unwrap();
    let flipped = if proof.starts_with('A') { "B" } else { "A" };
    let forged = format!("{flipped}{}.{payload}", &proof[1..]);
    let unsigned = format!(".{payload}");
    for bad in [
        forged.as_str(),
        unsigned.as_str(),
        payload,
        "",
        "ä.ö",
        "a.b.c",
    ] {
        for callback in ["deauthorize", "data-deletion"] {
            let answer = notice(&test, callback, bad).await;
            assert_eq!(
                (answer.status, answer.body["code"].as_str()),
                (403, Some("bad_signature")),
                "{bad}"
            );
        }
    }
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.body["state"], "active");
}
