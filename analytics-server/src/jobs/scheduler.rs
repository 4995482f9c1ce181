//! Finds every account that is due (new ones, the daily refresh, retries) and hands it over.

use std::{sync::Arc, time::Duration};

use analytics_connectors::{
    clock::SharedClock,
    sync::{SyncEngine, refresh},
};
use analytics_core::{Result, Store};
use chrono::Utc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::transport::{InProcess, JobTransport};

/// Most accounts handed over at a time.
const BATCH: u32 = 256;
/// How often ended sessions and texts that must go are cleared away.
const CLEANING: Duration = Duration::from_secs(3600);

/// Looks for accounts that are due, again and again. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Scheduler {
    engine: Arc<SyncEngine>,
    store: Arc<dyn Store>,
    clock: SharedClock,
    transport: Arc<InProcess>,
    interval: Duration,
    wake: Arc<Notify>,
}

impl Scheduler {
    pub(crate) fn new(
        engine: Arc<SyncEngine>,
        store: Arc<dyn Store>,
        clock: SharedClock,
        transport: Arc<InProcess>,
        interval: Duration,
    ) -> Self {
        Self {
            engine,
            store,
            clock,
            transport,
            interval,
            wake: Arc::new(Notify::new()),
        }
    }

    /// Looks now instead of at the end of the interval.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Hands over what is due now; how many accounts that were.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tick(&self) -> Result<usize> {
        let due = refresh::due(&self.store, self.clock.now(), BATCH).await?;
        for account in &due {
            self.transport.push(*account, None).await;
        }
        Ok(due.len())
    }

    /// Hands over what is due until nothing is any more, and waits for the work.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn settle(&self) -> Result<()> {
        loop {
            // A run under way holds its account's lease: only when it has ended is it known whether
            // the account is due again.
            self.transport.idle().await;
            if self.tick().await? == 0 {
                return Ok(());
            }
        }
    }

    pub(crate) fn start(&self, stop: CancellationToken) {
        let scheduler = self.clone();
        tokio::spawn(async move {
            let mut cleaning = tokio::time::interval(CLEANING);
            loop {
                if let Err(error) = scheduler.tick().await {
                    tracing::warn!(%error, "cannot look for accounts that are due");
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(scheduler.interval) => {}
                    () = scheduler.wake.notified() => {}
                    _ = cleaning.tick() => scheduler.clean().await,
                }
            }
        });
    }

    async fn clean(&self) {
        match self.engine.forget_unread_texts().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "erased texts of posts that nobody reads any more"),
            Err(error) => tracing::warn!(%error, "cannot erase texts of posts"),
        }
        match self.store.remove_ended_sessions(Utc::now()).await {
            Ok(0) => {}
            Ok(count) => tracing::debug!(count, "removed ended sessions"),
            Err(error) => tracing::warn!(%error, "cannot remove ended sessions"),
        }
    }
}
