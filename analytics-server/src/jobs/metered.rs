//! What surrounds every job, whatever transport brings it: its place in the log, and its count.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::FutureExt;
use tracing::Instrument;

use super::transport::{AccountKey, JobHandler, JobTransport, TransportError};
use crate::{auth::secret_link::random_token, metrics::Metrics};

/// A transport whose jobs are counted and have an id in the log.
#[derive(Debug)]
pub(crate) struct Metered {
    transport: Arc<dyn JobTransport>,
    metrics: Metrics,
}

impl Metered {
    pub(crate) fn new(transport: Arc<dyn JobTransport>, metrics: Metrics) -> Self {
        Self { transport, metrics }
    }
}

#[async_trait]
impl JobTransport for Metered {
    async fn push(&self, account: AccountKey) -> Result<(), TransportError> {
        self.transport.push(account).await?;
        self.metrics.job_queued();
        Ok(())
    }

    fn run(&self, handler: Arc<dyn JobHandler>) {
        self.transport.run(Arc::new(MeteredJobs {
            handler,
            metrics: self.metrics.clone(),
        }));
    }

    async fn idle(&self) {
        self.transport.idle().await;
    }

    fn running(&self) -> usize {
        self.transport.running()
    }

    fn is_shared(&self) -> bool {
        self.transport.is_shared()
    }

    async fn ping(&self) -> Result<(), TransportError> {
        self.transport.ping().await
    }

    async fn clean(&self) -> Result<u64, TransportError> {
        self.transport.clean().await
    }

    async fn shut_down(&self, grace: Duration) {
        self.transport.shut_down(grace).await;
    }
}

#[derive(Debug)]
struct MeteredJobs {
    handler: Arc<dyn JobHandler>,
    metrics: Metrics,
}

#[async_trait]
impl JobHandler for MeteredJobs {
    async fn handle(&self, key: AccountKey) {
        let (workspace, account) = key;
        let span = tracing::info_span!(
            "job",
            job_id = job_id(),
            workspace = workspace.0,
            account = account.0
        );
        self.metrics.job_started();
        let work = AssertUnwindSafe(self.handler.handle(key)).catch_unwind();
        if let Err(panic) = work.instrument(span.clone()).await {
            self.metrics.job_panicked();
            span.in_scope(|| tracing::error!("a job panicked; its account is tried again later"));
            // The transport knows what becomes of a job that ends like this.
            std::panic::resume_unwind(panic);
        }
    }
}

/// New for every job; only the log knows it.
fn job_id() -> String {
    let mut id = random_token().unwrap_or_default();
    id.truncate(12);
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use analytics_core::model::{AccountId, WorkspaceId};

    #[derive(Debug)]
    struct Fails;

    #[async_trait]
    impl JobHandler for Fails {
        async fn handle(&self, (_, account): AccountKey) {
            assert!(account.0 != 13, "an unlucky account");
        }
    }

    #[tokio::test]
    async fn a_panic_is_counted_and_goes_on() {
        let metrics = Metrics::new();
        let handler = Arc::new(MeteredJobs {
            handler: Arc::new(Fails),
            metrics: metrics.clone(),
        });
        for account in [1, 13] {
            let handler = handler.clone();
            let job = async move { handler.handle((WorkspaceId(1), AccountId(account))).await };
            assert_eq!(tokio::spawn(job).await.is_err(), account == 13);
        }
        let text = metrics.text();
        assert!(text.contains("analytics_jobs_started_total 2"), "{text}");
        assert!(text.contains("analytics_jobs_panicked_total 1"), "{text}");
    }
}
