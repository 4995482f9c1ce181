//! `analytics serve`, as a process.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use analytics_connectors::{
    clock::SettableClock,
    simulator::{Simulator, SimulatorSettings, TruthQuery},
};
use analytics_core::model::{Level, MetricId, Millionths};
use chrono::{NaiveDate, Utc};
use serde_json::{Value, json};

use crate::support::{Client, OWNER, PASSWORD, Server, free_port};

async fn set_up(server: &mut Server) -> Client {
    let link = server.setup_link();
    let token = link.query_pairs().next().unwrap().1.into_owned();
    let mut client = Client::new(server.url.clone());
    server.answers();
    let request = json!({
        "token": token, "name": "Owner", "email": OWNER, "password": PASSWORD,
        "workspace": "Test", "time_zone": "UTC", "language": "ja",
    });
    let answer = client.post("/api/v1/setup", request).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_prints_a_set_up_link_and_later_ones_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), free_port(), &[]);
    let client = set_up(&mut server).await;
    assert_eq!(client.get("/api/v1/session").await.body["demo"], false);
    let platforms = client.get("/api/v1/platforms").await;
    assert_eq!(platforms.body["platforms"][0]["configured"], false);
    assert!(platforms.body["platforms"][0]["setup_hint"]["ja"].is_string());
    let start = json!({"platforms": ["facebook_ads"]});
    let answer = client
        .write(reqwest::Method::POST, "/api/v1/connect/meta", start)
        .await;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (503, Some("unavailable"))
    );
    assert_eq!(server.terminate(), Some(0));
    assert!(folder.path().join("analytics.db.key").exists());

    let mut again = Server::start(folder.path(), free_port(), &[]);
    again.answers();
    let mut client = Client::new(again.url.clone());
    client.sign_in(OWNER, PASSWORD).await;
    assert_eq!(again.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_in_the_middle_of_a_backfill_the_next_start_finishes_it_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let settings = SimulatorSettings {
        clock: Arc::new(SettableClock::running(Utc::now())),
        ..SimulatorSettings::default()
    };
    let simulator = Simulator::start(settings, None).await.unwrap();
    let mut env = simulator.env();
    for (name, value) in [
        ("ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL", "5ms"),
        ("ANALYTICS_FACEBOOK_ADS_POLL_MAX_INTERVAL", "20ms"),
        ("ANALYTICS_FACEBOOK_ADS_REQUESTS_PER_SECOND", "5000"),
        ("ANALYTICS_SYNC_UPPER_HISTORY_DAYS", "300"),
        ("ANALYTICS_SYNC_LOWER_HISTORY_DAYS", "40"),
        ("ANALYTICS_SYNC_LEASE_SECONDS", "1"),
        ("ANALYTICS_SCHEDULER_SECONDS", "1"),
    ] {
        env.push((name.to_owned(), value.to_owned()));
    }
    let port = free_port();
    let mut server = Server::start(folder.path(), port, &env);
    let client = set_up(&mut server).await;
    let linked = client.link_first(1).await.remove(0);
    let path = format!("/api/v1/accounts/{}", linked["id"].as_str().unwrap());
    let part = until(&client, &path, |account| {
        account["sync"]["days_done"].as_u64().unwrap() > 0
    })
    .await;
    server.kill();
    assert!(part["sync"]["progress"].as_f64().unwrap() < 1.0, "{part}");

    let mut server = Server::start(folder.path(), port, &env);
    server.answers();
    let now = client.get(&path).await.body;
    assert!(
        now["sync"]["days_done"].as_u64() >= part["sync"]["days_done"].as_u64(),
        "what was saved is saved"
    );
    let account = until(&client, &path, |account| {
        account["sync"]["progress"] == 1.0 && account["sync"]["phase"] == "idle"
    })
    .await;
    equals_truth(&client, &simulator, &account).await;
    assert_eq!(server.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_master_key_than_the_accounts_were_linked_with_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings = SimulatorSettings {
        clock: Arc::new(SettableClock::running(Utc::now())),
        ..SimulatorSettings::default()
    };
    let simulator = Simulator::start(settings, None).await.unwrap();
    let mut server = Server::start(folder.path(), free_port(), &simulator.env());
    let client = set_up(&mut server).await;
    client.link_first(1).await;
    server.kill();
    let other = data_encoding::BASE64.encode(&[7; 32]);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_analytics"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .current_dir(folder.path())
        .env_clear()
        .env("ANALYTICS_MASTER_KEY", other)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("not the master key"), "{said}");
}

/// Asks until the account is as wanted.
async fn until(client: &Client, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let account = client.get(path).await.body;
        if wanted(&account) {
            return account;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the account did not get there in a minute");
}

async fn equals_truth(client: &Client, simulator: &Simulator, account: &Value) {
    let day = |name: &str| -> NaiveDate { account[name].as_str().unwrap().parse().unwrap() };
    let (from, through) = (day("covered_from"), day("complete_through"));
    let query = json!({
        "accounts": [account["id"]], "metrics": ["spend"], "grain": "day", "numbers": "decimal",
        "range": {"start": from, "end": through},
    });
    let report = client.report(query).await;
    assert_eq!(report.status, 200, "{}", report.text);
    let external_id = account["external_id"].as_str().unwrap();
    let mut question =
        TruthQuery::new("facebook_ads", external_id, from, through).level(Level::Account);
    question.metric = Some(MetricId::from("spend"));
    let truth: BTreeMap<NaiveDate, Millionths> = simulator
        .world()
        .truth(&question)
        .iter()
        .map(|row| (row.date, row.value))
        .collect();
    assert!(truth.len() > 200);
    let series = &report.body["totals"][0]["series"]["spend"]["current"];
    for (at, bucket) in report.body["buckets"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        let date: NaiveDate = bucket["start"].as_str().unwrap().parse().unwrap();
        let shown = Millionths::parse_exact(series[at]["value"].as_str().unwrap()).unwrap();
        assert_eq!(
            shown,
            truth.get(&date).copied().unwrap_or_default(),
            "{date}"
        );
    }
}
