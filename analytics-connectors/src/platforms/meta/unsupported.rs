//! Metrics that the Graph refuses: asked again after a week, since versions and rules change.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

/// How long a refusal is believed.
const BELIEVED: Duration = Duration::days(7);

/// What was refused, and when. Shared by everything that asks for one platform in this process;
/// losing it costs a few calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unsupported(Arc<Mutex<HashMap<String, DateTime<Utc>>>>);

impl Unsupported {
    pub(crate) fn mark(&self, name: &str, now: DateTime<Utc>) {
        tracing::warn!(
            metric = name,
            "the platform does not give this metric; not asked for a week"
        );
        self.lock().insert(name.to_owned(), now);
    }

    pub(crate) fn contains(&self, name: &str, now: DateTime<Utc>) -> bool {
        self.lock()
            .get(name)
            .is_some_and(|marked| now < *marked + BELIEVED)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, DateTime<Utc>>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
