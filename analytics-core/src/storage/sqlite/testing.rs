//! For tests and load runs: somebody else who writes, and a crowd of accounts.

use sqlx::{Connection, SqliteConnection};

use super::{SqliteStore, convert::During, options};
use crate::{error::Result, model::AccountId};

/// Another connection that holds the database's write lock.
#[derive(Debug)]
pub struct WriteLock(SqliteConnection);

impl WriteLock {
    /// Takes the lock of the database at `url`.
    ///
    /// # Errors
    /// If somebody else does not let go of it, or there is no such database.
    pub async fn take(url: &str) -> Result<Self> {
        let options = options::parse(url)?;
        let mut connection = SqliteConnection::connect_with(&options)
            .await
            .during("opening the database")?;
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut connection)
            .await
            .during("taking the write lock")?;
        Ok(Self(connection))
    }

    /// Lets go of it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn release(mut self) -> Result<()> {
        sqlx::query("ROLLBACK")
            .execute(&mut self.0)
            .await
            .during("letting go of the write lock")?;
        self.0.close().await.during("closing the database")
    }
}

impl SqliteStore {
    /// Adds so many accounts that are due when `account` is and cannot be fetched: enough to plan
    /// with.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn add_crowd(&self, account: AccountId, copies: u32) -> Result<()> {
        let mut transaction = self.begin().await?;
        for statement in [
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
             INSERT INTO accounts (uuid, workspace_id, platform, external_id, name, currency,
               time_zone, platform_status, sealed_access, state, linked_at)
             SELECT randomblob(16), a.workspace_id, a.platform, 'crowd-' || n.i, a.name, a.currency,
               a.time_zone, a.platform_status, x'', 'active', a.linked_at
             FROM n CROSS JOIN accounts a WHERE a.id = $1",
            "INSERT INTO sync (account_id, platform, next_attempt_at, priority)
             SELECT c.id, s.platform, s.next_attempt_at, s.priority
             FROM accounts c CROSS JOIN sync s
             WHERE s.account_id = $1 AND c.external_id LIKE 'crowd-%' AND $2 > 0",
        ] {
            sqlx::query(statement)
                .bind(account.0)
                .bind(copies)
                .execute(&mut *transaction)
                .await
                .during("adding accounts")?;
        }
        super::commit(transaction).await
    }
}
