//! `/metrics`

use reqwest::Method;
use serde_json::json;

use crate::support::{Client, Server, TestApp, free_port};

/// The value of the line that begins like this.
fn value(text: &str, line: &str) -> f64 {
    text.lines()
        .find_map(|found| found.strip_prefix(line)?.trim().parse().ok())
        .unwrap_or_else(|| panic!("no {line} in\n{text}"))
}

#[tokio::test]
async fn a_port_of_its_own_tells_how_accounts_calls_requests_and_reports_fare() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let query = json!({"metrics": ["spend"], "range": "last_7_days"});
    assert_eq!(client.report(query).await.status, 200);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = test.app.clone();
    tokio::spawn(async move { app.serve_metrics(listener).await });
    let watcher = Client::new(url.parse().unwrap());
    let answer = watcher.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/plain"));
    let text = &answer.text;
    let one = "platform=\"facebook_ads\"";
    assert_eq!(value(text, &format!("analytics_accounts{{{one}}}")), 1.0);
    assert_eq!(
        value(text, &format!("analytics_accounts_due{{{one}}}")),
        0.0
    );
    assert_eq!(
        value(text, &format!("analytics_platform_paused{{{one}}}")),
        0.0
    );
    let lag = value(text, &format!("analytics_lag_days{{{one}}}"));
    assert!((0.0..=2.0).contains(&lag), "{lag}");
    for counted in [
        "analytics_sync_slices_total{platform=\"facebook_ads\",outcome=\"saved\"}",
        "analytics_sync_facts_total{platform=\"facebook_ads\"}",
        "analytics_sync_runs_total{platform=\"facebook_ads\",outcome=\"complete\"}",
        "analytics_vendor_calls_total{platform=\"facebook_ads\",status=\"2xx\"}",
        "analytics_vendor_call_duration_seconds_count{platform=\"facebook_ads\"}",
        "analytics_http_requests_total{route=\"/api/v1/accounts/{id}\",method=\"GET\",status=\"200\"}",
        "analytics_http_request_duration_seconds_count{route=\"/api/v1/report\",method=\"POST\"}",
        "analytics_report_duration_seconds_count",
        "analytics_jobs_started_total",
        "analytics_jobs_queued_total",
        "analytics_build_info",
        "analytics_database_up",
    ] {
        let line = text.lines().find(|line| line.starts_with(counted));
        let count: f64 = line
            .and_then(|line| line.rsplit(' ').next()?.parse().ok())
            .unwrap_or_else(|| panic!("no {counted} in\n{text}"));
        assert!(count > 0.0, "{counted}");
    }
    for own in [&account["id"], &account["external_id"], &account["name"]] {
        assert!(!text.contains(own.as_str().unwrap()), "{own}");
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(watcher.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn without_a_token_there_is_no_such_page() {
    let test = TestApp::without_jobs().await;
    let answer = test.client().get("/metrics").await;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (404, Some("no_such_route"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_opens_the_page_on_the_main_port_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let env = [(
        "ANALYTICS_METRICS_TOKEN".to_owned(),
        "let me see".to_owned(),
    )];
    let mut server = Server::start(folder.path(), free_port(), &env);
    server.answers();
    let client = Client::new(server.url.clone());
    assert_eq!(client.get("/metrics").await.status, 401);
    let with = async |value: &str| {
        let request = client.request(Method::GET, "/metrics");
        client.send(request.header("authorization", value)).await
    };
    for wrong in ["Bearer let me", "Bearer ", "Basic let me see"] {
        let answer = with(wrong).await;
        assert_eq!(answer.status, 401, "{wrong}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let answer = with("Bearer let me see").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("analytics_build_info"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_pages_serves_its_metrics_on_their_own_port() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut worker = std::process::Command::new(env!("CARGO_BIN_EXE_analytics"))
        .args(["serve", "--role", "worker"])
        .current_dir(folder.path())
        .env_clear()
        .env("ANALYTICS_METRICS_LISTEN", format!("127.0.0.1:{port}"))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let client = Client::new(format!("http://127.0.0.1:{port}/").parse().unwrap());
    let mut status = 0;
    for _ in 0..200 {
        let request = client.request(Method::GET, "/metrics");
        if let Ok(answer) = request.send().await {
            status = answer.status().as_u16();
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert_eq!(status, 200);
}
