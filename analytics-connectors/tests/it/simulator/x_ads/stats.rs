use std::collections::{BTreeMap, BTreeSet};

use analytics_connectors::simulator::TruthQuery;
use analytics_core::model::Level;
use chrono::{Days, NaiveDate};
use rstest::rstest;
use serde_json::Value;

use super::{X, word};

pub(super) const PLACES: [&str; 3] = ["ALL_ON_TWITTER", "SPOTLIGHT", "TREND"];
/// Fields and what they are in normalized metrics; money last.
pub(super) const COUNTS: [(&str, &str); 13] = [
    ("impressions", "impressions"),
    ("url_clicks", "clicks"),
    ("clicks", "clicks_all"),
    ("engagements", "engagements"),
    ("likes", "likes"),
    ("retweets", "reposts"),
    ("replies", "replies"),
    ("follows", "follows"),
    ("video_total_views", "video_views"),
    ("video_views_25", "video_views_p25"),
    ("video_views_50", "video_views_p50"),
    ("video_views_75", "video_views_p75"),
    ("video_views_100", "video_views_p100"),
];

/// Entity, metric, day: millionths.
pub(super) type Sums = BTreeMap<(String, String, NaiveDate), i64>;

fn add(sums: &mut Sums, id: &str, metric: &str, start: NaiveDate, series: &Value, factor: i64) {
    for (at, value) in series.as_array().into_iter().flatten().enumerate() {
        let date = start + Days::new(at as u64);
        let value = value.as_i64().unwrap_or(0) * factor;
        if value != 0 {
            *sums
                .entry((id.to_owned(), metric.to_owned(), date))
                .or_default() += value;
        }
    }
}

/// Adds an answer to what others told.
pub(super) fn read(sums: &mut Sums, body: &Value, start: NaiveDate) {
    let days = body["time_series_length"].as_u64().unwrap();
    for row in body["data"].as_array().unwrap() {
        let (id, metrics) = (word(row, "id"), &row["id_data"][0]["metrics"]);
        for series in metrics.as_object().unwrap().values() {
            if let Value::Array(values) = series {
                assert_eq!(values.len() as u64, days);
            }
        }
        for (field, metric) in COUNTS {
            add(sums, &id, metric, start, &metrics[field], 1_000_000);
        }
        add(
            sums,
            &id,
            "spend",
            start,
            &metrics["billed_charge_local_micro"],
            1,
        );
        let purchases = &metrics["conversion_purchases"];
        for metric in ["purchases", "conversions"] {
            add(sums, &id, metric, start, &purchases["metric"], 1_000_000);
        }
        for metric in ["purchase_value", "conversion_value"] {
            add(sums, &id, metric, start, &purchases["sale_amount"], 1);
        }
        let leads = &metrics["conversion_sign_ups"]["metric"];
        add(sums, &id, "leads", start, leads, 1_000_000);
    }
}

pub(super) fn truth(x: &X, n: usize, level: Level, start: NaiveDate, end: NaiveDate) -> Sums {
    let query = TruthQuery::new("x_ads", x.id(n), start, end).level(level);
    let rows = x.caller.simulator.world().truth(&query).into_iter();
    rows.map(|row| {
        let key = (row.entity, row.metric.as_str().to_owned(), row.date);
        (key, row.value.0)
    })
    .collect()
}

#[rstest]
#[case::tokyo(0, "CAMPAIGN", Level::Campaign)]
#[case::groups(0, "LINE_ITEM", Level::AdGroup)]
#[case::new_york(1, "CAMPAIGN", Level::Campaign)]
#[case::ads(4, "PROMOTED_TWEET", Level::Ad)]
#[tokio::test]
async fn placements_add_up_to_the_truth(
    #[case] n: usize,
    #[case] entity: &str,
    #[case] level: Level,
) {
    let x = X::start().await;
    let (start, end): (NaiveDate, NaiveDate) =
        ("2026-11-18".parse().unwrap(), "2026-11-22".parse().unwrap());
    let active = x.active(n, entity, "2026-11-18", "2026-11-23").await;
    let mut sums = Sums::new();
    let mut places = BTreeSet::new();
    for row in &active {
        places.extend(
            row["placements"]
                .as_array()
                .unwrap()
                .iter()
                .map(Value::to_string),
        );
    }
    assert_eq!(places.len(), 2, "{places:?}");
    for rows in active.chunks(20) {
        let ids: Vec<String> = rows.iter().map(|row| word(row, "entity_id")).collect();
        let ids = ids.join(",");
        for placement in PLACES {
            for groups in [
                "ENGAGEMENT,BILLING,VIDEO",
                "WEB_CONVERSION",
                "MOBILE_CONVERSION",
            ] {
                let answer = x
                    .stats(
                        n,
                        &[
                            ("entity", entity),
                            ("entity_ids", &ids),
                            ("placement", placement),
                            ("metric_groups", groups),
                            ("start_time", "2026-11-18"),
                            ("end_time", "2026-11-23"),
                        ],
                    )
                    .await;
                assert_eq!(answer.status, 200, "{answer:?}");
                read(&mut sums, &answer.body, start);
            }
        }
    }
    assert!(sums.len() > 200);
    assert_eq!(sums, truth(&x, n, level, start, end));
}

#[tokio::test]
async fn an_account_has_six_metrics_and_nothing_is_told_of_what_did_not_serve() {
    let x = X::start().await;
    let asked = [
        ("entity", "ACCOUNT"),
        ("entity_ids", x.id(0)),
        ("metric_groups", "ENGAGEMENT,BILLING,VIDEO"),
    ];
    let account = x.stats(0, &asked).await;
    let metrics = &account.body["data"][0]["id_data"][0]["metrics"];
    assert_eq!(metrics.as_object().unwrap().len(), 6);
    let params = &account.body["request"]["params"];
    assert_eq!(params["start_time"], "2026-11-09T15:00:00Z");
    let active = x.active(0, "CAMPAIGN", "2026-11-10", "2026-11-17").await;
    let active: Vec<String> = active.iter().map(|row| word(row, "entity_id")).collect();
    let campaigns = x.all(&format!("accounts/{}/campaigns", x.id(0)), &[]).await;
    let mut ids = campaigns.iter().map(|row| word(row, "id"));
    let idle = ids.find(|id| !active.contains(id)).unwrap();
    for groups in ["ENGAGEMENT,BILLING", "WEB_CONVERSION"] {
        let asked = [("entity_ids", idle.as_str()), ("metric_groups", groups)];
        let answer = x.stats(0, &asked).await;
        let metrics = &answer.body["data"][0]["id_data"][0]["metrics"];
        assert!(metrics.as_object().unwrap().values().all(Value::is_null));
    }
    let asked = [("entity_ids", active[0].as_str()), ("granularity", "TOTAL")];
    let total = x.stats(0, &asked).await;
    assert_eq!(total.body["time_series_length"], 1);
}

#[tokio::test]
async fn active_entities_are_filtered_and_reach_is_told_of_windows() {
    let x = X::start().await;
    let campaigns = x
        .active(
            0,
            "CAMPAIGN",
            "2026-11-10T03:00:00Z",
            "2026-11-12T05:00:00Z",
        )
        .await;
    let id = word(&campaigns[0], "entity_id");
    let path = format!("stats/accounts/{}", x.id(0));
    let window = [("start_time", "2026-11-10"), ("end_time", "2026-11-17")];
    let ask = async |route: &str, more: &[(&str, &str)]| {
        let mut params = window.to_vec();
        params.extend_from_slice(more);
        x.get(&format!("{path}/{route}"), &params).await
    };
    let below = [("entity", "PROMOTED_TWEET"), ("campaign_ids", id.as_str())];
    let (some, all) = (
        ask("active_entities", &below).await,
        ask("active_entities", &below[..1]).await,
    );
    assert!(!some.rows().is_empty() && some.rows().len() < all.rows().len());
    let two = [
        ("entity", "LINE_ITEM"),
        ("campaign_ids", &id),
        ("line_item_ids", "a"),
    ];
    assert_ne!(ask("active_entities", &two).await.status, 200);
    assert_eq!(
        ask("active_entities", &[("entity", "ACCOUNT")])
            .await
            .status,
        400
    );
    let reach = ask("reach/campaigns", &[("campaign_ids", &id)]).await;
    let row = &reach.rows()[0];
    assert!(
        row["total_audience_reach"].as_i64().unwrap() > 0,
        "{reach:?}"
    );
    assert!(row["average_frequency"].as_f64().unwrap() >= 1.0);
}
