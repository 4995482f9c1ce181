//! The schema, built into the binary. Released migrations are never edited; changes are new files.

use sqlx::{
    SqlSafeStr, SqlitePool,
    migrate::{Migration, MigrationType, Migrator},
};

use super::convert::During;
use crate::error::Result;

const MIGRATIONS: &[(i64, &str, &str)] = &[(
    1,
    "first schema",
    include_str!("../../../migrations/sqlite/0001_first_schema.sql"),
)];

/// Brings the schema up to date; how many migrations ran.
pub(super) async fn run(writer: &SqlitePool) -> Result<usize> {
    let before = applied(writer).await?;
    let migrations = MIGRATIONS
        .iter()
        .map(|(version, description, sql)| {
            Migration::new(
                *version,
                (*description).into(),
                MigrationType::Simple,
                sql.into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
        .run(writer)
        .await
        .during("bringing the schema up to date")?;
    Ok(applied(writer).await?.saturating_sub(before))
}

async fn applied(writer: &SqlitePool) -> Result<usize> {
    let (known,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_one(writer)
            .await
            .during("reading the schema's version")?;
    if known == 0 {
        return Ok(0);
    }
    let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM _sqlx_migrations WHERE success")
        .fetch_one(writer)
        .await
        .during("reading the schema's version")?;
    Ok(usize::try_from(count).unwrap_or_default())
}
