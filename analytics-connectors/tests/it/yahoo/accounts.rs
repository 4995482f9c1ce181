//! Which accounts a Business ID reaches, and through what.

use analytics_connectors::ErrorKind;
use analytics_core::model::FoundAccount;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, header};

use super::{ACCOUNT, DISPLAY, MANAGER, SEARCH, Vendor, at, failure, list, ok, post, says, user};

fn entry(id: i64, name: &str, status: &str, manager: bool) -> Value {
    json!({ "operationSucceeded": true, "account": {
        "accountId": id, "accountName": name, "accountStatus": status,
        "isMccAccount": if manager { "TRUE" } else { "FALSE" }, "isTestAccount": "FALSE",
        "authType": "REFERABLE", "startDate": "20240105", "somethingNew": { "deep": [1, null] },
    }})
}

fn link(id: i64) -> Value {
    json!({ "operationSucceeded": true, "accountLink": {
        "mccAccountId": MANAGER, "accountId": id, "accountStatus": "SERVING",
        "ownerShipType": "NON_OWNER",
    }})
}

async fn below(vendor: &Vendor, accounts: Vec<Value>, links: Vec<Value>) {
    let of_manager = |service: &str| {
        post(service, "get").and(header("x-z-base-account-id", MANAGER.to_string().as_str()))
    };
    let managers = body_partial_json(json!({ "includeMccAccount": "ONLY_MCC_ACCOUNT" }));
    let submanagers = list(vec![entry(800_000_009, "下位MCC", "SERVING", true)]);
    vendor
        .on(of_manager("AccountService").and(managers), submanagers)
        .await;
    vendor
        .on(of_manager("AccountService"), list(accounts))
        .await;
    let of = |manager: i64| body_partial_json(json!({ "mccAccountId": manager }));
    vendor
        .on(
            of_manager("AccountLinkService").and(of(MANAGER)),
            list(links),
        )
        .await;
    let lower = list(vec![link(900_000_005)]);
    vendor
        .on(of_manager("AccountLinkService").and(of(800_000_009)), lower)
        .await;
}

async fn listed(vendor: &Vendor) -> Vec<FoundAccount> {
    vendor.connector.list_accounts(&user()).await.unwrap()
}

#[rstest]
#[case::search(SEARCH)]
#[case::display(DISPLAY)]
#[tokio::test]
async fn accounts_keep_the_base_account_they_are_reached_through(#[case] platform: &str) {
    let vendor = Vendor::start(platform).await;
    let bases = vec![
        entry(MANAGER, "代理店", "SERVING", true),
        entry(ACCOUNT, "直接の店", "SERVING", false),
    ];
    vendor
        .on(post("BaseAccountService", "get"), list(bases))
        .await;
    let accounts = vec![
        entry(ACCOUNT, "直接の店", "SERVING", false),
        entry(900_000_002, "下の店", "ENDED", false),
        entry(900_000_003, "", "SUSPENDED", false),
    ];
    // A link to a manager below is no account, one of its own is told by its name.
    let mut own = link(900_000_006);
    own["accountLink"]["ownerShipType"] = json!("OWNER");
    let links = vec![link(900_000_002), link(900_000_004), link(800_000_009), own];
    below(&vendor, accounts, links).await;
    let found = listed(&vendor).await;
    let seen: Vec<(&str, &str, &str, &str)> = found
        .iter()
        .map(|account| {
            let base = account.access["base_account_id"].as_str().unwrap();
            let (id, name) = (account.external_id.as_str(), account.name.as_str());
            (id, name, base, account.status.as_str())
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("900000001", "直接の店", "900000001", "active"),
            ("900000002", "下の店", "800000001", "closed"),
            ("900000003", "900000003", "800000001", "disabled"),
            ("900000004", "900000004", "800000001", "active"),
            ("900000005", "900000005", "800000001", "active"),
        ]
    );
    for account in &found {
        assert_eq!(account.platform.as_str(), platform);
        assert_eq!(account.currency.as_ref().unwrap().as_str(), "JPY");
        assert_eq!(account.time_zone, Some(chrono_tz::Asia::Tokyo));
    }
    assert_eq!(found[1].access["start_date"], "2024-01-05");
    let bases = vendor.asked(&at("BaseAccountService", "get")).await;
    assert!(!bases[0].headers.contains_key("x-z-base-account-id"));
}

#[tokio::test]
async fn lists_are_read_page_by_page_and_an_empty_page_ends_them() {
    let vendor = Vendor::start(SEARCH).await;
    let from = |start: u64| {
        let start = body_partial_json(json!({ "startIndex": start }));
        post("BaseAccountService", "get").and(start)
    };
    let page = |ids: std::ops::Range<i64>| {
        let values: Vec<Value> = ids.map(|id| entry(id, "店", "SERVING", false)).collect();
        ok(json!({ "totalNumEntries": 450, "values": values }))
    };
    vendor.on(from(1), page(1..201)).await;
    vendor.on(from(201), page(201..401)).await;
    // Fewer come than were announced.
    let nothing = ok(json!({ "totalNumEntries": 450, "values": null }));
    vendor.on(from(401), nothing).await;
    assert_eq!(listed(&vendor).await.len(), 400);
    assert_eq!(
        vendor.asked(&at("BaseAccountService", "get")).await.len(),
        3
    );
}

#[tokio::test]
async fn an_account_that_comes_on_two_pages_is_listed_once() {
    let vendor = Vendor::start(SEARCH).await;
    let twice = vec![
        entry(ACCOUNT, "店", "SERVING", false),
        entry(ACCOUNT, "店", "SERVING", false),
    ];
    vendor
        .on(post("BaseAccountService", "get"), list(twice))
        .await;
    assert_eq!(listed(&vendor).await.len(), 1);
}

#[tokio::test]
async fn a_manager_that_refuses_hides_only_its_own_accounts() {
    let vendor = Vendor::start(DISPLAY).await;
    let bases = vec![
        entry(MANAGER, "代理店", "SERVING", true),
        entry(ACCOUNT, "直接の店", "SERVING", false),
    ];
    vendor
        .on(post("BaseAccountService", "get"), list(bases))
        .await;
    vendor
        .on(post("AccountService", "get"), failure(401, "0113"))
        .await;
    assert_eq!(listed(&vendor).await.len(), 1);
}

#[tokio::test]
async fn links_that_cannot_be_listed_and_single_values_that_are_refused_hide_nothing_else() {
    let vendor = Vendor::start(SEARCH).await;
    let refused = json!({ "operationSucceeded": false, "account": null, "errors": [{
        "code": "S0001", "message": "no", "details": null,
    }]});
    let bases = vec![entry(MANAGER, "代理店", "SERVING", true), refused];
    vendor
        .on(post("BaseAccountService", "get"), list(bases))
        .await;
    let own = vec![entry(ACCOUNT, "店", "SERVING", false)];
    let ads = body_partial_json(json!({ "includeMccAccount": "ONLY_ADS_ACCOUNT" }));
    vendor
        .on(post("AccountService", "get").and(ads), list(own))
        .await;
    vendor
        .on(post("AccountService", "get"), list(Vec::new()))
        .await;
    vendor
        .on(post("AccountLinkService", "get"), failure(200, "S0001"))
        .await;
    assert_eq!(listed(&vendor).await.len(), 1);
}

#[tokio::test]
async fn where_every_manager_refuses_the_reason_is_told() {
    let vendor = Vendor::start(SEARCH).await;
    let bases = vec![entry(MANAGER, "代理店", "SERVING", true)];
    vendor
        .on(post("BaseAccountService", "get"), list(bases))
        .await;
    vendor
        .on(post("AccountService", "get"), failure(403, "0098"))
        .await;
    let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    says(&error, &["0098", "list accounts"]);
}

#[tokio::test]
async fn a_business_id_without_accounts_has_none() {
    let vendor = Vendor::start(SEARCH).await;
    let nothing = ok(json!({ "totalNumEntries": 0, "values": null }));
    vendor.on(post("BaseAccountService", "get"), nothing).await;
    assert!(listed(&vendor).await.is_empty());
}

#[rstest]
#[case::no_value(json!({ "errors": null, "rid": "r" }), "rval")]
#[case::an_id_as_text(
    json!({ "rval": { "totalNumEntries": 1, "values": [{ "account": { "accountId": "x" } }] } }),
    "accountId"
)]
#[case::no_id(
    json!({ "rval": { "totalNumEntries": 1, "values": [{ "account": { "accountName": "店" } }] } }),
    "accountId"
)]
#[tokio::test]
async fn a_list_that_cannot_be_read_names_the_field(#[case] body: Value, #[case] named: &str) {
    let vendor = Vendor::start(SEARCH).await;
    let answer = wiremock::ResponseTemplate::new(200).set_body_json(body);
    vendor.on(post("BaseAccountService", "get"), answer).await;
    let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &[SEARCH, "list accounts", named]);
}
