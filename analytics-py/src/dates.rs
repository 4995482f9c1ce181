//! Ranges, buckets and changes.

use analytics_core::{
    Error, Result,
    analysis::{self, Calendar, CompareSpec, Grain, RangeSpec},
    model::{DateRange, WeekStart},
};
use chrono::NaiveDate;
use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::to_py;

/// The arguments of the functions here, as JSON; which of them are needed depends on the function.
#[derive(Deserialize)]
struct Arguments {
    range: RangeSpec,
    #[serde(default)]
    compare: Option<CompareSpec>,
    #[serde(default)]
    grain: Option<String>,
    #[serde(default)]
    today: Option<NaiveDate>,
    #[serde(default)]
    complete_through: Option<NaiveDate>,
    week_start: String,
    fiscal_year_start: u32,
}

impl Arguments {
    fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| Error::invalid("arguments", text, error.to_string()))
    }

    fn calendar(&self) -> Result<Calendar> {
        if !(1..=12).contains(&self.fiscal_year_start) {
            return Err(Error::invalid(
                "fiscal_year_start",
                self.fiscal_year_start,
                "expected a month from 1 to 12",
            ));
        }
        Ok(Calendar {
            week_start: WeekStart::parse(&self.week_start)?,
            fiscal_year_start: self.fiscal_year_start,
        })
    }

    fn grain(&self) -> Result<Grain> {
        Grain::parse(self.grain.as_deref().unwrap_or_default())
    }

    fn resolve(&self) -> Result<analysis::ResolvedRanges> {
        let today = self.today.ok_or_else(|| {
            Error::invalid("today", "", "a range is resolved on a day; give `today`")
        })?;
        analysis::resolve(
            &self.range,
            self.compare.as_ref(),
            today,
            self.complete_through,
            self.calendar()?,
        )
    }
}

fn range_json(range: Option<DateRange>) -> Value {
    range.map_or(
        Value::Null,
        |range| json!({"start": range.start, "end": range.end, "days": range.days()}),
    )
}

/// `{"range": …, "comparison": …}` of JSON arguments, as JSON.
#[pyfunction]
pub(crate) fn resolve_range(py: Python<'_>, arguments: &str) -> PyResult<String> {
    Arguments::parse(arguments)
        .and_then(|arguments| arguments.resolve())
        .map(|resolved| {
            json!({"range": range_json(resolved.range), "comparison": range_json(resolved.comparison)}).to_string()
        })
        .map_err(|error| to_py(py, &error))
}

/// The buckets of a custom range, as JSON.
#[pyfunction]
pub(crate) fn buckets(py: Python<'_>, arguments: &str) -> PyResult<String> {
    let tiles = || -> Result<String> {
        let arguments = Arguments::parse(arguments)?;
        let RangeSpec::Custom(range) = arguments.range else {
            return Err(Error::invalid(
                "range",
                &arguments.range,
                "expected a start and an end",
            ));
        };
        Ok(json!(analysis::buckets(
            range,
            arguments.grain()?,
            arguments.calendar()?
        ))
        .to_string())
    };
    tiles().map_err(|error| to_py(py, &error))
}

/// Buckets and their comparison buckets by position, as JSON.
#[pyfunction]
pub(crate) fn bucket_pairs(py: Python<'_>, arguments: &str) -> PyResult<String> {
    let pairs = || -> Result<String> {
        let arguments = Arguments::parse(arguments)?;
        let pairs = analysis::pair_buckets(
            &arguments.resolve()?,
            arguments.grain()?,
            arguments.calendar()?,
        );
        Ok(json!({"buckets": pairs.current, "comparison_buckets": pairs.comparison}).to_string())
    };
    pairs().map_err(|error| to_py(py, &error))
}

/// (absolute, relative, reason) of a change.
#[pyfunction]
#[pyo3(signature = (current, previous))]
pub(crate) fn change(
    current: Option<f64>,
    previous: Option<f64>,
) -> (Option<f64>, Option<f64>, Option<String>) {
    let change = analysis::change(current, previous);
    let reason = change
        .reason
        .and_then(|reason| serde_json::to_value(reason).ok())
        .and_then(|value| value.as_str().map(str::to_owned));
    (change.absolute, change.relative, reason)
}
