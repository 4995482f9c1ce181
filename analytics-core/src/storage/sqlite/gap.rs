//! Days that a feed covers but one of its metrics does not.

use std::collections::{BTreeMap, HashMap};

use sqlx::SqliteConnection;

use super::{
    convert::{During, day, get, json, level, range},
    coverage::Place,
};
use crate::{
    error::Result,
    model::{CoveredRun, GapRun, MetricGap, Slice},
};

/// Days of one metric whose stored values stay, though the fetched slice has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) metric: i64,
    pub(super) first: i64,
    pub(super) last: i64,
}

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
    let mut kept = Vec::new();
    for (name, metric) in metrics {
        let known: Vec<&Run> = stored.iter().filter(|run| run.metric == *metric).collect();
        let refused: Vec<&MetricGap> = slice
            .gaps
            .iter()
            .filter(|gap| gap.metric.as_str() == *name)
            .collect();
        if known.is_empty() && refused.is_empty() {
            continue;
        }
        let mut gaps: BTreeMap<i64, &str> = known
            .iter()
            .flat_map(|run| (run.first..=run.last).map(|day| (day, run.reason.as_str())))
            .collect();
        for date in slice.range.iter() {
            let at = day(date);
            let was_gap = gaps.remove(&at).is_some();
            let Some(refusal) = refused.iter().find(|gap| gap.range.contains(date)) else {
                continue;
            };
            if !was_gap && before.iter().any(|run| run.range.contains(date)) {
                kept.push(Kept {
                    metric: *metric,
                    first: at,
                    last: at,
                });
            } else {
                gaps.insert(at, &refusal.reason);
            }
        }
        replace(connection, place, *metric, &known, &gaps).await?;
    }
    Ok(kept)
}

struct Run {
    metric: i64,
    first: i64,
    last: i64,
    reason: String,
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
    metric: i64,
    before: &[&Run],
    days: &BTreeMap<i64, &str>,
) -> Result<()> {
    for run in before {
        sqlx::query(
            "DELETE FROM metric_gaps
             WHERE account_id = $1 AND level = $2 AND metric = $3 AND first_day = $4",
        )
        .bind(place.account)
        .bind(place.level)
        .bind(metric)
        .bind(run.first)
        .execute(&mut *connection)
        .await
        .during("saving the gaps of a metric")?;
    }
    let mut runs: Vec<(i64, i64, &str)> = Vec::new();
    for (day, reason) in days {
        match runs.last_mut() {
            Some((_, last, known)) if *last + 1 == *day && known == reason => *last = *day,
            _ => runs.push((*day, *day, reason)),
        }
    }
    sqlx::query(
        "INSERT INTO metric_gaps (account_id, level, metric, first_day, last_day, reason)
         SELECT $1, $2, $3, value ->> 0, value ->> 1, value ->> 2 FROM json_each($4)",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(metric)
    .bind(json(&runs)?)
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
    rows.iter()
        .map(|row| {
            Ok(GapRun {
                level: level(get(row, "level")?)?,
                gap: MetricGap {
                    metric: get::<&str>(row, "metric")?.into(),
                    range: range(get(row, "first_day")?, get(row, "last_day")?)?,
                    reason: get(row, "reason")?,
                },
            })
        })
        .collect()
}
