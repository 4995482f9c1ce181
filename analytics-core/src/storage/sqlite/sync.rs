//! Leases, due times and outcomes. Whether a lease holds is judged by the database's own time.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{
    SqliteStore, account, commit,
    convert::{During, micros},
    database_now,
};
use crate::storage::rows::sync::{held, priority_id, sync_row, ttl_micros};
use crate::{
    error::{Error, Result},
    model::{AccountId, Lease, Priority, SyncError, SyncRow, WorkspaceId},
    storage::SyncStore,
};

/// `$1` account, `$2` fence, `$3` owner, `$4` workspace: the lease as it must still be.
macro_rules! lease_holds {
    () => {
        concat!(
            "account_id = $1 AND fence = $2 AND lease_owner = $3 AND lease_expires_at > ",
            database_now!(),
            " AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = $1 AND a.workspace_id = $4)"
        )
    };
}

/// Nothing without a lease; else it must hold, and be for this account.
/// Errors: [`Error::LeaseLost`].
pub(super) async fn verify_lease(
    connection: &mut SqliteConnection,
    lease: Option<&Lease>,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<()> {
    let Some(lease) = lease else { return Ok(()) };
    let lost = || Error::LeaseLost { account: account.0 };
    if lease.account != account || lease.workspace != workspace {
        return Err(lost());
    }
    sqlx::query(concat!("SELECT 1 FROM sync WHERE ", lease_holds!()))
        .bind(account.0)
        .bind(lease.fence)
        .bind(&lease.owner)
        .bind(workspace.0)
        .fetch_optional(connection)
        .await
        .during("checking a lease")?
        .map(drop)
        .ok_or_else(lost)
}

#[async_trait]
impl SyncStore for SqliteStore {
    async fn sync_row(&self, workspace: WorkspaceId, id: AccountId) -> Result<SyncRow> {
        let row = sqlx::query(concat!(
            "SELECT s.account_id, s.next_attempt_at, s.priority, s.attempts, s.error_code, s.error_message,
                    s.error_operation, s.error_at, s.last_success_at,
                    CASE WHEN s.lease_expires_at > ",
            database_now!(),
            " THEN s.running_since END AS running_since
             FROM sync s JOIN accounts a ON a.id = s.account_id
             WHERE a.workspace_id = $1 AND a.id = $2"
        ))
        .bind(workspace.0)
        .bind(id.0)
        .fetch_optional(&self.readers)
        .await
        .during("reading a sync row")?
        .ok_or_else(|| Error::not_found("account", id))?;
        sync_row(&row)
    }

    async fn request_sync(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        priority: Priority,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let done = sqlx::query(concat!(
            "UPDATE sync SET
               -- A pending attempt keeps its urgency; one that only lies ahead does not matter.
               priority = CASE WHEN next_attempt_at <= $4 THEN min(priority, $3) ELSE $3 END,
               -- The attempt that is under way knows nothing of it: there will be another one.
               next_attempt_at = CASE WHEN lease_expires_at > ",
            database_now!(),
            " THEN $4 ELSE min(COALESCE(next_attempt_at, $4), $4) END,
               attempts = 0
             WHERE account_id = $2
               AND EXISTS (SELECT 1 FROM accounts WHERE id = $2 AND workspace_id = $1)"
        ))
        .bind(workspace.0)
        .bind(id.0)
        .bind(priority_id(priority))
        .bind(micros(at))
        .execute(&self.writer)
        .await
        .during("requesting a sync")?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found("account", id));
        }
        Ok(())
    }

    async fn due_accounts(
        &self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(WorkspaceId, AccountId)>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(concat!(
            "SELECT a.workspace_id, a.id FROM sync s JOIN accounts a ON a.id = s.account_id
             WHERE (s.next_attempt_at <= $1
                    OR (s.attempts = 0 AND s.next_attempt_at IS NOT NULL
                        AND EXISTS (SELECT 1 FROM window_requests r
                                    WHERE r.account_id = a.id AND r.answered_at IS NULL)))
               AND a.state IN ('active', 'error')
               -- One that lies half an hour ahead is of before the clock was set back.
               AND (s.lease_expires_at IS NULL OR s.lease_expires_at - ",
            database_now!(),
            " NOT BETWEEN 1 AND 1800000000) ORDER BY s.priority, s.next_attempt_at, a.id LIMIT $2"
        ))
        .bind(micros(now))
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .during("finding due accounts")?;
        Ok(rows
            .into_iter()
            .map(|(workspace, account)| (WorkspaceId(workspace), AccountId(account)))
            .collect())
    }

    async fn acquire_lease(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        owner: &str,
        ttl: Duration,
        now: DateTime<Utc>,
    ) -> Result<Option<Lease>> {
        let mut transaction = self.begin().await?;
        account::owner(&mut transaction, workspace, id).await?;
        let taken: Option<(i64,)> = sqlx::query_as(concat!(
            "UPDATE sync SET lease_owner = $2, lease_expires_at = $3 + ",
            database_now!(),
            ", fence = fence + 1, running_since = $4, handed_over_until = NULL
             WHERE account_id = $1 AND (lease_expires_at IS NULL OR lease_expires_at <= ",
            database_now!(),
            // Nobody holds a lease for that long: the database's clock was set back.
            " OR lease_expires_at > 4 * $3 + ",
            database_now!(),
            ") RETURNING fence"
        ))
        .bind(id.0)
        .bind(owner)
        .bind(ttl_micros(ttl))
        .bind(micros(now))
        .fetch_optional(&mut *transaction)
        .await
        .during("taking a lease")?;
        commit(transaction).await?;
        Ok(taken.map(|(fence,)| Lease {
            workspace,
            account: id,
            owner: owner.to_owned(),
            fence,
        }))
    }

    async fn renew_lease(&self, lease: &Lease, ttl: Duration) -> Result<()> {
        let done = sqlx::query(concat!(
            "UPDATE sync SET lease_expires_at = $5 + ",
            database_now!(),
            " WHERE ",
            lease_holds!()
        ))
        .bind(lease.account.0)
        .bind(lease.fence)
        .bind(&lease.owner)
        .bind(lease.workspace.0)
        .bind(ttl_micros(ttl))
        .execute(&self.writer)
        .await
        .during("renewing a lease")?;
        held(lease, done.rows_affected())
    }

    async fn release_lease(&self, lease: &Lease) -> Result<()> {
        sqlx::query(
            "UPDATE sync SET lease_owner = NULL, lease_expires_at = NULL, running_since = NULL
             WHERE account_id = $1 AND fence = $2 AND lease_owner = $3",
        )
        .bind(lease.account.0)
        .bind(lease.fence)
        .bind(&lease.owner)
        .execute(&self.writer)
        .await
        .during("releasing a lease")
        .map(drop)
    }

    async fn record_success(
        &self,
        lease: &Lease,
        at: DateTime<Utc>,
        next_attempt_at: DateTime<Utc>,
    ) -> Result<()> {
        let done = sqlx::query(concat!(
            "UPDATE sync SET attempts = 0, error_code = NULL, error_message = NULL,
               error_operation = NULL, error_at = NULL, last_success_at = $5,
               next_attempt_at = $6, priority = 1 WHERE ",
            lease_holds!()
        ))
        .bind(lease.account.0)
        .bind(lease.fence)
        .bind(&lease.owner)
        .bind(lease.workspace.0)
        .bind(micros(at))
        .bind(micros(next_attempt_at))
        .execute(&self.writer)
        .await
        .during("recording a success")?;
        held(lease, done.rows_affected())
    }

    async fn record_failure(
        &self,
        lease: &Lease,
        error: &SyncError,
        next_attempt_at: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let done = sqlx::query(concat!(
            "UPDATE sync SET attempts = attempts + 1, error_code = $5, error_message = $6,
               error_operation = $7, error_at = $8, next_attempt_at = $9 WHERE ",
            lease_holds!()
        ))
        .bind(lease.account.0)
        .bind(lease.fence)
        .bind(&lease.owner)
        .bind(lease.workspace.0)
        .bind(&error.code)
        .bind(&error.message)
        .bind(&error.operation)
        .bind(micros(error.at))
        .bind(next_attempt_at.map(micros))
        .execute(&self.writer)
        .await
        .during("recording a failure")?;
        held(lease, done.rows_affected())
    }
}
