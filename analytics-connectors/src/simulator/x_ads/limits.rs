//! How often a user may ask.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

use super::{error::ApiError, gate::User};

const WINDOW: Duration = Duration::minutes(15);

/// Calls that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// The list of accounts.
    Accounts,
    /// Figures that are answered at once.
    Analytics,
}

impl Class {
    fn limit(self) -> u32 {
        match self {
            Self::Accounts => 5,
            Self::Analytics => 250,
        }
    }
}

#[derive(Debug)]
struct Window {
    resets: DateTime<Utc>,
    used: u32,
}

/// The calls of every user in the current quarter of an hour.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<(Class, String), Window>>);

/// Headers that tell what is left.
fn headers(limit: u32, used: u32, resets: DateTime<Utc>) -> Vec<(&'static str, String)> {
    vec![
        ("x-rate-limit-limit", limit.to_string()),
        (
            "x-rate-limit-remaining",
            limit.saturating_sub(used).to_string(),
        ),
        ("x-rate-limit-reset", resets.timestamp().to_string()),
    ]
}

/// The refusal of a call too many.
pub(super) fn too_many(limit: u32, resets: DateTime<Utc>) -> ApiError {
    let mut error = ApiError::new(429, "TOO_MANY_REQUESTS", "Rate limit exceeded");
    error.headers = headers(limit, limit, resets);
    error
}

impl Limits {
    /// Counts a call, and gives the headers of its answer. The token that the simulator itself
    /// hands out is not counted.
    pub(super) fn count(
        &self,
        class: Class,
        user: &User,
        now: DateTime<Utc>,
    ) -> Result<Vec<(&'static str, String)>, ApiError> {
        let limit = class.limit();
        if user.lasting {
            return Ok(headers(limit, 0, now + WINDOW));
        }
        // Nothing panics while the lock is held.
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Window {
            resets: now + WINDOW,
            used: 0,
        };
        let window = windows
            .entry((class, user.token.clone()))
            .or_insert_with(fresh);
        // The simulator's clock may be set back as well.
        if window.resets <= now || window.resets > now + WINDOW {
            *window = fresh();
        }
        if window.used >= limit {
            return Err(too_many(limit, window.resets));
        }
        window.used += 1;
        Ok(headers(limit, window.used, window.resets))
    }
}
