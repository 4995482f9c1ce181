//! Jobs in PostgreSQL, in a schema of their own (`apalis`).

use std::{str::FromStr, time::Duration};

use apalis::{
    layers::WorkerBuilderExt,
    prelude::{BackendExt, TaskBuilder, TaskSink, WorkerBuilder},
};
use apalis_postgres::{Config, PgConnectOptions, PgPool, PostgresStorage};
use async_trait::async_trait;
use sqlx::{ConnectOptions, postgres::PgPoolOptions};
use tokio_util::sync::CancellationToken;

use super::{
    TransportError,
    queue::{Backend, HEARTBEAT, Job, MISSED, NAME, POLL, Work, perform},
};

/// Fetching, heartbeats, acknowledgements and pushes: no more at the same time.
const CONNECTIONS: u32 = 4;
/// A database that does not answer for this long is away.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct PostgresQueue {
    pool: PgPool,
}

impl PostgresQueue {
    /// Opens it, and creates its tables if they are not there.
    pub(super) async fn open(url: &str) -> Result<Self, TransportError> {
        let failed = "cannot be opened";
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| TransportError::new(failed, error))?
            .application_name("analytics-queue")
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(|error| TransportError::new(failed, error))?;
        PostgresStorage::setup(&pool)
            .await
            .map_err(|error| TransportError::new("cannot create its tables", error))?;
        Ok(Self { pool })
    }

    fn storage(&self) -> PostgresStorage<Job> {
        let config = Config::default()
            .queue(NAME)
            // More would be taken before there is room for them, and wait for a process that dies.
            .batch_size(1)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED);
        PostgresStorage::new(&self.pool).with_config(config)
    }
}

#[async_trait]
impl Backend for PostgresQueue {
    async fn push(&self, job: Job) -> Result<(), TransportError> {
        // Due since ever: whether it is due is not decided by this machine's clock.
        let task = TaskBuilder::new(job).run_at_timestamp(1).build();
        self.storage()
            .push_task(task)
            .await
            .map_err(|error| TransportError::new("does not take a job", error))
    }

    async fn ping(&self) -> Result<(), TransportError> {
        sqlx::query("SELECT 1")
            .execute(&self.pool)
            .await
            .map(drop)
            .map_err(|error| TransportError::new("does not answer", error))
    }

    async fn clean(&self) -> Result<u64, TransportError> {
        let failed = |error| TransportError::new("cannot be cleaned", error);
        let done = sqlx::query(
            "DELETE FROM apalis.jobs
             WHERE job_type = $1 AND status IN ('Done', 'Failed', 'Killed')",
        )
        .bind(NAME)
        .execute(&self.pool)
        .await
        .map_err(failed)?;
        sqlx::query(
            "DELETE FROM apalis.workers w
             WHERE worker_type = $1 AND last_seen < now() - interval '1 hour'
               AND NOT EXISTS (SELECT 1 FROM apalis.jobs j WHERE j.lock_by = w.id)",
        )
        .bind(NAME)
        .execute(&self.pool)
        .await
        .map_err(failed)?;
        Ok(done.rows_affected())
    }

    async fn serve(
        &self,
        name: &str,
        workers: usize,
        work: Work,
        stop: CancellationToken,
    ) -> Result<(), TransportError> {
        WorkerBuilder::new(name)
            .backend(self.storage().poll_with_interval(POLL))
            .data(work)
            .concurrency(workers)
            .build(perform)
            .run_until(async move {
                stop.cancelled().await;
                Ok::<_, std::io::Error>(())
            })
            .await
            .map_err(|error| TransportError::new("failed", error))
    }
}
