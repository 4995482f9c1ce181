//! Discovery, through managers and without.

use analytics_connectors::ErrorKind;
use serde_json::{Value, json};
use wiremock::{
    Mock, ResponseTemplate,
    matchers::{header, method, path},
};

use super::{ACCOUNT, MANAGER, Vendor, failure, get, ok, query, rows, says, user};

const ACCESSIBLE: &str = "/v25/customers:listAccessibleCustomers";

fn client(id: &str, more: &Value) -> Value {
    let mut client = json!({
        "id": id, "descriptiveName": format!("Account {id}"), "currencyCode": "JPY",
        "timeZone": "Asia/Tokyo", "status": "ENABLED", "level": "1",
    });
    for (key, value) in more.as_object().unwrap() {
        client[key] = value.clone();
    }
    json!({ "customerClient": client })
}

async fn reaching(roots: &[(&str, ResponseTemplate)]) -> Vendor {
    let vendor = Vendor::start().await;
    let names: Vec<String> = roots
        .iter()
        .map(|(id, _)| format!("customers/{id}"))
        .collect();
    let answer = ok(json!({ "resourceNames": names }));
    vendor.on(get(ACCESSIBLE), answer).await;
    for (id, response) in roots {
        let at = format!("/v25/customers/{id}/googleAds:searchStream");
        let tree = Mock::given(method("POST"))
            .and(path(at))
            .and(header("login-customer-id", *id));
        vendor.on(tree, response.clone()).await;
    }
    vendor
}

#[tokio::test]
async fn a_managers_tree_is_listed_without_managers_and_each_account_knows_its_way() {
    let tree = rows(json!([
        client(MANAGER, &json!({ "manager": true, "level": "0" })),
        client(ACCOUNT, &json!({})),
        client("2223334445", &json!({ "manager": true })),
        client(
            "3334445556",
            &json!({ "currencyCode": "USD", "timeZone": "America/New_York" })
        ),
        client("4445556667", &json!({ "hidden": true })),
    ]));
    let vendor = reaching(&[(MANAGER, tree)]).await;
    let found = vendor.connector.list_accounts(&user()).await.unwrap();
    let told: Vec<(&str, &str, &Value)> = found
        .iter()
        .map(|one| {
            (
                one.external_id.as_str(),
                one.time_zone.unwrap().name(),
                &one.access,
            )
        })
        .collect();
    let through = json!({ "login_customer_id": MANAGER });
    assert_eq!(
        told,
        [
            (ACCOUNT, "Asia/Tokyo", &through),
            ("3334445556", "America/New_York", &through),
        ]
    );
    assert_eq!(found[0].name, "Account 1112223334");
    let asked = vendor
        .asked(&format!("/v25/customers/{MANAGER}/googleAds:searchStream"))
        .await;
    assert!(query(&asked[0]).contains("FROM customer_client"));
    assert_eq!(asked.len(), 1);
}

#[tokio::test]
async fn an_account_that_is_reached_directly_needs_no_manager() {
    let tree = rows(json!([client(ACCOUNT, &json!({}))]));
    let itself = rows(json!([client(ACCOUNT, &json!({ "level": "0" }))]));
    let vendor = reaching(&[(MANAGER, tree), (ACCOUNT, itself)]).await;
    let found = vendor.connector.list_accounts(&user()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].access, json!({}));
}

#[tokio::test]
async fn a_closed_root_does_not_keep_the_others_away() {
    let closed = failure(403, "authorizationError", "CUSTOMER_NOT_ENABLED");
    let itself = rows(json!([client(ACCOUNT, &json!({}))]));
    let vendor = reaching(&[("5556667778", closed.clone()), (ACCOUNT, itself)]).await;
    let found = vendor.connector.list_accounts(&user()).await;
    assert_eq!(found.unwrap().len(), 1);

    let vendor = reaching(&[("5556667778", closed)]).await;
    let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn an_account_without_a_name_is_called_by_its_number_and_a_closed_one_says_so() {
    let nameless = json!({ "descriptiveName": "", "status": "CANCELED" });
    let vendor = reaching(&[(ACCOUNT, rows(json!([client(ACCOUNT, &nameless)])))]).await;
    let found = vendor.connector.list_accounts(&user()).await.unwrap();
    assert_eq!(found[0].name, "111-222-3334");
    assert_eq!(found[0].status, "closed");
}

#[tokio::test]
async fn a_zone_or_currency_that_is_unknown_is_an_error_that_names_it() {
    for (more, named) in [
        (
            json!({ "timeZone": "Mars/Olympus" }),
            "`timeZone` of account 1112223334",
        ),
        (
            json!({ "currencyCode": null }),
            "`currencyCode` of account 1112223334",
        ),
    ] {
        let vendor = reaching(&[(ACCOUNT, rows(json!([client(ACCOUNT, &more)])))]).await;
        let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Decode);
        says(&error, &["google_ads: list accounts: ", named]);
    }
}

#[tokio::test]
async fn who_reaches_nothing_has_no_accounts() {
    let vendor = Vendor::start().await;
    vendor.on(get(ACCESSIBLE), ok(json!({}))).await;
    let found = vendor.connector.list_accounts(&user()).await;
    assert!(found.unwrap().is_empty());
}
