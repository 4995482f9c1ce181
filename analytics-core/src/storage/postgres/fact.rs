//! Facts, coverage, windows and revisions.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    PostgresStore, account, commit,
    convert::{During, date, micros},
    coverage, gap, retried, series,
};
use crate::{
    error::Result,
    model::{
        AccountId, DateRange, FactSeries, FailedRun, FeedCoverage, FeedId, GapRun, Lease, Level,
        MetricId, Revision, Slice, SliceReceipt, WindowRecord, WindowRequest, WindowValue,
        WorkspaceId,
    },
    storage::{FactStore, rows::facts},
};

#[async_trait]
impl FactStore for PostgresStore {
    async fn save_slice(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        slice: &Slice,
    ) -> Result<SliceReceipt> {
        self.prepare_slice(slice).await?;
        retried!(self.replace_slice(workspace, lease, slice))
    }

    async fn save_failure(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        level: Level,
        feed: &FeedId,
        failure: FailedRun,
    ) -> Result<()> {
        retried!(self.note_failure(workspace, id, level, feed, failure.clone()))
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
        retried!(self.replace_windows(workspace, lease, account, level, windows, fetched_at))
    }

    async fn series(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        level: Level,
    ) -> Result<Vec<FactSeries>> {
        self.require_account(workspace, id).await?;
        let mut connection = self.pool.acquire().await.during("reading series")?;
        series::read(&mut connection, id, level).await
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
        let mut transaction = self.begin_reading().await?;
        let coverage = coverage::read(&mut transaction, id.0).await?;
        commit(transaction).await?;
        Ok(coverage)
    }

    async fn gaps(&self, workspace: WorkspaceId, id: AccountId) -> Result<Vec<GapRun>> {
        self.require_account(workspace, id).await?;
        let mut connection = self.pool.acquire().await.during("reading gaps")?;
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
        retried!(self.queue_windows(workspace, account, level, windows, at))
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
        retried!(self.answer_requests(workspace, account, level, metrics, range, at))
    }

    async fn data_versions(&self, workspace: WorkspaceId) -> Result<BTreeMap<AccountId, i64>> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT id, data_version FROM accounts WHERE workspace_id = $1")
                .bind(workspace.0)
                .fetch_all(&self.pool)
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
        .fetch_all(&self.pool)
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
        .fetch_all(&self.pool)
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
        // The index is ordered by day within an entity: two seeks.
        let (first, last): (Option<i32>, Option<i32>) = sqlx::query_as(
            "SELECT (SELECT min(date) FROM facts WHERE entity = e.id),
                    (SELECT max(date) FROM facts WHERE entity = e.id)
             FROM entities e WHERE e.account_id = $1 AND e.level = 0",
        )
        .bind(id.0)
        .fetch_one(&self.pool)
        .await
        .during("reading the span of facts")?;
        first
            .zip(last)
            .map(|(first, last)| Ok((date(first)?, date(last)?)))
            .transpose()
    }
}

impl PostgresStore {
    async fn note_failure(
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
}
