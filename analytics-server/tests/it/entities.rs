//! `/entities`

use crate::support::TestApp;

#[tokio::test]
async fn campaigns_and_what_is_below_them_are_listed_page_by_page() {
    let test = TestApp::start().await;
    let (client, account) = test.linked().await;
    let id = account["id"].as_str().unwrap();
    let campaigns = client
        .get(&format!("/api/v1/entities?account={id}&level=campaign"))
        .await;
    assert_eq!(campaigns.status, 200, "{}", campaigns.text);
    let total = campaigns.body["total"].as_u64().unwrap();
    let list = campaigns.body["entities"].as_array().unwrap();
    assert!(total > 0 && total == list.len() as u64);
    assert_eq!(list[0]["account"], id);
    assert!(
        list[0]["parent"].is_null(),
        "a campaign hangs from the account itself"
    );

    let page = client
        .get("/api/v1/entities?level=campaign&limit=1&offset=1")
        .await;
    assert_eq!(page.body["total"], total);
    assert_eq!(page.body["entities"][0], list[1]);

    let campaign = list[0]["id"].as_str().unwrap();
    let below = client
        .get(&format!(
            "/api/v1/entities?level=ad_group&parent={campaign}"
        ))
        .await;
    for ad_group in below.body["entities"].as_array().unwrap() {
        assert_eq!(ad_group["parent"], campaign);
    }
    let name = list[0]["name"].as_str().unwrap();
    let part: String = name.chars().take(4).collect::<String>().to_uppercase();
    let request = client
        .request(reqwest::Method::GET, "/api/v1/entities")
        .query(&[("level", "campaign"), ("search", &part)]);
    let found = client.send(request).await;
    let found = found.body["entities"].as_array().unwrap();
    assert!(found.iter().any(|one| one["name"] == name));
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let test = TestApp::start().await;
    let (client, _) = test.linked().await;
    for (query, field) in [
        ("level=campagne", "level"),
        ("limit=5000", "limit"),
        ("limit=many", "limit"),
        ("account=acc_nope", "account"),
        ("parent=ent_nope", "parent"),
    ] {
        let answer = client.get(&format!("/api/v1/entities?{query}")).await;
        assert_eq!(
            (answer.status, answer.body["field"].as_str()),
            (422, Some(field)),
            "{}",
            answer.text
        );
    }
}
