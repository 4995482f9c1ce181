//! Orders whose answers got lost: their reports are found again, and no other is taken for them.

use std::time::Duration;

use analytics_connectors::{ErrorKind, clock::Clock};
use chrono::TimeDelta;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    MockBuilder, ResponseTemplate,
    matchers::{query_param, query_param_is_missing},
};

use super::{
    ACCOUNT, JOBS, Vendor, facts, failure, get, list, now, ok, param, post,
    reports::{delivery, job, ordered, packed, ten, ten_days, web},
    stats,
};

/// The list of all reports.
fn all() -> MockBuilder {
    get(JOBS).and(query_param_is_missing("job_ids"))
}

/// The report of what a campaign delivered in ten days of Tokyo, as the list tells of it; with
/// something else instead.
fn known(id: &str, instead: &Value) -> Value {
    let mut known = json!({
        "id_str": id, "id": 1_900_000_000_000_000_001_i64, "status": "PROCESSING", "url": null,
        "created_at": now(), "updated_at": now(), "expires_at": null, "account_id": ACCOUNT,
        "entity": "CAMPAIGN", "entity_ids": ["c1"], "granularity": "DAY",
        "placement": "ALL_ON_TWITTER", "metric_groups": ["VIDEO", "BILLING", "ENGAGEMENT"],
        "start_time": "2026-11-10T15:00:00Z", "end_time": "2026-11-20T15:00:00Z",
        "segmentation_type": null, "country": null, "platform": null,
    });
    for (name, value) in instead.as_object().unwrap() {
        known[name] = value.clone();
    }
    known
}

fn lost() -> ResponseTemplate {
    failure(500, "INTERNAL_ERROR")
}

impl Vendor {
    /// A campaign, the first order of which gets `answer`; those to come are `1` and, of
    /// conversions, `2`; report `9` is nobody's yet.
    async fn loses(&self, answer: ResponseTemplate) {
        self.has(&["c1"]).await;
        self.once(delivery(), answer).await;
        self.on(delivery(), ordered("1")).await;
        self.on(web(), ordered("2")).await;
    }

    /// All reports are done, and their files there.
    async fn finishes(&self) {
        let done = |id: &str| job(id, "SUCCESS", Some(self.file(id)));
        let done = list(vec![done("1"), done("2"), done("9")]);
        self.on(get(JOBS), done).await;
        self.on(get("/files/1.json.gz"), packed(&ten(1))).await;
        self.on(get("/files/2.json.gz"), packed(&stats(10, json!([]))))
            .await;
        self.on(get("/files/9.json.gz"), packed(&ten(90))).await;
    }

    /// How often delivery was ordered, and how often all reports were listed.
    async fn orders_and_lists(&self) -> (usize, usize) {
        let asked = self.asked(JOBS).await;
        let of_delivery = |groups: String| groups == "ENGAGEMENT,BILLING,VIDEO";
        let orders = asked.iter().filter(|one| one.method.as_str() == "POST");
        let lists = asked.iter().filter(|one| one.method.as_str() == "GET");
        (
            orders
                .filter(|one| of_delivery(param(one, "metric_groups")))
                .count(),
            lists.filter(|one| param(one, "job_ids").is_empty()).count(),
        )
    }

    /// The first day's impressions: 90 are of report `9`, 1 of one that was ordered anew.
    async fn first(&self) -> String {
        let batches = self.fetch(ten_days()).await.unwrap();
        facts(&batches, "impressions")[0].clone()
    }
}

const TAKEN: &str = "c1 2026-11-11 90";
const ANEW: &str = "c1 2026-11-11 1";

#[rstest]
#[case::a_failure(lost())]
#[case::a_time_out(failure(503, "SERVICE_UNAVAILABLE"))]
#[case::a_page(ResponseTemplate::new(502).set_body_raw("<html>Bad gateway</html>", "text/html"))]
#[case::no_answer(ResponseTemplate::new(200).set_body_raw("<html>Please wait</html>", "text/html"))]
#[case::no_number(ok(json!({ "data": {} })))]
#[tokio::test]
async fn the_report_of_a_lost_order_is_taken_over(#[case] answer: ResponseTemplate) {
    let vendor = Vendor::start().await;
    vendor.loses(answer).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    vendor.on(all(), list(vec![known("9", &json!({}))])).await;
    vendor.finishes().await;
    assert_eq!(vendor.first().await, TAKEN);
    assert_eq!(vendor.orders_and_lists().await, (1, 1));
    assert_eq!(vendor.first().await, ANEW, "it is taken once");
    assert_eq!(vendor.orders_and_lists().await, (2, 1));
}

#[rstest]
#[case::queued(json!({ "status": "QUEUED", "created_at": "2026-11-23T11:56:00Z" }), 0, "11:56")]
#[case::done(json!({ "status": "SUCCESS", "created_at": "2026-11-23T12:00:02Z" }), 29, "12:00:02")]
#[case::still_being_made(json!({ "created_at": "2026-11-23T12:00:01Z" }), 0, "12:00")]
#[tokio::test]
async fn what_it_holds_is_as_old_as_the_report(
    #[case] instead: Value,
    #[case] minutes: i64,
    #[case] as_of: &str,
) {
    let vendor = Vendor::start().await;
    vendor.loses(lost()).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    vendor.clock.set(now() + TimeDelta::minutes(minutes));
    vendor.on(all(), list(vec![known("9", &instead)])).await;
    vendor.finishes().await;
    let batches = vendor.fetch(ten_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions")[0], TAKEN);
    let told = batches[0].as_of.unwrap().to_rfc3339();
    assert!(told.starts_with(&format!("2026-11-23T{as_of}")), "{told}");
    assert!(batches[0].as_of.unwrap() <= vendor.clock.now());
}

#[rstest]
#[case::of_another_account(json!({ "account_id": "18ce5another" }))]
#[case::of_no_account(json!({ "account_id": null }))]
#[case::of_another_level(json!({ "entity": "LINE_ITEM" }))]
#[case::of_another_campaign(json!({ "entity_ids": ["c2"] }))]
#[case::of_more_campaigns(json!({ "entity_ids": ["c1", "c2"] }))]
#[case::of_no_campaign(json!({ "entity_ids": null }))]
#[case::of_the_whole(json!({ "granularity": "TOTAL" }))]
#[case::of_another_place(json!({ "placement": "SPOTLIGHT" }))]
#[case::of_less(json!({ "metric_groups": ["ENGAGEMENT", "BILLING"] }))]
#[case::of_other_figures(json!({ "metric_groups": ["WEB_CONVERSION"] }))]
#[case::from_another_day(json!({ "start_time": "2026-11-11T15:00:00Z" }))]
#[case::to_another_day(json!({ "end_time": "2026-11-21T15:00:00Z" }))]
#[case::of_another_zone(json!({ "start_time": "2026-11-11T00:00:00Z", "end_time": "2026-11-21T00:00:00Z" }))]
#[case::in_segments(json!({ "segmentation_type": "AGE" }))]
#[case::of_a_country(json!({ "country": "96683cc9126741d1" }))]
#[case::of_a_device(json!({ "platform": "0" }))]
#[case::failed(json!({ "status": "FAILED" }))]
#[case::cancelled(json!({ "status": "CANCELLED" }))]
#[case::of_no_status(json!({ "status": null }))]
#[case::of_before(json!({ "created_at": "2026-11-23T11:54:00Z" }))]
#[case::of_any_time(json!({ "created_at": null }))]
#[tokio::test]
async fn no_other_report_is_taken(#[case] instead: Value) {
    let vendor = Vendor::start().await;
    vendor.loses(lost()).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    vendor.on(all(), list(vec![known("9", &instead)])).await;
    vendor.finishes().await;
    assert_eq!(vendor.first().await, ANEW);
    assert_eq!(vendor.orders_and_lists().await, (2, 1));
    assert!(vendor.asked("/files/9.json.gz").await.is_empty());
}

#[tokio::test]
async fn a_report_that_was_done_long_ago_is_ordered_anew() {
    let vendor = Vendor::start().await;
    vendor.loses(lost()).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    vendor.clock.set(now() + TimeDelta::minutes(30));
    let done = known("9", &json!({ "status": "SUCCESS" }));
    vendor.on(all(), list(vec![done])).await;
    vendor.finishes().await;
    assert_eq!(vendor.first().await, ANEW);
}

#[tokio::test]
async fn of_several_on_several_pages_the_newest_is_taken() {
    let vendor = Vendor::start().await;
    vendor.loses(lost()).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    let older = known("1", &json!({ "created_at": "2026-11-23T11:57:00Z" }));
    let other = json!("a report of a kind that nobody knows");
    let first = ok(json!({ "data": [older, other], "next_cursor": "more" }));
    let more = query_param("cursor", "more");
    let last = list(vec![known("9", &json!({ "status": "QUEUED" }))]);
    vendor.on(all().and(more), last).await;
    vendor.on(all(), first).await;
    vendor.finishes().await;
    assert_eq!(vendor.first().await, TAKEN);
    assert_eq!(vendor.orders_and_lists().await, (1, 2));
}

#[tokio::test]
async fn an_order_that_nobody_waited_for_is_looked_for_too() {
    let vendor = Vendor::start().await;
    let late = ordered("8").set_delay(Duration::from_secs(4));
    vendor.loses(late).await;
    let fetch = vendor.fetch(ten_days());
    let gone = tokio::time::timeout(Duration::from_millis(300), fetch).await;
    assert!(gone.is_err(), "it was given up");
    assert_eq!(vendor.orders_and_lists().await, (1, 0));
    vendor.on(all(), list(vec![known("9", &json!({}))])).await;
    vendor.finishes().await;
    assert_eq!(vendor.first().await, TAKEN);
    assert_eq!(vendor.orders_and_lists().await, (1, 1));
}

#[rstest]
#[case::no_room(failure(400, "TOO_MANY_JOBS"))]
#[case::no_role(failure(403, "ACCOUNT_NOT_FOUND"))]
#[case::nonsense(failure(400, "MISSING_PARAMETER"))]
#[tokio::test]
async fn a_refusal_is_an_answer(#[case] refusal: ResponseTemplate) {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor.on(post(JOBS), refusal).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    vendor.fetch(ten_days()).await.unwrap_err();
    let (orders, lists) = vendor.orders_and_lists().await;
    assert!(orders >= 2, "{orders}");
    assert_eq!(lists, 0);
}

#[rstest]
#[case::refused(failure(400, "INVALID_PARAMETER"))]
#[case::a_page(ResponseTemplate::new(200).set_body_raw("<html>Reports</html>", "text/html"))]
#[tokio::test]
async fn where_reports_cannot_be_listed_they_are_ordered_anew(#[case] answer: ResponseTemplate) {
    let vendor = Vendor::start().await;
    vendor.loses(lost()).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    vendor.on(all(), answer).await;
    vendor.finishes().await;
    assert_eq!(vendor.first().await, ANEW);
}

#[tokio::test]
async fn a_list_that_fails_for_now_is_asked_for_again_by_the_next_fetch() {
    let vendor = Vendor::start().await;
    vendor.loses(lost()).await;
    vendor.fetch(ten_days()).await.unwrap_err();
    vendor
        .once(all(), failure(401, "UNAUTHORIZED_ACCESS"))
        .await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AuthExpired);
    vendor.on(all(), list(vec![known("9", &json!({}))])).await;
    vendor.finishes().await;
    assert_eq!(vendor.first().await, TAKEN);
    assert_eq!(vendor.orders_and_lists().await, (1, 2));
}
