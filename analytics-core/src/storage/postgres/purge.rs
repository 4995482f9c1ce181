//! Removing an account with everything that hangs from it.

use sqlx::PgConnection;

use super::{
    PostgresStore, account, commit,
    convert::{During, date, get},
    retried,
};
use crate::{
    error::{Error, Result},
    model::{AccountContents, AccountId, WorkspaceId},
};

impl PostgresStore {
    pub(super) async fn contents(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<AccountContents> {
        self.require_account(workspace, id).await?;
        let mut connection = self
            .pool
            .acquire()
            .await
            .during("counting what is stored")?;
        count(&mut connection, id).await
    }

    pub(super) async fn purge(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<AccountContents> {
        retried!(self.try_to_purge(workspace, id))
    }

    async fn try_to_purge(&self, workspace: WorkspaceId, id: AccountId) -> Result<AccountContents> {
        let mut transaction = self.begin().await?;
        account::owner(&mut transaction, workspace, id).await?;
        let removed = count(&mut transaction, id).await?;
        let grants: Vec<(i64,)> =
            // Locked first, so that an account that is linked by one right now is seen below.
            sqlx::query_as(
                "SELECT g.id FROM grants g
                 WHERE g.id IN (SELECT grant_id FROM account_grants WHERE account_id = $1)
                 ORDER BY g.id FOR UPDATE",
            )
                .bind(id.0)
                .fetch_all(&mut *transaction)
                .await
                .during("purging an account")?;
        let own: Vec<(i64,)> = sqlx::query_as("SELECT id FROM entities WHERE account_id = $1")
            .bind(id.0)
            .fetch_all(&mut *transaction)
            .await
            .during("purging an account")?;
        let own: Vec<i64> = own.into_iter().map(|(entity,)| entity).collect();
        // Everything else hangs from the account and goes with it.
        sqlx::query("DELETE FROM accounts WHERE id = $1")
            .bind(id.0)
            .execute(&mut *transaction)
            .await
            .during("purging an account")?;
        for (grant,) in grants {
            sqlx::query(
                "DELETE FROM grants WHERE id = $1
                   AND NOT EXISTS (SELECT 1 FROM account_grants WHERE grant_id = $1)",
            )
            .bind(grant)
            .execute(&mut *transaction)
            .await
            .during("removing a grant that reaches nothing")?;
        }
        prove(&mut transaction, id, &own).await?;
        commit(transaction).await?;
        Ok(removed)
    }
}

/// Everything that is stored of an account.
async fn count(connection: &mut PgConnection, id: AccountId) -> Result<AccountContents> {
    let row = sqlx::query(
        "WITH own AS (SELECT id, level FROM entities WHERE account_id = $1)
         SELECT
           (SELECT count(*) FROM own WHERE level <> 0) AS entities,
           (SELECT count(*) FROM own JOIN facts f ON f.entity = own.id) AS facts,
           (SELECT count(*) FROM own JOIN counters c ON c.entity = own.id) AS counters,
           (SELECT count(*) FROM own JOIN windows w ON w.entity = own.id) AS windows,
           (SELECT count(*) FROM revisions WHERE account_id = $1)
             + (SELECT count(*) FROM window_revisions WHERE account_id = $1) AS revisions,
           (SELECT min(first_day) FROM coverage WHERE account_id = $1) AS first_day,
           (SELECT max(last_day) FROM coverage WHERE account_id = $1) AS last_day,
           (SELECT count(*) FROM account_grants g WHERE g.account_id = $1
              AND NOT EXISTS (SELECT 1 FROM account_grants o
                              WHERE o.grant_id = g.grant_id AND o.account_id <> $1)) AS grants",
    )
    .bind(id.0)
    .fetch_one(connection)
    .await
    .during("counting what is stored")?;
    let number = |column| get::<i64>(&row, column).map(i64::unsigned_abs);
    let first: Option<i64> = get(&row, "first_day")?;
    let last: Option<i64> = get(&row, "last_day")?;
    Ok(AccountContents {
        entities: number("entities")?,
        facts: number("facts")?,
        counters: number("counters")?,
        windows: number("windows")?,
        revisions: number("revisions")?,
        first_day: first.map(date).transpose()?,
        last_day: last.map(date).transpose()?,
        grants: number("grants")?,
    })
}

/// Errors if anything of the account is left: then nothing is removed.
async fn prove(connection: &mut PgConnection, id: AccountId, own: &[i64]) -> Result<()> {
    let (left,): (i64,) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM entities WHERE account_id = $1)
              + (SELECT count(*) FROM revisions WHERE account_id = $1)
              + (SELECT count(*) FROM window_revisions WHERE account_id = $1)
              + (SELECT count(*) FROM coverage WHERE account_id = $1)
              + (SELECT count(*) FROM charges WHERE account_id = $1)
              + (SELECT count(*) FROM account_grants WHERE account_id = $1)
              + (SELECT count(*) FROM facts WHERE entity = ANY($2))",
    )
    .bind(id.0)
    .bind(own)
    .fetch_one(connection)
    .await
    .during("looking for what is left of an account")?;
    if left > 0 {
        return Err(Error::Storage {
            operation: "purging an account",
            source: format!("{left} rows of it would be left").into(),
        });
    }
    Ok(())
}
