//! SQLite: one file, one process' worth of writers, any number of readers.
//!
//! One connection writes, so that writers queue in the process instead of colliding in the
//! database; a small pool reads beside it (write-ahead log). Every write is one
//! `BEGIN IMMEDIATE` transaction: dropping it half way leaves nothing behind.

mod account;
mod budget;
mod bulk;
mod charge;
mod counter;
mod coverage;
mod deletion;
mod entity;
mod fact;
mod fleet;
mod gap;
mod grant;
mod health;
mod link;
mod listing;
pub(super) mod migrations;
mod options;
mod packed;
mod purge;
mod request;
mod session;
mod slice;
mod sums;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod user;
mod window;
mod workspace;

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{
    ConnectOptions, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Cipher, Connections, Store, convert};
use crate::error::{Error, Result};
use convert::During;

/// How long a caller waits for the writer connection: saves of large slices queue here.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(120);
/// Readers beside the writer. Reports are CPU work, so more would only wait for cores.
const READERS: u32 = 4;

/// The database's own time in microseconds; leases are judged by it and by nothing else.
macro_rules! database_now {
    () => {
        "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
    };
}
pub(crate) use database_now;

/// A store in one SQLite file, or in memory.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    cipher: Cipher,
}

impl SqliteStore {
    /// Opens the database at `url` (`sqlite://path/to/file.db`, `sqlite::memory:`), creating file
    /// and folder if they do not exist; a new file is readable by its owner only. The schema is
    /// left as it is: see [`Store::migrate`].
    ///
    /// `?max_mb=N` lets the database grow to so many megabytes and fail then, before the disk is
    /// full; `?busy_seconds=N` is how long a write waits for another process' one (15).
    ///
    /// # Errors
    /// [`Error::Config`] for a URL that is none, [`Error::Storage`] if it cannot be opened.
    pub async fn open(url: &str, cipher: Cipher) -> Result<Self> {
        let options = options::parse(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        let pool = || {
            SqlitePoolOptions::new()
                .idle_timeout(None)
                .max_lifetime(None)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                // A connection to a file in this process does not go away by itself.
                .test_before_acquire(false)
        };

        if url.contains(":memory:") || url.contains("mode=memory") {
            // The database lives as long as its one connection, which reads and writes in turns.
            let only = pool()
                .max_connections(1)
                .min_connections(1)
                .connect_with(options.shared_cache(false))
                .await
                .during("opening the database")?;
            return Ok(Self {
                writer: only.clone(),
                readers: only,
                cipher,
            });
        }

        create_file(options.get_filename())?;
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            // A renewed token that a power cut forgets may be lost for good.
            .synchronous(SqliteSynchronous::Full);
        let writer = options.clone().pragma("cache_size", "-16384");
        let mut tries = 0;
        let writer = loop {
            let connected = pool().max_connections(1).connect_with(writer.clone()).await;
            match connected {
                // Turning on the log of a new file needs it alone, and waits for nobody.
                Err(error) if tries < 20 && is_locked(&error) => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                connected => break connected.during("opening the database")?,
            }
        };
        let readers = pool()
            .max_connections(READERS)
            .connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self {
            writer,
            readers,
            cipher,
        })
    }

    /// A write transaction; it holds the database's write lock from its start.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .during("starting a transaction")
    }
}

/// Whether another connection held a lock for longer than this one waits.
fn is_locked(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|error| error.message().contains("locked"))
}

async fn commit(transaction: Transaction<'static, Sqlite>) -> Result<()> {
    transaction
        .commit()
        .await
        .during("committing a transaction")
}

/// Creates an absent file so that only its owner reads it; the log beside it inherits that.
pub(super) fn create_file(path: &Path) -> Result<()> {
    let wrong = |error: std::io::Error| Error::Config {
        message: format!("cannot create the database {}: {error}", path.display()),
    };
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|path| !path.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(wrong)
}

#[async_trait]
impl Store for SqliteStore {
    async fn migrate(&self) -> Result<usize> {
        super::copy::refuse_in_file(&self.writer).await?;
        migrations::run(&self.writer).await
    }

    async fn pending_migrations(&self) -> Result<usize> {
        migrations::pending(&self.readers).await
    }

    async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1")
            .execute(&self.readers)
            .await
            .during("reaching the database")
            .map(drop)
    }

    async fn database_time(&self) -> Result<DateTime<Utc>> {
        let (now,): (i64,) = sqlx::query_as(concat!("SELECT ", database_now!()))
            .fetch_one(&self.readers)
            .await
            .during("reading the database's time")?;
        convert::moment(now)
    }

    fn connections(&self) -> Connections {
        let pools = [&self.writer, &self.readers];
        let count = |of: fn(&SqlitePool) -> u32| pools.iter().map(|pool| of(pool)).sum();
        Connections {
            open: count(SqlitePool::size),
            idle: count(|pool| u32::try_from(pool.num_idle()).unwrap_or(u32::MAX)),
            most: count(|pool| pool.options().get_max_connections()),
        }
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
