//! What the log says, and what it never says.

use std::{fs, process::Stdio, sync::Arc, time::Duration};

use analytics_connectors::{
    clock::SettableClock,
    simulator::{Simulator, SimulatorSettings},
};
use chrono::Utc;
use serde_json::{Value, json};

use crate::support::{Client, OWNER, PASSWORD, Server, analytics, free_port, stderr, stdout};

#[tokio::test(flavor = "multi_thread")]
async fn at_debug_level_the_log_has_ids_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let settings = SimulatorSettings {
        clock: Arc::new(SettableClock::running(Utc::now())),
        ..SimulatorSettings::default()
    };
    let simulator = Simulator::start(settings, None).await.unwrap();
    let mut env = simulator.env();
    let mut secrets: Vec<String> = env
        .iter()
        .filter(|(name, _)| name.ends_with("_SECRET"))
        .map(|(_, value)| value.clone())
        .collect();
    assert!(!secrets.is_empty());
    for (name, value) in [
        ("ANALYTICS_LOG", "debug"),
        ("ANALYTICS_LOG_FORMAT", "json"),
        ("ANALYTICS_METRICS_TOKEN", "the metrics token"),
        ("ANALYTICS_SYNC_UPPER_HISTORY_DAYS", "30"),
        ("ANALYTICS_SYNC_LOWER_HISTORY_DAYS", "7"),
        ("ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL", "5ms"),
    ] {
        env.push((name.to_owned(), value.to_owned()));
    }
    let log = folder.path().join("log.json");
    let file = Stdio::from(fs::File::create(&log).unwrap());
    let mut server = Server::logging(folder.path(), free_port(), &env, file);
    let link = server.setup_link();
    let token = link.query_pairs().next().unwrap().1.into_owned();
    let mut client = Client::new(server.url.clone());
    server.answers();
    client.get(&format!("/setup?token={token}")).await;
    let request = json!({
        "token": token, "name": "Owner", "email": OWNER, "password": PASSWORD,
        "workspace": "Test", "time_zone": "UTC", "language": "en",
    });
    assert_eq!(client.post("/api/v1/setup", request).await.status, 201);
    let workspace = client.get("/api/v1/session").await.body["workspace"]["id"].clone();
    let wrong = json!({"email": OWNER, "password": "a wrong password"});
    assert_eq!(
        Client::new(server.url.clone())
            .post("/api/v1/session", wrong)
            .await
            .status,
        401
    );
    // The road of linking, with its code and state.
    let page = client.start_linking().await;
    let back = client.decide(&page, &[("decision", "allow")]).await;
    let query = back.split_once('?').unwrap().1;
    secrets.extend(
        url::form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == "code" || name == "state")
            .map(|(_, value)| value.into_owned()),
    );
    let location = client.get(&back).await.location().to_owned();
    let grant = location.split_once("grant=").unwrap().1;
    let reached = client.reached(grant).await;
    let answer = client.link(grant, &[&reached[0]]).await;
    let id = answer.body["accounts"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/accounts/{id}");
    for _ in 0..300 {
        if client.get(&path).await.body["sync"]["progress"] == 1.0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client
        .send(
            client
                .request(reqwest::Method::GET, "/metrics")
                .bearer_auth("the metrics token"),
        )
        .await;
    secrets.push(client.cookie.clone().unwrap());
    secrets.push(fs::read_to_string(folder.path().join("analytics.db.key")).unwrap());
    secrets.extend([&token, PASSWORD, "a wrong password", "the metrics token"].map(str::to_owned));
    assert_eq!(server.terminate(), Some(0));

    let text = fs::read_to_string(&log).unwrap();
    assert!(text.contains("vendor call"), "it is debug level");
    for secret in &secrets {
        let secret = secret.trim();
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for form in [secret, &encoded] {
            assert!(!text.contains(form), "the log says {form}");
        }
    }
    assert!(!text.contains("access_token"), "no token in an address");
    assert!(!text.contains("EAAS"), "no token of the platform");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let spans = |line: &Value| line["spans"].as_array().cloned().unwrap_or_default();
    let of_request = lines
        .iter()
        .flat_map(spans)
        .find(|span| span["request_id"].is_string() && span["workspace"] == workspace);
    assert!(of_request.is_some(), "a request says its id and workspace");
    let of_job = lines.iter().flat_map(spans).find(|span| {
        span["job_id"].is_string() && span["account"].is_number() && span["workspace"].is_number()
    });
    assert!(of_job.is_some(), "a job says its id and account");
}

#[test]
fn the_password_of_a_database_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let env = [
        (
            "DATABASE_URL".to_owned(),
            "postgres://analytics:hunter2hunter2@127.0.0.1:1/analytics".to_owned(),
        ),
        ("ANALYTICS_LOG".to_owned(), "debug".to_owned()),
        (
            "ANALYTICS_MASTER_KEY".to_owned(),
            data_encoding::BASE64.encode(&[7; 32]),
        ),
    ];
    for command in [
        vec!["serve", "--listen", "127.0.0.1:0"],
        vec!["doctor"],
        vec!["migrate"],
        vec!["accounts"],
    ] {
        let output = analytics(folder.path(), &command, &env);
        assert_ne!(output.status.code(), Some(0), "{command:?}");
        let said = stdout(&output) + &stderr(&output);
        assert!(!said.contains("hunter2"), "{command:?}: {said}");
        let key = data_encoding::BASE64.encode(&[7; 32]);
        assert!(!said.contains(&key), "{command:?}: {said}");
    }
}
