//! Exact values of unique metrics for whole ranges.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Row};

use super::{
    PostgresStore, account, commit,
    convert::{During, get, level_id, micros, moment, range},
    slice::{metric_ids, resolve},
    sync::verify_lease,
};
use crate::storage::{
    rows::account::Owner,
    slices::{self, WindowRow},
};
use crate::{
    error::Result,
    model::{
        AccountId, EntityId, Lease, Level, MetricId, Millionths, WindowRecord, WindowValue,
        WorkspaceId,
    },
};

impl PostgresStore {
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
                    array_agg(w.first_day::bigint) AS first_days,
                    array_agg(w.last_day::bigint) AS last_days,
                    array_agg(w.value) AS numbers, array_agg(w.fetched_at) AS moments
             FROM entities e JOIN windows w ON w.entity = e.id
             WHERE e.account_id = $1 AND e.level = $2 GROUP BY w.entity, w.metric",
        )
        .bind(id.0)
        .bind(level_id(level))
        .fetch_all(&self.pool)
        .await
        .during("reading windows")?;
        let mut windows = Vec::new();
        for row in &rows {
            let entity = EntityId(get(row, "entity")?);
            let metric = MetricId::from(get::<&str>(row, "metric")?);
            let first_days: Vec<i64> = row.try_get("first_days").during("reading windows")?;
            let last_days: Vec<i64> = row.try_get("last_days").during("reading windows")?;
            let values: Vec<i64> = row.try_get("numbers").during("reading windows")?;
            let moments: Vec<i64> = row.try_get("moments").during("reading windows")?;
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
    connection: &mut PgConnection,
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
    let rows = slices::window_rows(windows, &entities, &metrics)?;
    write(connection, owner.account, &rows, micros(fetched_at)).await
}

async fn write(
    connection: &mut PgConnection,
    account: AccountId,
    rows: &[WindowRow],
    fetched_at: i64,
) -> Result<()> {
    macro_rules! bound {
        ($query:literal) => {
            sqlx::query($query)
                .bind(account.0)
                .bind(rows.iter().map(|row| row.entity).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.metric).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.first).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.last).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.value).collect::<Vec<_>>())
                .bind(fetched_at)
        };
    }
    bound!(
        "INSERT INTO window_revisions (account_id, entity, metric, first_day, last_day, former,
           fetched_at, superseded_at)
         SELECT $1, w.entity, w.metric, w.first_day, w.last_day, w.value, w.fetched_at, $7
         FROM UNNEST($2::bigint[], $3::int[], $4::int[], $5::int[], $6::bigint[])
           AS r (entity, metric, first_day, last_day, value)
         JOIN windows w USING (entity, metric, first_day, last_day)
         WHERE w.value <> r.value"
    )
    .execute(&mut *connection)
    .await
    .during("saving the history of windows")?;
    bound!(
        "WITH kept AS (
           INSERT INTO windows (entity, metric, first_day, last_day, value, fetched_at)
           SELECT r.*, $7
           FROM UNNEST($2::bigint[], $3::int[], $4::int[], $5::int[], $6::bigint[]) r
           ON CONFLICT (entity, metric, first_day, last_day) DO UPDATE SET
             value = excluded.value, fetched_at = excluded.fetched_at
           RETURNING metric)
         INSERT INTO account_metrics (account_id, metric)
         SELECT DISTINCT $1, metric FROM kept ON CONFLICT DO NOTHING"
    )
    .execute(connection)
    .await
    .during("saving windows")
    .map(drop)
}
