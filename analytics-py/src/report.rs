//! Reports, on a store or on the user's own frame.

use analytics_core::{
    Error, Query, Result,
    analysis::{self, Dataset},
    model::{Catalogue, Direction, Metric, MetricId, MetricKind, Ratio, Text, Unit},
};
use chrono::Utc;
use pyo3::prelude::*;
use serde::Deserialize;

use crate::{
    error::to_py,
    frame::{Frame, import},
};

/// A report; its parts are handed out as frames and JSON.
#[pyclass(frozen, module = "analytics_py._native")]
#[derive(Debug)]
pub(crate) struct Report {
    answer: analysis::Report,
}

impl Report {
    pub(crate) fn new(answer: analysis::Report) -> Self {
        Self { answer }
    }
}

#[pymethods]
impl Report {
    /// The whole answer as JSON.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string(&self.answer).map_err(|error| {
            to_py(
                py,
                &Error::Frame {
                    message: error.to_string(),
                },
            )
        })
    }

    /// One row a group and metric.
    fn totals(&self, py: Python<'_>) -> PyResult<Frame> {
        self.answer
            .totals_frame()
            .map(Frame::new)
            .map_err(|error| to_py(py, &error))
    }

    /// One row a group, metric and bucket.
    fn series(&self, py: Python<'_>) -> PyResult<Frame> {
        self.answer
            .series_frame()
            .map(Frame::new)
            .map_err(|error| to_py(py, &error))
    }
}

/// The query behind its JSON.
pub(crate) fn parse_query(text: &str) -> Result<Query> {
    serde_json::from_str(text).map_err(|error| Error::invalid("query", text, error.to_string()))
}

/// A report on a frame of the user's own.
#[pyfunction]
#[pyo3(signature = (df, query, coverage, windows, catalogue))]
pub(crate) fn report(
    py: Python<'_>,
    df: &Bound<'_, PyAny>,
    query: &str,
    coverage: Option<&Bound<'_, PyAny>>,
    windows: Option<&Bound<'_, PyAny>>,
    catalogue: Option<&str>,
) -> PyResult<Report> {
    let facts = import(df)?;
    let coverage = coverage.map(import).transpose()?;
    let windows = windows.map(import).transpose()?;
    py.detach(|| {
        let query = parse_query(query)?;
        let catalogue = own_catalogue(catalogue)?;
        let dataset =
            Dataset::from_frames(&facts, coverage.as_ref(), windows.as_ref(), &catalogue)?;
        let today = query.today.unwrap_or_else(|| Utc::now().date_naive());
        analysis::report_on(
            &dataset,
            &catalogue,
            &query,
            today,
            &analysis::ReportDefaults::default(),
        )
    })
    .map(Report::new)
    .map_err(|error: Error| to_py(py, &error))
}

/// A metric of the user's own, as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnMetric {
    id: String,
    #[serde(default = "count")]
    unit: Unit,
    kind: String,
    #[serde(default = "up")]
    better: Direction,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    numerator: Option<String>,
    #[serde(default)]
    denominator: Option<String>,
    #[serde(default = "one")]
    scale: i64,
}

fn count() -> Unit {
    Unit::Count
}

fn up() -> Direction {
    Direction::Up
}

fn one() -> i64 {
    1
}

/// The unified catalogue together with the user's own metrics.
fn own_catalogue(rows: Option<&str>) -> Result<Catalogue> {
    let mut catalogue = Catalogue::default();
    let Some(text) = rows else {
        return Ok(catalogue);
    };
    let rows: Vec<OwnMetric> = serde_json::from_str(text)
        .map_err(|error| Error::invalid("catalogue", text, error.to_string()))?;
    for row in rows {
        let label = row.label.as_deref().unwrap_or(&row.id);
        catalogue.add_metric(Metric {
            id: MetricId::from(row.id.as_str()),
            unit: row.unit,
            kind: kind(&row)?,
            better: row.better,
            label: Text::new(label, label),
            description: Text::new(label, label),
        });
    }
    Ok(catalogue)
}

fn kind(row: &OwnMetric) -> Result<MetricKind> {
    let part = |name: &str, part: &Option<String>| {
        part.as_deref().map(MetricId::from).ok_or_else(|| {
            Error::invalid("catalogue", &row.id, format!("a ratio needs a `{name}`"))
        })
    };
    match row.kind.as_str() {
        "additive" => Ok(MetricKind::Additive),
        "stock" => Ok(MetricKind::Stock),
        "unique" => Ok(MetricKind::Unique),
        "ratio" => Ok(MetricKind::Ratio(Ratio {
            numerator: part("numerator", &row.numerator)?,
            denominators: vec![part("denominator", &row.denominator)?],
            scale: row.scale,
        })),
        other => Err(Error::unknown(
            "kind",
            "catalogue",
            other,
            ["additive", "ratio", "stock", "unique"],
        )),
    }
}
