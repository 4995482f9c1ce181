//! The worked examples of aggregation and statuses, through the way a user's own frames take.

use std::collections::BTreeMap;

use analytics_core::{
    Query, Report,
    analysis::{
        Dataset, Figure, Grain, Number, RangeSpec, Reason, ReportDefaults, Status, report_on,
    },
    model::{Catalogue, DateRange, Millionths, WeekStart},
};
use chrono::NaiveDate;
use polars::prelude::{Column, DataFrame};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    accounts: Vec<String>,
    range: DateRange,
    grain: Grain,
    week_start: WeekStart,
    fiscal_year_start: u32,
    coverage: Vec<(String, String, String)>,
    facts: Vec<(String, String, String, i64)>,
    windows: Vec<(String, String, String, String, i64)>,
    expect: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
struct Expected {
    total: ExpectedFigure,
    series: Vec<ExpectedFigure>,
}

#[derive(Deserialize)]
struct ExpectedFigure {
    value: Option<Box<RawValue>>,
    status: Status,
    #[serde(default)]
    reason: Option<Reason>,
    #[serde(default)]
    lower: Option<i64>,
    #[serde(default)]
    upper: Option<i64>,
}

fn column<T>(name: &str, rows: &[T], value: impl Fn(&T) -> &str) -> Column {
    let values: Vec<&str> = rows.iter().map(value).collect();
    Column::new(name.into(), values)
}

fn numbers<T>(name: &str, rows: &[T], value: impl Fn(&T) -> i64) -> Column {
    let values: Vec<f64> = rows
        .iter()
        .map(|row| Millionths(value(row)).to_f64())
        .collect();
    Column::new(name.into(), values)
}

fn frame(columns: Vec<Column>) -> DataFrame {
    DataFrame::new_infer_height(columns).unwrap()
}

fn answer(case: &Case) -> Report {
    let facts = frame(vec![
        column("account", &case.facts, |row| &row.1),
        column("date", &case.facts, |row| &row.2),
        column("metric", &case.facts, |row| &row.0),
        numbers("value", &case.facts, |row| row.3),
    ]);
    let coverage = frame(vec![
        column("account", &case.coverage, |row| &row.0),
        column("date", &case.coverage, |row| &row.1),
        column("state", &case.coverage, |row| &row.2),
    ]);
    let windows = frame(vec![
        column("metric", &case.windows, |row| &row.0),
        column("account", &case.windows, |row| &row.1),
        column("start", &case.windows, |row| &row.2),
        column("end", &case.windows, |row| &row.3),
        numbers("value", &case.windows, |row| row.4),
    ]);
    let catalogue = Catalogue::default();
    let dataset =
        Dataset::from_frames(&facts, Some(&coverage), Some(&windows), &catalogue).unwrap();
    let metrics: Vec<&str> = case.expect.keys().map(String::as_str).collect();
    let query = Query {
        accounts: Some(case.accounts.clone()),
        grain: Some(case.grain),
        week_start: Some(case.week_start),
        fiscal_year_start: Some(case.fiscal_year_start),
        complete_through: Some(case.range.end),
        numbers: Some("decimal".to_owned()),
        ..Query::new(&metrics, RangeSpec::Custom(case.range))
    };
    let today: NaiveDate = case.range.end;
    report_on(
        &dataset,
        &catalogue,
        &query,
        today,
        &ReportDefaults::default(),
    )
    .unwrap()
}

/// Stored metrics are exact to the millionth, quotients to 1e-9.
fn matches(found: &Figure, expected: &ExpectedFigure, ratio: bool) -> bool {
    let exact = |number: &Number| match number {
        Number::Decimal(text) => Millionths::parse_exact(text).unwrap().0,
        Number::Float(_) => panic!("decimals were asked for"),
    };
    let value = match (&found.value, &expected.value) {
        (Some(found), Some(expected)) if ratio => {
            let expected: f64 = expected.get().parse().unwrap();
            (found.to_f64() - expected).abs() <= 1e-9 * expected.abs()
        }
        (Some(found), Some(expected)) => exact(found) == expected.get().parse::<i64>().unwrap(),
        (found, expected) => found.is_none() && expected.is_none(),
    };
    let bounded = expected.status == Status::Bounded && !ratio;
    value
        && found.status == expected.status
        && found.reason == expected.reason
        && found.lower.as_ref().map(exact) == expected.lower
        && found.upper.is_some() == bounded
        && found.upper.as_ref().and_then(Option::as_ref).map(exact) == expected.upper
}

#[test]
fn every_worked_example_of_aggregation_comes_out() {
    let text = include_str!("../vectors/aggregates.json");
    let vectors: Vectors = serde_json::from_str(text).unwrap();
    let mut figures = 0;
    let mut failures = Vec::new();
    for (at, case) in vectors.cases.iter().enumerate() {
        let report = answer(case);
        assert_eq!(report.totals.len(), 1, "case {at}");
        let group = &report.totals[0];
        for info in &report.metrics {
            let expected = &case.expect[info.id.as_str()];
            let series = &group.series.as_ref().unwrap()[&info.id].current;
            assert_eq!(series.len(), expected.series.len(), "case {at}");
            let found = std::iter::once(&group.totals[&info.id].current).chain(series);
            let wanted = std::iter::once(&expected.total).chain(&expected.series);
            for (place, (found, wanted)) in found.zip(wanted).enumerate() {
                figures += 1;
                if !matches(found, wanted, info.kind == "ratio") {
                    failures.push(format!(
                        "case {at}, {}, place {place}: {found:?}\n  expected {:?} {:?} {:?} {:?}..{:?}",
                        info.id, wanted.value, wanted.status, wanted.reason, wanted.lower, wanted.upper
                    ));
                }
            }
        }
    }
    assert!(figures > 1000, "only {figures} figures were checked");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
