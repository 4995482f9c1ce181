//! How often a user may ask, and how often an account may be asked.

use chrono::{DateTime, Duration, Utc};

use super::{error::ApiError, gate::User};
use crate::simulator::windows::{Window, Windows};

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
    /// Orders of reports of an account, and cancellations.
    Writing(String),
}

impl Class {
    fn limit(&self) -> u32 {
        match self {
            Self::Accounts => 5,
            Self::Analytics => 250,
            Self::Listing(..) => 10_000,
            Self::Reading(..) => 2_000,
            Self::Writing(_) => 450,
        }
    }

    /// A window in which nothing was asked yet.
    fn window(&self, now: DateTime<Utc>) -> Window {
        match self {
            Self::Writing(_) => Window::fresh_of(self.limit(), Duration::minutes(1), now),
            _ => Window::fresh(self.limit(), now),
        }
    }

    /// Whose calls are counted: a user's, or everybody's to an account.
    fn counted_for(&self, user: &User) -> String {
        match self {
            Self::Accounts | Self::Analytics => user.token.clone(),
            Self::Listing(..) | Self::Reading(..) | Self::Writing(_) => String::new(),
        }
    }

    fn headers(&self, window: &Window) -> Vec<(&'static str, String)> {
        window.headers(match self {
            Self::Accounts | Self::Analytics => USER_HEADERS,
            Self::Listing(..) | Self::Reading(..) | Self::Writing(_) => ACCOUNT_HEADERS,
        })
    }
}

const USER_HEADERS: [&str; 3] = [
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
];
const ACCOUNT_HEADERS: [&str; 3] = [
    "x-account-rate-limit-limit",
    "x-account-rate-limit-remaining",
    "x-account-rate-limit-reset",
];

/// The calls of the current quarter of an hour, or minute.
#[derive(Debug, Default)]
pub(super) struct Limits(Windows<(Class, String)>);

fn refusal(headers: Vec<(&'static str, String)>) -> ApiError {
    let mut error = ApiError::new(429, "TOO_MANY_REQUESTS", "Rate limit exceeded");
    error.headers = headers;
    error
}

/// The refusal of a call too many.
pub(super) fn too_many(limit: u32, resets: DateTime<Utc>) -> ApiError {
    let used = limit;
    let window = Window {
        limit,
        used,
        resets,
    };
    refusal(window.headers(USER_HEADERS))
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
        let fresh = class.window(now);
        if user.lasting {
            return Ok(class.headers(&fresh));
        }
        let key = (class.clone(), class.counted_for(user));
        match self.0.count_in(key, fresh, now) {
            Ok(window) => Ok(class.headers(&window)),
            Err(window) => Err(refusal(class.headers(&window))),
        }
    }
}
