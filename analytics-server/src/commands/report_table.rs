//! A report as text for reading, and as CSV for spreadsheets.

use std::fmt::Write as _;

use analytics_core::{
    Report,
    analysis::{Bucket, Figure, Group, GroupKind, MetricTotals, Number},
    model::Unit,
};

use super::output;

/// For reading: the groups with their changes, then the buckets of the whole selection.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    match &report.query.range {
        Some(range) => {
            let _ = write!(
                text,
                "{} – {} ({} days)",
                range.start, range.end, range.days
            );
            if let Some(comparison) = &report.query.comparison {
                let _ = write!(text, " against {} – {}", comparison.start, comparison.end);
            }
            text.push_str("\n\n");
        }
        None => text.push_str("No complete day in this range yet.\n\n"),
    }
    text.push_str(&groups(report));
    if !report.buckets.is_empty() {
        for group in &report.totals {
            text.push('\n');
            // Several only where currencies or families must not be added.
            if report.totals.len() > 1 {
                let _ = writeln!(text, "{}", name(group));
            }
            text.push_str(&buckets(report, group));
        }
    }
    for warning in &report.warnings {
        let _ = writeln!(text, "\nnote: {}", warning.message);
    }
    text
}

fn groups(report: &Report) -> String {
    let compares = report.query.compare.is_some();
    let mut header = vec!["".to_owned()];
    for metric in &report.metrics {
        header.push(metric.label.clone());
        if compares {
            header.push("change".to_owned());
        }
    }
    let rows: Vec<Vec<String>> = report
        .groups
        .iter()
        .map(|group| {
            let mut row = vec![name(group)];
            for metric in &report.metrics {
                let totals = group.totals.get(&metric.id);
                row.push(totals.map_or_else(none, |totals| show(&totals.current, metric.unit)));
                if compares {
                    row.push(totals.map_or_else(none, change));
                }
            }
            row
        })
        .collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    output::table(&header, &rows)
}

fn buckets(report: &Report, group: &Group) -> String {
    let mut header = vec!["from", "through"];
    header.extend(report.metrics.iter().map(|metric| metric.label.as_str()));
    let rows: Vec<Vec<String>> = report
        .buckets
        .iter()
        .enumerate()
        .map(|(at, bucket)| {
            let mut row = vec![bucket.start.to_string(), bucket.end.to_string()];
            for metric in &report.metrics {
                let figure = group
                    .series
                    .as_ref()
                    .and_then(|series| series.get(&metric.id))
                    .and_then(|series| series.current.get(at));
                row.push(figure.map_or_else(none, |figure| show(figure, metric.unit)));
            }
            row
        })
        .collect();
    output::table(&header, &rows)
}

fn name(group: &Group) -> String {
    match group.kind {
        GroupKind::Residual => return "(not in lower levels)".to_owned(),
        GroupKind::Other => return "(others)".to_owned(),
        GroupKind::Entity => {}
    }
    if let Some(Some(name)) = group.labels.get("name") {
        return name.clone();
    }
    let parts: Vec<&str> = group.key.values().flatten().map(String::as_str).collect();
    if parts.is_empty() {
        "total".to_owned()
    } else {
        parts.join(" · ")
    }
}

fn none() -> String {
    "–".to_owned()
}

fn show(figure: &Figure, unit: Unit) -> String {
    let Some(value) = &figure.value else {
        return none();
    };
    match unit {
        Unit::Ratio => format!("{:.2}%", value.to_f64() * 100.0),
        _ => grouped(&format!("{:.2}", value.to_f64())),
    }
}

/// Thousands apart, and no decimals where there are none.
fn grouped(number: &str) -> String {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |rest| ("-", rest));
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if decimals.chars().any(|digit| digit != '0') {
        format!("{sign}{text}.{decimals}")
    } else {
        format!("{sign}{text}")
    }
}

fn change(totals: &MetricTotals) -> String {
    totals
        .change
        .as_ref()
        .and_then(|change| change.relative)
        .map_or_else(none, |relative| format!("{:+.1}%", relative * 100.0))
}

/// One row per group, metric and bucket; the range as a whole is the row without buckets.
pub(super) fn csv(report: &Report) -> String {
    let dimensions: Vec<&str> = report
        .groups
        .iter()
        .chain(&report.totals)
        .flat_map(|group| group.key.keys().map(String::as_str))
        .fold(Vec::new(), |mut names, name| {
            if !names.contains(&name) {
                names.push(name);
            }
            names
        });
    let mut header = vec!["kind"];
    header.extend(&dimensions);
    header.extend([
        "name", "metric", "start", "end", "value", "status", "covered", "previous", "absolute",
        "relative", "reason",
    ]);
    let mut rows = Vec::new();
    for group in &report.groups {
        rows.extend(csv_rows(report, group, &dimensions));
    }
    output::csv(&header, &rows)
}

fn csv_rows(report: &Report, group: &Group, dimensions: &[&str]) -> Vec<Vec<String>> {
    let kind = match group.kind {
        GroupKind::Entity => "entity",
        GroupKind::Residual => "residual",
        GroupKind::Other => "other",
    };
    let mut rows = Vec::new();
    for metric in &report.metrics {
        let mut start = vec![kind.to_owned()];
        start.extend(dimensions.iter().map(|dimension| {
            group
                .key
                .get(*dimension)
                .cloned()
                .flatten()
                .unwrap_or_default()
        }));
        start.push(
            group
                .labels
                .get("name")
                .cloned()
                .flatten()
                .unwrap_or_default(),
        );
        start.push(metric.id.to_string());
        if let Some(totals) = group.totals.get(&metric.id) {
            let range = report.query.range.as_ref();
            let days = range.map(|range| (range.start.to_string(), range.end.to_string()));
            rows.push(csv_row(&start, days, totals));
        }
        let series = group
            .series
            .as_ref()
            .and_then(|series| series.get(&metric.id));
        for (at, bucket) in report.buckets.iter().enumerate() {
            let Some(current) = series.and_then(|series| series.current.get(at)) else {
                continue;
            };
            let at_bucket = MetricTotals {
                current: current.clone(),
                previous: series.and_then(|series| series.previous.as_ref()?.get(at)?.clone()),
                change: series.and_then(|series| *series.change.as_ref()?.get(at)?),
            };
            rows.push(csv_row(&start, Some(days_of(bucket)), &at_bucket));
        }
    }
    rows
}

fn days_of(bucket: &Bucket) -> (String, String) {
    (bucket.start.to_string(), bucket.end.to_string())
}

fn csv_row(start: &[String], days: Option<(String, String)>, totals: &MetricTotals) -> Vec<String> {
    let mut row = start.to_vec();
    let (first, last) = days.unwrap_or_default();
    row.extend([first, last]);
    row.push(number(totals.current.value.as_ref()));
    row.push(totals.current.status.as_str().to_owned());
    row.push(totals.current.covered.to_string());
    row.push(number(
        totals
            .previous
            .as_ref()
            .and_then(|figure| figure.value.as_ref()),
    ));
    let change = totals.change.as_ref();
    let plain = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    row.push(plain(change.and_then(|change| change.absolute)));
    row.push(plain(change.and_then(|change| change.relative)));
    row.push(
        change
            .and_then(|change| change.reason)
            .or(totals.current.reason)
            .and_then(|reason| serde_json::to_value(reason).ok())
            .and_then(|reason| reason.as_str().map(str::to_owned))
            .unwrap_or_default(),
    );
    row
}

fn number(value: Option<&Number>) -> String {
    value
        .and_then(|value| serde_json::to_value(value).ok())
        .map(|value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, expected) in [
            ("0.00", "0"),
            ("999.50", "999.50"),
            ("-1234567.00", "-1,234,567"),
            ("100000.05", "100,000.05"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }
}
