//! Which accounts the user may read, and what is kept of them.

use analytics_connectors::ErrorKind;
use analytics_core::model::FoundAccount;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{ResponseTemplate, matchers::query_param};

use super::{Vendor, at, failure, get, list, ok, says, user};

fn entry(id: &str, more: &Value) -> Value {
    let mut account = json!({
        "id": id, "name": "Example KK", "timezone": "Asia/Tokyo",
        "timezone_switch_at": "2022-02-28T15:00:00Z", "created_at": "2022-02-20T02:00:00Z",
        "approval_status": "ACCEPTED", "deleted": false,
    });
    for (key, value) in more.as_object().unwrap() {
        account[key] = value.clone();
    }
    account
}

async fn may(vendor: &Vendor, id: &str, permissions: &[&str]) {
    let access = ok(json!({ "data": { "user_id": "37", "permissions": permissions } }));
    let path = at(&format!("accounts/{id}/authenticated_user_access"));
    vendor.on(get(&path), access).await;
}

async fn pays(vendor: &Vendor, id: &str, currencies: &[&str]) {
    let instruments = currencies
        .iter()
        .map(|code| json!({ "id": "fi", "currency": code }));
    let path = at(&format!("accounts/{id}/funding_instruments"));
    vendor.on(get(&path), list(instruments.collect())).await;
}

async fn found(vendor: &Vendor) -> Vec<FoundAccount> {
    vendor.connector.list_accounts(&user()).await.unwrap()
}

#[tokio::test]
async fn accounts_come_page_by_page_with_their_money_zone_and_role() {
    let vendor = Vendor::start().await;
    let second = get("/12/accounts").and(query_param("cursor", "more"));
    vendor
        .on(second, list(vec![entry("b", &json!({ "name": null }))]))
        .await;
    // An empty page before the last one.
    let first = json!({ "data": [entry("a", &json!({})), entry("gone", &json!({ "deleted": true }))], "next_cursor": "more" });
    vendor.on(get("/12/accounts"), ok(first)).await;
    pays(&vendor, "a", &["JPY", "JPY"]).await;
    pays(&vendor, "b", &["USD"]).await;
    may(&vendor, "a", &["AD_MANAGER"]).await;
    may(&vendor, "b", &["ANALYST"]).await;
    let found = found(&vendor).await;
    let seen: Vec<(&str, &str, &str, bool)> = found
        .iter()
        .map(|one| {
            let currency = one.currency.as_ref().unwrap().as_str();
            (
                one.external_id.as_str(),
                one.name.as_str(),
                currency,
                one.is_linkable(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [("a", "Example KK", "JPY", true), ("b", "b", "USD", false)]
    );
    assert_eq!(found[0].access["zone_since"], "2022-02-28T15:00:00Z");
    assert_eq!(found[0].access["created"], "2022-02-20");
    assert_eq!(vendor.asked("/12/accounts").await.len(), 2);
}

#[rstest]
#[case::no_money(&[], json!({}))]
#[case::two_currencies(&["JPY", "USD"], json!({}))]
#[case::another_zone(&["JPY"], json!({ "timezone": "Mars/Base" }))]
#[case::no_zone(&["JPY"], json!({ "timezone": null }))]
#[tokio::test]
async fn an_account_that_cannot_be_used_does_not_keep_the_others_away(
    #[case] currencies: &[&str],
    #[case] more: Value,
) {
    let vendor = Vendor::start().await;
    let accounts = vec![entry("a", &more), entry("b", &json!({}))];
    vendor.on(get("/12/accounts"), list(accounts)).await;
    pays(&vendor, "a", currencies).await;
    vendor
        .on(get(&at("accounts/a/campaigns")), list(Vec::new()))
        .await;
    may(&vendor, "a", &["AD_MANAGER"]).await;
    pays(&vendor, "b", &["JPY"]).await;
    may(&vendor, "b", &["AD_MANAGER"]).await;
    let found = found(&vendor).await;
    let ids: Vec<&str> = found.iter().map(|one| one.external_id.as_str()).collect();
    assert_eq!(ids, ["b"]);
}

#[tokio::test]
async fn who_may_not_see_the_money_sees_its_currency_in_campaigns() {
    let vendor = Vendor::start().await;
    vendor
        .on(get("/12/accounts"), list(vec![entry("a", &json!({}))]))
        .await;
    let refused = failure(403, "FUNDING_INSTRUMENT_ACCESS_NOT_ALLOWED");
    vendor
        .on(get(&at("accounts/a/funding_instruments")), refused)
        .await;
    let campaigns = vec![json!({ "id": "c1", "currency": "EUR" })];
    vendor
        .on(get(&at("accounts/a/campaigns")), list(campaigns))
        .await;
    may(&vendor, "a", &["CAMPAIGN_ANALYST"]).await;
    let found = found(&vendor).await;
    assert_eq!(found[0].currency.as_ref().unwrap().as_str(), "EUR");
}

#[tokio::test]
async fn a_rejected_account_can_still_be_read() {
    let vendor = Vendor::start().await;
    let rejected = entry("a", &json!({ "approval_status": "REJECTED" }));
    vendor.on(get("/12/accounts"), list(vec![rejected])).await;
    pays(&vendor, "a", &["JPY"]).await;
    may(&vendor, "a", &["CAMPAIGN_ANALYST"]).await;
    let found = found(&vendor).await;
    assert_eq!(found[0].status, "disabled");
    assert!(found[0].is_linkable());
}

#[tokio::test]
async fn a_cursor_that_repeats_ends_the_list_as_an_error() {
    let vendor = Vendor::start().await;
    let page = json!({ "data": [], "next_cursor": "again" });
    vendor.on(get("/12/accounts"), ok(page)).await;
    let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["paging does not end"]);
}

#[rstest]
#[case::not_admitted(
    403,
    "UNAUTHORIZED_CLIENT_APPLICATION",
    ErrorKind::Unavailable,
    "admitted"
)]
#[case::read_only(
    403,
    "READONLY_CLIENT_APPLICATION",
    ErrorKind::Unavailable,
    "Read and write"
)]
#[case::too_old(
    403,
    "INSUFFICIENT_USER_AUTHORIZED_PERMISSION",
    ErrorKind::PermissionDenied,
    "link again"
)]
#[tokio::test]
async fn what_the_operator_must_do_is_told_apart_from_what_the_user_must(
    #[case] status: u16,
    #[case] code: &str,
    #[case] kind: ErrorKind,
    #[case] words: &str,
) {
    let vendor = Vendor::start().await;
    vendor.on(get("/12/accounts"), failure(status, code)).await;
    let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(error.kind, kind);
    says(&error, &[code, words]);
}

#[tokio::test]
async fn a_page_of_the_gateway_is_judged_by_its_status() {
    let vendor = Vendor::start().await;
    let page = ResponseTemplate::new(404).set_body_raw("<html>Not here</html>", "text/html");
    vendor.on(get("/12/accounts"), page).await;
    let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
}
