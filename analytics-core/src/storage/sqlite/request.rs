//! Exact values that reports lacked, waiting to be fetched.

use chrono::{DateTime, Duration, Utc};

use super::{
    SqliteStore, account, commit,
    convert::{During, day, json, level_id, micros},
    slice::metric_ids,
};
use crate::storage::rows::facts;
use crate::{
    error::Result,
    model::{AccountId, DateRange, Level, MetricId, WindowRequest, WorkspaceId},
    storage::WINDOW_REST,
};

/// Requests that nobody repeated for this long are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::days(90);

impl SqliteStore {
    pub(super) async fn queue_windows(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        at_level: Level,
        wanted: &[(MetricId, DateRange)],
        at: DateTime<Utc>,
    ) -> Result<u64> {
        let mut transaction = self.begin().await?;
        let connection = &mut *transaction;
        account::owner(connection, workspace, id).await?;
        let metrics = metric_ids(connection, wanted.iter().map(|(metric, _)| metric)).await?;
        let rows: Vec<(i64, i64, i64)> = wanted
            .iter()
            .filter_map(|(metric, range)| {
                let metric = metrics.get(metric.as_str())?;
                Some((*metric, day(range.start), day(range.end)))
            })
            .collect();
        sqlx::query("DELETE FROM window_requests WHERE account_id = $1 AND requested_at < $2")
            .bind(id.0)
            .bind(micros(at - FORGOTTEN_AFTER))
            .execute(&mut *connection)
            .await
            .during("forgetting old requests")?;
        let queued = sqlx::query(
            "INSERT INTO window_requests (account_id, level, metric, first_day, last_day,
               requested_at)
             SELECT DISTINCT $1, $2, value ->> 0, value ->> 1, value ->> 2, $4
             FROM json_each($3) WHERE true
             ON CONFLICT DO UPDATE SET requested_at = excluded.requested_at, answered_at = NULL
             WHERE answered_at <= $5",
        )
        .bind(id.0)
        .bind(level_id(at_level))
        .bind(json(&rows)?)
        .bind(micros(at))
        .bind(micros(at - WINDOW_REST))
        .execute(&mut *connection)
        .await
        .during("queueing exact values")?
        .rows_affected();
        commit(transaction).await?;
        Ok(queued)
    }

    pub(super) async fn read_requests(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<Vec<WindowRequest>> {
        self.require_account(workspace, id).await?;
        let rows = sqlx::query(
            "SELECT r.level, m.name AS metric, r.first_day, r.last_day, r.requested_at,
                    r.answered_at
             FROM window_requests r JOIN metrics m ON m.id = r.metric
             WHERE r.account_id = $1 ORDER BY r.requested_at, r.last_day DESC, r.first_day",
        )
        .bind(id.0)
        .fetch_all(&self.readers)
        .await
        .during("reading requests for exact values")?;
        rows.iter().map(facts::window_request).collect()
    }

    pub(super) async fn answer_requests(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        at_level: Level,
        metrics: &[MetricId],
        days: DateRange,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        account::owner(&mut transaction, workspace, id).await?;
        let names: Vec<&str> = metrics.iter().map(MetricId::as_str).collect();
        let answered = sqlx::query(
            "UPDATE window_requests SET answered_at = $5
             WHERE account_id = $1 AND level = $2 AND first_day = $3 AND last_day = $4
               AND answered_at IS NULL
               AND metric IN (SELECT m.id FROM json_each($6) j JOIN metrics m ON m.name = j.value)",
        )
        .bind(id.0)
        .bind(level_id(at_level))
        .bind(day(days.start))
        .bind(day(days.end))
        .bind(micros(at))
        .bind(json(&names)?)
        .execute(&mut *transaction)
        .await
        .during("answering requests for exact values")?
        .rows_affected();
        if answered > 0 {
            // What was pending is not any more, even where no value came.
            account::bump(&mut transaction, id).await?;
        }
        commit(transaction).await
    }
}
