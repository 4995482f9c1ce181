//! The report as JSON: its names, what is always there, and that it reads back.

use analytics_core::{
    Query, Report,
    analysis::{CompareSpec, Grain},
    model::Level,
};
use serde_json::{Value, json};

use crate::engine_fixture::*;

fn world() -> World {
    let days = range("2025-10-01", "2026-10-31");
    World::new("2026-11-01").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered(days, "2026-12-20T00:00:00Z")
            .fact(1, "spend", "2026-10-05", "12.34")
            .fact(1, "spend", "2026-09-05", "10.1")
            .daily(1, "impressions", days, 1000)
            .daily(1, "clicks", days, 31)
            .daily(1, "reach", days, 600)],
    )
}

fn json_of(query: &Query) -> Value {
    let report = world().ask(query);
    let text = serde_json::to_string(&report).unwrap();
    let back: Report = serde_json::from_str(&text).unwrap();
    assert!(back == report, "a report reads back as it was");
    serde_json::from_str(&text).unwrap()
}

fn asked(metrics: &[&str]) -> Query {
    query(metrics, range("2026-10-01", "2026-10-31"))
}

#[test]
fn every_key_is_there_without_comparison_and_grain() {
    let report = json_of(&asked(&["spend", "ctr"]));
    let keys: Vec<_> = report.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "buckets",
            "comparison_buckets",
            "groups",
            "metrics",
            "query",
            "total_groups",
            "totals",
            "warnings"
        ]
    );
    assert_eq!(report["buckets"], json!([]));
    assert_eq!(report["comparison_buckets"], json!([]));
    assert_eq!(report["totals"], report["groups"]);
    let total = &report["totals"][0];
    assert_eq!(total["key"], json!({}));
    assert_eq!(total["series"], Value::Null);
    assert_eq!(
        total["totals"]["spend"],
        json!({"current": {"value": 12.34, "status": "final", "covered": 1.0}, "previous": null, "change": null})
    );
    assert_eq!(total["totals"]["ctr"]["current"]["value"], json!(0.031));
    assert_eq!(
        report["metrics"][1],
        json!({"id": "ctr", "label": "CTR", "unit": "ratio", "kind": "ratio", "better": "up", "since": "2025-10-01"})
    );
}

#[test]
fn the_query_is_echoed_as_understood() {
    let report = json_of(&Query {
        compare: Some(CompareSpec::Mode("previous_period".to_owned())),
        grain: Some(Grain::Month),
        range: analytics_core::analysis::RangeSpec::Preset("last_month".to_owned()),
        ..asked(&["spend"])
    });
    assert_eq!(
        report["query"],
        json!({
            "accounts": ["acc_1"], "metrics": ["spend"],
            "range": {"preset": "last_month", "start": "2026-10-01", "end": "2026-10-31", "days": 31},
            "grain": "month", "compare": "previous_period",
            "comparison": {"start": "2026-09-01", "end": "2026-09-30", "days": 30},
            "compare_at": null, "group_by": [], "filters": [], "level": "account",
            "week_start": "monday", "fiscal_year_start": 1, "currency": null, "as_of": null,
            "today": "2026-11-01", "complete_through": "2026-10-31",
            "order_by": null, "limit": null, "offset": 0,
        })
    );
    assert_eq!(
        report["buckets"],
        json!([{"start": "2026-10-01", "end": "2026-10-31", "whole": true}])
    );
    assert_eq!(
        report["comparison_buckets"],
        json!([{"start": "2026-09-01", "end": "2026-09-30", "whole": true}])
    );
    let spend = &report["totals"][0]["totals"]["spend"];
    assert_eq!(spend["change"]["absolute"], json!(2.24));
    assert_eq!(spend["change"]["reason"], Value::Null);
    let series = &report["totals"][0]["series"]["spend"];
    assert_eq!(series["previous"][0]["value"], json!(10.1));
    assert_eq!(series["change"][0]["absolute"], json!(2.24));
}

#[test]
fn bounds_are_only_on_bounded_values_and_an_unpaired_bucket_is_null() {
    let report = json_of(&Query {
        compare: Some(CompareSpec::Custom(range("2026-09-01", "2026-09-20"))),
        grain: Some(Grain::Day),
        ..asked(&["reach", "spend"])
    });
    let total = &report["totals"][0]["totals"]["reach"];
    assert_eq!(
        total["current"],
        json!({"value": null, "status": "bounded", "covered": 1.0, "lower": 600.0, "upper": 18600.0})
    );
    assert_eq!(total["change"]["reason"], json!("not_additive"));
    let day = &report["totals"][0]["series"]["reach"]["current"][0];
    assert_eq!(
        day,
        &json!({"value": 600.0, "status": "final", "covered": 1.0})
    );
    assert_eq!(report["comparison_buckets"][30], Value::Null);
    assert_eq!(
        report["totals"][0]["series"]["spend"]["previous"][30],
        Value::Null
    );
    assert_eq!(
        report["totals"][0]["series"]["spend"]["change"][30],
        Value::Null
    );
    assert_eq!(report["warnings"][0]["code"], json!("unequal_length"));
}

#[test]
fn exact_decimals_are_text_when_asked() {
    let report = json_of(&Query {
        numbers: Some("decimal".to_owned()),
        ..asked(&["spend", "reach"])
    });
    let totals = &report["totals"][0]["totals"];
    assert_eq!(totals["spend"]["current"]["value"], json!("12.34"));
    assert_eq!(totals["reach"]["current"]["upper"], json!("18600"));
}

#[test]
fn frames_hold_one_row_a_group_and_metric_and_one_a_bucket() {
    let report = world().ask(&Query {
        compare: Some(CompareSpec::Mode("previous_period".to_owned())),
        grain: Some(Grain::Week),
        group_by: vec!["platform".to_owned()],
        ..asked(&["spend", "reach"])
    });
    let totals = report.totals_frame().unwrap();
    assert_eq!(totals.height(), 2);
    let names: Vec<_> = totals
        .get_column_names()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        names,
        [
            "platform",
            "kind",
            "name",
            "metric",
            "start",
            "end",
            "value",
            "status",
            "covered",
            "reason",
            "lower",
            "upper",
            "previous_start",
            "previous_end",
            "previous_value",
            "previous_status",
            "previous_covered",
            "previous_reason",
            "previous_lower",
            "previous_upper",
            "change",
            "relative_change",
            "change_reason",
        ]
    );
    assert_eq!(
        totals.column("value").unwrap().f64().unwrap().get(0),
        Some(12.34)
    );
    assert_eq!(
        totals
            .column("change_reason")
            .unwrap()
            .str()
            .unwrap()
            .get(1),
        Some("not_additive")
    );
    let series = report.series_frame().unwrap();
    assert_eq!(series.height(), 2 * report.buckets.len());
    assert_eq!(series.get_column_names(), totals.get_column_names());
}
