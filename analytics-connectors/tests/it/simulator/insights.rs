use std::collections::BTreeMap;

use analytics_connectors::simulator::TruthQuery;
use analytics_core::model::{Level, Millionths};
use chrono::NaiveDate;
use serde_json::Value;

use super::Caller;

const RANGE: &str = r#"{"since":"2026-10-01","until":"2026-11-22"}"#;

fn truth(caller: &Caller, level: Level, metric: &str) -> BTreeMap<(String, String), Millionths> {
    let query = TruthQuery::new(
        "facebook_ads",
        &caller.account(0),
        day("2026-10-01"),
        day("2026-11-22"),
    );
    let rows = caller
        .simulator
        .world()
        .truth(&query.level(level).metric(metric));
    rows.into_iter()
        .map(|row| ((row.entity, row.date.to_string()), row.value))
        .collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Every page of an answer.
async fn all(caller: &Caller, params: &[(&str, &str)]) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut params = params.to_vec();
        if let Some(after) = &after {
            params.push(("after", after));
        }
        let answer = caller.insights(&params).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        rows.extend_from_slice(answer.rows());
        if answer.body["paging"].get("next").is_none() {
            return rows;
        }
        after = Some(
            answer.body["paging"]["cursors"]["after"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
}

fn action(row: &Value, list: &str, kind: &str) -> Option<Millionths> {
    let entry = row[list]
        .as_array()?
        .iter()
        .find(|entry| entry["action_type"] == kind)?;
    Some(Millionths::parse_exact(entry["value"].as_str()?).unwrap())
}

#[tokio::test]
async fn every_row_of_every_level_says_what_is_true() {
    let caller = Caller::start().await;
    for (name, level, key) in [
        ("account", Level::Account, "account_id"),
        ("campaign", Level::Campaign, "campaign_id"),
        ("adset", Level::AdGroup, "adset_id"),
        ("ad", Level::Ad, "ad_id"),
    ] {
        let fields = "account_id,campaign_id,adset_id,ad_id,impressions,reach,spend,clicks,inline_link_clicks,\
                      inline_post_engagement,actions,action_values,video_p75_watched_actions";
        let params = [
            ("level", name),
            ("fields", fields),
            ("time_range", RANGE),
            ("time_increment", "1"),
            ("limit", "200"),
        ];
        let rows = all(&caller, &params).await;
        type Reader = fn(&Value) -> Option<Millionths>;
        let readers: [(&str, Reader); 10] = [
            ("impressions", |row| plain(row, "impressions")),
            ("reach", |row| plain(row, "reach")),
            ("spend", |row| plain(row, "spend")),
            ("clicks", |row| plain(row, "inline_link_clicks")),
            ("clicks_all", |row| plain(row, "clicks")),
            ("engagements", |row| plain(row, "inline_post_engagement")),
            ("purchases", |row| action(row, "actions", "omni_purchase")),
            ("purchase_value", |row| {
                action(row, "action_values", "omni_purchase")
            }),
            ("leads", |row| action(row, "actions", "lead")),
            ("video_views_p75", |row| {
                action(row, "video_p75_watched_actions", "video_view")
            }),
        ];
        for (metric, read) in readers {
            let told: BTreeMap<(String, String), Millionths> = rows
                .iter()
                .filter_map(|row| {
                    assert_eq!(row["date_start"], row["date_stop"]);
                    let value = read(row).filter(|value| value.0 != 0)?;
                    Some((
                        (
                            row[key].as_str()?.to_owned(),
                            row["date_start"].as_str()?.to_owned(),
                        ),
                        value,
                    ))
                })
                .collect();
            assert!(!told.is_empty(), "{metric} at {name}");
            assert_eq!(told, truth(&caller, level, metric), "{metric} at {name}");
        }
    }
}

fn plain(row: &Value, name: &str) -> Option<Millionths> {
    row[name]
        .as_str()
        .map(|text| Millionths::parse_exact(text).unwrap())
}

#[tokio::test]
async fn a_window_gives_one_row_with_the_exact_reach() {
    let caller = Caller::start().await;
    for (name, level, key) in [
        ("account", Level::Account, "account_id"),
        ("ad", Level::Ad, "ad_id"),
    ] {
        let fields = format!("{key},reach");
        let rows = all(
            &caller,
            &[("level", name), ("fields", &fields), ("time_range", RANGE)],
        )
        .await;
        let query = TruthQuery::new(
            "facebook_ads",
            &caller.account(0),
            day("2026-10-01"),
            day("2026-11-22"),
        );
        let truth = caller
            .simulator
            .world()
            .truth(&query.level(level).metric("reach").window());
        let told: BTreeMap<String, Millionths> = rows
            .iter()
            .map(|row| {
                (
                    row[key].as_str().unwrap().to_owned(),
                    plain(row, "reach").unwrap(),
                )
            })
            .collect();
        assert_eq!(told.len(), rows.len());
        assert_eq!(
            told,
            truth
                .into_iter()
                .map(|row| (row.entity, row.value))
                .collect()
        );
        assert_eq!(rows[0]["date_start"], "2026-10-01");
        assert_eq!(rows[0]["date_stop"], "2026-11-22");
    }
}

#[tokio::test]
async fn numbers_are_strings_and_money_has_the_currencys_digits() {
    let caller = Caller::start().await;
    let params = [
        ("fields", "spend,impressions,account_currency"),
        ("date_preset", "last_7d"),
        ("time_increment", "1"),
    ];
    let yen = caller.insights(&params).await;
    assert!(yen.rows().iter().all(
        |row| row["account_currency"] == "JPY" && !row["spend"].as_str().unwrap().contains('.')
    ));
    let dollars = caller
        .get(&format!("act_{}/insights", caller.account(1)), &params)
        .await;
    assert!(
        dollars
            .rows()
            .iter()
            .any(|row| row["spend"].as_str().unwrap().contains('.'))
    );
}

#[tokio::test]
async fn one_purchase_appears_under_many_types_and_windows_split_it() {
    let caller = Caller::start().await;
    let answer = caller
        .insights(&[
            ("fields", "actions,action_values"),
            (
                "time_range",
                r#"{"since":"2026-09-01","until":"2026-09-30"}"#,
            ),
            (
                "action_attribution_windows",
                r#"["7d_click","1d_view","7d_view"]"#,
            ),
        ])
        .await;
    let row = &answer.rows()[0];
    let purchase = action(row, "actions", "purchase").unwrap();
    for kind in [
        "omni_purchase",
        "offsite_conversion.fb_pixel_purchase",
        "onsite_web_purchase",
    ] {
        assert_eq!(action(row, "actions", kind), Some(purchase));
    }
    let entry = row["actions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["action_type"] == "omni_purchase")
        .unwrap();
    let part = |window: &str| {
        entry[window]
            .as_str()
            .map_or(0, |text| text.parse::<i64>().unwrap())
    };
    assert_eq!(part("7d_click") + part("1d_view"), purchase.0 / 1_000_000);
    assert!(part("1d_view") > 0);
    assert_eq!(entry.get("7d_view"), None);
    let leads = action(row, "actions", "lead").unwrap();
    let halves = [
        "onsite_conversion.lead_grouped",
        "offsite_conversion.fb_pixel_lead",
    ];
    assert_eq!(
        halves
            .iter()
            .map(|kind| action(row, "actions", kind).unwrap().0)
            .sum::<i64>(),
        leads.0
    );
}

#[tokio::test]
async fn the_next_page_can_be_followed_as_it_stands() {
    let caller = Caller::start().await;
    let params = [
        ("level", "campaign"),
        ("fields", "campaign_id,impressions"),
        ("date_preset", "last_30d"),
        ("time_increment", "1"),
        ("limit", "7"),
    ];
    let first = caller.insights(&params).await;
    let next = first.body["paging"]["next"].as_str().unwrap();
    assert!(next.contains(&format!("access_token={}", caller.token)));
    let second = super::answer(caller.http.get(next)).await;
    assert_eq!(second.rows().len(), 7);
    assert_ne!(first.rows()[0], second.rows()[0]);
    let everything = all(&caller, &params).await;
    assert_eq!(everything[7..14], *second.rows());
}

#[tokio::test]
async fn an_empty_answer_has_cursors_and_no_next_page() {
    let caller = Caller::start().await;
    let answer = caller
        .insights(&[
            (
                "time_range",
                r#"{"since":"2026-11-24","until":"2026-11-30"}"#,
            ),
            ("time_increment", "1"),
        ])
        .await;
    assert!(answer.rows().is_empty());
    assert_eq!(answer.body["paging"]["cursors"]["before"], "MAZDZD");
    assert_eq!(answer.body["paging"]["cursors"]["after"], "LTEZD");
    assert_eq!(answer.body["paging"].get("next"), None);
}

#[tokio::test]
async fn steps_filters_order_and_summary_do_what_they_say() {
    let caller = Caller::start().await;
    let range = r#"{"since":"2026-08-10","until":"2026-10-05"}"#;
    let months = caller
        .insights(&[("time_range", range), ("time_increment", "monthly")])
        .await;
    let starts: Vec<&str> = months
        .rows()
        .iter()
        .map(|row| row["date_start"].as_str().unwrap())
        .collect();
    assert_eq!(starts, ["2026-08-10", "2026-09-01", "2026-10-01"]);
    let weeks = caller
        .insights(&[("time_range", range), ("time_increment", "7")])
        .await;
    assert_eq!(weeks.rows().len(), 9);
    assert_eq!(weeks.rows()[8]["date_stop"], "2026-10-05");

    let campaigns = caller
        .insights(&[
            ("level", "campaign"),
            ("fields", "campaign_id,spend"),
            ("time_range", range),
            ("sort", "spend_descending"),
            ("summary", "spend"),
        ])
        .await;
    let spends: Vec<i64> = campaigns
        .rows()
        .iter()
        .map(|row| row["spend"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(spends.is_sorted_by(|a, b| a >= b));
    assert_eq!(
        campaigns.body["summary"]["spend"],
        spends.iter().sum::<i64>().to_string()
    );
    let id = campaigns.rows()[0]["campaign_id"].as_str().unwrap();
    let filter = format!(r#"[{{"field":"campaign.id","operator":"IN","value":["{id}"]}}]"#);
    let one = caller
        .insights(&[
            ("level", "ad"),
            ("fields", "campaign_id,ad_name"),
            ("time_range", range),
            ("filtering", &filter),
        ])
        .await;
    assert!(!one.rows().is_empty());
    assert!(one.rows().iter().all(|row| row["campaign_id"] == id));
    let node = caller
        .get(
            &format!("{id}/insights"),
            &[("fields", "spend"), ("time_range", range)],
        )
        .await;
    assert_eq!(node.rows()[0]["spend"], spends[0].to_string());
}

#[tokio::test]
async fn every_insights_answer_tells_the_budgets() {
    let caller = Caller::start().await;
    let answer = caller.insights(&[("date_preset", "yesterday")]).await;
    for name in [
        "x-fb-ads-insights-throttle",
        "x-business-use-case-usage",
        "x-ad-account-usage",
        "x-app-usage",
    ] {
        let header: Value = serde_json::from_str(answer.headers[name].to_str().unwrap()).unwrap();
        assert!(header.is_object(), "{name}");
    }
    let usage: Value = serde_json::from_str(
        answer.headers["x-business-use-case-usage"]
            .to_str()
            .unwrap(),
    )
    .unwrap();
    assert_eq!(usage[caller.account(0)][0]["type"], "ads_insights");
}

#[tokio::test]
async fn a_month_of_ads_is_answered_quickly() {
    let caller = Caller::start().await;
    let params = [
        ("level", "ad"),
        (
            "fields",
            "ad_id,ad_name,impressions,reach,spend,clicks,actions,action_values",
        ),
        (
            "time_range",
            r#"{"since":"2026-09-01","until":"2026-09-30"}"#,
        ),
        ("time_increment", "1"),
        ("limit", "2000"),
    ];
    caller.insights(&params).await;
    let begin = std::time::Instant::now();
    let answer = caller.insights(&params).await;
    assert!(answer.rows().len() > 300, "{} rows", answer.rows().len());
    // Unoptimized and on a busy machine; a release build takes a few milliseconds.
    assert!(begin.elapsed().as_millis() < 3_000, "{:?}", begin.elapsed());
}
