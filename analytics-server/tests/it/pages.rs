//! The dashboard's files, the operations endpoints and what stands around every answer.

use reqwest::Method;

use crate::support::TestApp;

#[tokio::test]
async fn every_page_of_the_dashboard_is_the_same_document() {
    let test = TestApp::without_jobs().await;
    let client = test.client();
    let root = client.get("/").await;
    assert_eq!(root.status, 200);
    assert!(root.header("content-type").starts_with("text/html"));
    assert_eq!(root.header("cache-control"), "no-cache");
    for page in [
        "/setup?token=x",
        "/connect/meta?error=denied",
        "/accounts/acc_1",
    ] {
        let answer = client.get(page).await;
        assert_eq!((answer.status, &answer.text), (200, &root.text), "{page}");
    }
    let missing = client.get("/assets/nothing-here.js").await;
    assert_eq!(
        missing.status, 404,
        "a missing script is not answered with a page"
    );
    let write = client.write(Method::POST, "/", serde_json::json!({})).await;
    assert_eq!(write.status, 405);
}

#[tokio::test]
async fn a_page_the_browser_has_is_not_sent_again() {
    let test = TestApp::without_jobs().await;
    let client = test.client();
    let first = client.get("/").await;
    let etag = first.header("etag");
    if etag.is_empty() {
        // No dashboard in this build: the page that says so has no version.
        assert!(first.text.contains("make ui"));
        return;
    }
    let request = client
        .request(Method::GET, "/")
        .header("if-none-match", etag);
    let again = client.send(request).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn answers_carry_the_security_headers() {
    let test = TestApp::without_jobs().await;
    let client = test.client();
    for path in ["/", "/api/v1/session", "/healthz", "/api/nothing"] {
        let answer = client.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(!answer.header("x-request-id").is_empty());
    }
    assert_eq!(
        client.get("/api/v1/session").await.header("cache-control"),
        "no-store"
    );
}

#[tokio::test]
async fn operators_can_ask_how_it_is() {
    let test = TestApp::without_jobs().await;
    let client = test.client();
    assert_eq!(client.get("/healthz").await.status, 200);
    assert_eq!(client.get("/readyz").await.status, 200);
    let version = client.get("/version").await;
    assert_eq!(version.body["version"], env!("CARGO_PKG_VERSION"));
}
