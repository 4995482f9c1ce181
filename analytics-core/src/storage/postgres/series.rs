//! Reading facts in bulk: a row of arrays for every series, since a row costs sqlx microseconds and
//! an element of an array nanoseconds.

use std::collections::HashMap;

use sqlx::{PgConnection, Row};

use super::convert::{During, corrupt, level_id};
use crate::{
    error::Result,
    model::{AccountId, DateRange, EntityId, FactSeries, Level, MetricId},
    storage::{convert::day, diff::Cell},
};

/// Every series of an account at one level, lifetime totals included, by entity and metric.
pub(super) async fn read(
    connection: &mut PgConnection,
    account: AccountId,
    level: Level,
) -> Result<Vec<FactSeries>> {
    // `LATERAL`: entity by entity along the index, however large the table is.
    let rows = sqlx::query(
        "SELECT e.id, s.metric, s.dates, s.numbers FROM entities e
         CROSS JOIN LATERAL (
           SELECT f.metric, array_agg(f.date) AS dates, array_agg(f.value) AS numbers
           FROM facts f WHERE f.entity = e.id GROUP BY f.metric) s
         WHERE e.account_id = $1 AND e.level = $2
         UNION ALL
         SELECT e.id, s.metric, s.dates, s.numbers FROM entities e
         CROSS JOIN LATERAL (
           SELECT c.metric, array_agg(c.date) AS dates, array_agg(c.value) AS numbers
           FROM counters c WHERE c.entity = e.id GROUP BY c.metric) s
         WHERE e.account_id = $1 AND e.level = $2",
    )
    .bind(account.0)
    .bind(level_id(level))
    .fetch_all(&mut *connection)
    .await
    .during("reading series")?;
    // The names are few and known to every account, so they are read apart: once, not a row. Now they
    // are there for everything that was read.
    let names: Vec<(i32, String)> = sqlx::query_as("SELECT id, name FROM metrics")
        .fetch_all(connection)
        .await
        .during("reading metrics")?;
    let names: HashMap<i32, MetricId> = names
        .into_iter()
        .map(|(id, name)| (id, MetricId::from(name)))
        .collect();
    let mut series = Vec::with_capacity(rows.len());
    for row in &rows {
        let wrong = "reading series";
        let metric: i32 = row.try_get("metric").during(wrong)?;
        let (dates, values) = ascending(
            row.try_get("dates").during(wrong)?,
            row.try_get("numbers").during(wrong)?,
        );
        series.push(FactSeries {
            entity: EntityId(row.try_get("id").during(wrong)?),
            metric: names
                .get(&metric)
                .cloned()
                .ok_or_else(|| corrupt("a fact has an unknown metric"))?,
            dates,
            values,
        });
    }
    series.sort_by(|a, b| (a.entity, &a.metric).cmp(&(b.entity, &b.metric)));
    Ok(series)
}

/// The index has days descending, but the planner need not use it.
fn ascending(mut dates: Vec<i32>, mut values: Vec<i64>) -> (Vec<i32>, Vec<i64>) {
    if dates.is_sorted_by(|a, b| a > b) {
        dates.reverse();
        values.reverse();
    } else if !dates.is_sorted() {
        let mut pairs: Vec<(i32, i64)> = dates.into_iter().zip(values).collect();
        pairs.sort_unstable();
        return pairs.into_iter().unzip();
    }
    (dates, values)
}

/// What is stored of these metrics in a range of days, sorted.
pub(super) async fn stored_cells(
    connection: &mut PgConnection,
    account: AccountId,
    level: Level,
    metrics: &[i64],
    days: DateRange,
) -> Result<Vec<Cell>> {
    let rows = sqlx::query(
        "SELECT e.id, s.metrics, s.dates, s.numbers FROM entities e
         CROSS JOIN LATERAL (
           SELECT array_agg(f.metric) AS metrics, array_agg(f.date) AS dates,
                  array_agg(f.value) AS numbers
           FROM facts f
           WHERE f.entity = e.id AND f.date BETWEEN $4 AND $5 AND f.metric = ANY($3::int[])) s
         WHERE e.account_id = $1 AND e.level = $2 AND s.dates IS NOT NULL",
    )
    .bind(account.0)
    .bind(level_id(level))
    .bind(metrics)
    .bind(day(days.start))
    .bind(day(days.end))
    .fetch_all(connection)
    .await
    .during("reading stored facts")?;
    let mut cells = Vec::new();
    for row in &rows {
        let wrong = "reading stored facts";
        let entity = row.try_get("id").during(wrong)?;
        let metrics: Vec<i32> = row.try_get("metrics").during(wrong)?;
        let dates: Vec<i32> = row.try_get("dates").during(wrong)?;
        let values: Vec<i64> = row.try_get("numbers").during(wrong)?;
        cells.extend(
            metrics
                .into_iter()
                .zip(dates)
                .zip(values)
                .map(|((metric, date), value)| Cell {
                    entity,
                    metric: metric.into(),
                    date,
                    value,
                }),
        );
    }
    cells.sort_unstable();
    Ok(cells)
}
