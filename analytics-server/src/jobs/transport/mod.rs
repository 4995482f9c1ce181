//! How jobs get from the scheduler to the workers. A lost or doubled job costs nothing: the
//! scheduler finds every account that is due again, and a lease keeps two workers apart.

mod in_process;
mod postgres;
mod queue;
mod redis;
mod tasks;

use std::{fmt::Debug, sync::Arc, time::Duration};

use analytics_core::model::{AccountId, WorkspaceId};
use async_trait::async_trait;

pub use in_process::InProcess;

/// What a job is about.
pub type AccountKey = (WorkspaceId, AccountId);

/// A queue that cannot be reached or does not do what it is told.
#[derive(Debug, thiserror::Error)]
#[error("the queue {operation}: {message}")]
pub struct TransportError {
    operation: &'static str,
    message: String,
}

impl TransportError {
    fn new(operation: &'static str, message: impl ToString) -> Self {
        Self {
            operation,
            message: message.to_string(),
        }
    }
}

/// Does the work of a job.
#[async_trait]
pub trait JobHandler: Debug + Send + Sync + 'static {
    /// Reconciles an account. Errors are the handler's own to record: the sync row in the database
    /// owns attempts and back-off.
    async fn handle(&self, account: AccountKey);
}

/// The seam between scheduler and workers.
#[async_trait]
pub trait JobTransport: Debug + Send + Sync + 'static {
    /// Hands an account to a worker. Queued twice it is looked at twice, and found to be done.
    ///
    /// # Errors
    /// If the queue does not take it; the account stays due.
    async fn push(&self, account: AccountKey) -> Result<(), TransportError>;
    /// Starts working with `handler`.
    fn run(&self, handler: Arc<dyn JobHandler>);
    /// Waits until nothing is queued or running in this process.
    async fn idle(&self);
    /// Accounts this process works on right now.
    fn running(&self) -> usize;
    /// Whether workers of other processes take jobs of it.
    fn is_shared(&self) -> bool;
    /// A round trip.
    ///
    /// # Errors
    /// If the queue is away.
    async fn ping(&self) -> Result<(), TransportError>;
    /// Removes what is left of jobs that are done; how many.
    ///
    /// # Errors
    /// If the queue is away.
    async fn clean(&self) -> Result<u64, TransportError>;
    /// Takes no more jobs, waits `grace` for running ones and then drops them.
    async fn shut_down(&self, grace: Duration);
}

/// The queue at `url` (`postgres://…`, `redis://…`), from which this process works on up to
/// `workers` accounts at the same time.
///
/// # Errors
/// For an unknown kind of URL, or a queue that cannot be reached. No password is in the message.
pub async fn open(url: &str, workers: usize) -> Result<Arc<dyn JobTransport>, TransportError> {
    match url.split("://").next() {
        Some("postgres" | "postgresql") => {
            let backend = postgres::PostgresQueue::open(url).await?;
            Ok(Arc::new(queue::Queue::new(backend, workers)))
        }
        Some("redis" | "rediss") => {
            let backend = redis::RedisQueue::open(url).await?;
            Ok(Arc::new(queue::Queue::new(backend, workers)))
        }
        _ => Err(TransportError::new(
            "cannot be opened",
            "ANALYTICS_QUEUE_URL starts with neither `postgres://` nor `redis://`",
        )),
    }
}
