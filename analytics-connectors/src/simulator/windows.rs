//! Fixed windows in which calls are counted: of a quarter of an hour, where nothing else is said.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

/// How long a window is where nothing else is said.
const WINDOW: Duration = Duration::minutes(15);

/// A window after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) limit: u32,
    pub(crate) used: u32,
    pub(crate) resets: DateTime<Utc>,
}

impl Window {
    /// One in which nothing was asked yet.
    pub(crate) fn fresh(limit: u32, now: DateTime<Utc>) -> Self {
        Self::fresh_of(limit, WINDOW, now)
    }

    /// The same of another length.
    pub(crate) fn fresh_of(limit: u32, length: Duration, now: DateTime<Utc>) -> Self {
        Self {
            limit,
            used: 0,
            resets: now + length,
        }
    }

    /// The limit, what is left of it, and when it begins anew, by these names.
    pub(crate) fn headers(&self, names: [&'static str; 3]) -> Vec<(&'static str, String)> {
        let left = self.limit.saturating_sub(self.used);
        let values = [
            self.limit.to_string(),
            left.to_string(),
            self.resets.timestamp().to_string(),
        ];
        names.into_iter().zip(values).collect()
    }
}

/// The current windows, by what is counted together.
#[derive(Debug)]
pub(crate) struct Windows<K>(Mutex<HashMap<K, Window>>);

impl<K> Default for Windows<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Windows<K> {
    /// Counts a call; a window that is full is the refusal.
    pub(crate) fn count(&self, key: K, limit: u32, now: DateTime<Utc>) -> Result<Window, Window> {
        self.count_in(key, Window::fresh(limit, now), now)
    }

    /// The same in windows that are like `fresh` when they begin.
    pub(crate) fn count_in(
        &self,
        key: K,
        fresh: Window,
        now: DateTime<Utc>,
    ) -> Result<Window, Window> {
        // Nothing panics while the lock is held.
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key).or_insert(fresh);
        // The simulator's clock may be set back as well.
        if window.resets <= now || window.resets > fresh.resets {
            *window = fresh;
        }
        if window.used >= window.limit {
            return Err(*window);
        }
        window.used += 1;
        Ok(*window)
    }
}
