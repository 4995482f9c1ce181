//! Which pages are found.

use analytics_connectors::ErrorKind;
use analytics_core::model::FoundAccount;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    ResponseTemplate,
    matchers::{query_param, query_param_is_missing},
};

use super::{Vendor, bare};
use crate::graph::{USER_PROOF, USER_TOKEN, bearer, failure, fixture, get, ok, page, too_much};

const ACCOUNTS: &str = "/v26.0/me/accounts";
const BUSINESSES: &str = "/v26.0/me/businesses";
const OWNED: &str = "/v26.0/700100/owned_pages";
const CLIENTS: &str = "/v26.0/700100/client_pages";

async fn with_pages(rows: Value) -> Vendor {
    let vendor = bare().await;
    vendor.on(get(ACCOUNTS), page(rows, None)).await;
    vendor.on(get(BUSINESSES), page(json!([]), None)).await;
    vendor
}

/// Each page as `id name status`.
fn summary(found: &[FoundAccount]) -> Vec<String> {
    found
        .iter()
        .map(|page| format!("{} {} {}", page.external_id, page.name, page.status))
        .collect()
}

async fn with_portfolios() -> Vendor {
    let vendor = bare().await;
    let first = get(ACCOUNTS).and(query_param_is_missing("after"));
    let second = get(ACCOUNTS).and(query_param("after", "QVFJ"));
    for (mock, name) in [
        (first, "me_accounts_page_1"),
        (second, "me_accounts_page_2"),
        (get(BUSINESSES), "me_businesses"),
        (get(OWNED), "owned_pages"),
        (get(CLIENTS), "client_pages"),
    ] {
        vendor.on(mock, fixture("facebook_page", name)).await;
    }
    vendor
}

#[tokio::test]
async fn every_page_of_the_user_and_of_portfolios_is_found_once() {
    let vendor = with_portfolios().await;
    let found = vendor.accounts().await.unwrap();
    assert_eq!(
        summary(&found),
        [
            "1000200030004 Sample Bakery active",
            "1000200030005 Corner Shop no_role",
            // The user's own list has no token of it; the portfolio's has.
            "1000200030006 Old Mill active",
            "1000200030007 Client Café active",
        ]
    );
}

#[tokio::test]
async fn a_page_has_a_picture_pacific_days_no_currency_and_keeps_no_token() {
    let vendor = with_portfolios().await;
    let found = vendor.accounts().await.unwrap();
    let page = &found[0];
    assert_eq!(page.platform.as_str(), "facebook_page");
    assert_eq!(
        page.picture_url.as_deref(),
        Some("https://cdn.example.com/bakery.jpg?sig=1")
    );
    assert_eq!(page.time_zone.unwrap().name(), "America/Los_Angeles");
    assert_eq!((&page.currency, &page.access), (&None, &json!({})));
    let shown = format!("{found:?}");
    assert!(!shown.contains("EAAB"), "{shown}");
}

#[rstest]
#[case::may_analyse(json!({ "access_token": "t", "tasks": ["ADVERTISE", "ANALYZE"] }), "active")]
#[case::manages(json!({ "access_token": "t", "tasks": ["MANAGE"] }), "active")]
#[case::may_analyse_a_new_page(json!({ "access_token": "t", "tasks": ["PROFILE_PLUS_ANALYZE"] }), "active")]
#[case::tasks_are_not_told(json!({ "access_token": "t" }), "active")]
#[case::may_only_moderate(json!({ "access_token": "t", "tasks": ["MODERATE"] }), "no_role")]
#[case::may_do_nothing(json!({ "access_token": "t", "tasks": [] }), "no_role")]
#[case::no_token(json!({ "tasks": ["ANALYZE"] }), "no_role")]
#[tokio::test]
async fn a_page_can_be_linked_with_a_token_and_a_task_that_may_analyse(
    #[case] row: Value,
    #[case] status: &str,
) {
    let mut row = row;
    row["id"] = json!("5");
    row["name"] = json!("Bakery");
    let found = with_pages(json!([row])).await.accounts().await.unwrap();
    assert_eq!(found[0].status, status);
    assert_eq!(found[0].is_linkable(), status == "active");
}

#[rstest]
#[case::none(json!({ "id": "5" }))]
#[case::null(json!({ "id": "5", "name": null }))]
#[case::empty(json!({ "id": "5", "name": "" }))]
#[tokio::test]
async fn a_page_without_a_name_is_called_by_its_id(#[case] row: Value) {
    let found = with_pages(json!([row])).await.accounts().await.unwrap();
    assert_eq!(found[0].name, "5");
    assert_eq!(found[0].picture_url, None);
}

#[rstest]
#[case::not_granted(failure(403, 200, None, "(#200) Requires business_management permission"))]
#[case::not_there(failure(
    400,
    100,
    None,
    "(#100) Tried accessing nonexisting field (businesses)"
))]
#[tokio::test]
async fn portfolios_that_the_user_did_not_open_do_not_hide_the_users_own_pages(
    #[case] refused: ResponseTemplate,
) {
    let vendor = bare().await;
    let own = json!([{ "id": "5", "name": "Bakery", "access_token": "t" }]);
    vendor.on(get(ACCOUNTS), page(own, None)).await;
    vendor.on(get(BUSINESSES), refused).await;
    let found = vendor.accounts().await.unwrap();
    assert_eq!(summary(&found), ["5 Bakery active"]);
}

#[tokio::test]
async fn a_portfolio_that_is_not_shown_does_not_hide_the_others() {
    let vendor = bare().await;
    vendor.on(get(ACCOUNTS), page(json!([]), None)).await;
    let businesses = json!([{ "id": "700200" }, { "id": "700100" }]);
    vendor.on(get(BUSINESSES), page(businesses, None)).await;
    for edge in ["owned_pages", "client_pages"] {
        let hidden = failure(403, 200, None, "(#200) Permissions error");
        vendor
            .on(get(&format!("/v26.0/700200/{edge}")), hidden)
            .await;
    }
    let clients = json!([{ "id": "5", "name": "Bakery", "access_token": "t" }]);
    vendor.on(get(OWNED), page(json!([]), None)).await;
    vendor.on(get(CLIENTS), page(clients, None)).await;
    let found = vendor.accounts().await.unwrap();
    assert_eq!(summary(&found), ["5 Bakery active"]);
}

#[tokio::test]
async fn a_rate_limit_half_way_fails_the_list_instead_of_shortening_it() {
    let vendor = bare().await;
    let own = json!([{ "id": "5", "name": "Bakery", "access_token": "t" }]);
    vendor.on(get(ACCOUNTS), page(own, None)).await;
    let limited = failure(400, 4, None, "Application request limit reached");
    vendor.on(get(BUSINESSES), limited).await;
    let error = vendor.accounts().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: None });
}

#[tokio::test]
async fn lists_are_asked_for_with_the_users_token_and_just_these_parameters() {
    let vendor = with_portfolios().await;
    vendor.accounts().await.unwrap();
    for request in vendor.requests().await {
        assert_eq!(bearer(&request), USER_TOKEN);
        assert!(!request.url.as_str().contains("EAAB"), "{}", request.url);
    }
    let fields = ("fields", "id,name,access_token,tasks,picture{url}");
    let (proof, limit) = (("appsecret_proof", USER_PROOF), ("limit", "100"));
    let asked = vendor.asked(ACCOUNTS).await;
    assert_eq!(asked[0].all(), [proof, fields, limit]);
    assert_eq!(
        asked[1].all(),
        [("after", "QVFJ"), proof, fields, limit],
        "the next page is asked for with the call's own parameters"
    );
    let asked = vendor.asked(BUSINESSES).await;
    assert_eq!(asked[0].all(), [proof, ("fields", "id"), limit]);
    assert_eq!(vendor.asked(OWNED).await[0].all(), [proof, fields, limit]);
    assert_eq!(vendor.asked(CLIENTS).await[0].all(), [proof, fields, limit]);
}

#[tokio::test]
async fn cursors_without_a_next_page_are_the_end() {
    let vendor = with_pages(json!([{ "id": "5" }])).await;
    vendor.accounts().await.unwrap();
    assert_eq!(vendor.asked(ACCOUNTS).await.len(), 1);
}

#[tokio::test]
async fn an_empty_page_with_a_next_one_is_not_the_end_and_a_repeated_row_is_one_page() {
    let vendor = bare().await;
    let after = |cursor: &str| get(ACCOUNTS).and(query_param("after", cursor));
    let row = json!({ "id": "5", "name": "Bakery", "access_token": "t" });
    vendor
        .on(
            get(ACCOUNTS).and(query_param_is_missing("after")),
            page(json!([row]), Some("QVFJ")),
        )
        .await;
    vendor
        .on(after("QVFJ"), page(json!([]), Some("QVFK")))
        .await;
    let last = json!([row, { "id": "6", "name": "Mill", "access_token": "t" }]);
    vendor.on(after("QVFK"), page(last, None)).await;
    vendor.on(get(BUSINESSES), page(json!([]), None)).await;
    let found = vendor.accounts().await.unwrap();
    assert_eq!(summary(&found), ["5 Bakery active", "6 Mill active"]);
}

#[tokio::test]
async fn a_list_that_is_too_much_is_asked_for_in_smaller_pages() {
    let vendor = bare().await;
    let fits = ok(json!({ "data": [{ "id": "5" }] }));
    vendor
        .on(get(ACCOUNTS).and(query_param("limit", "25")), fits)
        .await;
    vendor.on(get(ACCOUNTS), too_much()).await;
    vendor.on(get(BUSINESSES), page(json!([]), None)).await;
    vendor.accounts().await.unwrap();
    let asked = vendor.asked(ACCOUNTS).await;
    let limits: Vec<_> = asked.iter().map(|params| params.text("limit")).collect();
    assert_eq!(limits, ["100", "50", "25"]);
}
