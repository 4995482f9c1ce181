//! The one job there is: bring an account up to date.

use std::sync::Arc;

use analytics_connectors::sync::{SyncEngine, SyncFailure};
use async_trait::async_trait;
use tokio::sync::broadcast;

use super::transport::{AccountKey, JobHandler};
use crate::app::AccountChanged;

/// Reconciles accounts.
#[derive(Debug)]
pub struct SyncAccount {
    engine: Arc<SyncEngine>,
    changes: broadcast::Sender<AccountChanged>,
}

impl SyncAccount {
    pub(crate) fn new(engine: Arc<SyncEngine>, changes: broadcast::Sender<AccountChanged>) -> Self {
        Self { engine, changes }
    }
}

#[async_trait]
impl JobHandler for SyncAccount {
    async fn handle(&self, (workspace, account): AccountKey) {
        match self.engine.reconcile(workspace, account).await {
            Ok(outcome) => tracing::info!(
                account = account.0,
                ended = ?outcome.ended,
                slices = outcome.slices_saved,
                failed = outcome.slices_failed,
                facts = outcome.facts,
                revisions = outcome.revisions,
                "synchronized"
            ),
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
        // The lease is back: pages show the account as no longer running.
        let _ = self.changes.send(AccountChanged { workspace, account });
    }
}
