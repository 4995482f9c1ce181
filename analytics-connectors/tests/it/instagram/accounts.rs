//! Which profiles are found.

use analytics_connectors::ErrorKind;
use analytics_core::model::FoundAccount;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{query_param, query_param_is_missing};

use super::{Vendor, vendor};
use crate::graph::{
    USER_PROOF, USER_TOKEN, assert_says, bearer, failure, fixture, get, page, too_much,
};

const ACCOUNTS: &str = "/v26.0/me/accounts";
const BUSINESSES: &str = "/v26.0/me/businesses";

async fn with_pages(rows: Value) -> Vendor {
    let vendor = vendor().await;
    vendor.on(get(ACCOUNTS), page(rows, None)).await;
    vendor.on(get(BUSINESSES), page(json!([]), None)).await;
    vendor
}

/// Each profile as `id name status`.
fn summary(found: &[FoundAccount]) -> Vec<String> {
    found
        .iter()
        .map(|profile| {
            let (id, name) = (&profile.external_id, &profile.name);
            format!("{id} {name} {}", profile.status)
        })
        .collect()
}

/// A page that a profile is connected to.
fn connected(page: &str, readable: bool, profile: &Value) -> Value {
    let tasks = if readable { "ANALYZE" } else { "MODERATE" };
    json!({ "id": page, "name": "A page", "access_token": "EAABpage", "tasks": [tasks],
        "instagram_business_account": profile })
}

async fn recorded() -> Vendor {
    let vendor = vendor().await;
    for (mock, name) in [
        (
            get(ACCOUNTS).and(query_param_is_missing("after")),
            "me_accounts_page_1",
        ),
        (
            get(ACCOUNTS).and(query_param("after", "QVFJ")),
            "me_accounts_page_2",
        ),
        (get(BUSINESSES), "me_businesses"),
        (get("/v26.0/700100/owned_pages"), "owned_pages"),
    ] {
        vendor.on(mock, fixture("instagram", name)).await;
    }
    vendor
        .on(get("/v26.0/700100/client_pages"), page(json!([]), None))
        .await;
    vendor
}

#[tokio::test]
async fn profiles_are_found_through_the_pages_they_are_connected_to_each_once() {
    let found = recorded().await.accounts().await.unwrap();
    assert_eq!(
        summary(&found),
        [
            "17840000000000001 sample.bakery active",
            "17840000000000002 corner.shop no_role",
            "17840000000000003 Old Mill active",
        ]
    );
}

#[tokio::test]
async fn a_profile_has_a_picture_pacific_days_no_currency_and_keeps_no_token() {
    let found = recorded().await.accounts().await.unwrap();
    let profile = &found[0];
    assert_eq!(profile.platform.as_str(), "instagram");
    assert_eq!(
        profile.picture_url.as_deref(),
        Some("https://cdn.example.com/bakery.jpg?sig=1")
    );
    assert_eq!(profile.time_zone.unwrap().name(), "America/Los_Angeles");
    assert_eq!((&profile.currency, &profile.access), (&None, &json!({})));
    let shown = format!("{found:?}");
    assert!(!shown.contains("EAAB"), "{shown}");
}

#[rstest]
#[case::its_handle(json!({ "id": "9", "username": "bakery", "name": "The Bakery" }), "bakery")]
#[case::its_name(json!({ "id": "9", "name": "The Bakery" }), "The Bakery")]
#[case::its_name_beside_an_empty_handle(
    json!({ "id": "9", "username": "", "name": "The Bakery" }),
    "The Bakery"
)]
#[case::its_id(json!({ "id": "9" }), "9")]
#[tokio::test]
async fn a_profile_is_called_by_its_handle_or_else_its_name_or_its_id(
    #[case] profile: Value,
    #[case] name: &str,
) {
    let vendor = with_pages(json!([connected("5", true, &profile)])).await;
    assert_eq!(vendor.accounts().await.unwrap()[0].name, name);
}

#[rstest]
#[case::none(json!({ "id": "5", "name": "A page", "access_token": "EAABpage" }))]
#[case::null(json!({ "id": "5", "access_token": "EAABpage", "instagram_business_account": null }))]
#[case::only_a_connected_one(
    json!({ "id": "5", "access_token": "EAABpage", "connected_instagram_account": { "id": "9" } })
)]
#[tokio::test]
async fn a_page_without_a_professional_profile_is_skipped(#[case] row: Value) {
    let found = with_pages(json!([row])).await.accounts().await.unwrap();
    assert!(found.is_empty(), "{found:?}");
}

#[rstest]
#[case::the_first_page_opens_it(true, false, "active")]
#[case::the_second_page_opens_it(false, true, "active")]
#[case::both_open_it(true, true, "active")]
#[case::neither_opens_it(false, false, "no_role")]
#[tokio::test]
async fn a_profile_of_two_pages_is_found_once_and_can_be_read_if_one_of_them_can(
    #[case] first: bool,
    #[case] second: bool,
    #[case] status: &str,
) {
    let profile = json!({ "id": "9", "username": "bakery" });
    let rows = json!([
        connected("5", first, &profile),
        connected("6", second, &profile),
    ]);
    let found = with_pages(rows).await.accounts().await.unwrap();
    assert_eq!(summary(&found), [format!("9 bakery {status}")]);
}

#[tokio::test]
async fn a_page_without_a_token_shows_a_profile_that_cannot_be_read() {
    let rows = json!([{ "id": "5", "name": "A page", "tasks": ["ANALYZE"],
        "instagram_business_account": { "id": "9", "username": "bakery" } }]);
    let found = with_pages(rows).await.accounts().await.unwrap();
    assert_eq!(summary(&found), ["9 bakery no_role"]);
    assert!(!found[0].is_linkable());
}

#[tokio::test]
async fn portfolios_that_the_user_did_not_open_do_not_hide_the_users_own_profiles() {
    let vendor = vendor().await;
    let profile = json!({ "id": "9", "username": "bakery" });
    let own = json!([connected("5", true, &profile)]);
    vendor.on(get(ACCOUNTS), page(own, None)).await;
    let hidden = failure(403, 200, None, "(#200) Requires business_management");
    vendor.on(get(BUSINESSES), hidden).await;
    let found = vendor.accounts().await.unwrap();
    assert_eq!(summary(&found), ["9 bakery active"]);
}

#[tokio::test]
async fn lists_are_asked_for_with_the_users_token_and_just_these_parameters() {
    let vendor = recorded().await;
    vendor.accounts().await.unwrap();
    for request in vendor.requests().await {
        assert_eq!(bearer(&request), USER_TOKEN);
        assert!(!request.url.as_str().contains("EAAB"), "{}", request.url);
    }
    let proof = ("appsecret_proof", USER_PROOF);
    let fields = (
        "fields",
        "id,name,access_token,tasks,\
         instagram_business_account{id,username,name,profile_picture_url}",
    );
    let limit = ("limit", "100");
    let asked = vendor.asked(ACCOUNTS).await;
    assert_eq!(asked.len(), 2, "cursors without a next page are the end");
    assert_eq!(asked[0].all(), [proof, fields, limit]);
    assert_eq!(asked[1].all(), [("after", "QVFJ"), proof, fields, limit]);
    let asked = vendor.asked(BUSINESSES).await;
    assert_eq!(asked[0].all(), [proof, ("fields", "id"), limit]);
}

#[tokio::test]
async fn an_empty_page_with_a_next_one_is_not_the_end() {
    let vendor = vendor().await;
    vendor
        .on(
            get(ACCOUNTS).and(query_param_is_missing("after")),
            page(json!([]), Some("QVFJ")),
        )
        .await;
    let profile = json!({ "id": "9", "username": "bakery" });
    let rows = json!([connected("5", true, &profile)]);
    vendor
        .on(
            get(ACCOUNTS).and(query_param("after", "QVFJ")),
            page(rows, None),
        )
        .await;
    vendor.on(get(BUSINESSES), page(json!([]), None)).await;
    assert_eq!(vendor.accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_that_is_too_much_even_in_small_pages_is_an_error() {
    let vendor = vendor().await;
    vendor.on(get(ACCOUNTS), too_much()).await;
    let error = vendor.accounts().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    assert_says(&error, &["instagram", "list profiles"]);
    let asked = vendor.asked(ACCOUNTS).await;
    let limits: Vec<&str> = asked.iter().map(|params| params.text("limit")).collect();
    assert_eq!(limits, ["100", "50", "25"]);
}
