//! The schema, built into the binary.

use std::time::Duration;

use sqlx::{SqlitePool, migrate::MigrateError};

use super::{convert::During, is_locked};
use crate::{
    error::Result,
    storage::migrations::{Written, failure, lacking, migrator},
};

const MIGRATIONS: &[Written] = &[
    (
        1,
        "first schema",
        include_str!("../../../migrations/sqlite/0001_first_schema.sql"),
    ),
    (
        2,
        "posts",
        include_str!("../../../migrations/sqlite/0002_posts.sql"),
    ),
    (
        3,
        "cost terms",
        include_str!("../../../migrations/sqlite/0003_cost_terms.sql"),
    ),
    (
        4,
        "kept secrets",
        include_str!("../../../migrations/sqlite/0004_kept_secrets.sql"),
    ),
    (
        5,
        "charges",
        include_str!("../../../migrations/sqlite/0005_charges.sql"),
    ),
    (
        6,
        "fleet",
        include_str!("../../../migrations/sqlite/0006_fleet.sql"),
    ),
    (
        7,
        "operators",
        include_str!("../../../migrations/sqlite/0007_operators.sql"),
    ),
];

/// The version of the schema that this program writes.
pub(in crate::storage) fn latest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, ..)| *version)
}

/// Brings the schema up to date; how many migrations ran.
pub(in crate::storage) async fn run(writer: &SqlitePool) -> Result<usize> {
    let before = applied(writer).await?;
    lacking(&before, MIGRATIONS)?;
    let migrator = migrator(MIGRATIONS);
    let mut tries = 0;
    while let Err(error) = migrator.run(writer).await {
        // Another process may be doing the same to a new database: let it, then look again.
        tries += 1;
        if tries > 20 || !is_race(&error) {
            return Err(failure(error, MIGRATIONS));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(applied(writer).await?.len().saturating_sub(before.len()))
}

/// How many migrations the schema lacks.
pub(super) async fn pending(writer: &SqlitePool) -> Result<usize> {
    lacking(&applied(writer).await?, MIGRATIONS)
}

/// What the loser of a race is told: locked, there already, or recorded already.
fn is_race(error: &MigrateError) -> bool {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            is_locked(error)
                || error.as_database_error().is_some_and(|error| {
                    error.is_unique_violation()
                        || error.message().contains("already exists")
                        || error.message().contains("duplicate column")
                })
        }
        _ => false,
    }
}

/// Numbers and checksums of the migrations that ran.
async fn applied(writer: &SqlitePool) -> Result<Vec<(i64, Vec<u8>)>> {
    let (known,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_one(writer)
            .await
            .during("reading the schema's version")?;
    if known == 0 {
        return Ok(Vec::new());
    }
    sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success")
        .fetch_all(writer)
        .await
        .during("reading the schema's version")
}
