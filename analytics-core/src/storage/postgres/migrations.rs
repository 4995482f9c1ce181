//! The schema, built into the binary.
//!
//! Any number of processes may start at once: one of them migrates under an advisory lock, the
//! others look again and again whether they may. (Who waited inside the lock's statement would hold
//! up an index built beside running writes.) Statements of a migration do not wait long for locks of
//! tables, since whoever comes after them would wait too.

use std::time::Duration;

use sqlx::{Connection, Executor, PgConnection, PgPool, migrate::MigrateError, migrate::Migrator};

use super::convert::During;
use crate::{
    error::{Error, Result},
    storage::migrations::{Written, failure, lacking, migrator},
};

const MIGRATIONS: &[Written] = &[
    (
        1,
        "first schema",
        include_str!("../../../migrations/postgres/0001_first_schema.sql"),
    ),
    (
        2,
        "posts",
        include_str!("../../../migrations/postgres/0002_posts.sql"),
    ),
    (
        3,
        "cost terms",
        include_str!("../../../migrations/postgres/0003_cost_terms.sql"),
    ),
    (
        4,
        "kept secrets",
        include_str!("../../../migrations/postgres/0004_kept_secrets.sql"),
    ),
    (
        5,
        "charges",
        include_str!("../../../migrations/postgres/0005_charges.sql"),
    ),
    (
        6,
        "fleet",
        include_str!("../../../migrations/postgres/0006_fleet.sql"),
    ),
    (
        7,
        "operators",
        include_str!("../../../migrations/postgres/0007_operators.sql"),
    ),
];

/// Of our own, since other programs that use sqlx may share the database.
pub(in crate::storage) const TABLE: &str = "analytics_migrations";
/// `ANALYTIC` in ASCII.
const LOCK: i64 = i64::from_be_bytes(*b"ANALYTIC");
const POLL: Duration = Duration::from_millis(50);
/// Longer than a large index takes to build.
const PATIENCE: Duration = Duration::from_secs(3600);
/// How often a migration is tried that did not get a table's lock.
const TRIES: u32 = 10;

/// Brings the schema up to date; how many migrations ran.
pub(in crate::storage) async fn run(pool: &PgPool) -> Result<usize> {
    let mut migrator = migrator(MIGRATIONS);
    migrator.dangerous_set_table_name(TABLE);
    migrator.set_locking(false);
    // A connection of its own: its settings and its lock end with it, however this ends.
    let mut connection = pool
        .acquire()
        .await
        .during("reaching the database")?
        .detach();
    lock(&mut connection).await?;
    let migrated = migrate(&mut connection, &migrator).await;
    // Closing the connection gives the lock back; nobody needs to know how that went.
    let _ = connection.close().await;
    migrated
}

async fn lock(connection: &mut PgConnection) -> Result<()> {
    let patience = std::time::Instant::now() + PATIENCE;
    loop {
        let (locked,): (bool,) = sqlx::query_as("SELECT pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut *connection)
            .await
            .during("locking the schema")?;
        if locked {
            return Ok(());
        }
        if std::time::Instant::now() > patience {
            return Err(Error::Conflict {
                message: "another process has been bringing the schema up to date for an hour"
                    .to_owned(),
            });
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn migrate(connection: &mut PgConnection, migrator: &Migrator) -> Result<usize> {
    connection
        .execute("SET lock_timeout = '3s'")
        .await
        .during("preparing to bring the schema up to date")?;
    let before = applied(connection).await?;
    lacking(&before, MIGRATIONS)?;
    let mut tries = 1;
    while let Err(error) = migrator.run_direct(None, connection, false).await {
        if tries >= TRIES || !waited_in_vain(&error) {
            return Err(failure(error, MIGRATIONS));
        }
        tokio::time::sleep(Duration::from_secs(u64::from(tries))).await;
        tries += 1;
    }
    Ok(applied(connection)
        .await?
        .len()
        .saturating_sub(before.len()))
}

/// Whether a statement gave up waiting for a table, or was in a deadlock about it.
fn waited_in_vain(error: &MigrateError) -> bool {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error
            .as_database_error()
            .and_then(|error| error.code())
            .is_some_and(|code| code == "55P03" || code == "40P01"),
        _ => false,
    }
}

/// How many migrations the schema lacks.
pub(super) async fn pending(pool: &PgPool) -> Result<usize> {
    let mut connection = pool
        .acquire()
        .await
        .during("reading the schema's version")?;
    lacking(&applied(&mut connection).await?, MIGRATIONS)
}

/// Numbers and checksums of the migrations that ran.
async fn applied(connection: &mut PgConnection) -> Result<Vec<(i64, Vec<u8>)>> {
    let (known,): (bool,) = sqlx::query_as("SELECT to_regclass($1) IS NOT NULL")
        .bind(TABLE)
        .fetch_one(&mut *connection)
        .await
        .during("reading the schema's version")?;
    if !known {
        return Ok(Vec::new());
    }
    sqlx::query_as("SELECT version, checksum FROM analytics_migrations WHERE success")
        .fetch_all(connection)
        .await
        .during("reading the schema's version")
}
