//! The page's own token, made of the user's.

use analytics_connectors::{ErrorKind, oauth::TokenSource};
use chrono::Duration;
use secrecy::SecretString;
use serde_json::json;
use wiremock::{MockBuilder, ResponseTemplate, matchers::header};

use super::{
    INSIGHTS, PAGE, PAGE_PATH, PAGE_PROOF, PAGE_TOKEN, bare, insights, nothing, token, vendor,
};
use crate::graph::{
    USER_PROOF, USER_TOKEN, assert_hides, assert_says, bearer, daily, failure, get, media_account,
    now, ok,
};

const OTHER: &str = "EAABsbCS1iHgBO0ZBsecretNextTokenThatNobodyMayEverSee1122334455";
/// HMAC-SHA256 of it under the app's secret, computed independently.
const OTHER_PROOF: &str = "496f7351698c6c7336fe7c24edfb13ddba811ccbb7a8a3baa43f919f97ecf904";

fn with_token(at: &str, token: &str) -> MockBuilder {
    get(at).and(header("authorization", format!("Bearer {token}")))
}

fn expired() -> ResponseTemplate {
    failure(400, 190, Some(463), "Session has expired")
}

#[tokio::test]
async fn the_page_is_asked_for_its_token_with_the_users_and_then_for_figures_with_its_own() {
    let vendor = bare().await;
    vendor
        .on(with_token(PAGE_PATH, USER_TOKEN), token(PAGE_TOKEN))
        .await;
    vendor.on(with_token(INSIGHTS, PAGE_TOKEN), nothing()).await;
    insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    let requests = vendor.requests().await;
    let (first, others) = requests.split_first().unwrap();
    assert_eq!(first.url.path(), PAGE_PATH);
    assert!(!others.is_empty());
    for request in others {
        assert_eq!(
            (request.url.path(), bearer(request)),
            (INSIGHTS, PAGE_TOKEN)
        );
    }
}

#[tokio::test]
async fn each_call_proves_the_app_for_the_token_it_carries() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), nothing()).await;
    insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    assert_eq!(
        vendor.asked(PAGE_PATH).await[0].all(),
        [("appsecret_proof", USER_PROOF), ("fields", "access_token")]
    );
    for params in vendor.asked(INSIGHTS).await {
        assert_eq!(params.text("appsecret_proof"), PAGE_PROOF);
    }
}

#[tokio::test]
async fn a_second_fetch_does_not_ask_for_the_token_again() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), nothing()).await;
    for _ in 0..2 {
        insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    }
    assert_eq!(vendor.asked(PAGE_PATH).await.len(), 1);
}

#[tokio::test]
async fn a_token_is_asked_for_again_after_a_day() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), nothing()).await;
    for (hours, asked) in [(0, 1), (23, 1), (24, 2), (30, 2)] {
        vendor.clock.set(now() + Duration::hours(hours));
        insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
        assert_eq!(vendor.asked(PAGE_PATH).await.len(), asked, "{hours} hours");
    }
}

#[tokio::test]
async fn another_users_grant_gets_a_token_of_its_own() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), nothing()).await;
    for user in [USER_TOKEN, OTHER] {
        let request = daily("insights", "2026-10-01", "2026-10-02");
        let tokens = TokenSource::fixed(SecretString::from(user));
        vendor.fetch_as(request, tokens).await.unwrap();
    }
    let proofs: Vec<String> = vendor
        .asked(PAGE_PATH)
        .await
        .iter()
        .map(|params| params.text("appsecret_proof").to_owned())
        .collect();
    assert_eq!(proofs, [USER_PROOF, OTHER_PROOF]);
}

#[tokio::test]
async fn another_page_has_a_token_of_its_own() {
    let vendor = vendor().await;
    vendor.on(get("/v26.0/5"), token(OTHER)).await;
    vendor.on(get(INSIGHTS), nothing()).await;
    vendor
        .on(with_token("/v26.0/5/insights", OTHER), nothing())
        .await;
    for page in [PAGE, "5"] {
        let request = daily("insights", "2026-10-01", "2026-10-02");
        let tokens = TokenSource::fixed(SecretString::from(USER_TOKEN));
        vendor
            .fetch_of(&media_account(page), request, tokens)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_refused_page_token_is_asked_for_anew_and_the_new_one_is_kept() {
    let vendor = bare().await;
    vendor.once(get(PAGE_PATH), token(PAGE_TOKEN)).await;
    vendor.on(get(PAGE_PATH), token(OTHER)).await;
    vendor.on(with_token(INSIGHTS, PAGE_TOKEN), expired()).await;
    vendor.on(with_token(INSIGHTS, OTHER), nothing()).await;
    for _ in 0..2 {
        insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
    }
    assert_eq!(vendor.asked(PAGE_PATH).await.len(), 2);
    let refused = vendor
        .requests()
        .await
        .iter()
        .filter(|request| request.url.path() == INSIGHTS && bearer(request) == PAGE_TOKEN)
        .count();
    assert_eq!(refused, 1);
}

#[tokio::test]
async fn a_page_whose_token_stays_refused_cannot_be_read_any_more_while_the_grant_lives() {
    let vendor = vendor().await;
    vendor.on(get(INSIGHTS), expired()).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-02")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_says(
        &error,
        &[
            "facebook_page",
            "read the page's token",
            "link the page again",
        ],
    );
    assert_hides(&error, &[USER_TOKEN, PAGE_TOKEN]);
    assert_eq!(vendor.asked(PAGE_PATH).await.len(), 2);
    assert_eq!(vendor.asked(INSIGHTS).await.len(), 1);
}

#[tokio::test]
async fn a_page_whose_next_token_is_refused_too_cannot_be_read_while_the_grant_lives() {
    let vendor = bare().await;
    vendor
        .once(with_token(PAGE_PATH, USER_TOKEN), token(PAGE_TOKEN))
        .await;
    vendor
        .on(with_token(PAGE_PATH, USER_TOKEN), token(OTHER))
        .await;
    vendor.on(get(INSIGHTS), expired()).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-02")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_says(&error, &["facebook_page", "page insights", "190"]);
}

#[tokio::test]
async fn a_page_without_a_token_is_a_lost_role() {
    let vendor = bare().await;
    vendor.on(get(PAGE_PATH), ok(json!({ "id": PAGE }))).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-02")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_says(&error, &["facebook_page", "read the page's token", "role"]);
    assert_eq!(vendor.requests().await.len(), 1);
}

#[tokio::test]
async fn a_dead_grant_gives_no_page_token_and_asks_to_link_again() {
    let vendor = bare().await;
    vendor.on(get(PAGE_PATH), expired()).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-02")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    assert_says(&error, &["read the page's token", "link again"]);
    assert_eq!(vendor.requests().await.len(), 1);
}

#[tokio::test]
async fn a_failure_to_get_the_token_is_not_remembered() {
    let vendor = bare().await;
    let lost = failure(403, 200, None, "Permissions error");
    vendor.once(get(PAGE_PATH), lost).await;
    vendor.on(get(PAGE_PATH), token(PAGE_TOKEN)).await;
    vendor.on(get(INSIGHTS), nothing()).await;
    let first = insights(&vendor, "2026-10-01", "2026-10-02").await;
    assert_eq!(first.unwrap_err().kind, ErrorKind::PermissionDenied);
    insights(&vendor, "2026-10-01", "2026-10-02").await.unwrap();
}

#[tokio::test]
async fn an_answer_with_the_token_that_breaks_off_does_not_show_it() {
    let vendor = bare().await;
    let text = format!(r#"{{"access_token":"{PAGE_TOKEN}","id":"10002"#);
    let broken = ResponseTemplate::new(200).set_body_raw(text, "application/json");
    vendor.on(get(PAGE_PATH), broken).await;
    let error = insights(&vendor, "2026-10-01", "2026-10-02")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(&error, &["facebook_page", "read the page's token"]);
    assert_hides(&error, &[PAGE_TOKEN]);
}
