use rstest::rstest;
use serde_json::{Value, json};

use super::{Product, REPORTS, code, part_code};

#[rstest]
#[case::no_name(json!({ "reportName": null }), "R0001", "")]
#[case::no_type(json!({ "reportType": null }), "R0001", "")]
#[case::another_type(json!({ "reportType": "WEATHER" }), "V0001", "0001")]
#[case::no_fields(json!({ "fields": [] }), "R0001", "R0001")]
#[case::an_unknown_field(json!({ "fields": ["DAY", "CLICK"] }), "V0001", "250002")]
#[case::not_together(json!({ "fields": ["IMPS", "CONVERSION_NAME"] }), "V0001", "250002")]
#[case::a_field_below(json!({ "fields": ["DAY", "AD_ID"] }), "V0001", "")]
#[case::a_field_twice(json!({ "fields": ["DAY", "DAY"] }), "D0001", "D0001")]
#[case::no_days(json!({ "reportDateRangeType": null }), "R0001", "R0001")]
#[case::days_without_custom(json!({ "reportDateRangeType": "YESTERDAY" }), "240004", "240004")]
#[case::all_time(json!({ "reportDateRangeType": "ALL_TIME", "dateRange": null }), "", "V0001")]
#[case::yesterday(json!({ "reportDateRangeType": "YESTERDAY", "dateRange": null }), "", "")]
#[case::custom_without_days(json!({ "dateRange": null }), "R0001", "R0001")]
#[case::turned(json!({ "dateRange": { "startDate": "20261102", "endDate": "20261101" } }), "RL001", "RL001")]
#[case::hyphens(json!({ "dateRange": { "startDate": "2026-11-01", "endDate": "2026-11-02" } }), "F0001", "F0001")]
#[case::no_such_day(json!({ "dateRange": { "startDate": "20261131", "endDate": "20261201" } }), "F0001", "F0001")]
#[case::years_ago(json!({ "dateRange": { "startDate": "20151122", "endDate": "20151130" } }), "V0001", "250004")]
#[case::eleven_years(json!({ "dateRange": { "startDate": "20151123", "endDate": "20151130" } }), "", "250004")]
#[case::months_ago(json!({ "dateRange": { "startDate": "20231022", "endDate": "20231031" } }), "", "250004")]
#[case::months_37(json!({ "dateRange": { "startDate": "20231023", "endDate": "20231031" } }), "", "")]
#[case::xml(json!({ "reportDownloadFormat": "XML" }), "V0001", "V0001")]
#[case::zip(json!({ "reportCompressType": "ZIP" }), "V0001", "V0001")]
#[case::a_mark(json!({ "reportDownloadEncode": "UTF8_BOM" }), "V0001", "")]
#[case::no_flag(json!({ "reportIncludeDeleted": true }), "V0001", "V0001")]
#[case::a_language(json!({ "reportLanguage": "DE" }), "V0001", "V0001")]
#[tokio::test]
async fn operands_are_refused_one_by_one(
    #[case] more: Value,
    #[case] search: &str,
    #[case] display: &str,
) {
    for (product, expected) in [
        (Product::search().await, search),
        (Product::display().await, display),
    ] {
        let added = product
            .add(&[product.operand(&json!({})), product.operand(&more)])
            .await;
        // What Display does not know at all fails the whole call.
        if expected == "0001" {
            assert_eq!(code(&added), (200, "0001"));
            continue;
        }
        assert_eq!(part_code(&added, 0), "");
        assert_eq!(part_code(&added, 1), expected, "{}", product.platform);
    }
}

#[tokio::test]
async fn calls_have_limits() {
    let product = Product::search().await;
    let many = |count: usize| vec![product.operand(&json!({})); count];
    assert_eq!(code(&product.add(&many(31)).await), (200, "L0002"));
    assert_eq!(code(&product.add(&[]).await), (200, "0001"));
    for _ in 0..2 {
        let added = product.add(&many(30)).await;
        assert_eq!(part_code(&added, 29), "");
    }
    assert_eq!(part_code(&product.add(&many(2)).await, 1), "LT001");
    // Another account has room of its own.
    let body = json!({ "accountId": product.id(1), "operand": many(1) });
    let other = product.call(REPORTS, "add", body).await;
    assert_eq!(part_code(&other, 0), "");
    let ids = async |count: u64| {
        let ids: Vec<u64> = (1..=count).collect();
        let body = json!({ "accountId": product.id(0), "reportJobIds": ids });
        product.call(REPORTS, "get", body).await
    };
    assert_eq!(code(&ids(501).await), (200, "L0002"));
    assert_eq!(ids(500).await.body["rval"]["values"], Value::Null);
    // Jobs that have ended leave room.
    for _ in 0..3 {
        product
            .call(REPORTS, "get", json!({ "accountId": product.id(0) }))
            .await;
    }
    assert_eq!(part_code(&product.add(&many(1)).await, 0), "");
    let text = json!({ "accountId": product.id(0).to_string() });
    let text = product.call(REPORTS, "get", text).await;
    assert_eq!(code(&text), (200, "0001"), "ids are numbers");
}
