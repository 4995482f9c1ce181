//! Names nobody knows, absurd numbers and the ends of the calendar: refused, never a panic.

use analytics_core::{
    Error,
    analysis::{
        Bucket, COMPARE_MODES, Calendar, CompareSpec, Grain, PRESETS, RangeSpec, buckets,
        check_bucket_count, pair_buckets, resolve,
    },
    model::DateRange,
};
use chrono::{Days, NaiveDate};

use crate::spelled::{day, days, mode, preset};

fn refused(range: &str, compare: Option<&str>) -> Error {
    resolve(
        &preset(range),
        compare.map(mode).as_ref(),
        day("2026-11-23"),
        Some(day("2026-11-22")),
        Calendar::default(),
    )
    .unwrap_err()
}

#[test]
fn an_unknown_preset_is_refused_with_the_nearest() {
    for (given, meant) in [
        ("last_30_dys", "last_30_days"),
        ("last_45_day", "last_45_days"),
        ("last_007_days", "last_7_days"),
        ("last_12_month", "last_12_months"),
        ("yesterdy", "yesterday"),
        ("thismonth", "this_month"),
    ] {
        match refused(given, None) {
            Error::Unknown {
                what,
                field,
                value,
                nearest,
            } => {
                assert_eq!((what, field.as_str()), ("preset", "range"));
                assert_eq!(value, given);
                assert_eq!(nearest.as_deref(), Some(meant));
            }
            other => panic!("{given}: {other}"),
        }
    }
}

#[test]
fn an_unknown_comparison_is_refused_with_the_nearest_even_when_no_day_is_complete() {
    let error = resolve(
        &preset("last_7_days"),
        Some(&mode("previous_yeer")),
        day("2026-11-23"),
        None,
        Calendar::default(),
    )
    .unwrap_err();
    assert!(
        matches!(&error, Error::Unknown { field, nearest: Some(near), .. }
            if field == "compare" && near == "previous_year"),
        "{error}"
    );
}

#[test]
fn an_absurd_number_of_days_is_refused() {
    for name in [
        "last_0_days",
        "last_999999999_days",
        "last_9223372036854775807_days",
        "last_99999999999999999999999999_days",
    ] {
        let error = refused(name, Some("previous_period"));
        assert!(
            matches!(&error, Error::Invalid { field, value, .. } if field == "range" && value == name),
            "{error}"
        );
    }
}

#[test]
fn a_fiscal_year_that_starts_in_no_month_is_refused() {
    for month in [0, 13, u32::MAX] {
        let calendar = Calendar {
            fiscal_year_start: month,
            ..Calendar::default()
        };
        let today = day("2026-11-23");
        let error = resolve(&preset("this_year"), None, today, Some(today), calendar).unwrap_err();
        assert!(error.to_string().contains("fiscal_year_start"), "{error}");
        // Where nothing can be refused, buckets still tile the range.
        let range = days("2026-01-01", "2026-12-31");
        let tiles = buckets(range, Grain::Quarter, calendar);
        assert_eq!(tiles.iter().map(Bucket::days).sum::<i64>(), range.days());
    }
}

#[test]
fn more_buckets_than_anybody_can_read_are_refused() {
    let ages = days("1000-01-01", "2026-01-01");
    let error = check_bucket_count(ages, Grain::Day).unwrap_err();
    assert!(error.to_string().contains("`grain`"), "{error}");
    assert!(check_bucket_count(ages, Grain::Month).is_ok());
    assert!(check_bucket_count(days("2024-01-01", "2026-01-01"), Grain::Day).is_ok());
}

#[test]
fn the_first_and_last_dates_there_are_never_panic() {
    let far = |days: u64| {
        [
            NaiveDate::MIN.checked_add_days(Days::new(days)).unwrap(),
            NaiveDate::MAX.checked_sub_days(Days::new(days)).unwrap(),
        ]
    };
    let edges: Vec<_> = [0, 1, 6, 31, 365, 800].into_iter().flat_map(far).collect();
    let mut ranges: Vec<_> = PRESETS.into_iter().map(preset).collect();
    ranges.extend(
        edges
            .iter()
            .map(|edge| RangeSpec::Custom(DateRange::day(*edge))),
    );
    let mut compares: Vec<_> = COMPARE_MODES.into_iter().map(mode).collect();
    compares.extend(
        edges
            .iter()
            .map(|edge| CompareSpec::Custom(DateRange::day(*edge))),
    );
    let mut resolved_count = 0;
    for today in &edges {
        for range in &ranges {
            for compare in &compares {
                let calendar = Calendar {
                    fiscal_year_start: 11,
                    ..Calendar::default()
                };
                for through in [*today, NaiveDate::MAX] {
                    let Ok(resolved) =
                        resolve(range, Some(compare), *today, Some(through), calendar)
                    else {
                        continue;
                    };
                    resolved_count += 1;
                    for grain in Grain::ALL {
                        let pairs = pair_buckets(&resolved, grain, calendar);
                        assert_eq!(pairs.current.is_empty(), resolved.range.is_none());
                    }
                }
            }
        }
    }
    assert!(resolved_count > 0);
}
