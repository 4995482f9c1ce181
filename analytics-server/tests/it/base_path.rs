//! An app below a path of its host, behind a proxy that leaves the path or strips it.

use reqwest::Method;
use serde_json::json;
use url::Url;

use crate::support::{Client, PASSWORD, Server, free_port};

/// A server at `https://…/analytics`, as its proxy sees it.
async fn server(env: &[(&str, &str)]) -> (tempfile::TempDir, Server, Client, Url) {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let public = format!("http://127.0.0.1:{port}/analytics");
    let mut all = vec![("ANALYTICS_PUBLIC_URL".to_owned(), public)];
    all.extend(
        env.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let mut server = Server::start(folder.path(), port, &all);
    let link = server.setup_link();
    server.answers();
    let client = Client::new(server.url.clone());
    (folder, server, client, link)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_below_the_path_and_without_it() {
    let (_folder, server, mut client, link) = server(&[]).await;
    assert_eq!(link.path(), "/analytics/setup");
    let token = link.query_pairs().next().unwrap().1.into_owned();
    // The page, as it is asked for and as a stripping proxy asks for it.
    let page = client.get("/analytics/setup").await;
    assert_eq!(page.status, 200);
    for same in ["/analytics", "/analytics/", "/", "/accounts/acc_1"] {
        assert_eq!(client.get(same).await.text, page.text, "{same}");
    }
    if page.text.contains("make ui") {
        // No dashboard in this build; the unit tests of `ui` say the rest.
    } else {
        assert!(page.text.contains("name=\"base\" content=\"/analytics\""));
        let addresses: Vec<&str> = page
            .text
            .split(['"'])
            .filter(|part| part.contains("/assets/") || part.ends_with(".js"))
            .collect();
        assert!(addresses.len() >= 3, "{}", page.text);
        for address in addresses {
            assert!(address.starts_with("/analytics/"), "{address}");
            assert_eq!(client.get(address).await.status, 200, "{address}");
        }
    }
    let request = json!({
        "token": token, "name": "Owner", "email": "owner@example.com", "password": PASSWORD,
        "workspace": "Test", "time_zone": "UTC", "language": "en",
    });
    let answer = client.post("/analytics/api/v1/setup", request).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("Path=/analytics;"), "{cookie}");
    for path in ["/analytics/api/v1/session", "/api/v1/session"] {
        assert_eq!(client.get(path).await.status, 200, "{path}");
    }
    let back = client
        .get("/analytics/api/v1/connect/meta/callback?error=access_denied")
        .await;
    assert_eq!(back.status, 303);
    assert!(
        back.location()
            .starts_with("/analytics/connect/meta?error="),
        "{}",
        back.location()
    );
    let stream = client
        .request(Method::GET, "/analytics/api/v1/events")
        .send()
        .await
        .unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let unknown = client.get("/analytics/api/v1/nothing").await;
    assert_eq!(unknown.status, 404);
    let beside = client.get("/analyticsx/api/v1/session").await;
    assert!(beside.text.starts_with("<!doctype html>"), "no API there");
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guesser_behind_a_trusted_proxy_does_not_lock_others_out() {
    let (_folder, _server, client, _) = server(&[("ANALYTICS_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let guess = async |from: &str| {
        let body = json!({"email": "owner@example.com", "password": "not the password"});
        let request = client.request(Method::POST, "/api/v1/session");
        let request = request.header("x-forwarded-for", from).json(&body);
        client.send(request).await.status
    };
    let mut guesses = 0;
    while guess("198.51.100.7").await != 429 {
        guesses += 1;
        assert!(guesses < 20, "nobody slows it down");
    }
    assert_eq!(
        guess("198.51.100.8, 198.51.100.7").await,
        429,
        "what the client made up itself does not count"
    );
    assert_eq!(guess("198.51.100.8").await, 401, "somebody else may try");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_trusted_proxy_nobody_chooses_an_address() {
    let (_folder, _server, client, _) = server(&[]).await;
    let mut slowed_down = false;
    for n in 0..20 {
        let body = json!({"email": "owner@example.com", "password": "not the password"});
        let request = client.request(Method::POST, "/api/v1/session");
        let from = format!("198.51.100.{n}");
        let request = request.header("x-forwarded-for", from).json(&body);
        slowed_down |= client.send(request).await.status == 429;
    }
    assert!(slowed_down);
}
