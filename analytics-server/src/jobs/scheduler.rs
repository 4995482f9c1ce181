//! Finds every account that is due (new ones, the daily refresh, retries) and hands it over.
//!
//! Any number of schedulers may run: an account is claimed in the database by one of them. What is
//! handed over is bounded by what the workers can take, so that a morning after an outage fills the
//! database's list of due accounts and no queue.

use std::{sync::Arc, time::Duration};

use analytics_connectors::{clock::SharedClock, sync::SyncEngine};
use analytics_core::{
    Result, Store,
    model::{AccountId, Occupied, Platform, Priority},
    storage::Claim,
};
use chrono::Utc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    heartbeat::ALIVE,
    transport::{AccountKey, JobTransport},
};

/// How often ended sessions and texts that must go are cleared away.
const CLEANING: Duration = Duration::from_secs(3600);
/// How often finished jobs are removed from the queue.
const SWEEPING: Duration = Duration::from_secs(60);
/// How soon to look again while there is more to hand over than there is room for.
const BUSY: Duration = Duration::from_millis(200);
/// How soon to look again whether what another scheduler claimed is being worked on.
const SOON: Duration = Duration::from_millis(10);
/// Accounts handed over for each that can be worked on at the same time: the next one is there
/// when one is done.
const AHEAD: u64 = 2;

/// How a scheduler hands over.
#[derive(Debug, Clone)]
pub struct SchedulerSettings {
    /// How often it looks for accounts that are due.
    pub interval: Duration,
    /// Accounts this process works on at the same time.
    pub workers: usize,
    /// Accounts of one platform that are worked on at the same time, over all processes.
    pub per_platform: u32,
    /// After this long an account that nobody began with is handed over again.
    pub hold: Duration,
}

/// Looks for accounts that are due, again and again. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Scheduler {
    engine: Arc<SyncEngine>,
    store: Arc<dyn Store>,
    clock: SharedClock,
    transport: Arc<dyn JobTransport>,
    settings: SchedulerSettings,
    wake: Arc<Notify>,
}

/// What a look at the due accounts came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tick {
    handed_over: usize,
    /// There may be more that there was no room for.
    full: bool,
}

impl Scheduler {
    pub(crate) fn new(
        engine: Arc<SyncEngine>,
        store: Arc<dyn Store>,
        clock: SharedClock,
        transport: Arc<dyn JobTransport>,
        settings: SchedulerSettings,
    ) -> Self {
        Self {
            engine,
            store,
            clock,
            transport,
            settings,
            wake: Arc::new(Notify::new()),
        }
    }

    /// Looks now instead of at the end of the interval.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Hands over what is due now and there is room for; how many accounts that were.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tick(&self) -> Result<usize> {
        self.look().await.map(|tick| tick.handed_over)
    }

    async fn look(&self) -> Result<Tick> {
        let occupied = self.store.occupied().await?;
        let paused = self.store.pauses(self.clock.now()).await?;
        let busy: u64 = occupied.values().map(|one| one.handed_over).sum();
        let mut room = (self.capacity().await? * AHEAD).saturating_sub(busy);
        let mut tick = Tick::default();
        // Somebody waits for a new account: those of every platform go first.
        for up_to in [Priority::Linking, Priority::Deep] {
            for (platform, one) in &occupied {
                // One account of a paused platform at a time finds out whether it still is.
                let most = match paused.contains_key(platform) {
                    true => 1,
                    false => u64::from(self.settings.per_platform),
                };
                let free = most.saturating_sub(one.handed_over + one.running).min(room);
                if free == 0 {
                    tick.full |= room == 0;
                    continue;
                }
                let claimed = self.claim(platform, up_to, free).await?;
                room -= claimed.len() as u64;
                tick.full |= claimed.len() as u64 == free;
                tick.handed_over += self.hand_over(&claimed).await?;
            }
        }
        Ok(tick)
    }

    /// Accounts that can be worked on at the same time by whoever takes this one's jobs.
    async fn capacity(&self) -> Result<u64> {
        if !self.transport.is_shared() {
            return Ok(self.settings.workers as u64);
        }
        let workers = self.store.workers(ALIVE).await?;
        Ok(workers
            .iter()
            .map(|worker| u64::from(worker.report.capacity))
            .sum())
    }

    async fn claim(
        &self,
        platform: &Platform,
        up_to: Priority,
        limit: u64,
    ) -> Result<Vec<AccountKey>> {
        self.store
            .claim_due(&Claim {
                platform: platform.clone(),
                up_to,
                now: self.clock.now(),
                limit: u32::try_from(limit).unwrap_or(u32::MAX),
                hold: self.settings.hold,
            })
            .await
    }

    /// Hands accounts over one by one; those that the queue does not take are given back.
    async fn hand_over(&self, claimed: &[AccountKey]) -> Result<usize> {
        for (done, account) in claimed.iter().enumerate() {
            if let Err(error) = self.transport.push(*account).await {
                tracing::warn!(%error, "accounts that are due wait for the queue");
                let left: Vec<AccountId> = claimed[done..].iter().map(|(_, id)| *id).collect();
                self.store.unclaim(&left).await?;
                return Ok(done);
            }
        }
        Ok(claimed.len())
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
            if self.tick().await? > 0 {
                continue;
            }
            // Another scheduler may have claimed accounts that it is about to hand over.
            let occupied = self.store.occupied().await?;
            if occupied.values().all(|one| *one == Occupied::default()) {
                return Ok(());
            }
            tokio::time::sleep(SOON).await;
        }
    }

    pub(crate) fn start(&self, stop: CancellationToken) {
        let scheduler = self.clone();
        tokio::spawn(async move {
            let mut cleaning = tokio::time::interval(CLEANING);
            let mut sweeping = tokio::time::interval(SWEEPING);
            loop {
                let pause = match scheduler.look().await {
                    Ok(Tick { full: true, .. }) => BUSY,
                    Ok(_) => scheduler.settings.interval,
                    Err(error) => {
                        tracing::warn!(%error, "cannot look for accounts that are due");
                        scheduler.settings.interval
                    }
                };
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(pause) => {}
                    () = scheduler.wake.notified() => {}
                    _ = cleaning.tick() => scheduler.clean().await,
                    _ = sweeping.tick() => scheduler.sweep().await,
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

    async fn sweep(&self) {
        match self.transport.clean().await {
            Ok(0) => {}
            Ok(count) => tracing::debug!(count, "removed finished jobs"),
            Err(error) => tracing::warn!(%error, "cannot remove finished jobs"),
        }
    }
}
