//! Transactions that leave nothing behind.

use std::ops::{Deref, DerefMut};

use sqlx::{Executor, PgConnection, PgPool, Postgres, pool::PoolConnection};

use super::convert::During;
use crate::error::Result;

/// A transaction. Dropped before it is committed it closes its connection, and the server rolls it
/// back: a connection whose work was dropped between two messages may still be within `BEGIN` or
/// `COPY`, which sqlx does not notice, and must not go to somebody else.
pub(super) struct Transaction {
    connection: PoolConnection<Postgres>,
    ended: bool,
}

impl Transaction {
    /// Starts one with this statement.
    pub(super) async fn begin(pool: &PgPool, statement: &'static str) -> Result<Self> {
        let connection = pool.acquire().await.during("starting a transaction")?;
        let mut transaction = Self {
            connection,
            ended: false,
        };
        transaction
            .execute(statement)
            .await
            .during("starting a transaction")?;
        Ok(transaction)
    }
}

/// Ends a transaction; only now is anything of it seen by others.
pub(super) async fn commit(mut transaction: Transaction) -> Result<()> {
    transaction
        .execute("COMMIT")
        .await
        .during("committing a transaction")?;
    transaction.ended = true;
    Ok(())
}

impl Deref for Transaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}
