//! Linked accounts and the lists of their entities.

use async_trait::async_trait;
use chrono::NaiveDate;
use sqlx::PgConnection;

use super::{
    PostgresStore, commit,
    convert::{During, corrupt},
    entity,
};
use crate::storage::{
    convert::fold,
    rows::account::{Owner, account, zone_of},
};
use crate::{
    error::{Error, Result},
    model::{
        Account, AccountContents, AccountId, AccountState, CostTerms, Entity, EntityRecord,
        NewAccount, Platform, PublicId, WorkspaceId,
    },
    storage::{AccountStore, EntityFilter},
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, uuid, workspace_id, platform, external_id,
                    COALESCE(custom_name, name) AS name, currency, time_zone, picture_url,
                    sealed_access, state, linked_at, cost_terms, data_version FROM accounts ",
            $rest
        )
    };
}

/// The account of a write, locked until the transaction ends. Errors: [`Error::NotFound`], also for
/// one of another workspace.
pub(super) async fn owner(
    connection: &mut PgConnection,
    workspace: WorkspaceId,
    id: AccountId,
) -> Result<Owner> {
    let (platform, external_id, zone, entity): (String, String, String, i64) = sqlx::query_as(
        "SELECT a.platform, a.external_id, a.time_zone, e.id FROM accounts a
         JOIN entities e ON e.account_id = a.id AND e.level = 0
         WHERE a.workspace_id = $1 AND a.id = $2 FOR NO KEY UPDATE OF a",
    )
    .bind(workspace.0)
    .bind(id.0)
    .fetch_optional(connection)
    .await
    .during("reading an account")?
    .ok_or_else(|| Error::not_found("account", id))?;
    Ok(Owner {
        account: id,
        platform: platform.into(),
        external_id,
        time_zone: zone_of(&zone)?,
        entity,
    })
}

/// Raises the data version that keys caches; the new one.
pub(super) async fn bump(connection: &mut PgConnection, id: AccountId) -> Result<i64> {
    let (version,): (i64,) = sqlx::query_as(
        "UPDATE accounts SET data_version = data_version + 1 WHERE id = $1 RETURNING data_version",
    )
    .bind(id.0)
    .fetch_one(connection)
    .await
    .during("raising the data version")?;
    Ok(version)
}

impl PostgresStore {
    /// Errors: [`Error::NotFound`] unless the workspace has the account.
    pub(super) async fn require_account(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<()> {
        sqlx::query("SELECT 1 FROM accounts WHERE workspace_id = $1 AND id = $2")
            .bind(workspace.0)
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await
            .during("reading an account")?
            .map(drop)
            .ok_or_else(|| Error::not_found("account", id))
    }
}

#[async_trait]
impl AccountStore for PostgresStore {
    async fn link_account(&self, workspace: WorkspaceId, new: &NewAccount) -> Result<Account> {
        self.link(workspace, new).await
    }

    async fn account(&self, workspace: WorkspaceId, id: AccountId) -> Result<Account> {
        let row = sqlx::query(select!("WHERE workspace_id = $1 AND id = $2"))
            .bind(workspace.0)
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await
            .during("reading an account")?
            .ok_or_else(|| Error::not_found("account", id))?;
        account(&self.cipher, &row)
    }

    async fn account_by_public_id(&self, workspace: WorkspaceId, id: &PublicId) -> Result<Account> {
        let absent = || Error::not_found("account", id);
        let uuid = id.uuid("acc").map_err(|_| absent())?;
        let row = sqlx::query(select!("WHERE workspace_id = $1 AND uuid = $2"))
            .bind(workspace.0)
            .bind(&uuid.as_bytes()[..])
            .fetch_optional(&self.pool)
            .await
            .during("reading an account")?
            .ok_or_else(absent)?;
        account(&self.cipher, &row)
    }

    async fn accounts(&self, workspace: WorkspaceId) -> Result<Vec<Account>> {
        sqlx::query(select!("WHERE workspace_id = $1 ORDER BY id"))
            .bind(workspace.0)
            .fetch_all(&self.pool)
            .await
            .during("listing accounts")?
            .iter()
            .map(|row| account(&self.cipher, row))
            .collect()
    }

    async fn account_refs(&self) -> Result<Vec<(WorkspaceId, AccountId)>> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT workspace_id, id FROM accounts ORDER BY id")
                .fetch_all(&self.pool)
                .await
                .during("listing accounts")?;
        Ok(rows
            .into_iter()
            .map(|(workspace, id)| (WorkspaceId(workspace), AccountId(id)))
            .collect())
    }

    async fn set_account_state(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        state: AccountState,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query(
            "UPDATE accounts SET state = CASE state WHEN 'archived' THEN state ELSE $3 END
             WHERE workspace_id = $1 AND id = $2",
        )
        .bind(workspace.0)
        .bind(id.0)
        .bind(state.as_str())
        .execute(&mut *transaction)
        .await
        .during("changing an account's state")?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found("account", id));
        }
        if matches!(state, AccountState::NeedsRelink | AccountState::Archived) {
            sqlx::query("UPDATE sync SET next_attempt_at = NULL WHERE account_id = $1")
                .bind(id.0)
                .execute(&mut *transaction)
                .await
                .during("changing an account's state")?;
        }
        commit(transaction).await
    }

    async fn rename_account(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        name: &str,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let owner = owner(&mut transaction, workspace, id).await?;
        sqlx::query("UPDATE accounts SET custom_name = $2 WHERE id = $1")
            .bind(id.0)
            .bind(name)
            .execute(&mut *transaction)
            .await
            .during("renaming an account")?;
        sqlx::query("UPDATE entities SET name = $2, name_folded = $3 WHERE id = $1")
            .bind(owner.entity)
            .bind(name)
            .bind(fold(name))
            .execute(&mut *transaction)
            .await
            .during("renaming an account")?;
        bump(&mut transaction, id).await?;
        commit(transaction).await
    }

    async fn learn_account_name(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        name: &str,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let owner = owner(&mut transaction, workspace, id).await?;
        let learnt = sqlx::query(
            "UPDATE accounts SET name = $2 WHERE id = $1 AND name = external_id AND name <> $2",
        )
        .bind(id.0)
        .bind(name)
        .execute(&mut *transaction)
        .await
        .during("naming an account")?;
        if learnt.rows_affected() == 0 {
            return Ok(());
        }
        sqlx::query(
            "UPDATE entities SET name = $2, name_folded = $3 WHERE id = $1 \
             AND EXISTS (SELECT 1 FROM accounts WHERE id = $4 AND custom_name IS NULL)",
        )
        .bind(owner.entity)
        .bind(name)
        .bind(fold(name))
        .bind(id.0)
        .execute(&mut *transaction)
        .await
        .during("naming an account")?;
        bump(&mut transaction, id).await?;
        commit(transaction).await
    }

    async fn save_cost_terms(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        terms: &CostTerms,
    ) -> Result<()> {
        let json = serde_json::to_string(terms)
            .map_err(|_| corrupt("cost terms that cannot be written"))?;
        let mut transaction = self.begin().await?;
        owner(&mut transaction, workspace, id).await?;
        sqlx::query("UPDATE accounts SET cost_terms = $2 WHERE id = $1")
            .bind(id.0)
            .bind(json)
            .execute(&mut *transaction)
            .await
            .during("saving an account's cost terms")?;
        bump(&mut transaction, id).await?;
        commit(transaction).await
    }

    async fn account_contents(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<AccountContents> {
        self.contents(workspace, id).await
    }

    async fn purge_account(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<AccountContents> {
        self.purge(workspace, id).await
    }

    async fn entities(
        &self,
        workspace: WorkspaceId,
        filter: &EntityFilter,
    ) -> Result<(Vec<Entity>, u64)> {
        self.list_entities(workspace, filter).await
    }

    async fn entities_by_public_id(
        &self,
        workspace: WorkspaceId,
        ids: &[PublicId],
    ) -> Result<Vec<Entity>> {
        self.find_entities(workspace, ids).await
    }

    async fn erase_unread_texts(&self, platform: &Platform, since: NaiveDate) -> Result<u64> {
        let mut transaction = self.begin().await?;
        let erased = entity::erase_unread_texts(&mut transaction, platform, since).await?;
        commit(transaction).await?;
        Ok(erased)
    }

    async fn save_entities(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        entities: &[EntityRecord],
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let owner = owner(&mut transaction, workspace, id).await?;
        if entity::upsert(&mut transaction, &owner, entities).await? > 0 {
            bump(&mut transaction, id).await?;
        }
        commit(transaction).await
    }
}
