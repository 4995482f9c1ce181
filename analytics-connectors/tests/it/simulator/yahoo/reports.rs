use std::collections::BTreeSet;

use analytics_connectors::simulator::TruthQuery;
use analytics_core::model::{Level, Millionths};
use chrono::{Duration, NaiveDate};
use rstest::rstest;
use serde_json::{Value, json};

use super::{Product, REPORTS, code, part_code};

/// Fields and what they are in normalized metrics.
const SEARCH: [(&str, &str); 7] = [
    ("IMPS", "impressions"),
    ("CLICKS", "clicks"),
    ("COST", "spend"),
    ("CONVERSIONS", "conversions"),
    ("CONV_VALUE", "conversion_value"),
    ("ALL_CONV", "conversions_all"),
    ("ALL_CONV_VALUE", "conversion_value_all"),
];
const DISPLAY: [(&str, &str); 8] = [
    ("VIEWABLE_IMPS", "viewable_impressions"),
    ("MEASURED_IMPS", "measurable_impressions"),
    ("VIDEO_VIEWS", "video_views"),
    ("VIDEO_VIEWS_TO_25", "video_views_p25"),
    ("VIDEO_VIEWS_TO_50", "video_views_p50"),
    ("VIDEO_VIEWS_TO_75", "video_views_p75"),
    ("VIDEO_VIEWS_TO_100", "video_views_p100"),
    ("CONV_VALUE_VIA_VIEW_THROUGH", "view_through_conversions"),
];

type Row = (String, String, NaiveDate, i64);

/// Values of a file whose first cells are the day and the entity.
fn values(lines: &[Vec<String>], fields: &[(&str, &str)]) -> BTreeSet<Row> {
    let mut values = BTreeSet::new();
    for line in lines {
        let date = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"]
            .iter()
            .find_map(|spelling| NaiveDate::parse_from_str(&line[0], spelling).ok())
            .unwrap();
        for (cell, (_, metric)) in line[2..].iter().zip(fields) {
            let told = !cell.is_empty() && cell != "--";
            let value = if told {
                Millionths::parse_exact(cell).unwrap().0
            } else {
                0
            };
            if value != 0 {
                values.insert((line[1].clone(), (*metric).to_owned(), date, value));
            }
        }
    }
    values
}

fn truth(product: &Product, level: Level, start: &str, end: &str) -> BTreeSet<Row> {
    let (start, end) = (start.parse().unwrap(), end.parse().unwrap());
    let account = &product.accounts[0].account;
    let query = TruthQuery::new(product.platform, account, start, end).level(level);
    let rows = product.caller.simulator.world().truth(&query);
    rows.into_iter()
        .map(|row| (row.entity, row.metric.to_string(), row.date, row.value.0))
        .collect()
}

#[rstest]
#[case::account("ACCOUNT", "ACCOUNT_ID", Level::Account)]
#[case::campaign("CAMPAIGN", "CAMPAIGN_ID", Level::Campaign)]
#[case::group("ADGROUP", "ADGROUP_ID", Level::AdGroup)]
#[case::ad("AD", "AD_ID", Level::Ad)]
#[tokio::test]
async fn files_hold_the_truth(#[case] kind: &str, #[case] id: &str, #[case] level: Level) {
    let mut both = SEARCH.to_vec();
    both.extend(DISPLAY);
    for (product, known) in [
        (Product::search().await, SEARCH.to_vec()),
        (Product::display().await, both),
    ] {
        let mut fields = vec!["DAY", id];
        fields.extend(known.iter().map(|(field, _)| field));
        let mut more = json!({
            "fields": fields,
            "dateRange": { "startDate": "20261108", "endDate": "20261123" },
            "reportSkipColumnHeader": "TRUE",
        });
        if product.platform == "yahoo_search_ads" {
            more["reportType"] = json!(kind);
        }
        let told = values(&product.lines(more).await, &known);
        assert!(told.len() > 50);
        assert_eq!(told, truth(&product, level, "2026-11-08", "2026-11-23"));
    }
}

#[tokio::test]
async fn jobs_wait_run_and_end_and_their_figures_are_those_of_the_order() {
    let product = Product::search().await;
    let more = json!({
        "fields": ["DAY", "CAMPAIGN_ID", "CONVERSIONS"],
        "dateRange": { "startDate": "20261118", "endDate": "20261122" },
        "reportSkipColumnHeader": "TRUE",
    });
    let conversions = [("CONVERSIONS", "conversions")];
    let added = product.add(&[product.operand(&more)]).await;
    let known = &added.body["rval"]["values"][0]["reportDefinition"];
    assert_eq!(known["reportJobStatus"], "WAIT");
    assert_eq!(known["requestTime"], "2026/11/23 12:00:00");
    assert_eq!(known["completeTime"], Value::Null);
    assert_eq!(known["reportName"], "campaigns");
    let job = known["reportJobId"].as_u64().unwrap();
    let early = truth(&product, Level::Campaign, "2026-11-18", "2026-11-22");
    let clock = product.caller.simulator.clock();
    clock.set(product.caller.simulator.world().now() + Duration::days(6));
    assert_eq!(
        product.states(job).await,
        ["COMPLETED"],
        "nobody asked for days"
    );
    let text = product
        .download(job)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let told = values(&super::cells(&text, ','), &conversions);
    let of = |rows: BTreeSet<Row>| -> BTreeSet<Row> {
        rows.into_iter()
            .filter(|row| row.1 == "conversions")
            .collect()
    };
    assert_eq!(told, of(early));
    assert_ne!(
        told,
        of(truth(&product, Level::Campaign, "2026-11-18", "2026-11-22"))
    );
    clock.set(product.caller.simulator.world().now() + Duration::days(1));
    assert_eq!(product.poll(job).await, Value::Null, "gone after a week");
    let gone = super::answer(product.download(job)).await;
    assert_eq!(code(&gone), (200, "V0001"));
}

#[tokio::test]
async fn most_jobs_take_a_poll_or_two_and_display_tells_time_differently() {
    let product = Product::display().await;
    let mut lengths = BTreeSet::new();
    for _ in 0..20 {
        let job = product.order(json!({})).await;
        let states = product.states(job).await;
        assert!(states.is_sorted_by_key(|state| match state.as_str() {
            "WAIT" => 0,
            "IN_PROGRESS" => 1,
            _ => 2,
        }));
        lengths.insert(states.len());
        let moment = product.poll(job).await["completeTime"].clone();
        assert_eq!(moment, "20261123120019");
    }
    assert_eq!(lengths, BTreeSet::from([1, 2, 3]));
}

#[tokio::test]
async fn several_jobs_are_polled_at_once_and_removed() {
    let product = Product::search().await;
    let (first, second) = (
        product.order(json!({})).await,
        product.order(json!({})).await,
    );
    let list = async |body: Value| {
        let mut body = body;
        body["accountId"] = json!(product.id(0));
        let got = product.call(REPORTS, "get", body).await.body["rval"].clone();
        let values = got["values"].as_array().cloned().unwrap_or_default();
        let ids = values
            .iter()
            .map(|value| value["reportDefinition"]["reportJobId"].as_u64());
        (
            got["totalNumEntries"].as_u64().unwrap(),
            ids.flatten().collect::<Vec<_>>(),
        )
    };
    assert_eq!(list(json!({})).await, (2, vec![second, first]));
    assert_eq!(list(json!({ "numberResults": 1 })).await, (2, vec![second]));
    assert_eq!(
        list(json!({ "reportJobIds": [first, 5] })).await,
        (1, vec![first])
    );
    product.states(first).await;
    let done = json!({ "reportJobIds": [first], "reportJobStatuses": ["COMPLETED"] });
    assert_eq!(list(done).await, (1, vec![first]));
    let body = json!({ "accountId": product.id(0), "operand": [{ "reportJobId": first }, { "reportJobId": 5 }] });
    let removed = product.call(REPORTS, "remove", body).await;
    assert_eq!(
        (part_code(&removed, 0), part_code(&removed, 1)),
        ("", "V0001")
    );
    assert_eq!(
        code(&super::answer(product.download(first)).await),
        (200, "V0001")
    );
    // Another account's job is nobody's here.
    let body = json!({ "accountId": product.id(1), "reportJobId": second });
    let foreign = product.call(REPORTS, "download", body).await;
    assert_eq!(code(&foreign), (200, "V0001"));
}

#[tokio::test]
async fn too_many_rows_make_no_file() {
    let product = Product::search().await;
    let clock = product.caller.simulator.clock();
    clock.set("2031-11-23T03:00:00Z".parse().unwrap());
    let ads = async |start: &str| {
        let more = json!({
            "fields": ["DAY", "AD_ID", "IMPS"],
            "reportType": "AD",
            "dateRange": { "startDate": start, "endDate": "20311122" },
        });
        let job = product.order(more).await;
        product.states(job).await;
        product.poll(job).await
    };
    let whole = ads("20231101").await;
    assert_eq!(whole["reportJobStatus"], "FAILED");
    assert_eq!(whole["reportJobErrorDetail"], "Over limit of file size.");
    let part = ads("20301101").await;
    assert_eq!(part["reportJobStatus"], "COMPLETED");
    assert_eq!(part["reportJobErrorDetail"], Value::Null);
}
