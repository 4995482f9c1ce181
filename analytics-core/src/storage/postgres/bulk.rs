//! Bulk writes of facts.

use std::cmp::Reverse;

use sqlx::PgConnection;

use super::convert::During;
use crate::{
    error::Result,
    storage::{
        diff::{Cell, Superseded},
        rows::facts::kind_name,
    },
};

/// So many facts and more go by `COPY`; fewer by a statement that stays prepared.
const COPY_FROM: usize = 500;
/// Facts sent at a time: 36 bytes each.
const COPY_CHUNK: usize = 16_384;

/// Adds facts that are not stored yet.
pub(super) async fn insert(connection: &mut PgConnection, cells: &[Cell]) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    // In the order of the index, so that its pages fill one after the other.
    let mut cells = cells.to_vec();
    cells.sort_unstable_by_key(|cell| (cell.entity, Reverse(cell.date), cell.metric));
    if cells.len() >= COPY_FROM {
        return copy(connection, &cells).await;
    }
    let Arrays {
        entities,
        metrics,
        dates,
        values,
    } = Arrays::of(&cells);
    sqlx::query(
        "INSERT INTO facts (entity, metric, date, value)
         SELECT * FROM UNNEST($1::bigint[], $2::int[], $3::int[], $4::bigint[])",
    )
    .bind(entities)
    .bind(metrics)
    .bind(dates)
    .bind(values)
    .execute(connection)
    .await
    .during("saving facts")
    .map(drop)
}

/// Adds facts by `COPY` in its binary format.
async fn copy(connection: &mut PgConnection, cells: &[Cell]) -> Result<()> {
    let statement = "COPY facts (entity, metric, date, value) FROM STDIN (FORMAT binary)";
    let mut copy = connection
        .copy_in_raw(statement)
        .await
        .during("saving facts")?;
    let sent = send(&mut copy, cells).await;
    match sent {
        Ok(()) => copy.finish().await.during("saving facts").map(drop),
        Err(error) => {
            // What it says then is that it was aborted.
            let _ = copy.abort("it could not be sent").await;
            Err(error)
        }
    }
}

async fn send(
    copy: &mut sqlx::postgres::PgCopyIn<&mut PgConnection>,
    cells: &[Cell],
) -> Result<()> {
    // Signature, flags and no extension.
    let mut buffer = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for chunk in cells.chunks(COPY_CHUNK) {
        buffer.reserve(chunk.len() * 42);
        for cell in chunk {
            let metric = i32::try_from(cell.metric).during("saving facts")?;
            buffer.extend_from_slice(&4_i16.to_be_bytes());
            buffer.extend_from_slice(&8_i32.to_be_bytes());
            buffer.extend_from_slice(&cell.entity.to_be_bytes());
            buffer.extend_from_slice(&4_i32.to_be_bytes());
            buffer.extend_from_slice(&metric.to_be_bytes());
            buffer.extend_from_slice(&4_i32.to_be_bytes());
            buffer.extend_from_slice(&cell.date.to_be_bytes());
            buffer.extend_from_slice(&8_i32.to_be_bytes());
            buffer.extend_from_slice(&cell.value.to_be_bytes());
        }
        copy.send(buffer.as_slice()).await.during("saving facts")?;
        buffer.clear();
    }
    let end = (-1_i16).to_be_bytes();
    copy.send(end.as_slice())
        .await
        .during("saving facts")
        .map(drop)
}

/// Changes values of facts that are stored.
pub(super) async fn update(connection: &mut PgConnection, cells: &[Cell]) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    let arrays = Arrays::of(cells);
    sqlx::query(
        "UPDATE facts f SET value = r.value
         FROM UNNEST($1::bigint[], $2::int[], $3::int[], $4::bigint[])
           AS r (entity, metric, date, value)
         WHERE f.entity = r.entity AND f.metric = r.metric AND f.date = r.date",
    )
    .bind(arrays.entities)
    .bind(arrays.metrics)
    .bind(arrays.dates)
    .bind(arrays.values)
    .execute(connection)
    .await
    .during("saving facts")
    .map(drop)
}

/// Removes facts that are gone.
pub(super) async fn delete(connection: &mut PgConnection, cells: &[Cell]) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    let arrays = Arrays::of(cells);
    sqlx::query(
        "DELETE FROM facts f USING UNNEST($1::bigint[], $2::int[], $3::int[])
           AS r (entity, metric, date)
         WHERE f.entity = r.entity AND f.metric = r.metric AND f.date = r.date",
    )
    .bind(arrays.entities)
    .bind(arrays.metrics)
    .bind(arrays.dates)
    .execute(connection)
    .await
    .during("removing facts")
    .map(drop)
}

/// Remembers former states.
pub(super) async fn remember(
    connection: &mut PgConnection,
    account: i64,
    superseded: &[Superseded],
    at: i64,
) -> Result<()> {
    if superseded.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO revisions (account_id, entity, metric, date, kind, former, superseded_at)
         SELECT $1, r.*, $2
         FROM UNNEST($3::bigint[], $4::int[], $5::int[], $6::text[], $7::bigint[]) r",
    )
    .bind(account)
    .bind(at)
    .bind(superseded.iter().map(|one| one.entity).collect::<Vec<_>>())
    .bind(superseded.iter().map(|one| one.metric).collect::<Vec<_>>())
    .bind(superseded.iter().map(|one| one.date).collect::<Vec<_>>())
    .bind(
        (superseded.iter())
            .map(|one| kind_name(one.kind))
            .collect::<Vec<_>>(),
    )
    .bind(superseded.iter().map(|one| one.former).collect::<Vec<_>>())
    .execute(connection)
    .await
    .during("saving revisions")
    .map(drop)
}

/// Facts by columns.
struct Arrays {
    entities: Vec<i64>,
    metrics: Vec<i64>,
    dates: Vec<i32>,
    values: Vec<i64>,
}

impl Arrays {
    fn of(cells: &[Cell]) -> Self {
        Self {
            entities: cells.iter().map(|cell| cell.entity).collect(),
            metrics: cells.iter().map(|cell| cell.metric).collect(),
            dates: cells.iter().map(|cell| cell.date).collect(),
            values: cells.iter().map(|cell| cell.value).collect(),
        }
    }
}
