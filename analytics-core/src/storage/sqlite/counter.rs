//! Lifetime totals of posts: kept as they are, and turned into daily amounts.

use std::collections::{BTreeSet, HashMap};

use sqlx::SqliteConnection;

use super::{
    convert::{During, day, get, json},
    coverage::Place,
    slice::{metric_ids, remember_metrics, resolve},
};
use crate::storage::{
    counters::{self, Counted, Counter},
    rows::account::Owner,
};
use crate::{error::Result, model::Slice};

/// Stores a slice's counters, and works out what they rose by.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    owner: &Owner,
    place: Place,
    slice: &Slice,
) -> Result<Counted> {
    let date = day(slice.range.end);
    let first_snapshot = first_snapshot(connection, place, slice).await?;
    if slice.counters.is_empty() {
        return Ok(Counted::default());
    }
    let counters = keyed(connection, owner, slice).await?;
    let mut before = previous(connection, &counters, date).await?;
    let born = published(connection, owner, &counters, date).await?;
    counters::start_from_nothing(&mut before, &counters, &born, first_snapshot, date);
    let rows: Vec<_> = counters
        .iter()
        .map(|one| (one.entity, one.total, date, one.value))
        .collect();
    put(connection, &rows).await?;
    let totals = counters.iter().map(|one| one.total);
    remember_metrics(connection, owner.account, totals).await?;
    counters::counted(slice, &counters, &before)
}

/// The first day that has a snapshot; none before the first one.
///
/// # Errors
/// [`Error::Invalid`] for a slice of several days, or one older than a stored snapshot: what was
/// taken from it as a difference would be counted twice.
async fn first_snapshot(
    connection: &mut SqliteConnection,
    place: Place,
    slice: &Slice,
) -> Result<Option<i64>> {
    let (first, last): (Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT min(first_day), max(last_day) FROM coverage
         WHERE account_id = $1 AND level = $2 AND feed_id = $3",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(place.feed)
    .fetch_one(connection)
    .await
    .during("reading the days of snapshots")?;
    counters::check_snapshot(slice, last)?;
    Ok(first)
}

async fn keyed(
    connection: &mut SqliteConnection,
    owner: &Owner,
    slice: &Slice,
) -> Result<Vec<Counter>> {
    let entities = resolve(connection, owner, slice.level, &counters::posts(slice)).await?;
    let counters::Metrics { bases, totals } = counters::metrics(slice);
    let total_ids = metric_ids(connection, totals.iter()).await?;
    let amounts = bases
        .into_iter()
        .filter(|base| slice.metrics.contains(base));
    let amount_ids = metric_ids(connection, amounts).await?;
    counters::keyed(slice, &entities, &total_ids, &amount_ids)
}

/// The last total of each counter before `date`.
async fn previous(
    connection: &mut SqliteConnection,
    counters: &[Counter],
    date: i64,
) -> Result<HashMap<(i64, i64), i64>> {
    let keys: Vec<(i64, i64)> = counters.iter().map(|one| (one.entity, one.total)).collect();
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT c.entity, c.metric, c.value FROM json_each($1) j CROSS JOIN counters c
         WHERE c.entity = j.value ->> 0 AND c.metric = j.value ->> 1
           AND c.date = (SELECT max(p.date) FROM counters p
                         WHERE p.entity = c.entity AND p.metric = c.metric AND p.date < $2)",
    )
    .bind(json(&keys)?)
    .bind(date)
    .fetch_all(connection)
    .await
    .during("reading the last snapshot")?;
    Ok(rows
        .into_iter()
        .map(|(entity, total, value)| ((entity, total), value))
        .collect())
}

/// The days on which the posts were published, by entity, in the account's own zone.
///
/// # Errors
/// [`Error::Invalid`] for one that was published after the snapshot's day.
async fn published(
    connection: &mut SqliteConnection,
    owner: &Owner,
    counters: &[Counter],
    date: i64,
) -> Result<HashMap<i64, i64>> {
    let entities: BTreeSet<i64> = counters.iter().map(|one| one.entity).collect();
    let rows = sqlx::query(
        "SELECT e.id, e.external_id, e.published_at
         FROM json_each($1) j CROSS JOIN entities e ON e.id = j.value
         WHERE e.published_at IS NOT NULL",
    )
    .bind(json(&entities)?)
    .fetch_all(connection)
    .await
    .during("reading when posts were published")?;
    let mut days = HashMap::with_capacity(rows.len());
    for row in &rows {
        let born = counters::born(
            owner,
            get(row, "external_id")?,
            get(row, "published_at")?,
            date,
        )?;
        days.insert(get(row, "id")?, born);
    }
    Ok(days)
}

async fn put(connection: &mut SqliteConnection, rows: &[(i64, i64, i64, i64)]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO counters (entity, metric, date, value)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($1) WHERE true
         ON CONFLICT (entity, metric, date) DO UPDATE SET value = excluded.value",
    )
    .bind(json(&rows)?)
    .execute(connection)
    .await
    .during("saving a snapshot")
    .map(drop)
}
