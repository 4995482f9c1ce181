//! How often a user may ask, and how often an account may be asked.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

use super::{error::ApiError, gate::User};

const WINDOW: Duration = Duration::minutes(15);

/// Calls that are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// The list of accounts.
    Accounts,
    /// Figures that are answered at once.
    Analytics,
    /// One list of what an account has: the account, and the list's address.
    Listing(String, String),
    /// Everything else that is read of an account, by address.
    Reading(String, String),
}

impl Class {
    fn limit(&self) -> u32 {
        match self {
            Self::Accounts => 5,
            Self::Analytics => 250,
            Self::Listing(..) => 10_000,
            Self::Reading(..) => 2_000,
        }
    }

    /// Whose calls are counted: a user's, or everybody's to an account.
    fn counted_for(&self, user: &User) -> String {
        match self {
            Self::Accounts | Self::Analytics => user.token.clone(),
            Self::Listing(..) | Self::Reading(..) => String::new(),
        }
    }

    fn headers(&self, used: u32, resets: DateTime<Utc>) -> Vec<(&'static str, String)> {
        let names = match self {
            Self::Accounts | Self::Analytics => USER_HEADERS,
            Self::Listing(..) | Self::Reading(..) => ACCOUNT_HEADERS,
        };
        headers(names, self.limit(), used, resets)
    }
}

/// The limit, what is left of it, and when it begins anew.
type Names = [&'static str; 3];
const USER_HEADERS: Names = [
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
];
const ACCOUNT_HEADERS: Names = [
    "x-account-rate-limit-limit",
    "x-account-rate-limit-remaining",
    "x-account-rate-limit-reset",
];

#[derive(Debug)]
struct Window {
    resets: DateTime<Utc>,
    used: u32,
}

/// The calls of the current quarter of an hour.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<(Class, String), Window>>);

fn headers(
    [all, remaining, reset]: Names,
    limit: u32,
    used: u32,
    resets: DateTime<Utc>,
) -> Vec<(&'static str, String)> {
    vec![
        (all, limit.to_string()),
        (remaining, limit.saturating_sub(used).to_string()),
        (reset, resets.timestamp().to_string()),
    ]
}

fn refusal(headers: Vec<(&'static str, String)>) -> ApiError {
    let mut error = ApiError::new(429, "TOO_MANY_REQUESTS", "Rate limit exceeded");
    error.headers = headers;
    error
}

/// The refusal of a call too many.
pub(super) fn too_many(limit: u32, resets: DateTime<Utc>) -> ApiError {
    refusal(headers(USER_HEADERS, limit, limit, resets))
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
            return Ok(class.headers(0, now + WINDOW));
        }
        // Nothing panics while the lock is held.
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Window {
            resets: now + WINDOW,
            used: 0,
        };
        let window = windows
            .entry((class.clone(), class.counted_for(user)))
            .or_insert_with(fresh);
        // The simulator's clock may be set back as well.
        if window.resets <= now || window.resets > now + WINDOW {
            *window = fresh();
        }
        if window.used >= limit {
            return Err(refusal(class.headers(limit, window.resets)));
        }
        window.used += 1;
        Ok(class.headers(window.used, window.resets))
    }
}
