use std::collections::BTreeSet;

use serde_json::Value;

use super::Caller;

async fn list(caller: &Caller, edge: &str, fields: &str, statuses: &str) -> Vec<Value> {
    let filter = format!(r#"[{{"field":"effective_status","operator":"IN","value":{statuses}}}]"#);
    let path = format!("act_{}/{edge}", caller.account(0));
    let mut rows = Vec::new();
    let mut after = String::new();
    loop {
        let mut params = vec![("fields", fields), ("limit", "50"), ("after", &after)];
        if !statuses.is_empty() {
            params.push(("filtering", &filter));
        }
        let page = caller.get(&path, &params).await;
        assert_eq!(page.status, 200, "{:?}", page.body);
        rows.extend_from_slice(page.rows());
        if page.body["paging"].get("next").is_none() {
            return rows;
        }
        after = page.body["paging"]["cursors"]["after"]
            .as_str()
            .unwrap()
            .to_owned();
    }
}

fn ids(rows: &[Value], key: &str) -> BTreeSet<String> {
    rows.iter()
        .map(|row| row[key].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn everything_has_a_parent_a_name_and_a_status() {
    let caller = Caller::start().await;
    let all = r#"["ACTIVE","PAUSED","CAMPAIGN_PAUSED","ADSET_PAUSED","ARCHIVED"]"#;
    let campaigns = list(
        &caller,
        "campaigns",
        "id,name,status,effective_status,objective,created_time,updated_time",
        all,
    )
    .await;
    let adsets = list(
        &caller,
        "adsets",
        "id,name,effective_status,campaign_id",
        all,
    )
    .await;
    let ads = list(
        &caller,
        "ads",
        "id,name,effective_status,campaign_id,adset_id,creative{id,thumbnail_url}",
        all,
    )
    .await;
    assert!(campaigns.len() > 10 && adsets.len() > campaigns.len() && ads.len() > adsets.len());
    assert!(ids(&adsets, "campaign_id").is_subset(&ids(&campaigns, "id")));
    assert!(ids(&ads, "adset_id").is_subset(&ids(&adsets, "id")));
    assert!(
        ads.iter()
            .all(|ad| ad["creative"]["thumbnail_url"].is_string() && ad["name"].is_string())
    );
    let active = list(&caller, "campaigns", "id,effective_status", r#"["ACTIVE"]"#).await;
    assert!(!active.is_empty() && active.len() < campaigns.len());
    let usual = list(&caller, "campaigns", "id,effective_status", "").await;
    assert!(
        usual
            .iter()
            .all(|row| row["effective_status"] != "ARCHIVED")
    );
}

#[tokio::test]
async fn what_was_deleted_is_not_listed_but_counts_above_and_can_be_read_by_id() {
    let caller = Caller::start().await;
    let all = r#"["ACTIVE","PAUSED","CAMPAIGN_PAUSED","ADSET_PAUSED","ARCHIVED","DELETED"]"#;
    let listed = ids(&list(&caller, "campaigns", "id", all).await, "id");
    let told = caller
        .insights(&[
            ("level", "campaign"),
            ("fields", "campaign_id,campaign_name"),
            ("date_preset", "maximum"),
            ("limit", "500"),
        ])
        .await;
    let told = ids(told.rows(), "campaign_id");
    let gone: Vec<&String> = told.difference(&listed).collect();
    assert!(!gone.is_empty(), "no campaign was deleted");
    let one = caller
        .get(gone[0], &[("fields", "id,name,effective_status")])
        .await;
    assert_eq!(one.body["effective_status"], "DELETED");
    let ads = ids(&list(&caller, "ads", "id", all).await, "id");
    let rows = caller
        .insights(&[
            ("level", "ad"),
            ("fields", "ad_id"),
            ("date_preset", "maximum"),
            ("limit", "5000"),
        ])
        .await;
    assert!(
        ids(rows.rows(), "ad_id").is_subset(&ads),
        "a deleted ad has a row of its own"
    );
}

#[tokio::test]
async fn an_unknown_field_is_refused() {
    let caller = Caller::start().await;
    let path = format!("act_{}/campaigns", caller.account(0));
    assert_eq!(
        caller
            .get(&path, &[("fields", "id,shoe_size")])
            .await
            .error()
            .0,
        100
    );
    assert_eq!(
        caller.get(&path, &[("fields", "id,name{")]).await.error().0,
        2500
    );
}
