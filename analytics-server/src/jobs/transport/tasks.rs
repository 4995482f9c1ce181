//! Jobs as tasks of this process: so many at a time, ended in good order.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Semaphore, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{AccountKey, JobHandler};

/// The running jobs of a process. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Tasks {
    permits: Arc<Semaphore>,
    pub(super) tracker: TaskTracker,
    running: Arc<watch::Sender<usize>>,
    /// No new job starts.
    pub(super) stop: CancellationToken,
    /// Running jobs are dropped.
    abandon: CancellationToken,
}

/// Counts a job as running until it is dropped, however it ends.
struct Running(Arc<watch::Sender<usize>>);

impl Running {
    fn new(count: &Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(Arc::clone(count))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Tasks {
    pub(super) fn new(workers: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(workers.max(1))),
            tracker: TaskTracker::new(),
            running: Arc::new(watch::Sender::new(0)),
            stop: CancellationToken::new(),
            abandon: CancellationToken::new(),
        }
    }

    /// Works on an account in a task of its own, once there is room for it. The job goes on if
    /// nobody waits for it any more, and a panic ends nothing but the job.
    pub(super) async fn work(
        &self,
        handler: Arc<dyn JobHandler>,
        account: AccountKey,
        kept: impl Send + 'static,
    ) -> Option<tokio::task::JoinHandle<()>> {
        let permit = tokio::select! {
            biased;
            () = self.stop.cancelled() => return None,
            // The semaphore is never closed.
            permit = self.permits.clone().acquire_owned() => permit.ok()?,
        };
        let running = Running::new(&self.running);
        let abandon = self.abandon.clone();
        Some(self.tracker.spawn(async move {
            let _until_the_end = (kept, permit, running);
            tokio::select! {
                biased;
                () = abandon.cancelled() => {}
                () = handler.handle(account) => {}
            }
        }))
    }

    pub(super) fn running(&self) -> usize {
        *self.running.borrow()
    }

    pub(super) async fn idle(&self) {
        let mut count = self.running.subscribe();
        // The sender lives as long as `self`, so this cannot fail.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    pub(super) async fn shut_down(&self, grace: Duration) {
        self.stop.cancel();
        self.tracker.close();
        if tokio::time::timeout(grace, self.tracker.wait())
            .await
            .is_ok()
        {
            return;
        }
        tracing::info!("handing back the accounts that are still being synchronized");
        self.abandon.cancel();
        self.tracker.wait().await;
        // Dropped work gives its leases back in tasks of its own; one that does not get there
        // leaves a lease that expires.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
