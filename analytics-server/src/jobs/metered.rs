//! What surrounds every job, whatever transport brought it: its place in the log, and its count.

use std::{panic::AssertUnwindSafe, sync::Arc};

use async_trait::async_trait;
use futures_util::FutureExt;
use tracing::Instrument;

use super::transport::{AccountKey, JobHandler};
use crate::{auth::secret_link::random_token, metrics::Metrics};

/// A handler whose jobs are counted and have an id in the log.
#[derive(Debug)]
pub(crate) struct Metered {
    handler: Arc<dyn JobHandler>,
    metrics: Metrics,
}

impl Metered {
    pub(crate) fn new(handler: Arc<dyn JobHandler>, metrics: Metrics) -> Self {
        Self { handler, metrics }
    }
}

#[async_trait]
impl JobHandler for Metered {
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
        let handler = Arc::new(Metered::new(Arc::new(Fails), metrics.clone()));
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
