//! Faults that can be switched on: what goes wrong, where, how often, and after how many calls.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The call is refused for now. Detail: the vendor's code that says so, or `429`; at X Ads
    /// `jobs`: too many reports at a time; at X `no-reset`: without saying until when, or `v1`: as
    /// its older API says it; at Google Ads `day` or `hour`: for so long.
    RateLimited,
    /// The answer is good, its headers say that the limit is near. Detail: per cent (default 97).
    ThrottleHeaders,
    /// The server fails. Detail: HTTP status (default 503); at Yahoo! JAPAN `maintenance` or `busy`,
    /// at X Ads `retry-after`, `overloaded`, or `lost-order`: an order of a report is taken, and its
    /// answer is of a failure all the same; at X `token`: the token endpoint fails before anything
    /// happened, or `lost-token`: it gives tokens that never arrive.
    ServerError,
    /// A report takes long. Detail: polls (default 20).
    SlowReport,
    /// A report ends without a result.
    FailedReport,
    /// The vendor asks for a smaller question.
    ReduceData,
    /// Every token issued so far stops working; with `after`, once that many calls have passed.
    RevokeToken,
    /// A complete answer that is no JSON, or no file; at X a page with status 200.
    MalformedJson,
    /// An answer that breaks off in the middle.
    TruncatedBody,
    /// The connection breaks before the answer's first byte. Detail at X Ads `lost-order`: that of an
    /// order of a report, which is taken all the same.
    ConnectionReset,
    /// The user may no longer read an account. Detail: its id (default: any that is asked); at X Ads
    /// `app`: the app may read none; at X `app`: the app is suspended, or `plan`: it is not enrolled.
    PermissionLost,
    /// Nobody has paid. Detail at X: `depleted` (default), `payment-required`, `spend-cap` or
    /// `usage-capped`.
    Credits,
    /// A good answer of another shape than it should have. Detail at X: `dialect` (default): the new
    /// names though the old were asked for, `no-metrics`: posts without public figures, or
    /// `repeating-cursor`: the next page is this one.
    ChangedShape,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 13] = [
        Self::RateLimited,
        Self::ThrottleHeaders,
        Self::ServerError,
        Self::SlowReport,
        Self::FailedReport,
        Self::ReduceData,
        Self::RevokeToken,
        Self::MalformedJson,
        Self::TruncatedBody,
        Self::ConnectionReset,
        Self::PermissionLost,
        Self::Credits,
        Self::ChangedShape,
    ];

    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::ThrottleHeaders => "throttle_headers",
            Self::ServerError => "server_error",
            Self::SlowReport => "slow_report",
            Self::FailedReport => "failed_report",
            Self::ReduceData => "reduce_data",
            Self::RevokeToken => "revoke_token",
            Self::MalformedJson => "malformed_json",
            Self::TruncatedBody => "truncated_body",
            Self::ConnectionReset => "connection_reset",
            Self::PermissionLost => "permission_lost",
            Self::Credits => "credits",
            Self::ChangedShape => "changed_shape",
        }
    }

    /// The fault with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == name)
    }
}

/// A fault that waits for calls it applies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PendingFault {
    /// What goes wrong.
    pub fault: Fault,
    /// Platform or provider it happens to; none: any.
    pub platform: Option<String>,
    /// How many more calls it hits; 0: all, until cleared.
    pub times: u32,
    /// How many calls pass before that.
    pub after: u32,
    /// Which flavour; see [`Fault`].
    pub detail: Option<String>,
}

/// The pending faults, in the order in which they were injected.
#[derive(Debug, Default)]
pub struct Faults {
    pending: Mutex<Vec<PendingFault>>,
}

impl Faults {
    /// Lets `fault` hit `times` calls of `platform` (0: all until [`Faults::clear`]) after `after`
    /// calls have passed. An empty platform means any.
    pub fn inject(&self, fault: Fault, platform: &str, times: u32, after: u32) {
        self.inject_flavour(fault, platform, times, after, None);
    }

    /// The same with a detail, for example the vendor's error code; see [`Fault`].
    pub fn inject_flavour(
        &self,
        fault: Fault,
        platform: &str,
        times: u32,
        after: u32,
        detail: Option<&str>,
    ) {
        self.lock().push(PendingFault {
            fault,
            platform: (!platform.is_empty()).then(|| platform.to_owned()),
            times,
            after,
            detail: detail.map(str::to_owned),
        });
    }

    /// What is pending.
    #[must_use]
    pub fn pending(&self) -> Vec<PendingFault> {
        self.lock().clone()
    }

    /// Forgets every pending fault.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The first pending fault among `kinds` that hits this call of `platform` by now.
    pub(crate) fn take(&self, platform: &str, kinds: &[Fault]) -> Option<PendingFault> {
        self.take_if(platform, kinds, |_| true)
    }

    /// The same, if its detail suits the call.
    pub(crate) fn take_if(
        &self,
        platform: &str,
        kinds: &[Fault],
        suits: impl Fn(Option<&str>) -> bool,
    ) -> Option<PendingFault> {
        let mut pending = self.lock();
        let mut hit = None;
        for (at, fault) in pending.iter_mut().enumerate() {
            let here = fault
                .platform
                .as_deref()
                .is_none_or(|name| name == platform)
                && kinds.contains(&fault.fault)
                && suits(fault.detail.as_deref());
            if here && fault.after > 0 {
                fault.after -= 1;
            } else if here {
                hit = Some(at);
                break;
            }
        }
        let at = hit?;
        let fault = pending[at].clone();
        match fault.times {
            0 => {}
            1 => {
                pending.remove(at);
            }
            more => pending[at].times = more - 1,
        }
        Some(fault)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PendingFault>> {
        // Nothing panics while the lock is held; a poisoned list would still be a valid one.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
