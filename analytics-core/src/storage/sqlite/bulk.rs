//! Bulk writes of facts.
//!
//! Statements of many rows with plain `?` parameters, prepared once per size and kept by the
//! connection. (`$1` would be looked up by name, which takes time with the square of their number.)

use std::sync::{Arc, LazyLock};

use sqlx::{Arguments, AssertSqlSafe, SqliteConnection, sqlite::SqliteArguments};

use super::convert::{During, json};
use crate::storage::rows::facts::kind_name;
use crate::{
    error::Result,
    storage::diff::{Cell, Superseded},
};

/// Rows of the largest statement, as a power of two: 2^9 = 512 rows, 2,048 parameters.
const LARGEST: usize = 9;

static INSERTS: LazyLock<Vec<Arc<str>>> = LazyLock::new(|| statements(""));
static UPSERTS: LazyLock<Vec<Arc<str>>> = LazyLock::new(|| {
    statements(" ON CONFLICT (entity, metric, date) DO UPDATE SET value = excluded.value")
});

/// Statements of 1, 2, 4, … rows.
fn statements(tail: &str) -> Vec<Arc<str>> {
    (0..=LARGEST)
        .map(|exponent| {
            let rows = vec!["(?,?,?,?)"; 1 << exponent].join(",");
            format!("INSERT INTO facts (entity, metric, date, value) VALUES {rows}{tail}").into()
        })
        .collect()
}

/// Adds facts that are not stored yet.
pub(super) async fn insert(connection: &mut SqliteConnection, cells: &[Cell]) -> Result<()> {
    write(connection, &INSERTS, cells).await
}

/// Changes values of facts that are stored.
pub(super) async fn update(connection: &mut SqliteConnection, cells: &[Cell]) -> Result<()> {
    write(connection, &UPSERTS, cells).await
}

async fn write(
    connection: &mut SqliteConnection,
    statements: &[Arc<str>],
    mut cells: &[Cell],
) -> Result<()> {
    while !cells.is_empty() {
        let exponent = LARGEST.min(cells.len().ilog2() as usize);
        let (chunk, rest) = cells.split_at(1 << exponent);
        let mut arguments = SqliteArguments::default();
        arguments.reserve(chunk.len() * 4, 0);
        for cell in chunk {
            for number in [cell.entity, cell.metric, i64::from(cell.date), cell.value] {
                arguments
                    .add(number)
                    .map_err(sqlx::Error::Encode)
                    .during("saving facts")?;
            }
        }
        sqlx::query_with(AssertSqlSafe(Arc::clone(&statements[exponent])), arguments)
            .execute(&mut *connection)
            .await
            .during("saving facts")?;
        cells = rest;
    }
    Ok(())
}

/// Removes facts that are gone.
pub(super) async fn delete(connection: &mut SqliteConnection, cells: &[Cell]) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = cells
        .iter()
        .map(|cell| (cell.entity, cell.metric, cell.date))
        .collect();
    sqlx::query(
        "DELETE FROM facts WHERE (entity, metric, date) IN
           (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1))",
    )
    .bind(json(&keys)?)
    .execute(connection)
    .await
    .during("removing facts")
    .map(drop)
}

/// Remembers former states.
pub(super) async fn remember(
    connection: &mut SqliteConnection,
    account: i64,
    superseded: &[Superseded],
    at: i64,
) -> Result<()> {
    if superseded.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = superseded
        .iter()
        .map(|one| {
            (
                one.entity,
                one.metric,
                one.date,
                kind_name(one.kind),
                one.former,
            )
        })
        .collect();
    sqlx::query(
        "INSERT INTO revisions (account_id, entity, metric, date, kind, former, superseded_at)
         SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, $2
         FROM json_each($3)",
    )
    .bind(account)
    .bind(at)
    .bind(json(&rows)?)
    .execute(connection)
    .await
    .during("saving revisions")
    .map(drop)
}
