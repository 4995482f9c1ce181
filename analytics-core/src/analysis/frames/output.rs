//! A report as long frames: one row a group and metric, or a group, metric and bucket.

use chrono::NaiveDate;
use polars::prelude::{Column, DataFrame, DataType};

use super::frame_error;
use crate::{
    analysis::{Bucket, Change, Figure, Group, GroupKind, Number, Report, days::day_number},
    error::Result,
};

impl Report {
    /// One row a group and metric: the key's columns, `kind`, `name`, `metric`, `start`, `end`,
    /// `value`, `status`, `covered`, `reason`, `lower`, `upper`, the same of the comparison with
    /// the prefix `previous_`, then `change`, `relative_change` and `change_reason`. Values are
    /// doubles in whole units.
    ///
    /// # Errors
    /// [`Error::Frame`](crate::Error::Frame) if the frame engine fails.
    pub fn totals_frame(&self) -> Result<DataFrame> {
        let mut rows = Rows::new(self);
        let range = self
            .query
            .range
            .as_ref()
            .map(|range| (range.start, range.end));
        let comparison = self.query.comparison.map(|range| (range.start, range.end));
        for group in &self.groups {
            for metric in &self.metrics {
                if let Some(totals) = group.totals.get(&metric.id) {
                    rows.push(group, metric.id.as_str(), (range, comparison));
                    rows.current.push(Some(&totals.current));
                    rows.previous.push(totals.previous.as_ref());
                    rows.changes.push(totals.change);
                }
            }
        }
        rows.finish()
    }

    /// One row a group, metric and bucket, with the columns of [`Self::totals_frame`]; `start` and
    /// `end` are the bucket's, `previous_start` and `previous_end` those of its pair.
    ///
    /// # Errors
    /// [`Error::Frame`](crate::Error::Frame) if the frame engine fails.
    pub fn series_frame(&self) -> Result<DataFrame> {
        let mut rows = Rows::new(self);
        let days = |bucket: &Bucket| (bucket.start, bucket.end);
        for group in &self.groups {
            for metric in &self.metrics {
                let Some(series) = group.series.as_ref().and_then(|all| all.get(&metric.id)) else {
                    continue;
                };
                for (at, (bucket, figure)) in self.buckets.iter().zip(&series.current).enumerate() {
                    let other = self.comparison_buckets.get(at).and_then(Option::as_ref);
                    let ranges = (Some(days(bucket)), other.map(days));
                    rows.push(group, metric.id.as_str(), ranges);
                    rows.current.push(Some(figure));
                    rows.previous.push(
                        series
                            .previous
                            .as_ref()
                            .and_then(|all| all.get(at)?.as_ref()),
                    );
                    rows.changes
                        .push(series.change.as_ref().and_then(|all| *all.get(at)?));
                }
            }
        }
        rows.finish()
    }
}

type Span = Option<(NaiveDate, NaiveDate)>;

/// Rows on their way into columns.
struct Rows<'a> {
    dimensions: Vec<&'a str>,
    groups: Vec<&'a Group>,
    metrics: Vec<&'a str>,
    ranges: Vec<(Span, Span)>,
    current: Vec<Option<&'a Figure>>,
    previous: Vec<Option<&'a Figure>>,
    changes: Vec<Option<Change>>,
}

impl<'a> Rows<'a> {
    fn new(report: &'a Report) -> Self {
        let mut dimensions: Vec<&str> = report.query.group_by.iter().map(String::as_str).collect();
        for name in report.groups.iter().flat_map(|group| group.key.keys()) {
            if !dimensions.contains(&name.as_str()) {
                dimensions.push(name);
            }
        }
        Self {
            dimensions,
            groups: Vec::new(),
            metrics: Vec::new(),
            ranges: Vec::new(),
            current: Vec::new(),
            previous: Vec::new(),
            changes: Vec::new(),
        }
    }

    fn push(&mut self, group: &'a Group, metric: &'a str, ranges: (Span, Span)) {
        self.groups.push(group);
        self.metrics.push(metric);
        self.ranges.push(ranges);
    }

    fn finish(self) -> Result<DataFrame> {
        let mut columns = Vec::new();
        let text = |name: &str, values: Vec<Option<&str>>| Column::new(name.into(), values);
        for dimension in &self.dimensions {
            let values = self
                .groups
                .iter()
                .map(|group| group.key.get(*dimension).and_then(|value| value.as_deref()));
            columns.push(text(dimension, values.collect()));
        }
        let kind = |group: &&Group| match group.kind {
            GroupKind::Entity => Some("entity"),
            GroupKind::Residual => Some("residual"),
            GroupKind::Other => Some("other"),
        };
        columns.push(text("kind", self.groups.iter().map(kind).collect()));
        let name = |group: &&'a Group| group.labels.get("name").and_then(|name| name.as_deref());
        columns.push(text("name", self.groups.iter().map(name).collect()));
        columns.push(Column::new("metric".into(), &self.metrics));
        columns.extend(span_columns("", self.ranges.iter().map(|ranges| ranges.0))?);
        columns.extend(figure_columns("", &self.current));
        columns.extend(span_columns(
            "previous_",
            self.ranges.iter().map(|ranges| ranges.1),
        )?);
        columns.extend(figure_columns("previous_", &self.previous));
        let changes = |value: fn(&Change) -> Option<f64>| -> Vec<Option<f64>> {
            self.changes
                .iter()
                .map(|change| change.as_ref().and_then(value))
                .collect()
        };
        columns.push(Column::new(
            "change".into(),
            changes(|change| change.absolute),
        ));
        columns.push(Column::new(
            "relative_change".into(),
            changes(|change| change.relative),
        ));
        let reasons = self
            .changes
            .iter()
            .map(|change| Some((*change)?.reason?.as_str()));
        columns.push(text("change_reason", reasons.collect()));
        DataFrame::new_infer_height(columns).map_err(|error| frame_error(&error))
    }
}

fn span_columns(prefix: &str, spans: impl Iterator<Item = Span> + Clone) -> Result<[Column; 2]> {
    let days = |name: &str, values: Vec<Option<i32>>| {
        Column::new(format!("{prefix}{name}").into(), values)
            .cast(&DataType::Date)
            .map_err(|error| frame_error(&error))
    };
    Ok([
        days(
            "start",
            spans
                .clone()
                .map(|span| span.map(|(start, _)| day_number(start)))
                .collect(),
        )?,
        days(
            "end",
            spans
                .map(|span| span.map(|(_, end)| day_number(end)))
                .collect(),
        )?,
    ])
}

fn figure_columns(prefix: &str, figures: &[Option<&Figure>]) -> Vec<Column> {
    let numbers = |name: &str, value: fn(&Figure) -> Option<f64>| {
        let values: Vec<Option<f64>> = figures
            .iter()
            .map(|figure| figure.and_then(value))
            .collect();
        Column::new(format!("{prefix}{name}").into(), values)
    };
    let words = |name: &str, value: fn(&Figure) -> Option<&'static str>| {
        let values: Vec<Option<&str>> = figures
            .iter()
            .map(|figure| figure.and_then(value))
            .collect();
        Column::new(format!("{prefix}{name}").into(), values)
    };
    vec![
        numbers("value", |figure| figure.value.as_ref().map(Number::to_f64)),
        words("status", |figure| Some(figure.status.as_str())),
        numbers("covered", |figure| Some(figure.covered)),
        words("reason", |figure| {
            figure.reason.map(super::super::Reason::as_str)
        }),
        numbers("lower", |figure| figure.lower.as_ref().map(Number::to_f64)),
        numbers("upper", |figure| {
            figure.upper.as_ref()?.as_ref().map(Number::to_f64)
        }),
    ]
}
