//! What the queues that several machines share have in common.

use std::{fmt::Debug, sync::Arc, time::Duration};

use analytics_core::model::{AccountId, WorkspaceId};
use apalis::prelude::{BoxDynError, Data};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::{AccountKey, JobHandler, JobTransport, TransportError, tasks::Tasks};

/// The queue's name. The number rises with the shape of [`Job`], so that versions of the program
/// that run side by side do not read each other's.
pub(super) const NAME: &str = "analytics-sync-1";
/// How often a worker looks for jobs.
pub(super) const POLL: Duration = Duration::from_millis(200);
/// How often a worker says that it lives. Jobs of one that is silent for four times as long are
/// given to others; leases and due times do not depend on it.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(5);
/// Silent heartbeats until a worker counts as dead.
pub(super) const MISSED: usize = 4;
/// How long to wait before a queue that failed is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// A job: which account, and nothing else. Everything about it is in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Job {
    workspace: i64,
    account: i64,
}

impl From<AccountKey> for Job {
    fn from((workspace, account): AccountKey) -> Self {
        Self {
            workspace: workspace.0,
            account: account.0,
        }
    }
}

/// What a worker does with a job.
#[derive(Debug, Clone)]
pub(super) struct Work {
    tasks: Tasks,
    handler: Arc<dyn JobHandler>,
}

/// Never fails: attempts and back-off are the account's sync row's, not the queue's.
pub(super) async fn perform(job: Job, work: Data<Work>) -> Result<(), BoxDynError> {
    let account = (WorkspaceId(job.workspace), AccountId(job.account));
    let handler = Arc::clone(&work.handler);
    // A task of its own: it goes on if the worker is restarted because its queue failed.
    if let Some(running) = work.tasks.work(handler, account, ()).await
        && let Err(error) = running.await
        && error.is_panic()
    {
        tracing::error!(
            account = account.1.0,
            "a job ended in a defect of this program"
        );
    }
    Ok(())
}

/// A kind of queue.
#[async_trait]
pub(super) trait Backend: Debug + Send + Sync + 'static {
    async fn push(&self, job: Job) -> Result<(), TransportError>;
    async fn ping(&self) -> Result<(), TransportError>;
    async fn clean(&self) -> Result<u64, TransportError>;
    /// Works on jobs under a name that no worker had before, until told to stop or the queue fails.
    async fn serve(
        &self,
        name: &str,
        workers: usize,
        work: Work,
        stop: CancellationToken,
    ) -> Result<(), TransportError>;
}

/// A queue that several machines share.
#[derive(Debug)]
pub(super) struct Queue<B> {
    backend: Arc<B>,
    workers: usize,
    tasks: Tasks,
}

impl<B: Backend> Queue<B> {
    pub(super) fn new(backend: B, workers: usize) -> Self {
        Self {
            backend: Arc::new(backend),
            workers,
            tasks: Tasks::new(workers),
        }
    }
}

/// A name that no worker had before: a restarted process must not be taken for the one that died.
fn fresh_name() -> String {
    uuid::Uuid::now_v7().to_string()
}

#[async_trait]
impl<B: Backend> JobTransport for Queue<B> {
    async fn push(&self, account: AccountKey) -> Result<(), TransportError> {
        self.backend.push(account.into()).await
    }

    fn run(&self, handler: Arc<dyn JobHandler>) {
        let (backend, workers) = (Arc::clone(&self.backend), self.workers);
        let stop = self.tasks.stop.clone();
        let work = Work {
            tasks: self.tasks.clone(),
            handler,
        };
        // Not one of the tasks that a shutdown waits for: it ends by itself, or is given up.
        tokio::spawn(async move {
            while !stop.is_cancelled() {
                let name = fresh_name();
                let served = backend
                    .serve(&name, workers, work.clone(), stop.clone())
                    .await;
                if stop.is_cancelled() {
                    break;
                }
                match served {
                    Ok(()) => tracing::warn!("the queue's worker stopped by itself; starting anew"),
                    Err(error) => tracing::warn!(%error, "working on jobs again in a moment"),
                }
                tokio::time::sleep(RETRY).await;
            }
        });
    }

    async fn idle(&self) {
        self.tasks.idle().await;
    }

    fn running(&self) -> usize {
        self.tasks.running()
    }

    fn is_shared(&self) -> bool {
        true
    }

    async fn ping(&self) -> Result<(), TransportError> {
        self.backend.ping().await
    }

    async fn clean(&self) -> Result<u64, TransportError> {
        self.backend.clean().await
    }

    async fn shut_down(&self, grace: Duration) {
        self.tasks.shut_down(grace).await;
    }
}
