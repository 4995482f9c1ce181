//! Facts as rows.

use analytics_core::model::{FactRecord, Level};
use clap::ValueEnum;
use serde_json::json;

use super::super::{CommandError, output};

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Aligned columns
    Table,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated
    Csv,
}

const COLUMNS: [&str; 5] = ["level", "entity", "metric", "date", "value"];

pub(super) fn render(
    format: Format,
    level: Level,
    facts: &[FactRecord],
) -> Result<String, CommandError> {
    if format == Format::Jsonl {
        let mut text = String::new();
        for fact in facts {
            let row = json!({
                "level": level, "entity": fact.entity, "metric": fact.metric,
                "date": fact.date, "value": fact.value.to_string(),
            });
            text.push_str(&serde_json::to_string(&row)?);
            text.push('\n');
        }
        return Ok(text);
    }
    let rows: Vec<Vec<String>> = facts
        .iter()
        .map(|fact| {
            vec![
                level.as_str().to_owned(),
                fact.entity.to_string(),
                fact.metric.to_string(),
                fact.date.to_string(),
                fact.value.to_string(),
            ]
        })
        .collect();
    Ok(match format {
        Format::Csv => output::csv(&COLUMNS, &rows),
        _ => output::table(&COLUMNS, &rows),
    })
}
