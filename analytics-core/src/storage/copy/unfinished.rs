//! Nobody works on the target of a copy that is not finished.

use sqlx::{AssertSqlSafe, SqlitePool};

use super::{failed, marks, sql::Dialect};
use crate::error::{Error, Result};

const OPERATION: &str = "reading the schema's version";

fn source() -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT coalesce(min(source), '') FROM {}",
        marks::TABLE
    ))
}

fn unfinished(source: &str) -> Error {
    Error::Conflict {
        message: format!(
            "this database is an unfinished copy of {source}: run `analytics copy` (or `restore`) again, which finishes it"
        ),
    }
}

/// Refuses a file that is the target of an unfinished copy.
pub(crate) async fn refuse_in_file(pool: &SqlitePool) -> Result<()> {
    let broken = |error| failed(OPERATION, "", error);
    let (known,): (i64,) = sqlx::query_as(Dialect::Sqlite.has_table())
        .bind(marks::TABLE)
        .fetch_one(pool)
        .await
        .map_err(broken)?;
    if known == 0 {
        return Ok(());
    }
    let read = sqlx::query_as(source()).fetch_one(pool).await;
    let (source,): (String,) = read.map_err(broken)?;
    Err(unfinished(&source))
}

/// Refuses a server's database that is the target of an unfinished copy.
#[cfg(feature = "postgres")]
pub(crate) async fn refuse_on_server(pool: &sqlx::PgPool) -> Result<()> {
    let broken = |error| failed(OPERATION, "", error);
    let (known,): (i64,) = sqlx::query_as(Dialect::Postgres.has_table())
        .bind(marks::TABLE)
        .fetch_one(pool)
        .await
        .map_err(broken)?;
    if known == 0 {
        return Ok(());
    }
    let read = sqlx::query_as(source()).fetch_one(pool).await;
    let (source,): (String,) = read.map_err(broken)?;
    Err(unfinished(&source))
}
