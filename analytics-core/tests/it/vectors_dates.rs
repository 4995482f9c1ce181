//! The worked examples of ranges, comparisons, buckets, pairs and changes. Every failing case is
//! reported, not only the first.

use std::fmt::Debug;

use analytics_core::{
    analysis::{
        Bucket, Calendar, Change, CompareSpec, Grain, RangeSpec, buckets, change, pair_buckets,
        resolve,
    },
    model::{DateRange, WeekStart},
};
use chrono::NaiveDate;
use serde::{Deserialize, de::DeserializeOwned};

#[derive(Deserialize)]
struct Vectors<T> {
    cases: Vec<T>,
}

/// Runs every case of a file and lists those that fail.
fn check<T: DeserializeOwned + Debug>(text: &str, case: impl Fn(&T) -> Result<(), String>) {
    let vectors: Vectors<T> = serde_json::from_str(text).unwrap();
    let count = vectors.cases.len();
    assert!(count > 0, "the file holds no case");
    let failures: Vec<_> = vectors
        .cases
        .iter()
        .enumerate()
        .filter_map(|(index, input)| {
            case(input)
                .err()
                .map(|why| format!("case {index}: {input:?}\n  {why}"))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {count} cases fail\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn expect_equal<T: PartialEq + Debug>(what: &str, got: &T, expected: &T) -> Result<(), String> {
    if got == expected {
        Ok(())
    } else {
        Err(format!("{what}: got {got:?}\n  expected {expected:?}"))
    }
}

/// A range that is given with its number of days.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
struct Counted {
    start: NaiveDate,
    end: NaiveDate,
    days: i64,
}

impl From<DateRange> for Counted {
    fn from(range: DateRange) -> Self {
        Self {
            start: range.start,
            end: range.end,
            days: range.days(),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    range: RangeSpec,
    compare: Option<CompareSpec>,
    today: NaiveDate,
    complete_through: Option<NaiveDate>,
    week_start: WeekStart,
    fiscal_year_start: u32,
}

impl Asked {
    fn calendar(&self) -> Calendar {
        Calendar {
            week_start: self.week_start,
            fiscal_year_start: self.fiscal_year_start,
        }
    }

    fn resolve(&self) -> Result<analytics_core::analysis::ResolvedRanges, String> {
        resolve(
            &self.range,
            self.compare.as_ref(),
            self.today,
            self.complete_through,
            self.calendar(),
        )
        .map_err(|error| error.to_string())
    }
}

#[test]
fn every_range_and_comparison_resolves_as_written() {
    #[derive(Debug, Deserialize)]
    struct Case {
        #[serde(flatten)]
        asked: Asked,
        expect: Expected,
    }
    #[derive(Debug, Deserialize)]
    struct Expected {
        range: Option<Counted>,
        comparison: Option<Counted>,
    }
    check(include_str!("../vectors/ranges.json"), |case: &Case| {
        let resolved = case.asked.resolve()?;
        expect_equal("range", &resolved.range.map(Into::into), &case.expect.range)?;
        expect_equal(
            "comparison",
            &resolved.comparison.map(Into::into),
            &case.expect.comparison,
        )
    });
}

#[test]
fn every_bucket_pairs_as_written() {
    #[derive(Debug, Deserialize)]
    struct Case {
        #[serde(flatten)]
        asked: Asked,
        grain: Grain,
        expect: Expected,
    }
    #[derive(Debug, Deserialize)]
    struct Expected {
        buckets: Vec<Bucket>,
        comparison_buckets: Vec<Option<Bucket>>,
    }
    check(include_str!("../vectors/pairs.json"), |case: &Case| {
        let resolved = case.asked.resolve()?;
        let pairs = pair_buckets(&resolved, case.grain, case.asked.calendar());
        expect_equal("buckets", &pairs.current, &case.expect.buckets)?;
        expect_equal(
            "comparison buckets",
            &pairs.comparison,
            &case.expect.comparison_buckets,
        )
    });
}

#[test]
fn every_range_is_cut_into_buckets_as_written() {
    #[derive(Debug, Deserialize)]
    struct Case {
        start: NaiveDate,
        end: NaiveDate,
        grain: Grain,
        week_start: WeekStart,
        fiscal_year_start: u32,
        expect: Vec<Bucket>,
    }
    check(include_str!("../vectors/buckets.json"), |case: &Case| {
        let range = DateRange::new(case.start, case.end).map_err(|error| error.to_string())?;
        let calendar = Calendar {
            week_start: case.week_start,
            fiscal_year_start: case.fiscal_year_start,
        };
        expect_equal(
            "buckets",
            &buckets(range, case.grain, calendar),
            &case.expect,
        )
    });
}

#[test]
fn every_change_comes_out_as_written() {
    #[derive(Debug, Deserialize)]
    struct Case {
        current: Option<f64>,
        previous: Option<f64>,
        expect: Change,
    }
    fn near(what: &str, got: Option<f64>, expected: Option<f64>) -> Result<(), String> {
        let agree = match (got, expected) {
            (Some(got), Some(expected)) => (got - expected).abs() <= 1e-9 * expected.abs(),
            _ => got == expected,
        };
        agree
            .then_some(())
            .ok_or_else(|| format!("{what}: got {got:?}\n  expected {expected:?}"))
    }
    check(include_str!("../vectors/changes.json"), |case: &Case| {
        let got = change(case.current, case.previous);
        near("absolute", got.absolute, case.expect.absolute)?;
        near("relative", got.relative, case.expect.relative)?;
        expect_equal("reason", &got.reason, &case.expect.reason)
    });
}
