//! What a provider tells of its users: that they took an authorization back, or want their data
//! deleted.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    PostgresStore, commit,
    convert::{During, get, micros, moment},
    retried,
};
use crate::{
    error::Result,
    model::{AccountId, Deletion, GrantId, PublicId, WorkspaceId},
    storage::SubjectStore,
};

#[async_trait]
impl SubjectStore for PostgresStore {
    async fn revoke_subject(
        &self,
        provider: &str,
        subject: &str,
        until: DateTime<Utc>,
    ) -> Result<Vec<(WorkspaceId, AccountId)>> {
        retried!(self.revoke(provider, subject, until))
    }

    async fn delete_subject(
        &self,
        provider: &str,
        subject: &str,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<(Deletion, Vec<(WorkspaceId, AccountId)>)> {
        retried!(self.forget(provider, subject, until, at))
    }

    async fn deletion(&self, code: &PublicId) -> Result<Option<Deletion>> {
        sqlx::query(
            "SELECT code, provider, deleted_at, grants, accounts FROM deletions WHERE code = $1",
        )
        .bind(code.as_str())
        .fetch_optional(&self.pool)
        .await
        .during("reading a deletion")?
        .map(|row| {
            Ok(Deletion {
                code: get::<String>(&row, "code")?.into(),
                provider: get(&row, "provider")?,
                deleted_at: moment(get(&row, "deleted_at")?)?,
                grants: get::<i64>(&row, "grants")?.unsigned_abs(),
                accounts: get::<i64>(&row, "accounts")?.unsigned_abs(),
            })
        })
        .transpose()
    }

    async fn grants_elsewhere(
        &self,
        provider: &str,
        subject: &str,
        besides: WorkspaceId,
    ) -> Result<Vec<(WorkspaceId, GrantId)>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT g.workspace_id, g.id FROM grants g
             WHERE g.provider = $1 AND g.subject = $2 AND g.workspace_id <> $3
               AND g.state = 'active'
               AND EXISTS (SELECT 1 FROM account_grants r JOIN accounts a ON a.id = r.account_id
                           WHERE r.grant_id = g.id AND a.state <> 'archived')
             ORDER BY g.id",
        )
        .bind(provider)
        .bind(subject)
        .bind(besides.0)
        .fetch_all(&self.pool)
        .await
        .during("looking for a user's other grants")?;
        Ok(rows
            .into_iter()
            .map(|(workspace, grant)| (WorkspaceId(workspace), GrantId(grant)))
            .collect())
    }
}

/// Accounts that only this user's grants open need linking again; which ones.
async fn close_accounts(
    connection: &mut PgConnection,
    provider: &str,
    subject: &str,
    until: DateTime<Utc>,
) -> Result<Vec<(WorkspaceId, AccountId)>> {
    // In order, so that two of these wait for each other; then what is read is up to date.
    sqlx::query(
        "SELECT a.id FROM accounts a
         WHERE a.id IN (SELECT r.account_id FROM account_grants r JOIN grants g ON g.id = r.grant_id
                        WHERE g.provider = $1 AND g.subject = $2 AND g.granted_at <= $3)
         ORDER BY a.id FOR NO KEY UPDATE",
    )
    .bind(provider)
    .bind(subject)
    .bind(micros(until))
    .execute(&mut *connection)
    .await
    .during("closing a user's accounts")?;
    let mut closed: Vec<(i64, i64)> = sqlx::query_as(
        "UPDATE accounts SET state = 'needs_relink'
         WHERE state IN ('active', 'error')
           AND id IN (SELECT r.account_id FROM account_grants r JOIN grants g ON g.id = r.grant_id
                      WHERE g.provider = $1 AND g.subject = $2 AND g.granted_at <= $3)
           AND NOT EXISTS (
             SELECT 1 FROM account_grants r JOIN grants g ON g.id = r.grant_id
             WHERE r.account_id = accounts.id AND g.state = 'active'
               AND NOT (g.provider = $1 AND g.subject = $2 AND g.granted_at <= $3))
         RETURNING workspace_id, id",
    )
    .bind(provider)
    .bind(subject)
    .bind(micros(until))
    .fetch_all(&mut *connection)
    .await
    .during("closing a user's accounts")?;
    closed.sort_unstable_by_key(|(_, account)| *account);
    for (_, account) in &closed {
        sqlx::query("UPDATE sync SET next_attempt_at = NULL WHERE account_id = $1")
            .bind(account)
            .execute(&mut *connection)
            .await
            .during("closing a user's accounts")?;
    }
    Ok(closed
        .into_iter()
        .map(|(workspace, account)| (WorkspaceId(workspace), AccountId(account)))
        .collect())
}

impl PostgresStore {
    async fn revoke(
        &self,
        provider: &str,
        subject: &str,
        until: DateTime<Utc>,
    ) -> Result<Vec<(WorkspaceId, AccountId)>> {
        let mut transaction = self.begin().await?;
        let closed = close_accounts(&mut transaction, provider, subject, until).await?;
        sqlx::query(
            "UPDATE grants SET state = 'dead'
             WHERE provider = $1 AND subject = $2 AND granted_at <= $3",
        )
        .bind(provider)
        .bind(subject)
        .bind(micros(until))
        .execute(&mut *transaction)
        .await
        .during("revoking a user's grants")?;
        commit(transaction).await?;
        Ok(closed)
    }

    async fn forget(
        &self,
        provider: &str,
        subject: &str,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<(Deletion, Vec<(WorkspaceId, AccountId)>)> {
        let mut transaction = self.begin().await?;
        let closed = close_accounts(&mut transaction, provider, subject, until).await?;
        let grants = sqlx::query(
            "DELETE FROM grants WHERE provider = $1 AND subject = $2 AND granted_at <= $3",
        )
        .bind(provider)
        .bind(subject)
        .bind(micros(until))
        .execute(&mut *transaction)
        .await
        .during("deleting a user's grants")?
        .rows_affected();
        let deletion = Deletion {
            code: PublicId::generate("del"),
            provider: provider.to_owned(),
            deleted_at: at,
            grants,
            accounts: closed.len() as u64,
        };
        sqlx::query(
            "INSERT INTO deletions (code, provider, deleted_at, grants, accounts)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(deletion.code.as_str())
        .bind(provider)
        .bind(micros(at))
        .bind(deletion.grants.cast_signed())
        .bind(deletion.accounts.cast_signed())
        .execute(&mut *transaction)
        .await
        .during("noting a deletion")?;
        commit(transaction).await?;
        Ok((deletion, closed))
    }
}
