//! Linking an account: its row, its own entity, its grant and its first due time.

use sqlx::PgConnection;

use super::{
    PostgresStore, commit,
    convert::{During, json, micros, new_uuid},
    retried,
};
use crate::storage::{
    convert::fold,
    rows::{
        account::{account, identity},
        entity::storable,
        sync::priority_id,
    },
};
use crate::{
    error::{Error, Result},
    model::{Account, Currency, NewAccount, Priority, WorkspaceId},
};

impl PostgresStore {
    pub(super) async fn link(&self, workspace: WorkspaceId, new: &NewAccount) -> Result<Account> {
        retried!(self.try_to_link(workspace, new))
    }

    async fn try_to_link(&self, workspace: WorkspaceId, new: &NewAccount) -> Result<Account> {
        let found = &new.found;
        let mut transaction = self.begin().await?;
        let uuid = claim(&mut transaction, workspace, new).await?;
        // Who purges the last account it reaches would remove it.
        sqlx::query("SELECT 1 FROM grants WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE")
            .bind(workspace.0)
            .bind(new.grant.0)
            .fetch_optional(&mut *transaction)
            .await
            .during("reading a grant")?
            .ok_or_else(|| Error::not_found("grant", new.grant))?;
        let access = json(&found.access)?;
        let row = sqlx::query(
            "UPDATE accounts SET
               name = $2, currency = $3,
               -- Days that were counted in the workspace's zone stay in it.
               time_zone = COALESCE($4, time_zone), picture_url = $5, platform_status = $6,
               sealed_access = $7, state = 'active', data_version = data_version + 1
             WHERE uuid = $1
             RETURNING id, uuid, workspace_id, platform, external_id,
               COALESCE(custom_name, name) AS name, currency, time_zone, picture_url,
               sealed_access, state, linked_at, cost_terms, data_version",
        )
        .bind(&uuid)
        .bind(storable(&found.name))
        .bind(found.currency.as_ref().map(Currency::as_str))
        .bind(found.time_zone.map(|zone| zone.name()))
        .bind(found.picture_url.as_deref().map(storable))
        .bind(storable(&found.status))
        .bind(self.cipher.seal(access.as_bytes(), &identity(&uuid))?)
        .fetch_one(&mut *transaction)
        .await
        .during("linking an account")?;
        let account = account(&self.cipher, &row)?;
        sqlx::query(
            "INSERT INTO entities AS e (uuid, account_id, level, external_id, name, name_folded,
               status, thumbnail_url)
             VALUES ($1, $2, 0, $3, $4, $5, $6, $7)
             ON CONFLICT (account_id, level, external_id) DO UPDATE SET
               name = excluded.name, name_folded = excluded.name_folded,
               status = excluded.status,
               thumbnail_url = COALESCE(excluded.thumbnail_url, e.thumbnail_url)",
        )
        .bind(new_uuid())
        .bind(account.id.0)
        .bind(&account.external_id)
        .bind(&account.name)
        .bind(fold(&account.name))
        .bind(storable(&found.status))
        .bind(found.picture_url.as_deref().map(storable))
        .execute(&mut *transaction)
        .await
        .during("creating the account's entity")?;
        sqlx::query(
            "INSERT INTO account_grants (account_id, grant_id) VALUES ($1, $2)
             ON CONFLICT DO NOTHING",
        )
        .bind(account.id.0)
        .bind(new.grant.0)
        .execute(&mut *transaction)
        .await
        .during("joining account and grant")?;
        sqlx::query(
            "INSERT INTO sync (account_id, platform, next_attempt_at, priority)
             VALUES ($1, $4, $2, $3)
             ON CONFLICT (account_id) DO UPDATE SET
               next_attempt_at = excluded.next_attempt_at, priority = excluded.priority,
               attempts = 0,
               -- What went wrong before the new consent is no error any more.
               error_code = NULL, error_message = NULL, error_operation = NULL, error_at = NULL",
        )
        .bind(account.id.0)
        .bind(micros(new.linked_at))
        .bind(priority_id(Priority::Linking))
        .bind(found.platform.as_str())
        .execute(&mut *transaction)
        .await
        .during("making the account due")?;
        commit(transaction).await?;
        Ok(account)
    }
}

/// The locked row of an account: the known one, or a new one of version 0. Access data are sealed
/// for their row: which one it is must be settled before.
async fn claim(
    connection: &mut PgConnection,
    workspace: WorkspaceId,
    new: &NewAccount,
) -> Result<Vec<u8>> {
    let found = &new.found;
    sqlx::query(
        "INSERT INTO accounts (uuid, workspace_id, platform, external_id, name, time_zone,
           platform_status, sealed_access, state, linked_at, data_version)
         SELECT $1, w.id, $3, $4, '', COALESCE($5, w.time_zone), '', '', 'active', $6, 0
         FROM workspaces w
         WHERE w.id = $2
           AND NOT EXISTS (SELECT 1 FROM accounts
                           WHERE workspace_id = $2 AND platform = $3 AND external_id = $4)
         ON CONFLICT (workspace_id, platform, external_id) DO NOTHING",
    )
    .bind(new_uuid())
    .bind(workspace.0)
    .bind(found.platform.as_str())
    .bind(&found.external_id)
    .bind(found.time_zone.map(|zone| zone.name()))
    .bind(micros(new.linked_at))
    .execute(&mut *connection)
    .await
    .during("linking an account")?;
    let known: Option<(Vec<u8>,)> = sqlx::query_as(
        "SELECT uuid FROM accounts WHERE workspace_id = $1 AND platform = $2 AND external_id = $3
         FOR NO KEY UPDATE",
    )
    .bind(workspace.0)
    .bind(found.platform.as_str())
    .bind(&found.external_id)
    .fetch_optional(connection)
    .await
    .during("linking an account")?;
    known
        .map(|(uuid,)| uuid)
        // The workspace is not there, so neither is any grant of it.
        .ok_or_else(|| Error::not_found("grant", new.grant))
}
