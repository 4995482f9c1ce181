//! Days that a feed covers but one of its metrics does not.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::{
    convert::{During, day, json},
    coverage::Place,
};
use crate::storage::{
    gaps::{self, Kept, Replaced, Run},
    rows::facts,
};
use crate::{
    error::Result,
    model::{CoveredRun, GapRun, Slice},
};

/// Stores what a slice says of its metrics' gaps: delivered days have none any more; a refused day
/// that was known before stays known. `before` are the feed's runs before this slice.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    place: Place,
    slice: &Slice,
    metrics: &HashMap<&str, i64>,
    before: &[CoveredRun],
) -> Result<Vec<Kept>> {
    let stored = overlapping(connection, place, slice, metrics).await?;
    let outcome = gaps::outcome(slice, metrics, &stored, before);
    for replaced in &outcome.replaced {
        replace(connection, place, replaced).await?;
    }
    Ok(outcome.kept)
}

/// Stored runs of the metrics that overlap the slice's days or touch them.
async fn overlapping(
    connection: &mut SqliteConnection,
    place: Place,
    slice: &Slice,
    metrics: &HashMap<&str, i64>,
) -> Result<Vec<Run>> {
    let metrics: Vec<i64> = metrics.values().copied().collect();
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "SELECT metric, first_day, last_day, reason FROM metric_gaps
         WHERE account_id = $1 AND level = $2 AND metric IN (SELECT value FROM json_each($3))
           AND first_day <= $5 + 1 AND last_day >= $4 - 1",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(json(&metrics)?)
    .bind(day(slice.range.start))
    .bind(day(slice.range.end))
    .fetch_all(connection)
    .await
    .during("reading the gaps of metrics")?;
    Ok(rows
        .into_iter()
        .map(|(metric, first, last, reason)| Run {
            metric,
            first,
            last,
            reason,
        })
        .collect())
}

async fn replace(
    connection: &mut SqliteConnection,
    place: Place,
    replaced: &Replaced<'_>,
) -> Result<()> {
    for first in &replaced.former {
        sqlx::query(
            "DELETE FROM metric_gaps
             WHERE account_id = $1 AND level = $2 AND metric = $3 AND first_day = $4",
        )
        .bind(place.account)
        .bind(place.level)
        .bind(replaced.metric)
        .bind(first)
        .execute(&mut *connection)
        .await
        .during("saving the gaps of a metric")?;
    }
    sqlx::query(
        "INSERT INTO metric_gaps (account_id, level, metric, first_day, last_day, reason)
         SELECT $1, $2, $3, value ->> 0, value ->> 1, value ->> 2 FROM json_each($4)",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(replaced.metric)
    .bind(json(&replaced.runs)?)
    .execute(connection)
    .await
    .during("saving the gaps of a metric")
    .map(drop)
}

/// Every gap of an account, by level, metric and day.
pub(super) async fn read(connection: &mut SqliteConnection, account: i64) -> Result<Vec<GapRun>> {
    let rows = sqlx::query(
        "SELECT g.level, m.name AS metric, g.first_day, g.last_day, g.reason
         FROM metric_gaps g JOIN metrics m ON m.id = g.metric
         WHERE g.account_id = $1 ORDER BY g.level, m.name, g.first_day",
    )
    .bind(account)
    .fetch_all(connection)
    .await
    .during("reading the gaps of metrics")?;
    rows.iter().map(facts::gap_run).collect()
}
