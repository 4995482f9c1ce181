//! Jobs inside this process: the embedded default.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::{mpsc, watch};

use super::{AccountKey, JobHandler, JobTransport, TransportError, tasks::Tasks};

/// Tokio tasks in this process.
#[derive(Debug)]
pub struct InProcess {
    sender: mpsc::UnboundedSender<AccountKey>,
    receiver: Mutex<Option<mpsc::UnboundedReceiver<AccountKey>>>,
    known: Arc<Known>,
    tasks: Tasks,
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
            tasks: Tasks::new(workers),
        }
    }
}

#[async_trait]
impl JobTransport for InProcess {
    async fn push(&self, account: AccountKey) -> Result<(), TransportError> {
        // What comes after the end stays due in the database; so does what is not taken.
        if !self.tasks.stop.is_cancelled()
            && self.known.insert(account)
            && self.sender.send(account).is_err()
        {
            self.known.remove(account);
        }
        Ok(())
    }

    fn run(&self, handler: Arc<dyn JobHandler>) {
        let receiver = self
            .receiver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // Running twice would be two handlers for one queue; the first stays.
        let Some(mut receiver) = receiver else { return };
        let (known, tasks) = (self.known.clone(), self.tasks.clone());
        self.tasks.tracker.spawn(async move {
            loop {
                let account = tokio::select! {
                    biased;
                    () = tasks.stop.cancelled() => break,
                    account = receiver.recv() => match account {
                        Some(account) => account,
                        None => break,
                    },
                };
                let done = Done(known.clone(), account);
                if tasks
                    .work(Arc::clone(&handler), account, done)
                    .await
                    .is_none()
                {
                    break;
                }
            }
            // What is still queued stays due in the database.
            while let Ok(account) = receiver.try_recv() {
                known.remove(account);
            }
        });
    }

    async fn idle(&self) {
        let mut count = self.known.count.subscribe();
        // The sender lives as long as `self`, so this cannot fail.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    fn running(&self) -> usize {
        self.tasks.running()
    }

    fn is_shared(&self) -> bool {
        false
    }

    async fn ping(&self) -> Result<(), TransportError> {
        Ok(())
    }

    async fn clean(&self) -> Result<u64, TransportError> {
        Ok(0)
    }

    async fn shut_down(&self, grace: Duration) {
        self.tasks.shut_down(grace).await;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use analytics_core::model::{AccountId, WorkspaceId};

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
            transport.push(account(n)).await.unwrap();
        }
        transport.run(counter.clone());
        transport.idle().await;
        assert_eq!(counter.started.load(Ordering::SeqCst), 3);
        assert_eq!(counter.most.load(Ordering::SeqCst), 2);
        transport.push(account(1)).await.unwrap();
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
        transport.push(account(1)).await.unwrap();
        transport.push(account(2)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        transport.shut_down(Duration::from_millis(50)).await;
        assert_eq!(counter.started.load(Ordering::SeqCst), 1);
        transport.idle().await;
    }
}
