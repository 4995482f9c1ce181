//! Report runs.

use analytics_connectors::ErrorKind;
use analytics_core::model::Level;
use serde_json::{Value, json};
use wiremock::{ResponseTemplate, matchers::query_param};

use super::{INSIGHTS, Vendor, answer, failure, get, post, value, whole};

pub(super) fn started(run: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "report_run_id": run }))
}

fn state(status: &str, percent: u32) -> ResponseTemplate {
    state_with(status, percent, json!({}))
}

pub(super) fn state_with(status: &str, percent: u32, more: Value) -> ResponseTemplate {
    let mut body = json!({
        "id": "77001",
        "account_id": "900100200",
        "async_status": status,
        "async_percent_completion": percent,
        "date_start": "2026-10-01",
        "date_stop": "2026-10-31",
        "time_ref": 1_793_000_000
    });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    ResponseTemplate::new(200).set_body_json(body)
}

fn run(id: &str) -> String {
    format!("/v26.0/{id}")
}

pub(super) fn results(id: &str) -> String {
    format!("/v26.0/{id}/insights")
}

/// A run that is done when first looked at.
pub(super) async fn completed_run(vendor: &Vendor, id: &str, answer: ResponseTemplate) {
    vendor.on(post(INSIGHTS), started(id)).await;
    vendor.on(get(&run(id)), state("Job Completed", 100)).await;
    vendor.on(get(&results(id)), answer).await;
}

#[tokio::test]
async fn ads_are_asked_by_report_run_with_the_same_parameters_as_a_form() {
    let vendor = Vendor::start().await;
    completed_run(&vendor, "77001", answer("insights_ad")).await;
    let batches = vendor
        .daily(Level::Ad, "2026-10-05", "2026-10-31")
        .await
        .unwrap();
    assert_eq!(
        value(&batches, "250001", "impressions", "2026-10-05"),
        whole(100)
    );
    let asked = vendor.asked(INSIGHTS).await;
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].get("level"), Some("ad"));
    assert_eq!(asked[0].get("time_increment"), Some("1"));
    assert_eq!(
        super::since_until(&asked[0]),
        ("2026-10-05".to_owned(), "2026-10-31".to_owned())
    );
    let read = vendor.asked(&results("77001")).await;
    assert_eq!(read[0].get("limit"), Some("500"));
}

#[tokio::test]
async fn a_run_is_awaited_until_it_is_completed_and_at_100_percent() {
    let vendor = Vendor::start().await;
    vendor.on(post(INSIGHTS), started("77001")).await;
    for (status, percent) in [
        ("Job Not Started", 0),
        ("Job Started", 0),
        ("Job Running", 40),
        ("Job Completed", 99),
    ] {
        vendor
            .once(get(&run("77001")), state(status, percent))
            .await;
    }
    vendor
        .on(get(&run("77001")), state("Job Completed", 100))
        .await;
    vendor
        .on(get(&results("77001")), answer("insights_ad"))
        .await;
    vendor
        .daily(Level::AdGroup, "2026-10-05", "2026-10-05")
        .await
        .unwrap();
    assert_eq!(vendor.asked(&run("77001")).await.len(), 5);
}

#[tokio::test]
async fn a_run_that_is_not_found_right_after_it_was_ordered_is_looked_for_again() {
    let vendor = Vendor::start().await;
    let missing = failure(400, 100, Some(33), "Object with ID '77001' does not exist");
    vendor.once(get(&run("77001")), missing.clone()).await;
    vendor.once(get(&run("77001")), missing).await;
    completed_run(&vendor, "77001", answer("insights_ad")).await;
    let batches = vendor.daily(Level::Ad, "2026-10-05", "2026-10-05").await;
    assert!(batches.is_ok(), "{batches:?}");
}

#[tokio::test]
async fn a_run_that_is_never_found_is_not_looked_for_for_ever() {
    let vendor = Vendor::start().await;
    vendor.on(post(INSIGHTS), started("77001")).await;
    vendor
        .on(
            get(&run("77001")),
            failure(400, 100, Some(33), "Object with ID '77001' does not exist"),
        )
        .await;
    let error = vendor
        .daily(Level::Ad, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_eq!(vendor.asked(&run("77001")).await.len(), 4);
}

#[tokio::test]
async fn results_that_are_not_ready_yet_are_asked_for_again() {
    let vendor = Vendor::start().await;
    vendor
        .once(
            get(&results("77001")),
            failure(400, 2_601, Some(1_815_107), "Report is not ready"),
        )
        .await;
    completed_run(&vendor, "77001", answer("insights_ad")).await;
    let batches = vendor.daily(Level::Ad, "2026-10-05", "2026-10-05").await;
    assert!(batches.is_ok(), "{batches:?}");
}

#[tokio::test]
async fn a_failed_or_skipped_run_is_ordered_anew() {
    let vendor = Vendor::start().await;
    vendor.once(post(INSIGHTS), started("1")).await;
    vendor.once(post(INSIGHTS), started("2")).await;
    vendor
        .on(
            get(&run("1")),
            state_with(
                "Job Failed",
                30,
                json!({ "error_code": -2, "error_subcode": 2_490_547,
                        "error_message": "Async job failed" }),
            ),
        )
        .await;
    vendor.on(get(&run("2")), state("Job Skipped", 0)).await;
    completed_run(&vendor, "3", answer("insights_ad")).await;
    let batches = vendor
        .daily(Level::Ad, "2026-10-05", "2026-10-05")
        .await
        .unwrap();
    assert_eq!(
        value(&batches, "250001", "impressions", "2026-10-05"),
        whole(100)
    );
    assert_eq!(vendor.asked(INSIGHTS).await.len(), 3);
}

#[tokio::test]
async fn a_run_that_fails_for_a_wrong_question_is_not_ordered_anew() {
    let vendor = Vendor::start().await;
    vendor.on(post(INSIGHTS), started("1")).await;
    vendor
        .on(
            get(&run("1")),
            state_with(
                "Job Failed",
                0,
                json!({ "error_code": 2, "error_subcode": 1_504_041,
                        "error_message": "Invalid breakdown" }),
            ),
        )
        .await;
    let error = vendor
        .daily(Level::Ad, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("Invalid breakdown"), "{error}");
    assert_eq!(vendor.asked(INSIGHTS).await.len(), 1);
}

#[tokio::test]
async fn a_run_that_never_ends_is_given_up_ordered_anew_and_divided() {
    let vendor = Vendor::with(|config| {
        config.poll_timeout = std::time::Duration::from_millis(10);
        config.run_attempts = 2;
    })
    .await;
    vendor.on(post(INSIGHTS), started("1")).await;
    vendor.on(get(&run("1")), state("Job Running", 10)).await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    let error = vendor
        .daily(Level::Ad, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    // Nothing to divide: no campaign delivered on that day. It may work later.
    assert_eq!(error.kind, ErrorKind::Transient);
    assert!(error.to_string().contains("not done in time"), "{error}");
    let orders = vendor
        .requests()
        .await
        .iter()
        .filter(|request| request.method.as_str() == "POST")
        .count();
    assert_eq!(orders, 2);
}

#[tokio::test]
async fn the_results_of_a_run_are_read_page_by_page() {
    let vendor = Vendor::start().await;
    let row = |day: u32| {
        json!({ "campaign_id": "1", "adset_id": "2", "ad_id": "3", "impressions": "7",
            "date_start": format!("2026-10-{day:02}"), "date_stop": format!("2026-10-{day:02}") })
    };
    let page = |day: u32, after: &str, next: bool| {
        let mut paging = json!({ "cursors": { "after": after } });
        if next {
            paging["next"] = json!("https://graph.facebook.com/v26.0/77001/insights?after=x");
        }
        ResponseTemplate::new(200).set_body_json(json!({ "data": [row(day)], "paging": paging }))
    };
    for (cursor, response) in [("a", page(2, "b", true)), ("b", page(3, "c", false))] {
        vendor
            .on(
                get(&results("77001")).and(query_param("after", cursor)),
                response,
            )
            .await;
    }
    completed_run(&vendor, "77001", page(1, "a", true)).await;
    let batches = vendor
        .daily(Level::Ad, "2026-10-01", "2026-10-03")
        .await
        .unwrap();
    for date in ["2026-10-01", "2026-10-02", "2026-10-03"] {
        assert_eq!(value(&batches, "3", "impressions", date), whole(7));
    }
}

#[tokio::test]
async fn a_look_that_goes_wrong_does_not_cost_the_run() {
    let vendor = Vendor::start().await;
    vendor
        .once(
            get(&run("77001")),
            failure(500, 1, Some(99), "An unknown error occurred"),
        )
        .await;
    vendor
        .once(
            get(&run("77001")),
            failure(503, 2, None, "Service temporarily unavailable"),
        )
        .await;
    completed_run(&vendor, "77001", answer("insights_ad")).await;
    let batches = vendor.daily(Level::Ad, "2026-10-05", "2026-10-05").await;
    assert!(batches.is_ok(), "{batches:?}");
    assert_eq!(vendor.asked(INSIGHTS).await.len(), 1);
}
