//! The one job there is: bring an account up to date.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use analytics_connectors::{
    clock::SharedClock,
    sync::{Ended, SyncEngine, SyncFailure},
};
use analytics_core::{Store, model::Priority};
use async_trait::async_trait;
use tokio::sync::broadcast;

use super::transport::{AccountKey, JobHandler};
use crate::{app::AccountChanged, metrics::Metrics};

/// Accounts that somebody asked to refresh while they were being synchronized.
#[derive(Debug, Default)]
pub(crate) struct Again(Mutex<HashSet<AccountKey>>);

impl Again {
    pub(crate) fn ask(&self, account: AccountKey) {
        self.lock().insert(account);
    }

    fn take(&self, account: AccountKey) -> bool {
        self.lock().remove(&account)
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<AccountKey>> {
        // Nothing panics while it is held; a poisoned set would still be a valid one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reconciles accounts.
#[derive(Debug)]
pub struct SyncAccount {
    engine: Arc<SyncEngine>,
    store: Arc<dyn Store>,
    clock: SharedClock,
    again: Arc<Again>,
    changes: broadcast::Sender<AccountChanged>,
    metrics: Metrics,
}

impl SyncAccount {
    pub(crate) fn new(
        engine: Arc<SyncEngine>,
        store: Arc<dyn Store>,
        clock: SharedClock,
        again: Arc<Again>,
        changes: broadcast::Sender<AccountChanged>,
        metrics: Metrics,
    ) -> Self {
        Self {
            engine,
            store,
            clock,
            again,
            changes,
            metrics,
        }
    }

    /// One run; whether it brought everything up to date.
    async fn reconcile(&self, (workspace, account): AccountKey) -> bool {
        let started = Instant::now();
        let result = self.engine.reconcile(workspace, account).await;
        // Not there any more: then nothing is left to be counted under its platform.
        if let Ok(account) = self.store.account(workspace, account).await {
            let platform = account.platform.as_str();
            self.metrics.run_ended(platform, &result, started.elapsed());
        }
        match result {
            Ok(outcome) => {
                tracing::info!(
                    account = account.0,
                    ended = ?outcome.ended,
                    slices = outcome.slices_saved,
                    failed = outcome.slices_failed,
                    facts = outcome.facts,
                    revisions = outcome.revisions,
                    "synchronized"
                );
                return outcome.ended == Ended::Complete;
            }
            Err(SyncFailure::Busy | SyncFailure::LeaseLost) => {
                tracing::debug!(
                    account = account.0,
                    "somebody else synchronizes this account"
                );
            }
            Err(failure) => {
                tracing::warn!(account = account.0, %failure, "could not synchronize");
            }
        }
        false
    }
}

#[async_trait]
impl JobHandler for SyncAccount {
    async fn handle(&self, key: AccountKey) {
        let (workspace, account) = key;
        self.again.take(key);
        // A run that ends in a failure or a wait has its own next attempt, which is not hurried.
        while self.reconcile(key).await && self.again.take(key) {
            let asked = self
                .store
                .request_sync(workspace, account, Priority::Refresh, self.clock.now())
                .await;
            if let Err(error) = asked {
                tracing::warn!(account = account.0, %error, "cannot refresh once more");
                break;
            }
        }
        // The lease is back: pages show the account as no longer running.
        let _ = self.changes.send(AccountChanged::state(workspace, account));
    }
}
