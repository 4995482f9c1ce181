use analytics_connectors::{Connector, ErrorKind, oauth::TokenSource};
use secrecy::SecretString;
use serde_json::json;
use wiremock::{ResponseTemplate, matchers::query_param};

use super::{TOKEN, Vendor, answer, get};

const AD_ACCOUNTS: &str = "/v26.0/me/adaccounts";

fn tokens() -> TokenSource {
    TokenSource::fixed(SecretString::from(TOKEN))
}

#[tokio::test]
async fn every_page_of_ad_accounts_is_found_once_with_currency_and_time_zone() {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(AD_ACCOUNTS).and(query_param("after", "QVFJ")),
            answer("ad_accounts_page_2"),
        )
        .await;
    vendor
        .on(get(AD_ACCOUNTS), answer("ad_accounts_page_1"))
        .await;
    let found = vendor.connector.list_accounts(&tokens()).await.unwrap();
    let summary: Vec<_> = found
        .iter()
        .map(|account| {
            (
                account.external_id.as_str(),
                account.name.as_str(),
                account.currency.as_ref().unwrap().as_str(),
                account.time_zone.unwrap().name(),
                account.status.as_str(),
            )
        })
        .collect();
    assert_eq!(
        summary,
        [
            ("900100200", "Tokyo shop", "JPY", "Asia/Tokyo", "active"),
            (
                "900100201",
                "900100201",
                "USD",
                "America/Los_Angeles",
                "disabled"
            ),
            ("900100202", "Old shop", "EUR", "Europe/Berlin", "closed"),
        ]
    );
    assert_eq!(
        found[0].picture_url.as_deref(),
        Some("https://cdn.example.com/700.jpg")
    );
}

#[tokio::test]
async fn an_account_in_a_time_zone_nobody_knows_is_an_error_that_names_it() {
    let vendor = Vendor::start().await;
    let body = json!({ "data": [{
        "account_id": "1", "currency": "EUR", "timezone_name": "Mars/Olympus"
    }]});
    vendor
        .on(
            get(AD_ACCOUNTS),
            ResponseTemplate::new(200).set_body_json(body),
        )
        .await;
    let error = vendor.connector.list_accounts(&tokens()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    let message = error.to_string();
    assert!(
        message.contains("timezone_name") && message.contains("Mars/Olympus"),
        "{message}"
    );
}
