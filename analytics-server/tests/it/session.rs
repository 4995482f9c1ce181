//! `/session`

use serde_json::json;

use crate::support::{OWNER, PASSWORD, TestApp};

#[tokio::test]
async fn signing_in_and_out() {
    let test = TestApp::start().await;
    test.owner().await;
    let mut client = test.client();
    let answer = client.sign_in("Owner@Example.com", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(
        !cookie.contains("Secure"),
        "plain http on loopback: {cookie}"
    );
    assert_eq!(client.get("/api/v1/session").await.body["role"], "owner");
    assert_eq!(client.delete("/api/v1/session").await.status, 204);
    let after = client.get("/api/v1/session").await;
    assert_eq!(
        (after.status, after.body["code"].as_str()),
        (401, Some("not_signed_in"))
    );
}

#[tokio::test]
async fn a_session_id_from_before_signing_in_is_worth_nothing_after_it() {
    let test = TestApp::start().await;
    let mut client = test.owner().await;
    let old = client.clone();
    client.sign_in(OWNER, PASSWORD).await;
    assert_ne!(old.cookie, client.cookie);
    assert_eq!(old.get("/api/v1/session").await.status, 401);
    assert_eq!(client.get("/api/v1/session").await.status, 200);
}

#[tokio::test]
async fn wrong_passwords_are_slowed_down_for_known_and_unknown_addresses_alike() {
    let test = TestApp::start().await;
    test.owner().await;
    for email in [OWNER, "nobody@example.com"] {
        let mut client = test.client();
        let wrong = json!({"email": email, "password": "not the password"});
        // Each further wrong one doubles the wait, until it outlasts however long this machine
        // takes to check a password.
        let mut checked = 0;
        let slowed = loop {
            let answer = client.post("/api/v1/session", wrong.clone()).await;
            let seconds = answer.body["retry_after"].as_u64();
            match (answer.status, answer.body["code"].as_str()) {
                (401, Some("wrong_credentials")) => checked += 1,
                (429, Some("too_many_attempts")) if seconds < Some(2) => {
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
                (429, Some("too_many_attempts")) => break answer,
                other => panic!("{other:?}"),
            }
            assert!(checked < 12, "nobody is slowed down");
        };
        assert!(checked >= 4, "a few mistakes cost nothing");
        let seconds: u64 = slowed.header("retry-after").parse().unwrap();
        assert_eq!(slowed.body["retry_after"], seconds);
        let right = json!({"email": email, "password": PASSWORD});
        let answer = client.post("/api/v1/session", right).await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (429, Some("too_many_attempts")),
            "the right one waits too"
        );
    }
}

#[tokio::test]
async fn a_changed_password_and_a_removed_user_end_sessions() {
    let test = TestApp::start().await;
    let client = test.owner().await;
    let owner = test.store.user_by_email(OWNER).await.unwrap().unwrap();
    test.store
        .set_password(owner.id, &owner.password_hash)
        .await
        .unwrap();
    assert_eq!(client.get("/api/v1/session").await.status, 401);
}

#[tokio::test]
async fn writes_are_only_taken_from_the_own_origin() {
    let test = TestApp::start().await;
    let owner = test.owner().await;
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let mut elsewhere = owner.clone();
        elsewhere.origin = origin.map(str::to_owned);
        let answer = elsewhere.delete("/api/v1/session").await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (403, Some("wrong_origin"))
        );
        let answer = elsewhere
            .report(json!({"metrics": ["spend"], "range": "today"}))
            .await;
        assert_eq!(answer.status, 403);
    }
    assert_eq!(owner.get("/api/v1/session").await.status, 200);
}
