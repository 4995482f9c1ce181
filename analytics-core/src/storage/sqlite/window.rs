//! Exact values of unique metrics for whole ranges.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{
    SqliteStore, account, commit,
    convert::{During, get, json, level_id, micros, moment, range},
    packed::integers,
    slice::{metric_ids, resolve},
    sync::verify_lease,
};
use crate::storage::{rows::account::Owner, slices};
use crate::{
    error::Result,
    model::{
        AccountId, EntityId, Lease, Level, MetricId, Millionths, WindowRecord, WindowValue,
        WorkspaceId,
    },
};

impl SqliteStore {
    pub(super) async fn replace_windows(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        id: AccountId,
        level: Level,
        windows: &[WindowRecord],
        fetched_at: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let connection = &mut *transaction;
        let owner = account::owner(connection, workspace, id).await?;
        verify_lease(connection, lease, workspace, id).await?;
        if windows.is_empty() {
            return commit(transaction).await;
        }
        save(connection, &owner, level, windows, fetched_at).await?;
        account::bump(connection, id).await?;
        commit(transaction).await
    }

    pub(super) async fn read_windows(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        level: Level,
    ) -> Result<Vec<WindowValue>> {
        self.require_account(workspace, id).await?;
        let rows = sqlx::query(
            "SELECT w.entity, (SELECT name FROM metrics WHERE id = w.metric) AS metric,
                    group_concat(w.first_day) AS first_days, group_concat(w.last_day) AS last_days,
                    group_concat(w.value) AS numbers, group_concat(w.fetched_at) AS moments
             FROM entities e INDEXED BY entities_by_level
             CROSS JOIN windows w ON w.entity = e.id
             WHERE e.account_id = $1 AND e.level = $2 GROUP BY e.id, w.metric",
        )
        .bind(id.0)
        .bind(level_id(level))
        .fetch_all(&self.readers)
        .await
        .during("reading windows")?;
        let mut windows = Vec::new();
        for row in &rows {
            let entity = EntityId(get(row, "entity")?);
            let metric = MetricId::from(get::<&str>(row, "metric")?);
            let first_days = integers(get(row, "first_days")?)?;
            let last_days = integers(get(row, "last_days")?)?;
            let values = integers(get(row, "numbers")?)?;
            let moments = integers(get(row, "moments")?)?;
            for ((first, last), (value, fetched_at)) in
                (first_days.into_iter().zip(last_days)).zip(values.into_iter().zip(moments))
            {
                windows.push(WindowValue {
                    entity,
                    metric: metric.clone(),
                    range: range(first, last)?,
                    value: Millionths(value),
                    fetched_at: moment(fetched_at)?,
                });
            }
        }
        windows.sort_by(|a, b| (a.entity, &a.metric, a.range).cmp(&(b.entity, &b.metric, b.range)));
        Ok(windows)
    }
}

/// Stores exact values; a changed one leaves its former value as a revision.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    owner: &Owner,
    level: Level,
    windows: &[WindowRecord],
    fetched_at: DateTime<Utc>,
) -> Result<()> {
    if windows.is_empty() {
        return Ok(());
    }
    let names: BTreeSet<&str> = windows.iter().map(|window| &*window.entity).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let entities = resolve(connection, owner, level, &names).await?;
    let metrics = slices::window_metrics(windows);
    let metrics = metric_ids(connection, metrics.into_iter()).await?;
    let rows: Vec<_> = slices::window_rows(windows, &entities, &metrics)?
        .into_iter()
        .map(|row| (row.entity, row.metric, row.first, row.last, row.value))
        .collect();
    write(connection, owner.account, &json(&rows)?, micros(fetched_at)).await
}

async fn write(
    connection: &mut SqliteConnection,
    account: AccountId,
    rows: &str,
    fetched_at: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO window_revisions (account_id, entity, metric, first_day, last_day, former,
           fetched_at, superseded_at)
         SELECT $1, w.entity, w.metric, w.first_day, w.last_day, w.value, w.fetched_at, $3
         FROM json_each($2) j CROSS JOIN windows w
         WHERE w.entity = j.value ->> 0 AND w.metric = j.value ->> 1
           AND w.first_day = j.value ->> 2 AND w.last_day = j.value ->> 3
           AND w.value <> j.value ->> 4",
    )
    .bind(account.0)
    .bind(rows)
    .bind(fetched_at)
    .execute(&mut *connection)
    .await
    .during("saving the history of windows")?;
    sqlx::query(
        "INSERT INTO windows (entity, metric, first_day, last_day, value, fetched_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, $2
         FROM json_each($1) WHERE true
         ON CONFLICT (entity, metric, first_day, last_day) DO UPDATE SET
           value = excluded.value, fetched_at = excluded.fetched_at",
    )
    .bind(rows)
    .bind(fetched_at)
    .execute(&mut *connection)
    .await
    .during("saving windows")?;
    sqlx::query(
        "INSERT INTO account_metrics (account_id, metric)
         SELECT DISTINCT $1, value ->> 1 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(account.0)
    .bind(rows)
    .execute(connection)
    .await
    .during("saving the account's metrics")
    .map(drop)
}
