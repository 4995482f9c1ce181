//! Jobs in Redis.

use std::time::Duration;

use apalis::{
    layers::WorkerBuilderExt,
    prelude::{BackendExt, TaskSink, WorkerBuilder},
};
use apalis_redis::{Config, ConnectionManager, RedisStorage};
use async_trait::async_trait;
use redis::{AsyncCommands, Client, aio::ConnectionManagerConfig};
use tokio_util::sync::CancellationToken;

use super::{
    TransportError,
    queue::{Backend, HEARTBEAT, Job, MISSED, NAME, POLL, Work, perform},
};

/// A server that does not answer for this long is away.
const PATIENCE: Duration = Duration::from_secs(5);
/// Finished jobs removed at a time.
const BATCH: usize = 500;

#[derive(Clone)]
pub(super) struct RedisQueue {
    connection: ConnectionManager,
}

impl std::fmt::Debug for RedisQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisQueue").finish_non_exhaustive()
    }
}

impl RedisQueue {
    /// Opens it.
    pub(super) async fn open(url: &str) -> Result<Self, TransportError> {
        let failed = |error| TransportError::new("cannot be opened", error);
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let client = Client::open(url).map_err(failed)?;
        let connection = client
            .get_connection_manager_with_config(settings)
            .await
            .map_err(failed)?;
        Ok(Self { connection })
    }

    fn config() -> Config {
        Config::default()
            .queue(NAME)
            // More would be taken before there is room for them, and wait for a process that dies.
            .batch_size(1)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED)
            .emit_events(false)
    }

    fn storage(&self) -> RedisStorage<Job> {
        RedisStorage::new(self.connection.clone()).with_config(Self::config())
    }

    /// Removes some finished jobs of a set; how many.
    async fn forget(&self, finished: &str) -> redis::RedisResult<usize> {
        let config = Self::config();
        let mut connection = self.connection.clone();
        let ids: Vec<String> = redis::cmd("SPOP")
            .arg(finished)
            .arg(BATCH)
            .query_async(&mut connection)
            .await?;
        if ids.is_empty() {
            return Ok(0);
        }
        let metadata: Vec<String> = ids
            .iter()
            .map(|id| format!("{}:{id}", config.job_meta_hash()))
            .collect();
        let _: () = connection.hdel(config.job_data_hash(), &ids).await?;
        let _: () = connection.del(&metadata).await?;
        Ok(ids.len())
    }
}

#[async_trait]
impl Backend for RedisQueue {
    async fn push(&self, job: Job) -> Result<(), TransportError> {
        self.storage()
            .push(job)
            .await
            .map_err(|error| TransportError::new("does not take a job", error))
    }

    async fn ping(&self) -> Result<(), TransportError> {
        let mut connection = self.connection.clone();
        redis::cmd("PING")
            .query_async(&mut connection)
            .await
            .map_err(|error| TransportError::new("does not answer", error))
    }

    async fn clean(&self) -> Result<u64, TransportError> {
        let config = Self::config();
        let mut removed = 0;
        for finished in [config.done_jobs_set(), config.dead_jobs_set()] {
            loop {
                let some = self
                    .forget(&finished)
                    .await
                    .map_err(|error| TransportError::new("cannot be cleaned", error))?;
                removed += some as u64;
                if some < BATCH {
                    break;
                }
            }
        }
        Ok(removed)
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
