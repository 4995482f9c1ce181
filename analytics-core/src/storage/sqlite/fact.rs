//! Facts, coverage, windows and revisions.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    SqliteStore, account, commit,
    convert::{During, corrupt, date, get, level_id, micros},
    coverage, gap,
    packed::{days, integers},
};
use crate::storage::rows::facts;
use crate::{
    error::Result,
    model::{
        AccountId, DateRange, EntityId, FactSeries, FailedRun, FeedCoverage, FeedId, GapRun, Lease,
        Level, MetricId, Revision, Slice, SliceReceipt, WindowRecord, WindowRequest, WindowValue,
        WorkspaceId,
    },
    storage::FactStore,
};

#[async_trait]
impl FactStore for SqliteStore {
    async fn save_slice(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        slice: &Slice,
    ) -> Result<SliceReceipt> {
        self.replace_slice(workspace, lease, slice).await
    }

    async fn save_failure(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        level: Level,
        feed: &FeedId,
        failure: FailedRun,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let owner = account::owner(&mut transaction, workspace, id).await?;
        let place = coverage::place(&mut transaction, &owner, level, feed).await?;
        coverage::save_failure(&mut transaction, place, failure).await?;
        account::bump(&mut transaction, id).await?;
        commit(transaction).await
    }

    async fn save_windows(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        account: AccountId,
        level: Level,
        windows: &[WindowRecord],
        fetched_at: DateTime<Utc>,
    ) -> Result<()> {
        self.replace_windows(workspace, lease, account, level, windows, fetched_at)
            .await
    }

    async fn series(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        level: Level,
    ) -> Result<Vec<FactSeries>> {
        self.require_account(workspace, id).await?;
        // The names are few and known to every account, so they are read apart: once, not a row.
        let names: Vec<(i64, String)> = sqlx::query_as("SELECT id, name FROM metrics")
            .fetch_all(&self.readers)
            .await
            .during("reading metrics")?;
        let names: HashMap<i64, MetricId> = names
            .into_iter()
            .map(|(id, name)| (id, MetricId::from(name)))
            .collect();
        let rows = sqlx::query(
            "SELECT f.entity, f.metric, group_concat(f.date) AS dates,
                    group_concat(f.value) AS numbers
             FROM entities e INDEXED BY entities_by_level
             CROSS JOIN facts f ON f.entity = e.id
             WHERE e.account_id = $1 AND e.level = $2 GROUP BY e.id, f.metric
             UNION ALL
             SELECT c.entity, c.metric, group_concat(c.date), group_concat(c.value)
             FROM entities e INDEXED BY entities_by_level
             CROSS JOIN counters c ON c.entity = e.id
             WHERE e.account_id = $1 AND e.level = $2 GROUP BY e.id, c.metric",
        )
        .bind(id.0)
        .bind(level_id(level))
        .fetch_all(&self.readers)
        .await
        .during("reading series")?;
        let mut series = Vec::with_capacity(rows.len());
        for row in &rows {
            series.push(FactSeries {
                entity: EntityId(get(row, "entity")?),
                metric: names
                    .get(&get(row, "metric")?)
                    .cloned()
                    .ok_or_else(|| corrupt("a fact has an unknown metric"))?,
                dates: days(get(row, "dates")?)?,
                values: integers(get(row, "numbers")?)?,
            });
        }
        series.sort_by(|a, b| (a.entity, &a.metric).cmp(&(b.entity, &b.metric)));
        Ok(series)
    }

    async fn windows(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
    ) -> Result<Vec<WindowValue>> {
        self.read_windows(workspace, account, level).await
    }

    async fn coverage(&self, workspace: WorkspaceId, id: AccountId) -> Result<Vec<FeedCoverage>> {
        self.require_account(workspace, id).await?;
        // One snapshot for the covered and the failed days.
        let mut transaction = self.readers.begin().await.during("reading coverage")?;
        coverage::read(&mut transaction, id.0).await
    }

    async fn gaps(&self, workspace: WorkspaceId, id: AccountId) -> Result<Vec<GapRun>> {
        self.require_account(workspace, id).await?;
        let mut connection = self.readers.acquire().await.during("reading gaps")?;
        gap::read(&mut connection, id.0).await
    }

    async fn request_windows(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
        windows: &[(MetricId, DateRange)],
        at: DateTime<Utc>,
    ) -> Result<u64> {
        self.queue_windows(workspace, account, level, windows, at)
            .await
    }

    async fn window_requests(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Vec<WindowRequest>> {
        self.read_requests(workspace, account).await
    }

    async fn close_window_requests(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
        metrics: &[MetricId],
        range: DateRange,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.answer_requests(workspace, account, level, metrics, range, at)
            .await
    }

    async fn data_versions(&self, workspace: WorkspaceId) -> Result<BTreeMap<AccountId, i64>> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT id, data_version FROM accounts WHERE workspace_id = $1")
                .bind(workspace.0)
                .fetch_all(&self.readers)
                .await
                .during("reading data versions")?;
        Ok(rows
            .into_iter()
            .map(|(id, version)| (AccountId(id), version))
            .collect())
    }

    async fn revisions(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Revision>> {
        self.require_account(workspace, id).await?;
        let rows = sqlx::query(
            "SELECT r.entity, m.name AS metric, r.date, r.kind, r.former, r.superseded_at
             FROM revisions r JOIN metrics m ON m.id = r.metric
             WHERE r.account_id = $1 AND r.superseded_at >= $2 ORDER BY r.superseded_at, r.id",
        )
        .bind(id.0)
        .bind(micros(since))
        .fetch_all(&self.readers)
        .await
        .during("reading revisions")?;
        rows.iter().map(facts::revision).collect()
    }

    async fn stored_metrics(&self, workspace: WorkspaceId) -> Result<Vec<MetricId>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT m.name FROM accounts a
             JOIN account_metrics o ON o.account_id = a.id
             JOIN metrics m ON m.id = o.metric
             WHERE a.workspace_id = $1 ORDER BY m.name",
        )
        .bind(workspace.0)
        .fetch_all(&self.readers)
        .await
        .during("reading stored metrics")?;
        Ok(rows.into_iter().map(|(name,)| name.into()).collect())
    }

    async fn fact_span(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<Option<(NaiveDate, NaiveDate)>> {
        self.require_account(workspace, id).await?;
        // Two seeks a metric instead of a scan of every day.
        let (first, last): (Option<i64>, Option<i64>) = sqlx::query_as(
            "SELECT min((SELECT min(f.date) FROM facts f WHERE f.entity = e.id AND f.metric = o.metric)),
                    max((SELECT max(f.date) FROM facts f WHERE f.entity = e.id AND f.metric = o.metric))
             FROM entities e JOIN account_metrics o ON o.account_id = e.account_id
             WHERE e.account_id = $1 AND e.level = 0",
        )
        .bind(id.0)
        .fetch_one(&self.readers)
        .await
        .during("reading the span of facts")?;
        first
            .zip(last)
            .map(|(first, last)| Ok((date(first)?, date(last)?)))
            .transpose()
    }
}
