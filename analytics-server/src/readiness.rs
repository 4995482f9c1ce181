//! Whether this process can work, and if not, why.

use std::time::Duration;

use analytics_core::Error;
use serde::Serialize;

use crate::{app::Shared, error::chain};

/// Longest wait for an answer: whoever asks has less patience than a broken network.
const PATIENCE: Duration = Duration::from_secs(2);

/// One thing that keeps the process from working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Reason {
    /// `shutting_down`, `database_away`, `migrations_pending`, `schema_newer` or `queue_away`.
    pub(crate) code: &'static str,
    pub(crate) detail: String,
}

fn reason(code: &'static str, detail: impl Into<String>) -> Reason {
    let detail = detail.into();
    Reason { code, detail }
}

/// Everything that keeps this process from working; nothing if it can.
pub(crate) async fn reasons(app: &Shared) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if app.shutdown.is_cancelled() {
        reasons.push(reason("shutting_down", "The server is shutting down."));
        return reasons;
    }
    reasons.extend(database(app).await);
    reasons.extend(queue(app).await);
    reasons
}

async fn database(app: &Shared) -> Option<Reason> {
    let away = || {
        Some(reason(
            "database_away",
            "The database does not answer. The log says more.",
        ))
    };
    match tokio::time::timeout(PATIENCE, app.store.pending_migrations()).await {
        Ok(Ok(0)) => None,
        Ok(Ok(pending)) => Some(reason(
            "migrations_pending",
            format!(
                "The database lacks {pending} migrations of this version: run `analytics migrate`, or restart this process."
            ),
        )),
        Ok(Err(Error::Config { message })) => Some(reason("schema_newer", message)),
        Ok(Err(error)) => {
            tracing::warn!(error = %chain(&error), "the database does not answer");
            away()
        }
        Err(_) => {
            tracing::warn!("the database does not answer in time");
            away()
        }
    }
}

/// Jobs within the process cannot be away.
async fn queue(app: &Shared) -> Option<Reason> {
    let error = match tokio::time::timeout(PATIENCE, app.transport.ping()).await {
        Ok(Ok(())) => return None,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer in time".to_owned(),
    };
    tracing::warn!(error, "the queue does not answer");
    Some(reason(
        "queue_away",
        "The queue does not answer. The log says more.",
    ))
}
