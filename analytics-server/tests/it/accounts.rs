//! `/accounts`

use chrono::Duration;
use reqwest::Method;
use serde_json::json;

use analytics_connectors::clock::Clock as _;

use crate::support::TestApp;

#[tokio::test]
async fn an_account_is_listed_renamed_and_refreshed() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    let list = client.get("/api/v1/accounts").await;
    assert_eq!(list.body["accounts"][0], account);
    assert_eq!(account["family"], "ads");
    assert_eq!(
        account["levels"],
        json!(["account", "campaign", "ad_group", "ad"])
    );
    assert!(
        account["metrics"]
            .as_array()
            .unwrap()
            .contains(&json!("ctr"))
    );

    let path = format!("/api/v1/accounts/{id}");
    let renamed = client
        .write(Method::PATCH, &path, json!({"name": "Shop"}))
        .await;
    assert_eq!(
        (renamed.status, renamed.body["name"].as_str()),
        (200, Some("Shop"))
    );
    let empty = client
        .write(Method::PATCH, &path, json!({"name": " "}))
        .await;
    assert_eq!(
        (empty.status, empty.body["field"].as_str()),
        (422, Some("name"))
    );

    test.clock.set(test.clock.now() + Duration::days(2));
    let answer = client
        .write(Method::POST, &format!("{path}/sync"), json!({}))
        .await;
    assert_eq!(answer.status, 202);
    let after = test.settled(&client, id).await;
    assert!(after["complete_through"].as_str() > account["complete_through"].as_str());
    assert_eq!(after["name"], "Shop", "the user's name is kept");
}

#[tokio::test]
async fn unlinking_keeps_or_purges() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    let path = format!("/api/v1/accounts/{id}");
    let unclear = client.delete(&path).await;
    assert_eq!(
        (unclear.status, unclear.body["field"].as_str()),
        (422, Some("mode"))
    );
    let misspelt = client.delete(&format!("{path}?mode=kep")).await;
    assert_eq!(
        (misspelt.status, misspelt.body["nearest"].as_str()),
        (422, Some("keep"))
    );

    assert_eq!(
        client.delete(&format!("{path}?mode=keep")).await.status,
        204
    );
    let kept = client.get(&path).await;
    assert_eq!(kept.body["state"], "archived");
    assert_eq!(kept.body["covered_from"], account["covered_from"]);
    let query = json!({"metrics": ["spend"], "range": "last_7_days"});
    let report = client.report(query).await;
    assert_eq!(
        report.body["query"]["accounts"],
        json!([]),
        "{}",
        report.text
    );

    let contents = client.get(&format!("{path}/contents")).await.body;
    assert!(contents["facts"].as_u64() > Some(0), "{contents}");
    assert!(contents["entities"].as_u64() > Some(0), "{contents}");
    assert_eq!(contents["first_day"], account["covered_from"]);
    assert_eq!(
        contents["grants"], 1,
        "the consent reaches no other linked account"
    );
    let purged = client.delete(&format!("{path}?mode=purge")).await;
    assert_eq!(purged.status, 200, "{}", purged.text);
    assert_eq!(
        purged.body,
        json!({"removed": contents, "left": 0}),
        "what was announced is what went"
    );
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(client.get(&format!("{path}/contents")).await.status, 404);
    assert_eq!(
        client.get("/api/v1/accounts").await.body["accounts"],
        json!([])
    );
}

#[tokio::test]
async fn a_daily_refresh_comes_by_itself() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    for _ in 0..3 {
        test.clock.set(test.clock.now() + Duration::days(1));
        test.app.scheduler().wake();
        test.settled(&client, id).await;
    }
    let after = client.get(&format!("/api/v1/accounts/{id}")).await.body;
    let day = |account: &serde_json::Value| -> chrono::NaiveDate {
        account["complete_through"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert_eq!(day(&after) - day(&account), Duration::days(3));
}

#[tokio::test]
async fn a_malformed_answer_fails_with_the_operations_name_and_is_retried() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    test.clock.set(test.clock.now() + Duration::days(1));
    test.simulator.faults().inject(
        analytics_connectors::simulator::Fault::MalformedJson,
        "facebook_ads",
        0,
        0,
    );
    test.settled(&client, id).await;
    let failed = client.get(&format!("/api/v1/accounts/{id}")).await.body;
    assert_eq!(failed["error"]["code"], "decode", "{failed}");
    assert!(failed["error"]["operation"].as_str().unwrap().len() > 3);
    assert_eq!(failed["sync"]["phase"], "waiting");
    assert_eq!(failed["covered_from"], account["covered_from"]);
    assert_eq!(failed["complete_through"], account["complete_through"]);

    test.simulator.faults().clear();
    let retry = failed["error"]["retry_at"].as_str().unwrap();
    test.clock.set(retry.parse().unwrap());
    let after = test.settled(&client, id).await;
    assert_eq!(after["error"], serde_json::Value::Null, "{after}");
    assert!(after["complete_through"].as_str() > account["complete_through"].as_str());
}
