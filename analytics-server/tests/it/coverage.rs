//! `/accounts/{id}/coverage`

use crate::support::TestApp;

#[tokio::test]
async fn recent_days_are_provisional_and_settled_ones_final() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    let answer = client
        .get(&format!("/api/v1/accounts/{id}/coverage?level=account"))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["complete_through"], account["complete_through"]);
    let feeds = answer.body["feeds"].as_array().unwrap();
    assert!(feeds.iter().all(|feed| feed["level"] == "account"));
    let runs = feeds[0]["runs"].as_array().unwrap();
    let states: Vec<&str> = runs
        .iter()
        .map(|run| run["state"].as_str().unwrap())
        .collect();
    assert!(
        states.contains(&"final") && states.contains(&"provisional"),
        "{states:?}"
    );
    let last_covered = runs
        .iter()
        .rev()
        .find(|run| run["state"] == "provisional")
        .unwrap();
    assert_eq!(last_covered["end"], account["complete_through"]);
    assert!(last_covered["last_fetched_at"].is_string());
}

#[tokio::test]
async fn days_outside_of_what_was_fetched_are_missing() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    let path =
        format!("/api/v1/accounts/{id}/coverage?level=account&start=2020-01-01&end=2020-01-31");
    let answer = client.get(&path).await;
    let runs = answer.body["feeds"][0]["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0]["state"], "missing");
    assert_eq!(
        (runs[0]["start"].as_str(), runs[0]["end"].as_str()),
        (Some("2020-01-01"), Some("2020-01-31"))
    );
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    for (query, field, nearest) in [
        ("level=campain", "level", "campaign"),
        ("start=2026-02-30", "start", "2026-02-28"),
        ("start=2026-10-02&end=2026-10-01", "end", "2026-10-02"),
        ("lvl=ad", "lvl", "level"),
    ] {
        let answer = client
            .get(&format!("/api/v1/accounts/{id}/coverage?{query}"))
            .await;
        assert_eq!(answer.status, 422, "{query}: {}", answer.text);
        assert_eq!(answer.body["field"], field);
        assert_eq!(answer.body["nearest"], nearest);
    }
}
