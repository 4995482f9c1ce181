//! Usage headers.

use analytics_connectors::ErrorKind;
use analytics_core::model::Level;
use chrono::Duration;
use rstest::rstest;

use super::{INSIGHTS, Vendor, answer, failure, get, now};

async fn answered_with(header: &str, content: &str) -> Vendor {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(INSIGHTS),
            answer("insights_empty").insert_header(header, content),
        )
        .await;
    vendor
}

async fn ask(vendor: &Vendor) -> Result<(), analytics_connectors::Error> {
    vendor
        .daily(Level::Account, "2026-10-05", "2026-10-05")
        .await
        .map(drop)
}

#[rstest]
#[case::insights_account(
    "x-fb-ads-insights-throttle",
    r#"{"app_id_util_pct":12.5,"acc_id_util_pct":95,"ads_api_access_tier":"standard_access"}"#,
    60
)]
#[case::insights_app(
    "x-fb-ads-insights-throttle",
    r#"{"app_id_util_pct":100,"acc_id_util_pct":3}"#,
    60
)]
#[case::reach(
    "x-fb-ads-insights-reach-throttle",
    r#"{"acc_id_util_pct":97.2,"something_new":[1]}"#,
    60
)]
#[case::business_use_case_minutes(
    "x-business-use-case-usage",
    r#"{"900100200":[{"type":"ads_management","call_count":1,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0},{"type":"ads_insights","call_count":118,"total_cputime":12,"total_time":20,"estimated_time_to_regain_access":47}]}"#,
    47 * 60
)]
#[case::ad_account_seconds(
    "x-ad-account-usage",
    r#"{"acc_id_util_pct":99.6,"reset_time_duration":300,"ads_api_access_tier":"standard_access"}"#,
    300
)]
#[case::app(
    "x-app-usage",
    r#"{"call_count":96,"total_cputime":0,"total_time":0}"#,
    60
)]
#[tokio::test]
async fn a_budget_that_is_used_up_parks_the_account_for_as_long_as_it_says(
    #[case] header: &str,
    #[case] content: &str,
    #[case] seconds: i64,
) {
    let vendor = answered_with(header, content).await;
    ask(&vendor).await.unwrap();
    let until = now() + Duration::seconds(seconds);
    let error = ask(&vendor).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    assert_eq!(
        vendor.requests().await.len(),
        1,
        "a parked account is not asked"
    );
    vendor.clock.set(until + Duration::seconds(1));
    ask(&vendor).await.unwrap();
}

#[rstest]
#[case::low(
    "x-fb-ads-insights-throttle",
    r#"{"app_id_util_pct":12.5,"acc_id_util_pct":3}"#
)]
#[case::countdown_of_an_unused_budget(
    "x-ad-account-usage",
    r#"{"acc_id_util_pct":9.6,"reset_time_duration":100}"#
)]
#[case::malformed("x-business-use-case-usage", "not json")]
#[tokio::test]
async fn low_usage_and_unreadable_headers_change_nothing(
    #[case] header: &str,
    #[case] content: &str,
) {
    let vendor = answered_with(header, content).await;
    ask(&vendor).await.unwrap();
    ask(&vendor).await.unwrap();
}

#[tokio::test]
async fn a_rate_limit_error_waits_as_long_as_its_headers_say() {
    let vendor = Vendor::start().await;
    let usage = r#"{"900100200":[{"type":"ads_insights","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":5}]}"#;
    vendor
        .on(
            get(INSIGHTS),
            failure(400, 80_000, None, "There have been too many calls")
                .insert_header("x-business-use-case-usage", usage),
        )
        .await;
    let error = ask(&vendor).await.unwrap_err();
    let until = now() + Duration::minutes(5);
    assert_eq!(error.kind, ErrorKind::RateLimited { until: Some(until) });
    assert_eq!(vendor.requests().await.len(), 1);
}

#[tokio::test]
async fn a_short_wait_is_waited_out_in_place() {
    let vendor = Vendor::start().await;
    vendor
        .once(
            get(INSIGHTS),
            failure(429, 4, None, "Application request limit reached")
                .insert_header("retry-after", "0"),
        )
        .await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    ask(&vendor).await.unwrap();
    assert_eq!(vendor.requests().await.len(), 2);
}
