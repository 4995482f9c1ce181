//! Grants. Tokens are sealed for their row before the database sees them.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::PgConnection;

use super::{
    PostgresStore, commit,
    convert::{During, get, json, micros, new_uuid},
    database_now, retried,
};
use crate::storage::rows::{
    grant::{grant, seal},
    sync::ttl_micros,
};
use crate::{
    error::{Error, Result},
    model::{AccountId, Grant, GrantId, GrantTokens, NewGrant, PublicId, WorkspaceId},
    storage::GrantStore,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT g.id, g.uuid, g.workspace_id, g.provider, g.subject, g.subject_name, g.scopes,
                    g.state, g.sealed_tokens, g.expires_at, g.version, g.granted_at FROM grants g ",
            $rest
        )
    };
}

#[async_trait]
impl GrantStore for PostgresStore {
    async fn save_grant(&self, workspace: WorkspaceId, new: &NewGrant) -> Result<Grant> {
        retried!(self.put_grant(workspace, new))
    }

    async fn grant(&self, workspace: WorkspaceId, id: GrantId) -> Result<Grant> {
        let row = sqlx::query(select!("WHERE g.workspace_id = $1 AND g.id = $2"))
            .bind(workspace.0)
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await
            .during("reading a grant")?
            .ok_or_else(|| Error::not_found("grant", id))?;
        grant(&self.cipher, &row)
    }

    async fn grant_by_public_id(&self, workspace: WorkspaceId, id: &PublicId) -> Result<Grant> {
        let absent = || Error::not_found("grant", id);
        let uuid = id.uuid("gr").map_err(|_| absent())?;
        let row = sqlx::query(select!("WHERE g.workspace_id = $1 AND g.uuid = $2"))
            .bind(workspace.0)
            .bind(&uuid.as_bytes()[..])
            .fetch_optional(&self.pool)
            .await
            .during("reading a grant")?
            .ok_or_else(absent)?;
        grant(&self.cipher, &row)
    }

    async fn grants_of_account(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Vec<Grant>> {
        sqlx::query(select!(
            "JOIN account_grants r ON r.grant_id = g.id
             WHERE g.workspace_id = $1 AND r.account_id = $2
             ORDER BY g.state, g.granted_at DESC, g.id DESC"
        ))
        .bind(workspace.0)
        .bind(account.0)
        .fetch_all(&self.pool)
        .await
        .during("listing an account's grants")?
        .iter()
        .map(|row| grant(&self.cipher, row))
        .collect()
    }

    async fn renew_grant(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        expected_version: i64,
        tokens: &GrantTokens,
    ) -> Result<Option<Grant>> {
        let mut transaction = self.begin().await?;
        let (uuid, version): (Vec<u8>, i64) = sqlx::query_as(
            "SELECT uuid, version FROM grants
             WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE",
        )
        .bind(workspace.0)
        .bind(id.0)
        .fetch_optional(&mut *transaction)
        .await
        .during("reading a grant")?
        .ok_or_else(|| Error::not_found("grant", id))?;
        if version != expected_version {
            return Ok(None);
        }
        sqlx::query(
            "UPDATE grants SET sealed_tokens = $2, expires_at = $3, version = version + 1,
               renewal_owner = NULL, renewal_until = NULL
             WHERE id = $1",
        )
        .bind(id.0)
        .bind(seal(&self.cipher, &uuid, tokens)?)
        .bind(tokens.expires_at.map(micros))
        .execute(&mut *transaction)
        .await
        .during("renewing a grant")?;
        let row = sqlx::query(select!("WHERE g.id = $1"))
            .bind(id.0)
            .fetch_one(&mut *transaction)
            .await
            .during("reading a grant")?;
        let renewed = grant(&self.cipher, &row)?;
        commit(transaction).await?;
        Ok(Some(renewed))
    }

    async fn mark_grant_dead(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        expected_version: i64,
    ) -> Result<bool> {
        let known = sqlx::query(
            "UPDATE grants SET state = CASE version WHEN $3 THEN 'dead' ELSE state END
             WHERE workspace_id = $1 AND id = $2 RETURNING version",
        )
        .bind(workspace.0)
        .bind(id.0)
        .bind(expected_version)
        .fetch_optional(&self.pool)
        .await
        .during("marking a grant dead")?
        .ok_or_else(|| Error::not_found("grant", id))?;
        Ok(get::<i64>(&known, "version")? == expected_version)
    }

    async fn claim_renewal(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        expected_version: i64,
        owner: &str,
        ttl: Duration,
    ) -> Result<bool> {
        let taken = sqlx::query(concat!(
            "UPDATE grants SET renewal_owner = $4, renewal_until = $5 + ",
            database_now!(),
            " WHERE workspace_id = $1 AND id = $2 AND version = $3
                AND (renewal_until IS NULL OR renewal_until <= ",
            database_now!(),
            ")"
        ))
        .bind(workspace.0)
        .bind(id.0)
        .bind(expected_version)
        .bind(owner)
        .bind(ttl_micros(ttl))
        .execute(&self.pool)
        .await
        .during("taking the turn to renew a grant")?;
        Ok(taken.rows_affected() > 0)
    }

    async fn release_renewal(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        owner: &str,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE grants SET renewal_owner = NULL, renewal_until = NULL
             WHERE workspace_id = $1 AND id = $2 AND renewal_owner = $3",
        )
        .bind(workspace.0)
        .bind(id.0)
        .bind(owner)
        .execute(&self.pool)
        .await
        .during("giving the turn to renew a grant back")
        .map(drop)
    }
}

impl PostgresStore {
    async fn put_grant(&self, workspace: WorkspaceId, new: &NewGrant) -> Result<Grant> {
        let mut transaction = self.begin().await?;
        // Tokens are sealed for their row: whose it is must be settled before.
        let uuid = claim(&mut transaction, workspace, new).await?;
        let row = sqlx::query(
            "UPDATE grants g SET
               subject_name = COALESCE($2, subject_name), scopes = $3, state = 'active',
               sealed_tokens = $4, expires_at = $5, granted_at = $6, version = version + 1
             WHERE uuid = $1
             RETURNING g.id, g.uuid, g.workspace_id, g.provider, g.subject, g.subject_name,
               g.scopes, g.state, g.sealed_tokens, g.expires_at, g.version, g.granted_at",
        )
        .bind(&uuid)
        .bind(&new.subject_name)
        .bind(json(&new.scopes)?)
        .bind(seal(&self.cipher, &uuid, &new.tokens)?)
        .bind(new.tokens.expires_at.map(micros))
        .bind(micros(new.granted_at))
        .fetch_one(&mut *transaction)
        .await
        .during("saving a grant")?;
        let saved = grant(&self.cipher, &row)?;
        commit(transaction).await?;
        Ok(saved)
    }
}

/// The locked row of a provider's user: the known one, or a new one of version 0 without tokens.
async fn claim(
    connection: &mut PgConnection,
    workspace: WorkspaceId,
    new: &NewGrant,
) -> Result<Vec<u8>> {
    sqlx::query(
        "INSERT INTO grants (uuid, workspace_id, provider, subject, scopes, state, sealed_tokens,
           version, granted_at)
         SELECT $4, $1, $2, $3, '[]', 'dead', '', 0, 0
         WHERE NOT EXISTS (SELECT 1 FROM grants
                           WHERE workspace_id = $1 AND provider = $2 AND subject = $3)
         ON CONFLICT (workspace_id, provider, subject) DO NOTHING",
    )
    .bind(workspace.0)
    .bind(&new.provider)
    .bind(&new.subject)
    .bind(new_uuid())
    .execute(&mut *connection)
    .await
    .map(drop)
    .or_else(|error| match error.as_database_error() {
        Some(database) if database.is_foreign_key_violation() => {
            Err(Error::not_found("workspace", workspace))
        }
        _ => Err(error).during("saving a grant"),
    })?;
    let (uuid,): (Vec<u8>,) = sqlx::query_as(
        "SELECT uuid FROM grants WHERE workspace_id = $1 AND provider = $2 AND subject = $3
         FOR NO KEY UPDATE",
    )
    .bind(workspace.0)
    .bind(&new.provider)
    .bind(&new.subject)
    .fetch_one(connection)
    .await
    .during("saving a grant")?;
    Ok(uuid)
}
