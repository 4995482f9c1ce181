//! Reports on a store, with its sorted columns cached.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Query, Report};
use crate::{
    error::{Error, Result},
    model::{Catalogue, Workspace},
    storage::Store,
};

/// Answers queries from a store. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct ReportEngine {
    store: Arc<dyn Store>,
    catalogue: Arc<Catalogue>,
}

impl ReportEngine {
    /// An engine that keeps up to `cache_bytes` of sorted columns in memory.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, catalogue: Arc<Catalogue>, cache_bytes: u64) -> Self {
        let _ = cache_bytes;
        Self { store, catalogue }
    }

    /// The answer to `query` on a workspace, as of `now` (its day in the workspace's time zone is
    /// today, unless the query says otherwise).
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Invalid`] and [`Error::Unsupported`] for the query,
    /// [`Error::Overflow`] for a total that does not fit, [`Error::Storage`] from the database.
    pub async fn report(
        &self,
        workspace: &Workspace,
        query: &Query,
        now: DateTime<Utc>,
    ) -> Result<Report> {
        let _ = (&self.catalogue, query, now);
        self.store.accounts(workspace.id).await?;
        Err(Error::Unsupported {
            field: "query".to_owned(),
            message: "reports are being built".to_owned(),
        })
    }
}
