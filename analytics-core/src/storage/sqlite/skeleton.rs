//! Placeholder while the statements are written.
#![allow(unused_variables)]
use std::{collections::BTreeMap, time::Duration};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::SecretString;
use super::SqliteStore;
use crate::{error::{Error, Result}, model::*, storage::*};
fn later<T>() -> Result<T> { Err(Error::Unsupported { field: "storage".to_owned(), message: "not built yet".to_owned() }) }

#[async_trait]
impl WorkspaceStore for SqliteStore {
async fn create_workspace(&self, name: &str, settings: &WorkspaceSettings)
    -> Result<Workspace>{ later() }
async fn workspaces(&self) -> Result<Vec<Workspace>>{ later() }
async fn workspace(&self, id: WorkspaceId) -> Result<Workspace>{ later() }
async fn save_workspace(&self, workspace: &Workspace) -> Result<()>{ later() }
async fn create_user(&self, user: &NewUser) -> Result<User>{ later() }
async fn users(&self) -> Result<Vec<User>>{ later() }
async fn user_by_email(&self, email: &str) -> Result<Option<User>>{ later() }
async fn set_password(&self, user: UserId, password_hash: &SecretString) -> Result<()>{ later() }
async fn remove_user(&self, user: UserId) -> Result<()>{ later() }
async fn save_member(&self, workspace: WorkspaceId, user: UserId, role: Role) -> Result<()>{ later() }
async fn memberships(&self, user: UserId) -> Result<Vec<Member>>{ later() }
async fn set_up(
        &self,
        workspace: &str,
        settings: &WorkspaceSettings,
        owner: &NewUser,
    ) -> Result<Member>{ later() }
async fn save_session(&self, session: &SessionRecord, user: Option<UserId>) -> Result<()>{ later() }
async fn session(&self, id_hash: &[u8], now: DateTime<Utc>) -> Result<Option<SessionRecord>>{ later() }
async fn remove_session(&self, id_hash: &[u8]) -> Result<()>{ later() }
async fn remove_ended_sessions(&self, now: DateTime<Utc>) -> Result<u64>{ later() }
async fn use_once(&self, mark: &str, expires_at: DateTime<Utc>) -> Result<bool>{ later() }
}
#[async_trait]
impl GrantStore for SqliteStore {
async fn save_grant(&self, workspace: WorkspaceId, grant: &NewGrant) -> Result<Grant>{ later() }
async fn grant(&self, workspace: WorkspaceId, id: GrantId) -> Result<Grant>{ later() }
async fn grant_by_public_id(&self, workspace: WorkspaceId, id: &PublicId) -> Result<Grant>{ later() }
async fn grants_of_account(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Vec<Grant>>{ later() }
async fn renew_grant(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        expected_version: i64,
        tokens: &GrantTokens,
    ) -> Result<Option<Grant>>{ later() }
async fn mark_grant_dead(&self, workspace: WorkspaceId, id: GrantId) -> Result<()>{ later() }
}
#[async_trait]
impl AccountStore for SqliteStore {
async fn link_account(&self, workspace: WorkspaceId, account: &NewAccount) -> Result<Account>{ later() }
async fn account(&self, workspace: WorkspaceId, id: AccountId) -> Result<Account>{ later() }
async fn account_by_public_id(&self, workspace: WorkspaceId, id: &PublicId) -> Result<Account>{ later() }
async fn accounts(&self, workspace: WorkspaceId) -> Result<Vec<Account>>{ later() }
async fn account_refs(&self) -> Result<Vec<(WorkspaceId, AccountId)>>{ later() }
async fn set_account_state(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        state: AccountState,
    ) -> Result<()>{ later() }
async fn rename_account(&self, workspace: WorkspaceId, id: AccountId, name: &str)
    -> Result<()>{ later() }
async fn purge_account(&self, workspace: WorkspaceId, id: AccountId) -> Result<()>{ later() }
async fn entities(
        &self,
        workspace: WorkspaceId,
        filter: &EntityFilter,
    ) -> Result<(Vec<Entity>, u64)>{ later() }
async fn entities_by_public_id(
        &self,
        workspace: WorkspaceId,
        ids: &[PublicId],
    ) -> Result<Vec<Entity>>{ later() }
async fn save_entities(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        entities: &[EntityRecord],
    ) -> Result<()>{ later() }
}
#[async_trait]
impl FactStore for SqliteStore {
async fn save_slice(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        slice: &Slice,
    ) -> Result<SliceReceipt>{ later() }
async fn save_failure(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
        feed: &FeedId,
        range: DateRange,
        at: DateTime<Utc>,
        reason: &str,
    ) -> Result<()>{ later() }
async fn save_windows(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        account: AccountId,
        level: Level,
        windows: &[WindowRecord],
        fetched_at: DateTime<Utc>,
    ) -> Result<()>{ later() }
async fn series(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
    ) -> Result<Vec<FactSeries>>{ later() }
async fn windows(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
    ) -> Result<Vec<WindowValue>>{ later() }
async fn coverage(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Vec<FeedCoverage>>{ later() }
async fn data_versions(&self, workspace: WorkspaceId) -> Result<BTreeMap<AccountId, i64>>{ later() }
async fn revisions(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Revision>>{ later() }
async fn stored_metrics(&self, workspace: WorkspaceId) -> Result<Vec<MetricId>>{ later() }
async fn fact_span(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Option<(NaiveDate, NaiveDate)>>{ later() }
}
#[async_trait]
impl SyncStore for SqliteStore {
async fn sync_row(&self, workspace: WorkspaceId, account: AccountId) -> Result<SyncRow>{ later() }
async fn request_sync(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        priority: Priority,
        at: DateTime<Utc>,
    ) -> Result<()>{ later() }
async fn due_accounts(
        &self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(WorkspaceId, AccountId)>>{ later() }
async fn acquire_lease(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        owner: &str,
        ttl: Duration,
        now: DateTime<Utc>,
    ) -> Result<Option<Lease>>{ later() }
async fn renew_lease(&self, lease: &Lease, ttl: Duration) -> Result<()>{ later() }
async fn release_lease(&self, lease: &Lease) -> Result<()>{ later() }
async fn record_success(
        &self,
        lease: &Lease,
        at: DateTime<Utc>,
        next_attempt_at: DateTime<Utc>,
    ) -> Result<()>{ later() }
async fn record_failure(
        &self,
        lease: &Lease,
        error: &SyncError,
        next_attempt_at: Option<DateTime<Utc>>,
    ) -> Result<()>{ later() }
}