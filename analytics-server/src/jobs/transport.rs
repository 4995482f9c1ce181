//! How jobs get from the scheduler to the workers. A lost or doubled job costs nothing: the
//! scheduler finds every account that is due again, and a lease keeps two workers apart.

use std::{
    collections::HashSet,
    fmt::Debug,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use analytics_core::model::{AccountId, WorkspaceId};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// What a job is about.
pub type AccountKey = (WorkspaceId, AccountId);

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
    /// Hands an account to a worker, not before a moment. One that is queued already is not queued
    /// twice.
    async fn push(&self, account: AccountKey, not_before: Option<DateTime<Utc>>);
    /// Starts working with `handler`.
    fn run(&self, handler: Arc<dyn JobHandler>);
    /// Whether jobs get through; what is wrong, if not. Never a secret: it is logged.
    async fn reachable(&self) -> Result<(), String> {
        Ok(())
    }
    /// Takes no more jobs, waits `grace` for running ones and then drops them.
    async fn shut_down(&self, grace: Duration);
}

/// Tokio tasks in this process.
#[derive(Debug)]
pub struct InProcess {
    sender: mpsc::UnboundedSender<AccountKey>,
    receiver: Mutex<Option<mpsc::UnboundedReceiver<AccountKey>>>,
    known: Arc<Known>,
    workers: usize,
    tasks: TaskTracker,
    /// No new job starts.
    stop: CancellationToken,
    /// Running jobs are dropped.
    abandon: CancellationToken,
}

/// Accounts queued or being worked on.
#[derive(Debug)]
struct Known {
    accounts: Mutex<HashSet<AccountKey>>,
    count: watch::Sender<usize>,
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, HashSet<AccountKey>> {
        // Nothing panics while it is held; a poisoned set would still be a valid one.
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, account: AccountKey) -> bool {
        let mut accounts = self.lock();
        let new = accounts.insert(account);
        self.count.send_replace(accounts.len());
        new
    }

    fn remove(&self, account: AccountKey) {
        let mut accounts = self.lock();
        accounts.remove(&account);
        self.count.send_replace(accounts.len());
    }
}

/// Forgets an account when its job ends, however it ends.
struct Done(Arc<Known>, AccountKey);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.remove(self.1);
    }
}

impl InProcess {
    /// A transport that works on up to `workers` accounts at the same time.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            sender,
            receiver: Mutex::new(Some(receiver)),
            known: Arc::new(Known {
                accounts: Mutex::default(),
                count: watch::Sender::new(0),
            }),
            workers: workers.max(1),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            abandon: CancellationToken::new(),
        }
    }

    /// Waits until nothing is queued or running.
    pub async fn idle(&self) {
        let mut count = self.known.count.subscribe();
        // The sender lives as long as `self`, so this cannot fail.
        let _ = count.wait_for(|count| *count == 0).await;
    }
}

#[async_trait]
impl JobTransport for InProcess {
    async fn push(&self, account: AccountKey, not_before: Option<DateTime<Utc>>) {
        // A later job is the scheduler's: it finds the account in the database when it is due.
        if not_before.is_some() || self.stop.is_cancelled() {
            return;
        }
        if self.known.insert(account) && self.sender.send(account).is_err() {
            self.known.remove(account);
        }
    }

    fn run(&self, handler: Arc<dyn JobHandler>) {
        let receiver = self
            .receiver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // Running twice would be two handlers for one queue; the first stays.
        let Some(mut receiver) = receiver else { return };
        let permits = Arc::new(Semaphore::new(self.workers));
        let known = self.known.clone();
        let tasks = self.tasks.clone();
        let (stop, abandon) = (self.stop.clone(), self.abandon.clone());
        self.tasks.spawn(async move {
            loop {
                let account = tokio::select! {
                    biased;
                    () = stop.cancelled() => break,
                    account = receiver.recv() => match account {
                        Some(account) => account,
                        None => break,
                    },
                };
                let done = Done(known.clone(), account);
                let permit = tokio::select! {
                    biased;
                    () = stop.cancelled() => break,
                    permit = permits.clone().acquire_owned() => match permit {
                        Ok(permit) => permit,
                        Err(_) => break,
                    },
                };
                let (handler, abandon) = (handler.clone(), abandon.clone());
                tasks.spawn(async move {
                    let _done = done;
                    let _permit = permit;
                    tokio::select! {
                        biased;
                        () = abandon.cancelled() => {}
                        () = handler.handle(account) => {}
                    }
                });
            }
            // What is still queued stays due in the database.
            while let Ok(account) = receiver.try_recv() {
                known.remove(account);
            }
        });
    }

    async fn shut_down(&self, grace: Duration) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_ok() {
            return;
        }
        tracing::info!("handing back the accounts that are still being synchronized");
        self.abandon.cancel();
        self.tasks.wait().await;
        // Dropped work gives its leases back in tasks of its own; one that does not get there
        // leaves a lease that expires.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Debug, Default)]
    struct Counter {
        started: AtomicUsize,
        at_once: AtomicUsize,
        most: AtomicUsize,
        forever: bool,
    }

    #[async_trait]
    impl JobHandler for Counter {
        async fn handle(&self, _account: AccountKey) {
            self.started.fetch_add(1, Ordering::SeqCst);
            let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            if self.forever {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.at_once.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn account(n: i64) -> AccountKey {
        (WorkspaceId(1), AccountId(n))
    }

    #[tokio::test]
    async fn each_queued_account_is_worked_on_once_and_never_more_than_the_workers_allow() {
        let transport = InProcess::new(2);
        let counter = Arc::new(Counter::default());
        for n in [1, 2, 3, 1, 2, 3] {
            transport.push(account(n), None).await;
        }
        transport.run(counter.clone());
        transport.idle().await;
        assert_eq!(counter.started.load(Ordering::SeqCst), 3);
        assert_eq!(counter.most.load(Ordering::SeqCst), 2);
        transport.push(account(1), None).await;
        transport.idle().await;
        assert_eq!(counter.started.load(Ordering::SeqCst), 4);
        transport.shut_down(Duration::from_secs(1)).await;
    }

    #[tokio::test]
    async fn shutting_down_does_not_wait_for_ever() {
        let transport = InProcess::new(1);
        let counter = Arc::new(Counter {
            forever: true,
            ..Counter::default()
        });
        transport.run(counter.clone());
        transport.push(account(1), None).await;
        transport.push(account(2), None).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        transport.shut_down(Duration::from_millis(50)).await;
        assert_eq!(counter.started.load(Ordering::SeqCst), 1);
        transport.idle().await;
    }
}
