//! Report jobs: ordered together, awaited, read, removed; refused, failed, too large, forgotten.

use analytics_connectors::ErrorKind;
use analytics_core::model::Level;
use chrono::Duration;
use futures_util::StreamExt;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{
    DISPLAY, SEARCH, Vendor, account, added, daily, download, facts, failure, file, job, list, now,
    ok, refusal, reports, says, told, two_days, user,
};

const OVER: Option<&str> = Some("Over limit of file size.");

/// A report of a campaign with so many impressions on a day.
fn one_row(date: &str, impressions: i64) -> ResponseTemplate {
    let head = "Day,CampaignID,Campaign name,Impressions,Clicks,Cost,C,V,A,W";
    file(format!(
        "{head}\r\n{date},5,x,{impressions},1,1,0.0,0.0,0.0,0.0\r\n"
    ))
}

async fn removed(vendor: &Vendor) -> Vec<i64> {
    let calls = vendor.calls("remove").await;
    let operands = calls
        .iter()
        .flat_map(|call| call["operand"].as_array().unwrap());
    operands
        .map(|one| one["reportJobId"].as_i64().unwrap())
        .collect()
}

fn ranges(call: &Value) -> Vec<String> {
    let orders = call["operand"].as_array().unwrap().iter();
    orders
        .map(|order| {
            let text = |key: &str| order["dateRange"][key].as_str().unwrap();
            format!("{}-{}", text("startDate"), text("endDate"))
        })
        .collect()
}

async fn removes(vendor: &Vendor) {
    let gone = ok(json!({ "values": [] }));
    vendor.on(reports("remove"), gone).await;
}

#[tokio::test]
async fn months_of_ads_are_ordered_at_once_awaited_together_and_read_newest_first() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(reports("add"), added(&[1, 2, 3])).await;
    let waiting = told(&[
        (1, "WAIT", None),
        (2, "IN_PROGRESS", None),
        (3, "UNKNOWN", None),
    ]);
    vendor.once(reports("get"), waiting).await;
    let done = told(&[
        (1, "COMPLETED", None),
        (2, "COMPLETED", None),
        (3, "COMPLETED", None),
    ]);
    vendor.on(reports("get"), done).await;
    let row = |day: &str, ad: i64| {
        file(format!(
            "h,h,h,h,h,h,h,h,h,h,h,h,h\n{day},5,6,{ad},x,Text ad,9,1,1,0,0,0,0\n"
        ))
    };
    vendor.on(download(1), row("2026-11-22", 71)).await;
    vendor.on(download(2), row("2026-10-22", 72)).await;
    vendor.on(download(3), row("2026-09-21", 73)).await;
    removes(&vendor).await;
    let request = daily(Level::Ad, "2026-09-20", "2026-11-22");
    let batches = vendor.fetch(request).await.unwrap();
    assert_eq!(
        facts(&batches, "impressions"),
        ["71 2026-11-22 9", "72 2026-10-22 9", "73 2026-09-21 9"]
    );
    let calls = vendor.calls("add").await;
    assert_eq!(calls.len(), 1, "orders go out together");
    assert_eq!(
        ranges(&calls[0]),
        [
            "20261023-20261122",
            "20260922-20261022",
            "20260920-20260921"
        ]
    );
    let looks = vendor.calls("get").await;
    assert_eq!(looks.len(), 2, "all are looked at together");
    assert_eq!(looks[0]["reportJobIds"], json!([1, 2, 3]));
    assert_eq!(removed(&vendor).await, [1, 2, 3]);
}

#[tokio::test]
async fn thirty_orders_go_into_a_call() {
    let vendor = Vendor::with(SEARCH, |api| api.report_days = 1).await;
    let first: Vec<i64> = (1..=30).collect();
    let second: Vec<i64> = (31..=35).collect();
    vendor.once(reports("add"), added(&first)).await;
    vendor.once(reports("add"), added(&second)).await;
    let all: Vec<Value> = (1..=35).map(|id| job(id, "COMPLETED", None)).collect();
    vendor.on(reports("get"), list(all)).await;
    let empty = "h,h,h,h,h,h,h,h,h,h,h\n";
    vendor.on(reports("download"), file(empty)).await;
    removes(&vendor).await;
    let request = daily(Level::AdGroup, "2026-10-19", "2026-11-22");
    vendor.fetch(request).await.unwrap();
    let sizes: Vec<usize> = vendor
        .calls("add")
        .await
        .iter()
        .map(|c| ranges(c).len())
        .collect();
    assert_eq!(sizes, [30, 5]);
    assert_eq!(removed(&vendor).await.len(), 35);
}

#[rstest]
#[case::search(SEARCH)]
#[tokio::test]
async fn a_report_that_is_too_large_is_ordered_in_halves(#[case] platform: &str) {
    let vendor = Vendor::start(platform).await;
    vendor.once(reports("add"), added(&[1])).await;
    vendor.once(reports("add"), added(&[2, 3])).await;
    vendor
        .once(reports("get"), told(&[(1, "FAILED", OVER)]))
        .await;
    let done = told(&[(2, "COMPLETED", None), (3, "COMPLETED", None)]);
    vendor.on(reports("get"), done).await;
    vendor.on(download(2), one_row("2026-11-22", 8)).await;
    vendor.on(download(3), one_row("2026-11-21", 7)).await;
    removes(&vendor).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(
        facts(&batches, "impressions"),
        ["5 2026-11-22 8", "5 2026-11-21 7"]
    );
    let calls = vendor.calls("add").await;
    assert_eq!(
        ranges(&calls[1]),
        ["20261122-20261122", "20261121-20261121"]
    );
    assert_eq!(removed(&vendor).await, [1, 2, 3]);
}

#[tokio::test]
async fn a_single_day_that_is_too_large_is_told_as_such() {
    let vendor = Vendor::start(DISPLAY).await;
    vendor.on(reports("add"), added(&[1])).await;
    vendor
        .on(reports("get"), told(&[(1, "FAILED", OVER)]))
        .await;
    removes(&vendor).await;
    let request = daily(Level::Ad, "2026-11-22", "2026-11-22");
    let error = vendor.fetch(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    says(&error, &["2026-11-22", "report (ad)"]);
}

#[rstest]
#[case::failed(SEARCH, "FAILED", None)]
#[case::with_words(SEARCH, "FAILED", Some("Something went wrong."))]
#[case::canceled(DISPLAY, "CANCELED", None)]
#[tokio::test]
async fn a_report_may_fail_once(
    #[case] platform: &str,
    #[case] status: &str,
    #[case] why: Option<&str>,
) {
    let vendor = Vendor::start(platform).await;
    vendor.once(reports("add"), added(&[1])).await;
    vendor.once(reports("add"), added(&[2])).await;
    vendor.once(reports("get"), told(&[(1, status, why)])).await;
    vendor.on(reports("get"), told(&[(2, status, why)])).await;
    removes(&vendor).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(
        &error,
        &["failed 2 times", status, why.unwrap_or("without a reason")],
    );
    assert_eq!(vendor.calls("add").await.len(), 2);
}

#[tokio::test]
async fn orders_without_room_wait_until_others_are_done() {
    let vendor = Vendor::with(SEARCH, |api| api.upper_slice_days = 1).await;
    let half = ok(json!({ "values": [job(1, "WAIT", None), refusal("LT001")] }));
    vendor.once(reports("add"), half).await;
    vendor.once(reports("add"), added(&[2])).await;
    vendor
        .once(reports("get"), told(&[(1, "COMPLETED", None)]))
        .await;
    vendor
        .on(reports("get"), told(&[(2, "COMPLETED", None)]))
        .await;
    vendor.on(download(1), one_row("2026-11-22", 8)).await;
    vendor.on(download(2), one_row("2026-11-21", 7)).await;
    removes(&vendor).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 2);
    let calls = vendor.calls("add").await;
    assert_eq!(ranges(&calls[1]), ["20261121-20261121"]);
}

#[tokio::test]
async fn where_others_fill_the_limit_it_is_a_limit_of_rate() {
    let vendor = Vendor::start(SEARCH).await;
    let full = ok(json!({ "values": [refusal("LT001")] }));
    vendor.on(reports("add"), full).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert!(
        matches!(error.kind, ErrorKind::RateLimited { .. }),
        "{error}"
    );
    says(&error, &["LT001", "wait"]);
}

#[tokio::test]
async fn an_order_that_is_refused_fails_although_the_answer_is_a_200() {
    let vendor = Vendor::with(SEARCH, |api| api.upper_slice_days = 1).await;
    let half = ok(json!({ "values": [job(1, "WAIT", None), refusal("V0001")] }));
    vendor.on(reports("add"), half).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &["V0001", "fields: NO_SUCH", "2026-11-21", "rid-1"]);
}

#[tokio::test]
async fn an_answer_with_fewer_values_than_orders_is_no_answer() {
    let vendor = Vendor::with(SEARCH, |api| api.upper_slice_days = 1).await;
    vendor.on(reports("add"), added(&[1])).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["2 orders, 1 answers"]);
}

#[tokio::test]
async fn a_report_that_takes_long_is_picked_up_by_the_next_fetch() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(reports("add"), added(&[1])).await;
    let error = {
        let waiting = reports("get").respond_with(told(&[(1, "IN_PROGRESS", None)]));
        let _waiting = vendor.server.register_as_scoped(waiting).await;
        vendor.fetch(two_days()).await.unwrap_err()
    };
    assert_eq!(error.kind, ErrorKind::Transient);
    says(&error, &["not done"]);
    vendor.clock.set(now() + Duration::minutes(10));
    vendor
        .on(reports("get"), told(&[(1, "COMPLETED", None)]))
        .await;
    vendor.on(download(1), one_row("2026-11-22", 8)).await;
    removes(&vendor).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions"), ["5 2026-11-22 8"]);
    assert_eq!(
        vendor.calls("add").await.len(),
        1,
        "nothing is ordered twice"
    );
    vendor.fetch(two_days()).await.unwrap();
    assert_eq!(
        vendor.calls("add").await.len(),
        2,
        "what was read is not kept"
    );
}

#[tokio::test]
async fn what_was_done_long_ago_is_removed_and_ordered_anew() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.once(reports("add"), added(&[1])).await;
    {
        let waiting = reports("get").respond_with(told(&[(1, "WAIT", None)]));
        let _waiting = vendor.server.register_as_scoped(waiting).await;
        vendor.fetch(two_days()).await.unwrap_err();
    }
    vendor.clock.set(now() + Duration::hours(1));
    vendor.on(reports("add"), added(&[2])).await;
    let done = told(&[(1, "COMPLETED", None), (2, "COMPLETED", None)]);
    vendor.on(reports("get"), done).await;
    vendor.on(download(2), one_row("2026-11-22", 8)).await;
    removes(&vendor).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(batches[0].as_of, Some(now() + Duration::hours(1)));
    assert_eq!(removed(&vendor).await, [1, 2]);
}

#[tokio::test]
async fn what_is_still_being_made_is_awaited_however_old_and_told_to_be_that_old() {
    let vendor = Vendor::start(DISPLAY).await;
    vendor.on(reports("add"), added(&[1])).await;
    {
        let waiting = reports("get").respond_with(told(&[(1, "WAIT", None)]));
        let _waiting = vendor.server.register_as_scoped(waiting).await;
        vendor.fetch(two_days()).await.unwrap_err();
    }
    vendor.clock.set(now() + Duration::hours(5));
    vendor
        .once(reports("get"), told(&[(1, "IN_PROGRESS", None)]))
        .await;
    vendor
        .on(reports("get"), told(&[(1, "COMPLETED", None)]))
        .await;
    vendor
        .on(download(1), file(format!("{}\n", ["h"; 18].join(","))))
        .await;
    removes(&vendor).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(batches[0].as_of, Some(now()));
    assert_eq!(vendor.calls("add").await.len(), 1);
}

#[tokio::test]
async fn reports_that_were_read_are_kept_until_all_of_them_are() {
    let vendor = Vendor::with(SEARCH, |api| api.upper_slice_days = 1).await;
    vendor.on(reports("add"), added(&[1, 2])).await;
    let done = told(&[(1, "COMPLETED", None), (2, "COMPLETED", None)]);
    vendor.on(reports("get"), done).await;
    vendor.on(download(1), one_row("2026-11-22", 8)).await;
    vendor.once(download(2), failure(401, "0111")).await;
    vendor.on(download(2), one_row("2026-11-21", 7)).await;
    removes(&vendor).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    assert!(removed(&vendor).await.is_empty());
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 2);
    assert_eq!(
        vendor.calls("add").await.len(),
        1,
        "nothing is ordered again"
    );
    assert_eq!(removed(&vendor).await, [1, 2]);
}

#[tokio::test]
async fn a_whole_order_without_room_waits_while_others_are_open() {
    let vendor = Vendor::with(SEARCH, |api| api.report_days = 1).await;
    let first: Vec<i64> = (1..=30).collect();
    vendor.once(reports("add"), added(&first)).await;
    vendor.once(reports("add"), failure(200, "LT001")).await;
    vendor.once(reports("add"), added(&[31])).await;
    let all: Vec<Value> = (1..=31).map(|id| job(id, "COMPLETED", None)).collect();
    vendor.on(reports("get"), list(all)).await;
    let empty = "h,h,h,h,h,h,h,h,h,h,h\n";
    vendor.on(reports("download"), file(empty)).await;
    removes(&vendor).await;
    let request = daily(Level::AdGroup, "2026-10-23", "2026-11-22");
    let batches = vendor.fetch(request).await.unwrap();
    assert_eq!(batches.len(), 31);
}

#[tokio::test]
async fn a_job_that_vanished_is_ordered_again() {
    let vendor = Vendor::start(DISPLAY).await;
    vendor.once(reports("add"), added(&[1])).await;
    vendor.once(reports("add"), added(&[2])).await;
    let nothing = ok(json!({ "totalNumEntries": 0, "values": null }));
    for _ in 0..4 {
        vendor.once(reports("get"), nothing.clone()).await;
    }
    vendor
        .on(reports("get"), told(&[(2, "COMPLETED", None)]))
        .await;
    let columns = ["h"; 18].join(",");
    vendor.on(download(2), file(format!("{columns}\n"))).await;
    removes(&vendor).await;
    vendor.fetch(two_days()).await.unwrap();
    assert_eq!(vendor.calls("add").await.len(), 2);
}

#[tokio::test]
async fn a_fetch_that_is_dropped_leaves_its_orders_to_the_next() {
    let vendor = Vendor::with(SEARCH, |api| api.upper_slice_days = 1).await;
    vendor.on(reports("add"), added(&[1, 2])).await;
    let done = told(&[(1, "COMPLETED", None), (2, "COMPLETED", None)]);
    vendor.on(reports("get"), done).await;
    vendor.on(download(1), one_row("2026-11-22", 8)).await;
    vendor.on(download(2), one_row("2026-11-21", 7)).await;
    removes(&vendor).await;
    let account = account(json!({}));
    let mut batches = vendor.connector.fetch(&account, two_days(), user());
    batches.next().await.unwrap().unwrap();
    drop(batches);
    let older = daily(Level::Campaign, "2026-11-21", "2026-11-21");
    vendor.fetch_of(&account, older).await.unwrap();
    assert_eq!(vendor.calls("add").await.len(), 1);
}

#[rstest]
#[case::not_done(failure(200, "S0001"), ErrorKind::InvalidRequest)]
#[case::a_page(file("<!doctype html><title>Maintenance</title>"), ErrorKind::Decode)]
#[case::nothing(file(""), ErrorKind::Decode)]
#[tokio::test]
async fn what_is_no_report_fails_and_is_not_asked_for_again(
    #[case] answer: ResponseTemplate,
    #[case] kind: ErrorKind,
) {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(reports("add"), added(&[1])).await;
    vendor
        .on(reports("get"), told(&[(1, "COMPLETED", None)]))
        .await;
    vendor.on(reports("download"), answer).await;
    removes(&vendor).await;
    let error = vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    says(
        &error,
        &[SEARCH, "report (campaign)", "2026-11-21..2026-11-22"],
    );
    assert_eq!(removed(&vendor).await, [1]);
    vendor.fetch(two_days()).await.unwrap_err();
    assert_eq!(vendor.calls("add").await.len(), 2);
}

#[tokio::test]
async fn a_download_that_is_too_much_is_ordered_in_halves() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.once(reports("add"), added(&[1])).await;
    vendor.once(reports("add"), added(&[2, 3])).await;
    vendor
        .once(reports("get"), told(&[(1, "COMPLETED", None)]))
        .await;
    let done = told(&[(2, "COMPLETED", None), (3, "COMPLETED", None)]);
    vendor.on(reports("get"), done).await;
    vendor.on(download(1), failure(200, "130001")).await;
    vendor.on(download(2), one_row("2026-11-22", 8)).await;
    vendor.on(download(3), one_row("2026-11-21", 7)).await;
    removes(&vendor).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 2);
}

#[tokio::test]
async fn reports_that_cannot_be_removed_are_read_all_the_same() {
    let vendor = Vendor::start(SEARCH).await;
    vendor.on(reports("add"), added(&[1])).await;
    vendor
        .on(reports("get"), told(&[(1, "COMPLETED", None)]))
        .await;
    vendor.on(download(1), one_row("2026-11-22", 8)).await;
    vendor.on(reports("remove"), failure(200, "0001")).await;
    let batches = vendor.fetch(two_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions"), ["5 2026-11-22 8"]);
}
