//! Report jobs: ordered, awaited, their packed files read without a token.

use std::io::Write;

use analytics_connectors::ErrorKind;
use analytics_core::model::Level;
use flate2::{Compression, write::GzEncoder};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{MockBuilder, ResponseTemplate, matchers::query_param};

use super::{JOBS, Vendor, daily, facts, failure, get, list, of, ok, param, post, says, stats};

/// Ten days of a campaign.
fn ten_days() -> analytics_connectors::FetchRequest {
    daily(Level::Campaign, "2026-11-11", "2026-11-20")
}

fn ordered(id: &str) -> ResponseTemplate {
    ok(
        json!({ "data": { "id_str": id, "id": 1_900_000_000_000_000_001_i64, "status": "QUEUED", "url": null } }),
    )
}

fn job(id: &str, status: &str, url: Option<String>) -> Value {
    json!({ "id_str": id, "id": 1_900_000_000_000_000_001_i64, "status": status, "url": url })
}

fn delivery() -> MockBuilder {
    post(JOBS).and(query_param("metric_groups", "ENGAGEMENT,BILLING,VIDEO"))
}

fn web() -> MockBuilder {
    post(JOBS).and(query_param("metric_groups", "WEB_CONVERSION"))
}

fn packed(body: &Value) -> ResponseTemplate {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body.to_string().as_bytes()).unwrap();
    ResponseTemplate::new(200).set_body_raw(encoder.finish().unwrap(), "application/gzip")
}

impl Vendor {
    fn file(&self, name: &str) -> String {
        format!("{}/files/{name}.json.gz", self.server.uri())
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

fn ten(first: i64) -> Value {
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

#[tokio::test]
async fn an_order_whose_answer_got_lost_is_not_sent_again() {
    let vendor = Vendor::start().await;
    vendor.has(&["c1"]).await;
    let page = ResponseTemplate::new(502).set_body_raw("<html>Bad gateway</html>", "text/html");
    vendor.on(post(JOBS), page).await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    assert_eq!(vendor.asked(JOBS).await.len(), 1);
}

#[tokio::test]
async fn without_room_orders_wait_for_those_that_are_open() {
    let vendor = Vendor::start().await;
    vendor.orders().await;
    vendor.server.reset().await;
    vendor.has(&["c1"]).await;
    vendor.on(delivery(), ordered("1")).await;
    vendor.once(web(), failure(400, "TOO_MANY_JOBS")).await;
    vendor.on(web(), ordered("2")).await;
    let done = |id: &str| job(id, "SUCCESS", Some(vendor.file(id)));
    vendor.once(get(JOBS), list(vec![done("1")])).await;
    vendor.on(get(JOBS), list(vec![done("2")])).await;
    vendor.on(get("/files/1.json.gz"), packed(&ten(1))).await;
    vendor
        .on(get("/files/2.json.gz"), packed(&stats(10, json!([]))))
        .await;
    // The refusal is tried again as every limit is; the order comes through in the end.
    let batches = vendor.fetch(ten_days()).await.unwrap();
    assert_eq!(facts(&batches, "impressions").len(), 10);
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
    vendor.on(post(JOBS), ordered("1")).await;
    vendor
        .on(get(JOBS), list(vec![job("1", status, None)]))
        .await;
    let error = vendor.fetch(ten_days()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    says(&error, &[status]);
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
