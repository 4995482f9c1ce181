//! Claims of due accounts, living processes, pauses and shared limits.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    PostgresStore, commit,
    convert::{During, get, micros, moment},
    database_now, retried,
};
use crate::{
    error::Result,
    model::{
        AccountId, AccountMark, BudgetShare, BudgetUse, FailedAccount, Occupied, Platform,
        PlatformHealth, PlatformPause, SyncError, Worker, WorkerReport, WorkspaceId,
    },
    storage::{
        Claim, FleetStore,
        rows::sync::{priority_id, ttl_micros},
    },
};

/// Nobody works on it, and nobody was handed it.
macro_rules! free {
    () => {
        concat!(
            "s.handed_over_until IS NULL
             AND (s.lease_expires_at IS NULL OR s.lease_expires_at <= ",
            database_now!(),
            ") AND a.state IN ('active', 'error')"
        )
    };
}

/// Takes back what was handed over and nobody began with in time.
async fn end_holds(connection: &mut PgConnection) -> Result<()> {
    sqlx::query(concat!(
        "UPDATE sync SET handed_over_until = NULL WHERE account_id = ANY(ARRAY(
           SELECT account_id FROM sync WHERE handed_over_until <= ",
        database_now!(),
        " ORDER BY handed_over_until LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED))"
    ))
    .execute(connection)
    .await
    .during("ending holds")
    .map(drop)
}

/// Free accounts of one urgency that are due, locked; those that another one claims are left out.
async fn due(
    connection: &mut PgConnection,
    claim: &Claim,
    priority: i64,
    limit: usize,
) -> Result<Vec<(i64, i64)>> {
    sqlx::query_as(concat!(
        "SELECT a.workspace_id, a.id
         FROM sync s JOIN accounts a ON a.id = s.account_id
         WHERE s.platform = $1 AND s.priority = $2 AND s.next_attempt_at <= $3 AND ",
        free!(),
        " ORDER BY s.next_attempt_at, s.account_id LIMIT $4 FOR NO KEY UPDATE OF s SKIP LOCKED"
    ))
    .bind(claim.platform.as_str())
    .bind(priority)
    .bind(micros(claim.now))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await
    .during("finding due accounts")
}

/// Free accounts that have exact values to fetch and did not fail.
async fn asked(
    connection: &mut PgConnection,
    claim: &Claim,
    limit: usize,
) -> Result<Vec<(i64, i64)>> {
    sqlx::query_as(concat!(
        "SELECT a.workspace_id, a.id
         FROM sync s JOIN accounts a ON a.id = s.account_id
         WHERE s.account_id IN (SELECT account_id FROM window_requests WHERE answered_at IS NULL)
           AND s.platform = $1 AND s.attempts = 0 AND s.next_attempt_at > $2 AND ",
        free!(),
        " ORDER BY s.account_id LIMIT $3 FOR NO KEY UPDATE OF s SKIP LOCKED"
    ))
    .bind(claim.platform.as_str())
    .bind(micros(claim.now))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await
    .during("finding accounts with exact values to fetch")
}

#[async_trait]
impl FleetStore for PostgresStore {
    async fn claim_due(&self, claim: &Claim) -> Result<Vec<(WorkspaceId, AccountId)>> {
        retried!(self.try_to_claim(claim))
    }

    async fn unclaim(&self, accounts: &[AccountId]) -> Result<()> {
        sqlx::query(
            "UPDATE sync SET handed_over_until = NULL
             WHERE account_id = ANY($1)",
        )
        .bind(accounts.iter().map(|id| id.0).collect::<Vec<_>>())
        .execute(&self.pool)
        .await
        .during("giving claims back")
        .map(drop)
    }

    async fn occupied(&self) -> Result<BTreeMap<Platform, Occupied>> {
        // Platforms by hops through the index, whatever the number of accounts.
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(concat!(
            "WITH RECURSIVE platforms(name) AS (
               SELECT min(platform) FROM sync WHERE next_attempt_at IS NOT NULL
               UNION ALL
               SELECT (SELECT min(platform) FROM sync
                       WHERE next_attempt_at IS NOT NULL AND platform > name)
               FROM platforms WHERE name IS NOT NULL
             ),
             busy AS (
               SELECT platform, 1 AS handed, 0 AS running FROM sync
               WHERE handed_over_until > ",
            database_now!(),
            "  UNION ALL SELECT platform, 0, 1 FROM sync WHERE lease_expires_at > ",
            database_now!(),
            ")
             SELECT p.name, COALESCE(sum(b.handed), 0), COALESCE(sum(b.running), 0)
             FROM platforms p LEFT JOIN busy b ON b.platform = p.name
             WHERE p.name IS NOT NULL GROUP BY p.name"
        ))
        .fetch_all(&self.pool)
        .await
        .during("counting busy accounts")?;
        let counted = rows.into_iter().map(|(platform, handed_over, running)| {
            let occupied = Occupied {
                handed_over: handed_over.unsigned_abs(),
                running: running.unsigned_abs(),
            };
            (platform.into(), occupied)
        });
        Ok(counted.collect())
    }

    async fn account_marks(
        &self,
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<AccountId, AccountMark>> {
        self.marks(workspace).await
    }

    async fn report_worker(&self, report: &WorkerReport) -> Result<()> {
        sqlx::query(concat!(
            "INSERT INTO workers (id, host, role, version, capacity, running, started_at, seen_at)
             VALUES ($1, $2, $3, $4, $5, $6, ",
            database_now!(),
            ", ",
            database_now!(),
            ") ON CONFLICT (id) DO UPDATE SET capacity = excluded.capacity,
                 running = excluded.running, seen_at = excluded.seen_at"
        ))
        .bind(&report.id)
        .bind(&report.host)
        .bind(&report.role)
        .bind(&report.version)
        .bind(i64::from(report.capacity))
        .bind(i64::from(report.running))
        .execute(&self.pool)
        .await
        .during("reporting a worker")
        .map(drop)
    }

    async fn workers(&self, within: Duration) -> Result<Vec<Worker>> {
        sqlx::query(concat!(
            "SELECT id, host, role, version, capacity, running, started_at, seen_at
             FROM workers WHERE seen_at > ",
            database_now!(),
            " - $1 ORDER BY started_at, id"
        ))
        .bind(ttl_micros(within))
        .fetch_all(&self.pool)
        .await
        .during("listing workers")?
        .iter()
        .map(|row| {
            Ok(Worker {
                report: WorkerReport {
                    id: get(row, "id")?,
                    host: get(row, "host")?,
                    role: get(row, "role")?,
                    version: get(row, "version")?,
                    capacity: get(row, "capacity")?,
                    running: get(row, "running")?,
                },
                started_at: moment(get(row, "started_at")?)?,
                seen_at: moment(get(row, "seen_at")?)?,
            })
        })
        .collect()
    }

    async fn remove_worker(&self, id: &str) -> Result<()> {
        // Those that died without a word go with the first one that ends in good order.
        sqlx::query(concat!(
            "DELETE FROM workers WHERE id = $1 OR seen_at < ",
            database_now!(),
            " - 86400000000"
        ))
        .bind(id)
        .execute(&self.pool)
        .await
        .during("forgetting a worker")
        .map(drop)
    }

    async fn pause_platform(&self, platform: &Platform, pause: &PlatformPause) -> Result<()> {
        sqlx::query(
            "INSERT INTO platform_pauses (platform, until, code, message, operation, at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (platform) DO UPDATE SET until = excluded.until, code = excluded.code,
               message = excluded.message, operation = excluded.operation, at = excluded.at",
        )
        .bind(platform.as_str())
        .bind(micros(pause.until))
        .bind(&pause.error.code)
        .bind(&pause.error.message)
        .bind(&pause.error.operation)
        .bind(micros(pause.error.at))
        .execute(&self.pool)
        .await
        .during("pausing a platform")
        .map(drop)
    }

    async fn lift_pause(&self, platform: &Platform) -> Result<bool> {
        sqlx::query("DELETE FROM platform_pauses WHERE platform = $1")
            .bind(platform.as_str())
            .execute(&self.pool)
            .await
            .during("ending a platform's pause")
            .map(|done| done.rows_affected() > 0)
    }

    async fn pauses(&self, now: DateTime<Utc>) -> Result<BTreeMap<Platform, PlatformPause>> {
        sqlx::query("SELECT platform, until, code, message, operation, at FROM platform_pauses WHERE until > $1")
            .bind(micros(now))
            .fetch_all(&self.pool)
            .await
            .during("reading platforms' pauses")?
            .iter()
            .map(|row| {
                let pause = PlatformPause {
                    until: moment(get(row, "until")?)?,
                    error: SyncError {
                        code: get(row, "code")?,
                        message: get(row, "message")?,
                        operation: get(row, "operation")?,
                        at: moment(get(row, "at")?)?,
                    },
                };
                Ok((get::<String>(row, "platform")?.into(), pause))
            })
            .collect()
    }

    async fn take_budget(
        &self,
        platform: &Platform,
        scope: &str,
        wanted: u32,
        allowed: u32,
        period: Duration,
    ) -> Result<BudgetShare> {
        self.share_budget(platform, scope, wanted, allowed, period)
            .await
    }

    async fn park(&self, platform: &Platform, scope: &str, until: DateTime<Utc>) -> Result<()> {
        self.park_scope(platform, scope, until).await
    }

    async fn budgets(&self, now: DateTime<Utc>) -> Result<Vec<BudgetUse>> {
        self.read_budgets(now).await
    }

    async fn platform_health(&self, now: DateTime<Utc>) -> Result<Vec<PlatformHealth>> {
        self.health(now).await
    }

    async fn failed_accounts(&self, limit: u32) -> Result<Vec<FailedAccount>> {
        self.failures(limit).await
    }
}

impl PostgresStore {
    async fn try_to_claim(&self, claim: &Claim) -> Result<Vec<(WorkspaceId, AccountId)>> {
        let limit = claim.limit as usize;
        let mut transaction = self.begin().await?;
        end_holds(&mut transaction).await?;
        let mut found: Vec<(i64, i64)> = Vec::new();
        for priority in 0..=priority_id(claim.up_to) {
            let room = limit - found.len();
            if room > 0 {
                found.extend(due(&mut transaction, claim, priority, room).await?);
            }
        }
        if found.len() < limit {
            let room = limit - found.len();
            found.extend(asked(&mut transaction, claim, room).await?);
        }
        if found.is_empty() {
            commit(transaction).await?;
            return Ok(Vec::new());
        }
        let ids: Vec<i64> = found.iter().map(|(_, id)| *id).collect();
        sqlx::query(concat!(
            "UPDATE sync SET handed_over_until = $2 + ",
            database_now!(),
            " WHERE account_id = ANY($1)"
        ))
        .bind(ids)
        .bind(ttl_micros(claim.hold))
        .execute(&mut *transaction)
        .await
        .during("claiming due accounts")?;
        commit(transaction).await?;
        Ok(found
            .into_iter()
            .map(|(workspace, account)| (WorkspaceId(workspace), AccountId(account)))
            .collect())
    }
}
