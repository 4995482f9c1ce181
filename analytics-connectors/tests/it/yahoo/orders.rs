//! What is ordered, for whom, and what is not asked at all.

use analytics_connectors::{ErrorKind, FetchRequest};
use analytics_core::model::{FeedId, Level};
use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    ACCOUNT, DISPLAY, MANAGER, SEARCH, Vendor, account, at, daily, now, range, says, two_days,
};

fn order(call: &Value) -> &Value {
    &call["operand"][0]
}

fn texts(value: &Value) -> Vec<&str> {
    let items = value.as_array().unwrap();
    items.iter().map(|item| item.as_str().unwrap()).collect()
}

const SEARCH_FIGURES: [&str; 7] = [
    "IMPS",
    "CLICKS",
    "COST",
    "CONVERSIONS",
    "CONV_VALUE",
    "ALL_CONV",
    "ALL_CONV_VALUE",
];

#[rstest]
#[case::account(Level::Account, "ACCOUNT", &["DAY", "ACCOUNT_ID", "ACCOUNT_NAME"])]
#[case::campaign(Level::Campaign, "CAMPAIGN", &["DAY", "CAMPAIGN_ID", "CAMPAIGN_NAME"])]
#[case::group(Level::AdGroup, "ADGROUP", &["DAY", "CAMPAIGN_ID", "ADGROUP_ID", "ADGROUP_NAME"])]
#[case::ad(Level::Ad, "AD", &["DAY", "CAMPAIGN_ID", "ADGROUP_ID", "AD_ID", "AD_NAME", "AD_TYPE"])]
#[tokio::test]
async fn search_names_the_kind_of_report_and_display_does_not(
    #[case] level: Level,
    #[case] kind: &str,
    #[case] dimensions: &[&str],
) {
    for platform in [SEARCH, DISPLAY] {
        let vendor = Vendor::start(platform).await;
        // No columns fit: only the order matters here.
        vendor.makes("nothing\n").await;
        let request = daily(level, "2026-11-21", "2026-11-22");
        let _ = vendor.fetch(request).await;
        let calls = vendor.calls("add").await;
        let order = order(&calls[0]);
        assert_eq!(calls[0]["accountId"], ACCOUNT);
        let fields = texts(&order["fields"]);
        assert_eq!(fields[..dimensions.len()], *dimensions);
        if platform == SEARCH {
            assert_eq!(order["reportType"], kind);
            assert_eq!(fields[dimensions.len()..], SEARCH_FIGURES);
        } else {
            assert!(order.get("reportType").is_none(), "{order}");
            assert!(fields.contains(&"CONV_VALUE_VIA_VIEW_THROUGH"));
            assert!(!fields.contains(&"CLICK"), "dropped in v20");
        }
        assert!(!order["reportName"].as_str().unwrap().is_empty());
        assert_eq!(order["reportDateRangeType"], "CUSTOM_DATE");
        let dates = json!({ "startDate": "20261121", "endDate": "20261122" });
        assert_eq!(order["dateRange"], dates);
    }
}

#[tokio::test]
async fn totals_are_left_out_decimals_are_whole_and_what_was_removed_is_kept() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.makes("nothing\n").await;
    let _ = vendor.fetch(two_days()).await;
    let calls = vendor.calls("add").await;
    let order = order(&calls[0]);
    assert_eq!(order["reportSkipReportSummary"], "TRUE");
    assert_eq!(order["reportSkipColumnHeader"], "FALSE");
    assert_eq!(order["reportDecimalPartDisplayType"], "FULL_DISPLAY");
    assert_eq!(order["reportIncludeDeleted"], "TRUE");
    assert_eq!(order["reportDownloadFormat"], "CSV");
    assert_eq!(order["reportDownloadEncode"], "UTF8");
    assert_eq!(order["reportCompressType"], "NONE");
}

#[rstest]
#[case::through_a_manager(json!({ "base_account_id": MANAGER.to_string() }), MANAGER)]
#[case::directly(json!({}), ACCOUNT)]
#[tokio::test]
async fn every_call_names_the_base_account(
    #[case] access: Value,
    #[case] base: i64,
    #[values(SEARCH, DISPLAY)] platform: &str,
) {
    let vendor = Vendor::start(platform).await;
    vendor.makes("nothing\n").await;
    let _ = vendor.fetch_of(&account(access), two_days()).await;
    for operation in ["add", "get", "download", "remove"] {
        let asked = vendor
            .asked(&at("ReportDefinitionService", operation))
            .await;
        assert!(!asked.is_empty(), "{operation}");
        for one in asked {
            assert_eq!(
                one.headers["x-z-base-account-id"],
                base.to_string().as_str()
            );
            let body: Value = one.body_json().unwrap();
            assert_eq!(body["accountId"], ACCOUNT, "{operation}");
        }
    }
}

#[rstest]
#[case::search(SEARCH, 132)]
#[case::display(DISPLAY, 37)]
#[tokio::test]
async fn days_that_are_too_old_are_not_asked_for(#[case] platform: &str, #[case] months: u32) {
    let vendor = Vendor::start(platform).await;
    vendor.makes("nothing\n").await;
    let today = now().with_timezone(&chrono_tz::Asia::Tokyo).date_naive();
    let earliest = today
        .checked_sub_months(chrono::Months::new(months))
        .unwrap();
    let ask = |start, end| FetchRequest::Daily {
        level: Level::Account,
        feed: FeedId::from("reports"),
        range: analytics_core::model::DateRange::new(start, end).unwrap(),
    };
    let early = earliest - Duration::days(5);
    let error = vendor.fetch(ask(early, early)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert!(vendor.calls("add").await.is_empty());
    let _ = vendor.fetch(ask(early, earliest + Duration::days(1))).await;
    let calls = vendor.calls("add").await;
    let start = earliest.format("%Y%m%d").to_string();
    assert_eq!(order(&calls[0])["dateRange"]["startDate"], start.as_str());
}

#[tokio::test]
async fn days_before_an_account_began_are_empty_without_a_call() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.makes("nothing\n").await;
    let access = json!({ "base_account_id": "800000001", "start_date": "2026-11-22" });
    let account = account(access);
    let before = daily(Level::Campaign, "2026-11-01", "2026-11-21");
    let batches = vendor.fetch_of(&account, before).await.unwrap();
    assert!(batches.is_empty());
    assert!(vendor.calls("add").await.is_empty());
    let _ = vendor.fetch_of(&account, two_days()).await;
    let calls = vendor.calls("add").await;
    assert_eq!(order(&calls[0])["dateRange"]["startDate"], "20261122");
}

#[tokio::test]
async fn what_the_platform_does_not_have_is_refused_without_a_call() {
    let vendor = Vendor::start(DISPLAY).await;
    let days = range("2026-11-01", "2026-11-02");
    let requests = [
        FetchRequest::Window {
            level: Level::Account,
            metrics: vec!["reach".into()],
            range: days,
        },
        FetchRequest::Daily {
            level: Level::Post,
            feed: FeedId::from("reports"),
            range: days,
        },
        FetchRequest::Daily {
            level: Level::Account,
            feed: FeedId::from("posts"),
            range: days,
        },
        FetchRequest::Snapshot {
            feed: FeedId::from("reports"),
            date: days.end,
            since: days.start,
        },
    ];
    for request in requests {
        let error = vendor.fetch(request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest, "{error}");
    }
    let mut nameless = account(json!({}));
    nameless.external_id = "act_1".to_owned();
    let error = vendor.fetch_of(&nameless, two_days()).await.unwrap_err();
    says(&error, &["act_1", "digits"]);
    assert_eq!(vendor.server.received_requests().await.unwrap().len(), 0);
}
