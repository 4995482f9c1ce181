//! Metrics that the Graph refuses: asked again after a week, since versions and rules change.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

use super::insight::Insights;
use crate::{
    clock::SharedClock,
    error::{Error, Result},
};

/// How long a refusal is believed.
const BELIEVED: Duration = Duration::days(7);

/// What was refused, and when. Shared by everything that asks for one platform in this process;
/// losing it costs a few calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unsupported(Arc<Mutex<HashMap<String, DateTime<Utc>>>>);

/// The metrics that an error refuses, by their positions among those asked for: empty where it
/// does not say which, none if the error is about something else.
pub(crate) type Refused = fn(&Error, &[&str]) -> Option<Vec<usize>>;

impl Unsupported {
    /// Asks for all `fields` at once, without those refused lately. One that the platform refuses
    /// fails them all: it is left out, after a search by halves where the refusal does not name
    /// it. Refusals are kept under the name that `key` gives a field.
    pub(crate) async fn ask<F: Future<Output = Result<Insights>>>(
        &self,
        clock: &SharedClock,
        fields: &[&'static str],
        key: impl Fn(&str) -> String,
        refused: Refused,
        question: impl Fn(String) -> F,
    ) -> Result<Insights> {
        let mut open = vec![fields.to_vec()];
        let mut answers = Insights::default();
        while let Some(mut group) = open.pop() {
            group.retain(|field| !self.contains(&key(field), clock.now()));
            if group.is_empty() {
                continue;
            }
            let error = match question(group.join(",")).await {
                Ok(answer) => {
                    answers.data.extend(answer.data);
                    continue;
                }
                Err(error) => error,
            };
            match (refused(&error, &group).as_deref(), group.as_slice()) {
                (None, _) => return Err(error),
                (Some([]), [only]) => self.mark(&key(only), clock.now()),
                (Some([]), several) => {
                    let (left, right) = several.split_at(several.len() / 2);
                    open.extend([left.to_vec(), right.to_vec()]);
                }
                (Some(named), several) => {
                    for field in named.iter().filter_map(|at| several.get(*at)) {
                        self.mark(&key(field), clock.now());
                    }
                    open.push(group);
                }
            }
        }
        Ok(answers)
    }

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
