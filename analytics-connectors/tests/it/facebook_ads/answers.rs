//! What the rows of a good answer become.

use analytics_connectors::{ErrorKind, FetchRequest, Retry};
use analytics_core::model::{FeedId, Level, MetricId, Millionths};
use serde_json::json;
use wiremock::{
    ResponseTemplate,
    matchers::{header, query_param, query_param_is_missing},
};

use super::{ACCOUNT, INSIGHTS, TOKEN, Vendor, answer, daily, facts, get, range, value, whole};

async fn two_pages() -> Vendor {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(INSIGHTS).and(query_param("after", "MjQZD")),
            answer("insights_campaign_page_2"),
        )
        .await;
    vendor
        .on(
            get(INSIGHTS).and(query_param_is_missing("after")),
            answer("insights_campaign_page_1"),
        )
        .await;
    vendor
}

#[tokio::test]
async fn every_stored_metric_has_its_exact_value() {
    let vendor = two_pages().await;
    let batches = vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    for (metric, expected) in [
        ("impressions", 1530),
        ("reach", 1201),
        ("spend", 2480),
        ("clicks", 31),
        ("clicks_all", 44),
        ("conversions", 6),
        ("conversion_value", 8600),
        ("purchases", 2),
        ("purchase_value", 8600),
        ("leads", 4),
        ("video_views", 310),
        ("video_views_p25", 120),
        ("video_views_p50", 80),
        ("video_views_p75", 40),
        ("video_views_p100", 25),
        ("engagements", 75),
        ("reactions", 9),
        ("comments", 3),
        ("shares", 2),
        ("saves", 5),
    ] {
        assert_eq!(
            value(&batches, "230001", metric, "2026-10-05"),
            whole(expected),
            "{metric}"
        );
    }
    assert_eq!(
        value(&batches, "230001", "spend", "2026-10-06"),
        Some(Millionths(11_010_000))
    );
}

#[tokio::test]
async fn zeros_and_fields_left_out_make_no_fact() {
    let vendor = two_pages().await;
    let batches = vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    let of_newsletter: Vec<_> = facts(&batches)
        .into_iter()
        .filter(|fact| &*fact.entity == "230002")
        .map(|fact| fact.metric.as_str())
        .collect();
    assert_eq!(of_newsletter, ["impressions"]);
}

#[tokio::test]
async fn entities_come_with_the_names_of_now_and_their_parents() {
    let vendor = Vendor::start().await;
    super::reports::completed_run(&vendor, "77001", answer("insights_ad")).await;
    let batches = vendor
        .daily(Level::Ad, "2026-10-05", "2026-10-05")
        .await
        .unwrap();
    let entities: Vec<_> = batches[0]
        .entities
        .iter()
        .map(|entity| {
            (
                entity.level,
                entity.external_id.as_str(),
                entity.parent_external_id.as_deref(),
                entity.name.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        entities,
        [
            (Level::Campaign, "230001", None, Some("Autumn sale")),
            (Level::AdGroup, "240001", Some("230001"), Some("Lookalikes")),
            (Level::Ad, "250001", Some("240001"), Some("Red shoes")),
        ]
    );
}

#[tokio::test]
async fn statuses_come_with_fresh_days_only() {
    let vendor = Vendor::start().await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    vendor
        .on(get("/v26.0/act_900100200/campaigns"), answer("campaigns"))
        .await;
    let old = vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    assert!(old.iter().all(|batch| batch.entities.is_empty()));
    let fresh = vendor
        .daily(Level::Campaign, "2026-11-01", "2026-11-22")
        .await
        .unwrap();
    let statuses: Vec<_> = fresh
        .iter()
        .flat_map(|batch| &batch.entities)
        .map(|entity| (entity.external_id.as_str(), entity.status.as_deref()))
        .collect();
    assert_eq!(
        statuses,
        [
            ("230001", Some("active")),
            ("230009", Some("campaign_paused"))
        ]
    );
}

#[tokio::test]
async fn figures_do_not_wait_for_statuses() {
    let vendor = Vendor::start().await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    vendor
        .on(
            get("/v26.0/act_900100200/campaigns"),
            super::failure(400, 80_004, None, "There have been too many calls"),
        )
        .await;
    let fresh = vendor
        .daily(Level::Campaign, "2026-11-01", "2026-11-22")
        .await;
    assert!(fresh.is_ok());
}

#[tokio::test]
async fn every_call_carries_the_token_in_its_header_and_proves_the_app() {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(INSIGHTS).and(header("authorization", format!("Bearer {TOKEN}"))),
            answer("insights_empty"),
        )
        .await;
    vendor
        .daily(Level::Account, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    let asked = vendor.asked(INSIGHTS).await;
    // HMAC-SHA256 of the token under the app's secret, computed independently.
    assert_eq!(asked[0].get("appsecret_proof"), Some(PROOF));
    assert_eq!(asked[0].get("access_token"), None);
}

const PROOF: &str = "125995bd0387eadb53d4e56242034a092645824142f51a1c26024a780a365a10";

#[tokio::test]
async fn a_long_range_is_asked_in_parts_that_do_not_overlap_newest_first() {
    let vendor = Vendor::start().await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    vendor
        .daily(Level::Account, "2026-08-01", "2026-10-05")
        .await
        .unwrap();
    let parts: Vec<_> = vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .map(super::since_until)
        .collect();
    let part = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    assert_eq!(
        parts,
        [
            part("2026-09-05", "2026-10-05"),
            part("2026-08-05", "2026-09-04"),
            part("2026-08-01", "2026-08-04"),
        ]
    );
}

#[tokio::test]
async fn a_start_before_37_months_is_clamped_and_an_end_before_them_is_refused() {
    let vendor = Vendor::start().await;
    vendor.on(get(INSIGHTS), answer("insights_empty")).await;
    vendor
        .daily(Level::Account, "2023-10-01", "2023-10-31")
        .await
        .unwrap();
    let asked = vendor.asked(INSIGHTS).await;
    assert_eq!(super::since_until(&asked[0]).0, "2023-10-23");
    let error = vendor
        .daily(Level::Account, "2023-01-01", "2023-01-31")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("37 months"), "{error}");
}

#[tokio::test]
async fn a_question_about_nothing_here_is_refused_before_it_is_asked() {
    let vendor = Vendor::start().await;
    for (request, named) in [
        (daily(Level::Post, "2026-10-01", "2026-10-02"), "post"),
        (
            FetchRequest::Daily {
                level: Level::Ad,
                feed: FeedId::from("stories"),
                range: range("2026-10-01", "2026-10-02"),
            },
            "stories",
        ),
        (
            FetchRequest::Window {
                level: Level::Account,
                metrics: vec![MetricId::from("spend")],
                range: range("2026-10-01", "2026-10-02"),
            },
            "spend",
        ),
        (
            FetchRequest::Snapshot {
                feed: FeedId::from("insights"),
                date: range("2026-10-01", "2026-10-02").end,
                since: range("2026-10-01", "2026-10-02").start,
            },
            "snapshots",
        ),
    ] {
        let error = vendor.fetch(request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(named), "{error}");
    }
    assert!(vendor.requests().await.is_empty());
}

async fn rows(rows: serde_json::Value) -> Vendor {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(INSIGHTS),
            ResponseTemplate::new(200).set_body_json(json!({ "data": rows })),
        )
        .await;
    vendor
}

#[tokio::test]
async fn a_number_that_is_none_fails_the_slice_and_names_field_entity_and_day() {
    let row = json!({ "campaign_id": "230001", "date_start": "2026-10-05",
        "date_stop": "2026-10-05", "impressions": "5", "spend": "12,34" });
    let vendor = rows(json!([row])).await;
    let error = vendor
        .daily(Level::Campaign, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(
        (&error.kind, error.retry),
        (&ErrorKind::Decode, Retry::Never)
    );
    let message = error.to_string();
    for part in [
        "insights (campaign)",
        "`spend`",
        "230001",
        "2026-10-05",
        "12,34",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_names_operation_and_path() {
    let row = json!({ "campaign_id": "230001", "date_start": "2026-10-05",
        "date_stop": "2026-10-05", "actions": { "action_type": "post" } });
    let vendor = rows(json!([row])).await;
    let error = vendor
        .daily(Level::Campaign, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    let message = error.to_string();
    for part in ["facebook_ads", "insights (campaign)", "data[0].actions"] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[tokio::test]
async fn json_that_breaks_off_is_a_decode_error() {
    let vendor = Vendor::start().await;
    vendor
        .on(
            get(INSIGHTS),
            ResponseTemplate::new(200).set_body_raw(r#"{"data":[{"impr"#, "application/json"),
        )
        .await;
    let error = vendor
        .daily(Level::Account, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert!(error.to_string().contains("insights (account)"), "{error}");
}

#[tokio::test]
async fn rows_that_were_not_asked_for_are_not_stored_as_truth() {
    let good = json!({ "account_id": ACCOUNT, "campaign_id": "1", "impressions": "1",
        "date_start": "2026-10-05", "date_stop": "2026-10-05" });
    for (change, named) in [
        (json!({ "account_id": "5" }), "account_id"),
        (json!({ "campaign_id": null }), "campaign_id"),
        (
            json!({ "date_start": "2026-10-04", "date_stop": "2026-10-04" }),
            "date_start",
        ),
        (json!({ "date_stop": "2026-10-06" }), "date_stop"),
        (json!({ "date_start": null }), "date_start"),
    ] {
        let mut row = good.clone();
        for (key, value) in change.as_object().unwrap() {
            row[key] = value.clone();
        }
        let vendor = rows(json!([row])).await;
        let error = vendor
            .daily(Level::Campaign, "2026-10-05", "2026-10-05")
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Decode, "{named}");
        assert!(error.to_string().contains(named), "{error}");
    }
    let vendor = rows(json!([good, good])).await;
    let twice = vendor
        .daily(Level::Campaign, "2026-10-05", "2026-10-05")
        .await
        .unwrap_err();
    assert!(twice.to_string().contains("twice"), "{twice}");
}

#[tokio::test]
async fn a_reach_window_is_one_row_for_the_whole_range() {
    let vendor = Vendor::start().await;
    vendor
        .on(get(INSIGHTS), answer("reach_window_account"))
        .await;
    let batches = vendor.fetch(window(Level::Account)).await.unwrap();
    let windows: Vec<_> = batches.iter().flat_map(|batch| &batch.windows).collect();
    assert_eq!(windows.len(), 1);
    assert_eq!(
        (&*windows[0].entity, windows[0].range, windows[0].value),
        (
            ACCOUNT,
            range("2026-10-05", "2026-10-06"),
            Millionths(1_650_000_000)
        )
    );
    let asked = vendor.asked(INSIGHTS).await;
    assert_eq!(asked[0].get("time_increment"), None);
    assert_eq!(asked[0].get("level"), Some("account"));
}

#[tokio::test]
async fn an_account_without_a_row_reached_exactly_nobody() {
    let vendor = rows(json!([])).await;
    let batches = vendor.fetch(window(Level::Account)).await.unwrap();
    assert_eq!(batches[0].windows[0].value, Millionths(0));
}

#[tokio::test]
async fn a_reach_left_out_beside_impressions_is_unknown() {
    let vendor = rows(json!([{ "account_id": ACCOUNT, "impressions": "10",
        "date_start": "2026-10-05", "date_stop": "2026-10-06" }]))
    .await;
    let batches = vendor.fetch(window(Level::Account)).await.unwrap();
    assert!(batches.iter().all(|batch| batch.windows.is_empty()));
}

fn window(level: Level) -> FetchRequest {
    FetchRequest::Window {
        level,
        metrics: vec![MetricId::from("reach")],
        range: range("2026-10-05", "2026-10-06"),
    }
}
