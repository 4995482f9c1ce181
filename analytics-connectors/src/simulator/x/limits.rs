//! How often a user and the whole app may ask.

use chrono::{DateTime, Utc};

use super::{error::Problem, gate::Caller};
use crate::simulator::windows::{Window, Windows};

/// Headers as they are sent.
pub(super) type Headers = Vec<(&'static str, String)>;

const NAMES: [&str; 3] = [
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
];

/// Calls that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    Me,
    User,
    Timeline,
    Lookup,
}

impl Class {
    /// Of a user.
    fn limit(self) -> u32 {
        match self {
            Self::Me => 75,
            Self::User | Self::Timeline => 900,
            Self::Lookup => 5_000,
        }
    }

    /// Of the app, for all its users together.
    fn of_app(self) -> Option<u32> {
        match self {
            Self::Me => None,
            Self::User => Some(300),
            Self::Timeline => Some(10_000),
            Self::Lookup => Some(3_500),
        }
    }

    /// The headers of somebody who has not asked yet.
    pub(super) fn untouched(self, now: DateTime<Utc>) -> Headers {
        Window::fresh(self.limit(), now).headers(NAMES)
    }

    /// The headers of somebody who may not ask now.
    pub(super) fn exhausted(self, resets: DateTime<Utc>) -> Headers {
        let limit = self.limit();
        let used = limit;
        Window {
            limit,
            used,
            resets,
        }
        .headers(NAMES)
    }
}

/// The calls of the current quarter of an hour: of a user, or of nobody in particular.
#[derive(Debug, Default)]
pub(super) struct Limits(Windows<(Class, Option<u64>)>);

impl Limits {
    /// Counts a call, and gives the headers of its answer. The token that the simulator itself
    /// hands out is not counted.
    pub(super) fn count(
        &self,
        class: Class,
        caller: &Caller<'_>,
        now: DateTime<Utc>,
    ) -> Result<Headers, (Problem, Headers)> {
        if caller.lasting {
            return Ok(class.untouched(now));
        }
        let full = |window: Window| (Problem::too_many(), window.headers(NAMES));
        let user = (class, Some(caller.subject));
        let window = self.0.count(user, class.limit(), now).map_err(full)?;
        if let Some(limit) = class.of_app() {
            self.0.count((class, None), limit, now).map_err(full)?;
        }
        Ok(window.headers(NAMES))
    }
}
