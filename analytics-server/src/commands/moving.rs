//! What `copy`, `backup` and `restore` show while they work, and what they say in the end.

use std::time::{Duration, Instant};

use analytics_core::storage::copy::{Copied, OnProgress, Progress, Stage};
use serde_json::json;

use super::{CommandError, output, stop};
use crate::{
    config::Settings,
    master_key::{self, KeySource},
};

/// What is over sooner needs no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was moved, and how long it took.
#[derive(Debug)]
pub(super) struct Moved {
    copied: Copied,
    took: Duration,
}

/// Does the work with its progress shown; `stopped` is said if it is interrupted.
pub(super) async fn watched(
    work: impl AsyncFnOnce(OnProgress<'_>) -> analytics_core::Result<Copied>,
    stopped: &str,
) -> Result<Moved, CommandError> {
    let start = Instant::now();
    let mut shown: Option<(Stage, output::Progress)> = None;
    let mut tell = |now: Progress<'_>| {
        if start.elapsed() < PATIENCE {
            return;
        }
        if !matches!(&shown, Some((stage, _)) if *stage == now.stage) {
            if let Some((_, before)) = shown.take() {
                before.finish();
            }
            shown = Some((
                now.stage,
                output::Progress::new(title(now.stage), now.total),
            ));
        }
        if let Some((_, bar)) = &mut shown {
            bar.set(now.done, now.total, now.table);
        }
    };
    let copied = tokio::select! {
        copied = work(&mut tell) => copied?,
        () = stop::requested() => return Err(CommandError::failed(stopped)),
    };
    if let Some((_, bar)) = shown.take() {
        bar.finish();
    }
    Ok(Moved {
        copied,
        took: start.elapsed(),
    })
}

fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::Comparing => "comparing",
        Stage::Verifying => "verifying",
        _ => "copying",
    }
}

impl Moved {
    /// Prints what was done: a table, or JSON.
    pub(super) fn print(&self, as_json: bool) -> Result<(), CommandError> {
        let Self { copied, took } = self;
        let seconds = (took.as_secs_f64() * 1000.0).round() / 1000.0;
        if as_json {
            let tables: Vec<_> = copied
                .tables
                .iter()
                .map(|table| json!({"name": table.name, "rows": table.rows}))
                .collect();
            return output::print_json(&json!({
                "from": copied.from,
                "to": copied.to,
                "tables": tables,
                "rows": copied.rows(),
                "seconds": seconds,
                "resumed": copied.resumed,
                "copied_again": copied.copied_again,
            }));
        }
        let rows: Vec<Vec<String>> = copied
            .tables
            .iter()
            .filter(|table| table.rows > 0)
            .map(|table| vec![table.name.clone(), table.rows.to_string()])
            .collect();
        output::print(&output::table(&["table", "rows"], &rows))?;
        if copied.resumed {
            output::note("Went on where an interrupted run had stopped.");
        }
        if !copied.copied_again.is_empty() {
            let tables = copied.copied_again.join(", ");
            output::note(&format!(
                "Had changed in between and was copied again: {tables}"
            ));
        }
        output::print(&format!(
            "{} rows of {} tables from {} to {} in {seconds:.1} s.\n",
            copied.rows(),
            copied.tables.len(),
            copied.from,
            copied.to
        ))
    }
}

/// Where the configured master key is, in words.
pub(super) fn key_place(settings: &Settings) -> String {
    match master_key::source(settings) {
        Ok(KeySource::Environment) => "ANALYTICS_MASTER_KEY".to_owned(),
        Ok(KeySource::NamedFile(path) | KeySource::Beside(path)) => path.display().to_string(),
        Ok(KeySource::Memory) | Err(_) => {
            "ANALYTICS_MASTER_KEY or ANALYTICS_MASTER_KEY_FILE".to_owned()
        }
    }
}
