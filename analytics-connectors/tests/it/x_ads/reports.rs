//! Report jobs: ordered, awaited, their packed files read without a token.

use std::io::Write;

use analytics_connectors::ErrorKind;
use analytics_core::model::Level;
use flate2::{Compression, write::GzEncoder};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{MockBuilder, ResponseTemplate, matchers::query_param};

use super::{
    JOBS, Vendor, daily, facts, failure, get, list, now, of, ok, param, post, says, stats,
};

/// Ten days of a campaign.
pub(super) fn ten_days() -> analytics_connectors::FetchRequest {
    daily(Level::Campaign, "2026-11-11", "2026-11-20")
}

pub(super) fn ordered(id: &str) -> ResponseTemplate {
    ok(
        json!({ "data": { "id_str": id, "id": 1_900_000_000_000_000_001_i64, "status": "QUEUED", "url": null } }),
    )
}

pub(super) fn job(id: &str, status: &str, url: Option<String>) -> Value {
    json!({ "id_str": id, "id": 1_900_000_000_000_000_001_i64, "status": status, "url": url })
}

pub(super) fn delivery() -> MockBuilder {
    post(JOBS).and(query_param("metric_groups", "ENGAGEMENT,BILLING,VIDEO"))
}

pub(super) fn web() -> MockBuilder {
    post(JOBS).and(query_param("metric_groups", "WEB_CONVERSION"))
}

pub(super) fn packed(body: &Value) -> ResponseTemplate {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body.to_string().as_bytes()).unwrap();
    ResponseTemplate::new(200).set_body_raw(encoder.finish().unwrap(), "application/gzip")
}

impl Vendor {
    /// Another place than the API's.
    pub(super) fn file(&self, name: &str) -> String {
        format!(
            "http://localhost:{}/files/{name}.json.gz",
            self.server.address().port()
        )
    }

    /// A campaign, whose reports are `1` of what was delivered and `2` of conversions.
    async fn orders(&self) {
        self.has(&["c1"]).await;
        self.on(delivery(), ordered("1")).await;
        self.on(web(), ordered("2")).await;
        self.on(get("/files/2.json.gz"), packed(&stats(10, json!([]))))
            .await;
    }
}

pub(super) fn ten(first: i64) -> Value {
    let days: Vec<i64> = (first..first + 10).collect();
    stats(10, json!([of("c1", json!({ "impressions": days }))]))
}

#[tokio::test]
async fn reports_are_ordered_awaited_and_read_without_a_token() {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    vendor.on(get("/files/1.json.gz"), packed(&ten(1))).await;
    let waiting = list(vec![job("1", "PROCESSING", None), job("2", "QUEUED", None)]);
    vendor.once(get(JOBS), waiting).await;
    // Done, but the file has no address yet.
    let almost = list(vec![
        job("1", "SUCCESS", None),
        job("2", "SUCCESS", Some(vendor.file("2"))),
    ]);
    vendor.once(get(JOBS), almost).await;
    let glued = format!("{}{}", vendor.file("old"), vendor.file("1"));
    vendor
        .on(get(JOBS), list(vec![job("1", "SUCCESS", Some(glued))]))
        .await;
    let batches = vendor.fetch(ten_days()).await.unwrap();
    let impressions = facts(&batches, "impressions");
    assert_eq!(impressions.len(), 10);
    assert_eq!(
        (impressions[0].as_str(), impressions[9].as_str()),
        ("c1 2026-11-11 1", "c1 2026-11-20 10")
    );
    let files = vendor.asked("/files/1.json.gz").await;
    assert!(!files[0].headers.contains_key("authorization"));
    assert!(vendor.asked("/files/old.json.gz").await.is_empty());
    let looks = vendor.asked(JOBS).await;
    let ids: Vec<String> = looks
        .iter()
        .map(|look| param(look, "job_ids"))
        .filter(|ids| !ids.is_empty())
        .collect();
    assert_eq!(ids[2], "1", "what was read is not looked at again: {ids:?}");
}

#[tokio::test]
async fn an_order_stands_in_the_query_and_is_signed() {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    vendor
        .on(get(JOBS), failure(401, "UNAUTHORIZED_ACCESS"))
        .await;
    vendor.fetch(ten_days()).await.unwrap_err();
    let orders = vendor.asked(JOBS).await;
    assert!(orders[0].body.is_empty());
    assert_eq!(param(&orders[0], "entity_ids"), "c1");
    assert_eq!(param(&orders[0], "start_time"), "2026-11-11T00:00:00+09:00");
    assert_eq!(param(&orders[0], "end_time"), "2026-11-21T00:00:00+09:00");
    assert!(
        orders[0].headers["authorization"]
            .to_str()
            .unwrap()
            .starts_with("OAuth ")
    );
}

#[rstest]
#[case::a_page(ResponseTemplate::new(502).set_body_raw("<html>Bad gateway</html>", "text/html"))]
#[case::a_code(failure(500, "INTERNAL_ERROR"))]
#[case::a_time_out(failure(503, "SERVICE_UNAVAILABLE"))]
#[tokio::test]
async fn an_order_whose_answer_got_lost_is_not_sent_again(#[case] answer: ResponseTemplate) {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor.on(post(JOBS), answer).await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    assert_eq!(vendor.asked(JOBS).await.len(), 1);
}

#[tokio::test]
async fn without_room_orders_wait_for_those_that_are_open() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor.on(delivery(), ordered("1")).await;
    // The limit of another kind, which the headers tell of, has nothing to do with it.
    let reset = (now() + chrono::TimeDelta::minutes(9))
        .timestamp()
        .to_string();
    let full = failure(400, "TOO_MANY_JOBS").insert_header("x-rate-limit-reset", reset.as_str());
    vendor.once(web(), full).await;
    vendor.on(web(), ordered("2")).await;
    let done = |id: &str| job(id, "SUCCESS", Some(vendor.file(id)));
    vendor.once(get(JOBS), list(vec![done("1")])).await;
    vendor.on(get(JOBS), list(vec![done("2")])).await;
    vendor.on(get("/files/1.json.gz"), packed(&ten(1))).await;
    vendor
        .on(get("/files/2.json.gz"), packed(&stats(10, json!([]))))
        .await;
    let batches = vendor.fetch(ten_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 10);
    let posts = vendor.asked(JOBS).await;
    let posts = posts.iter().filter(|one| one.method.as_str() == "POST");
    assert_eq!(posts.count(), 3, "two orders, one of them twice");
}

#[tokio::test]
async fn reports_outlive_a_fetch_that_fails() {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    vendor
        .once(get(JOBS), failure(401, "UNAUTHORIZED_ACCESS"))
        .await;
    vendor.fetch(ten_days()).await.unwrap_err();
    let done = |id: &str| job(id, "SUCCESS", Some(vendor.file(id)));
    vendor.on(get(JOBS), list(vec![done("1"), done("2")])).await;
    vendor.on(get("/files/1.json.gz"), packed(&ten(1))).await;
    let batches = vendor.fetch(ten_days()).await.unwrap();
    assert_eq!(batches[0].as_of, Some(now()));
    let posts = async || {
        let asked = vendor.asked(JOBS).await;
        let posts = asked.iter().filter(|one| one.method.as_str() == "POST");
        posts.count()
    };
    assert_eq!(posts().await, 2, "nothing is ordered twice");
    vendor.fetch(ten_days()).await.unwrap();
    assert_eq!(posts().await, 4, "what was read is not kept");
}

#[rstest]
#[case::gone(404)]
#[case::expired(403)]
#[case::refused(401)]
#[tokio::test]
async fn a_file_that_is_not_there_says_nothing_of_the_consent(#[case] status: u16) {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    let page = ResponseTemplate::new(status).set_body_raw("<html>No</html>", "text/html");
    vendor.on(get("/files/1.json.gz"), page).await;
    let done = |id: &str| job(id, "SUCCESS", Some(vendor.file(id)));
    vendor.on(get(JOBS), list(vec![done("1"), done("2")])).await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient, "{error}");
    says(&error, &["file is not there"]);
}

#[tokio::test]
async fn a_file_of_the_api_itself_is_signed_with_its_query() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor.on(delivery(), ordered("1")).await;
    vendor.on(web(), ordered("2")).await;
    let own = |id: &str| format!("{}/12/files/{id}?part=a%2Cb", vendor.server.uri());
    let done = |id: &str| job(id, "SUCCESS", Some(own(id)));
    vendor.on(get(JOBS), list(vec![done("1"), done("2")])).await;
    vendor.on(get("/12/files/1"), packed(&ten(1))).await;
    vendor
        .on(get("/12/files/2"), packed(&stats(10, json!([]))))
        .await;
    vendor.fetch(ten_days()).await.unwrap();
    let file = &vendor.asked("/12/files/1").await[0];
    assert!(super::login::is_signed(
        &vendor,
        file,
        Some(super::login::user_pair()),
        Vec::new()
    ));
}

#[tokio::test]
async fn where_others_fill_the_limit_it_is_a_limit_of_rate() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor.on(post(JOBS), failure(400, "TOO_MANY_JOBS")).await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert!(
        matches!(error.kind, ErrorKind::RateLimited { .. }),
        "{error}"
    );
    says(&error, &["TOO_MANY_JOBS"]);
}

#[rstest]
#[case::failed("FAILED")]
#[case::cancelled("CANCELLED")]
#[tokio::test]
async fn a_report_that_fails_is_ordered_in_halves_once(#[case] status: &str) {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let from = |start: &str| delivery().and(query_param("start_time", start));
    vendor
        .once(from("2026-11-11T00:00:00+09:00"), ordered("1"))
        .await;
    vendor
        .on(from("2026-11-11T00:00:00+09:00"), ordered("3"))
        .await;
    vendor
        .on(from("2026-11-16T00:00:00+09:00"), ordered("4"))
        .await;
    vendor.on(web(), ordered("2")).await;
    let done = |id: &str| job(id, "SUCCESS", Some(vendor.file(id)));
    vendor
        .once(get(JOBS), list(vec![job("1", status, None), done("2")]))
        .await;
    vendor
        .on(get(JOBS), list(vec![done("3"), job("4", status, None)]))
        .await;
    vendor
        .on(get("/files/2.json.gz"), packed(&stats(10, json!([]))))
        .await;
    let half = stats(
        5,
        json!([of("c1", json!({ "impressions": [1, 2, 3, 4, 5] }))]),
    );
    vendor.on(get("/files/3.json.gz"), packed(&half)).await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &[status, "2 times", "2026-11-16..2026-11-20"]);
    let asked = vendor.asked(JOBS).await;
    let posts = asked.iter().filter(|one| one.method.as_str() == "POST");
    let mut starts: Vec<String> = posts
        .filter(|one| param(one, "metric_groups") != "WEB_CONVERSION")
        .map(|one| param(one, "start_time"))
        .collect();
    starts.sort_unstable();
    assert_eq!(
        starts,
        [
            "2026-11-11T00:00:00+09:00",
            "2026-11-11T00:00:00+09:00",
            "2026-11-16T00:00:00+09:00"
        ]
    );
}

#[tokio::test]
async fn two_orders_of_one_number_are_an_error() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    vendor.on(post(JOBS), ordered("1")).await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["same number"]);
}

#[rstest]
#[case::not_packed_well(&[0x1f, 0x8b, 1, 2, 3][..], "unpacked")]
#[case::no_document(&b"<html>Expired</html>"[..], "read a report")]
#[case::cut_off(&br#"{"data":[{"id""#[..], "read a report")]
#[tokio::test]
async fn a_file_that_is_none_fails_the_slice(#[case] body: &[u8], #[case] named: &str) {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    let file = ResponseTemplate::new(200).set_body_raw(body.to_vec(), "application/gzip");
    vendor.on(get("/files/1.json.gz"), file).await;
    let done = |id: &str| job(id, "SUCCESS", Some(vendor.file(id)));
    vendor.on(get(JOBS), list(vec![done("1"), done("2")])).await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode, "{error}");
    says(&error, &["x_ads", named]);
}

#[rstest]
#[case::no_address("not an address")]
#[case::another_scheme("ftp://files.example.com/1.gz")]
#[tokio::test]
async fn a_file_is_read_from_an_address_of_the_same_kind_only(#[case] address: &str) {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    let there = Some(address.to_owned());
    vendor
        .on(get(JOBS), list(vec![job("1", "SUCCESS", there)]))
        .await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["address"]);
}

#[tokio::test]
async fn reports_that_are_never_done_are_given_up() {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    vendor
        .on(get(JOBS), list(vec![job("1", "PROCESSING", None)]))
        .await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    says(&error, &["not done"]);
}
