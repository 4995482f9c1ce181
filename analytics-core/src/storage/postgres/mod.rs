//! PostgreSQL: one database, any number of processes.
//!
//! A write takes the lock of the row it belongs to (an account's, a grant's) before it reads what it
//! decides by, so that writes to one account queue and those to others do not. Statements see what
//! was committed before them; locks are always taken in the order account, sync row, grant.
//! Deadlocks and serialization failures are tried again.

mod account;
mod budget;
mod bulk;
mod charge;
mod connection;
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
mod purge;
mod request;
mod series;
mod session;
mod slice;
mod sums;
mod sync;
mod transaction;
mod user;
mod window;
mod workspace;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::{Cipher, Connections, Store, convert};
use crate::error::{Error, Result};
use convert::During;
use transaction::{Transaction, commit};

pub use connection::PostgresOptions;

/// The database's own time in microseconds; leases are judged by it and by nothing else.
macro_rules! database_now {
    () => {
        "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint"
    };
}
pub(crate) use database_now;

/// How often a write is tried that collided with another one.
const TRIES: u32 = 5;

/// The result of an attempt; one that only collided with another writer is made again.
macro_rules! retried {
    ($attempt:expr) => {{
        let mut tries = 1;
        loop {
            match $attempt.await {
                Err(error) if $crate::storage::postgres::collided(&error, tries) => {
                    $crate::storage::postgres::step_aside(tries).await;
                    tries += 1;
                }
                result => break result,
            }
        }
    }};
}
pub(crate) use retried;

/// A store in a PostgreSQL database.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: PgPool,
    cipher: Cipher,
}

impl PostgresStore {
    /// Opens the database at `url` (`postgresql://user:password@host/database`), which must exist.
    /// The schema is left as it is: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`Error::Config`] for a URL that is none, and if the database cannot be reached; never with
    /// the password in it.
    pub async fn open(url: &str, cipher: Cipher) -> Result<Self> {
        Self::open_with(PostgresOptions::parse(url)?, cipher).await
    }

    /// The same with options of one's own.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(options: PostgresOptions, cipher: Cipher) -> Result<Self> {
        let pool = options.open().await?;
        Ok(Self { pool, cipher })
    }

    async fn begin(&self) -> Result<Transaction> {
        Transaction::begin(&self.pool, "BEGIN").await
    }

    /// A transaction that reads one state of the database.
    async fn begin_reading(&self) -> Result<Transaction> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Transaction::begin(&self.pool, begin).await
    }
}

/// Whether the attempt lost against another writer, and may be made again.
fn collided(error: &Error, tries: u32) -> bool {
    let Error::Storage { source, .. } = error else {
        return false;
    };
    let code = source
        .downcast_ref::<sqlx::Error>()
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code);
    // Serialization failure, deadlock.
    tries < TRIES && code.is_some_and(|code| code == "40001" || code == "40P01")
}

/// Waits for a moment that differs from the other's.
async fn step_aside(tries: u32) {
    let mut noise = [0_u8; 1];
    // Without randomness both wait the same time, and one of them wins all the same.
    let _ = getrandom::fill(&mut noise);
    let wait = u64::from(tries) * 10 + u64::from(noise[0]) / 8;
    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
}

#[async_trait]
impl Store for PostgresStore {
    async fn migrate(&self) -> Result<usize> {
        #[cfg(feature = "sqlite")]
        super::copy::refuse_on_server(&self.pool).await?;
        migrations::run(&self.pool).await
    }

    async fn pending_migrations(&self) -> Result<usize> {
        migrations::pending(&self.pool).await
    }

    async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1")
            .execute(&self.pool)
            .await
            .during("reaching the database")
            .map(drop)
    }

    async fn database_time(&self) -> Result<DateTime<Utc>> {
        let (now,): (i64,) = sqlx::query_as(concat!("SELECT ", database_now!()))
            .fetch_one(&self.pool)
            .await
            .during("reading the database's time")?;
        convert::moment(now)
    }

    fn connections(&self) -> Connections {
        Connections {
            open: self.pool.size(),
            idle: u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX),
            most: self.pool.options().get_max_connections(),
        }
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
