//! The one job there is: bring an account up to date.

use std::{sync::Arc, time::Instant};

use analytics_connectors::{
    clock::SharedClock,
    sync::{Ended, SyncEngine, SyncFailure},
};
use analytics_core::{Error, Result, Store};
use async_trait::async_trait;
use tokio::sync::broadcast;

use super::transport::{AccountKey, JobHandler};
use crate::{app::AccountChanged, metrics::Metrics};

/// Reconciles accounts.
#[derive(Debug)]
pub struct SyncAccount {
    engine: Arc<SyncEngine>,
    store: Arc<dyn Store>,
    clock: SharedClock,
    changes: broadcast::Sender<AccountChanged>,
    metrics: Metrics,
}

impl SyncAccount {
    pub(crate) fn new(
        engine: Arc<SyncEngine>,
        store: Arc<dyn Store>,
        clock: SharedClock,
        changes: broadcast::Sender<AccountChanged>,
        metrics: Metrics,
    ) -> Self {
        Self {
            engine,
            store,
            clock,
            changes,
            metrics,
        }
    }

    /// Whether there is anything to do: a job may come twice, or after somebody else did it.
    async fn is_due(&self, (workspace, account): AccountKey) -> Result<bool> {
        let row = match self.store.sync_row(workspace, account).await {
            Ok(row) => row,
            // Removed since.
            Err(Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        let Some(next) = row.next_attempt_at else {
            return Ok(false);
        };
        if next <= self.clock.now() {
            return Ok(true);
        }
        if row.attempts > 0 {
            return Ok(false);
        }
        let requests = self.store.window_requests(workspace, account).await?;
        Ok(requests.iter().any(|request| request.answered_at.is_none()))
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
        let mut begun = false;
        loop {
            match self.is_due(key).await {
                Ok(true) => {}
                Ok(false) => {
                    if !begun && let Err(error) = self.store.unclaim(&[account]).await {
                        tracing::warn!(account = account.0, %error, "a claim stays until it expires");
                    }
                    break;
                }
                Err(error) => {
                    tracing::warn!(account = account.0, %error, "cannot look whether an account is due");
                    break;
                }
            }
            // Somebody may have asked for fresh figures meanwhile. A run that ends in a failure or
            // a wait has its own next attempt, which is not hurried.
            begun = true;
            if !self.reconcile(key).await {
                break;
            }
        }
        // The lease is back: pages show the account as no longer running.
        let _ = self.changes.send(AccountChanged::state(workspace, account));
    }
}
