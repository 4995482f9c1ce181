//! How accounts fare, for operators.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    SqliteStore,
    convert::{During, date, get, micros, moment, public_id},
    database_now,
};
use crate::{
    error::Result,
    model::{AccountId, AccountMark, FailedAccount, PlatformHealth, WorkspaceId},
    storage::rows::{account::state, sync::sync_row},
};

impl SqliteStore {
    pub(super) async fn marks(
        &self,
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<AccountId, AccountMark>> {
        sqlx::query(concat!(
            "SELECT a.id, a.uuid, a.data_version, concat_ws('|', a.state, a.custom_name, a.name,
                    s.next_attempt_at, s.attempts, s.error_at, s.last_success_at, s.fence,
                    s.lease_expires_at > ",
            database_now!(),
            ") AS state
             FROM accounts a JOIN sync s ON s.account_id = a.id WHERE a.workspace_id = $1"
        ))
        .bind(workspace.0)
        .fetch_all(&self.readers)
        .await
        .during("looking for changed accounts")?
        .iter()
        .map(|row| {
            let mark = AccountMark {
                public_id: public_id("acc", get(row, "uuid")?)?,
                data_version: get(row, "data_version")?,
                state: get(row, "state")?,
            };
            Ok((AccountId(get(row, "id")?), mark))
        })
        .collect()
    }

    pub(super) async fn health(&self, now: DateTime<Utc>) -> Result<Vec<PlatformHealth>> {
        sqlx::query(concat!(
            "WITH through AS (
               SELECT account_id, max(last_day) AS day FROM coverage WHERE level = 0
               GROUP BY account_id
             )
             SELECT a.platform, count(*) FILTER (WHERE a.state <> 'needs_relink') AS accounts,
               count(*) FILTER (WHERE s.next_attempt_at <= $1 AND a.state <> 'needs_relink'
                 AND (s.lease_expires_at IS NULL OR s.lease_expires_at <= ",
            database_now!(),
            ")) AS due,
               min(s.next_attempt_at) FILTER (WHERE s.next_attempt_at <= $1
                 AND a.state <> 'needs_relink') AS oldest_due,
               count(*) FILTER (WHERE s.error_at IS NOT NULL AND a.state <> 'needs_relink')
                 AS failing,
               count(*) FILTER (WHERE a.state = 'needs_relink') AS needs_relink,
               CASE WHEN count(t.day) = count(*) THEN min(t.day) END AS complete_through,
               max(t.day) AS newest_day
             FROM accounts a JOIN sync s ON s.account_id = a.id
             LEFT JOIN through t ON t.account_id = a.id
             WHERE a.state <> 'archived' GROUP BY a.platform ORDER BY a.platform"
        ))
        .bind(micros(now))
        .fetch_all(&self.readers)
        .await
        .during("looking how accounts fare")?
        .iter()
        .map(|row| {
            let number = |column| get::<i64>(row, column).map(i64::unsigned_abs);
            let day = |column| get::<Option<i64>>(row, column)?.map(date).transpose();
            Ok(PlatformHealth {
                platform: get::<String>(row, "platform")?.into(),
                accounts: number("accounts")?,
                due: number("due")?,
                oldest_due: get::<Option<i64>>(row, "oldest_due")?
                    .map(moment)
                    .transpose()?,
                failing: number("failing")?,
                needs_relink: number("needs_relink")?,
                complete_through: day("complete_through")?,
                newest_day: day("newest_day")?,
            })
        })
        .collect()
    }

    pub(super) async fn failures(&self, limit: u32) -> Result<Vec<FailedAccount>> {
        sqlx::query(concat!(
            "SELECT s.account_id, s.next_attempt_at, s.priority, s.attempts, s.error_code,
                    s.error_message, s.error_operation, s.error_at, s.last_success_at,
                    CASE WHEN s.lease_expires_at > ",
            database_now!(),
            " THEN s.running_since END AS running_since,
                    a.uuid, a.platform, COALESCE(a.custom_name, a.name) AS name, a.state,
                    w.id AS workspace_id, w.name AS workspace_name
             FROM sync s JOIN accounts a ON a.id = s.account_id
             JOIN workspaces w ON w.id = a.workspace_id
             WHERE s.error_at IS NOT NULL AND a.state <> 'archived'
             ORDER BY s.error_at DESC, s.account_id LIMIT $1"
        ))
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .during("listing failures")?
        .iter()
        .map(|row| {
            Ok(FailedAccount {
                workspace: WorkspaceId(get(row, "workspace_id")?),
                workspace_name: get(row, "workspace_name")?,
                account: AccountId(get(row, "account_id")?),
                public_id: public_id("acc", get(row, "uuid")?)?,
                platform: get::<String>(row, "platform")?.into(),
                name: get(row, "name")?,
                state: state(get(row, "state")?)?,
                row: sync_row(row)?,
            })
        })
        .collect()
    }
}
