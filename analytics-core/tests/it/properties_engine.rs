//! What holds for any facts: parts add up to the whole, order does not matter, nothing is rounded.

use std::collections::BTreeMap;

use analytics_core::{
    Query,
    analysis::{Dataset, Grain, Group, Number, ReportDefaults, report_on},
    model::{Catalogue, DateRange, Level, MetricId, Millionths},
};
use chrono::{Days, NaiveDate};
use polars::prelude::{Column, DataFrame};
use proptest::prelude::*;

use crate::engine_fixture::*;

const DAYS: u64 = 90;

fn start() -> NaiveDate {
    date("2026-01-15")
}

fn day(at: u64) -> NaiveDate {
    start() + Days::new(at)
}

fn days(first: u64, last: u64) -> DateRange {
    DateRange::new(day(first), day(last)).unwrap()
}

fn exact(group: &Group, metric: &str) -> Option<i128> {
    match &current(group, metric).value {
        Some(Number::Decimal(text)) => Some(Millionths::parse_exact(text).unwrap().0.into()),
        Some(Number::Float(_)) => panic!("decimals were asked for"),
        None => None,
    }
}

fn exactly(metrics: &[&str], range: DateRange) -> Query {
    Query {
        numbers: Some("decimal".to_owned()),
        complete_through: Some(range.end),
        ..query(metrics, range)
    }
}

/// Any values of two entities on some of the days.
fn facts() -> impl Strategy<Value = Vec<(u64, i64, i64)>> {
    prop::collection::vec(
        (
            0..DAYS,
            0..2_i64,
            -3_000_000_000_000_000..3_000_000_000_000_000_i64,
        ),
        0..120,
    )
    .prop_map(|rows| {
        let unique: BTreeMap<(u64, i64), i64> = rows
            .into_iter()
            .map(|(day, entity, value)| ((day, entity), value))
            .collect();
        unique
            .into_iter()
            .map(|((day, entity), value)| (day, entity, value))
            .collect()
    })
}

/// The account's facts and those of two campaigns, on days that are all covered.
fn world(account_facts: &[(u64, i64, i64)], campaign_facts: &[(u64, i64, i64)]) -> World {
    let all = days(0, DAYS - 1);
    let fetched = "2026-12-20T00:00:00Z";
    let mut upper = level(Level::Account).covered(all, fetched);
    for (at, entity, value) in account_facts {
        if *entity == 0 {
            upper.put(1, "spend", day(*at), *value);
        }
    }
    let mut lower = level(Level::Campaign)
        .covered(all, fetched)
        .entity(10, "One", None)
        .entity(11, "Two", None);
    for (at, entity, value) in campaign_facts {
        lower.put(10 + entity, "spend", day(*at), *value);
    }
    World::new("2026-12-20").add(&account(1, "some_ads", Some("JPY")), [upper, lower])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_partition_of_a_range_adds_up_to_the_whole(
        facts in facts(), first in 0..DAYS, length in 0..DAYS, cut in 0..DAYS,
    ) {
        let last = (first + length).min(DAYS - 1);
        let cut = first + cut % (last - first + 1);
        let world = world(&facts, &[]);
        let sum = |range| exact(&world.ask(&exactly(&["spend"], range)).totals[0], "spend").unwrap();
        let expected: i128 = facts
            .iter()
            .filter(|(day, entity, _)| *entity == 0 && (first..=last).contains(day))
            .map(|(_, _, value)| i128::from(*value))
            .sum();
        let whole = sum(days(first, last));
        prop_assert_eq!(whole, expected, "exact to the millionth");
        let rest = if cut < last { sum(days(cut + 1, last)) } else { 0 };
        prop_assert_eq!(sum(days(first, cut)) + rest, whole);
    }

    #[test]
    fn buckets_of_any_grain_add_up_to_the_total(facts in facts(), grain in prop::sample::select(&Grain::ALL)) {
        let report = world(&facts, &[]).ask(&Query {
            grain: Some(grain),
            ..exactly(&["spend"], days(0, DAYS - 1))
        });
        let group = &report.totals[0];
        let series = &group.series.as_ref().unwrap()[&MetricId::from("spend")].current;
        let sum: i128 = series
            .iter()
            .map(|figure| match &figure.value {
                Some(Number::Decimal(text)) => i128::from(Millionths::parse_exact(text).unwrap().0),
                _ => panic!("every day is covered"),
            })
            .sum();
        prop_assert_eq!(Some(sum), exact(group, "spend"));
    }

    #[test]
    fn campaigns_and_the_residual_add_up_to_the_account(
        account_facts in facts(), campaign_facts in facts(), first in 0..DAYS, length in 0..DAYS,
    ) {
        let range = days(first, (first + length).min(DAYS - 1));
        let world = world(&account_facts, &campaign_facts);
        let account = world.ask(&exactly(&["spend"], range));
        let campaigns = world.ask(&Query {
            group_by: vec!["campaign".to_owned()],
            ..exactly(&["spend"], range)
        });
        let sum: i128 = campaigns.groups.iter().filter_map(|group| exact(group, "spend")).sum();
        prop_assert_eq!(Some(sum), exact(&account.totals[0], "spend"));
    }

    #[test]
    fn the_order_of_facts_never_matters(
        rows in facts().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let (sorted, shuffled) = rows;
        let catalogue = Catalogue::default();
        let report = |rows: &[(u64, i64, i64)]| {
            let dates: Vec<String> = rows.iter().map(|row| day(row.0).to_string()).collect();
            let accounts: Vec<String> = rows.iter().map(|row| format!("account {}", row.1)).collect();
            let values: Vec<f64> = rows.iter().map(|row| Millionths(row.2).to_f64()).collect();
            let frame = DataFrame::new_infer_height(vec![
                Column::new("account".into(), accounts),
                Column::new("date".into(), dates),
                Column::new("metric".into(), vec!["spend"; rows.len()]),
                Column::new("value".into(), values),
            ])
            .unwrap();
            let dataset = Dataset::from_frames(&frame, None, None, &catalogue).unwrap();
            let query = Query {
                grain: Some(Grain::Week),
                group_by: vec!["account".to_owned()],
                ..exactly(&["spend", "cpc"], days(0, DAYS - 1))
            };
            let today = date("2026-12-20");
            let mut report =
                report_on(&dataset, &catalogue, &query, today, &ReportDefaults::default()).unwrap();
            report.query.accounts.sort();
            for warning in &mut report.warnings {
                warning.accounts.sort();
            }
            report
        };
        let (left, right) = (report(&sorted), report(&shuffled));
        prop_assert_eq!(left, right);
    }
}
