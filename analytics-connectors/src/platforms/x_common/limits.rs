//! Limits as headers tell of them: so many calls in a quarter of an hour.

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::{Answer, Usage, UsageScope};

/// The limits that headers tell of: those of the account go before those of the user.
const LIMITS: [[&str; 3]; 2] = [
    [
        "x-account-rate-limit-limit",
        "x-account-rate-limit-remaining",
        "x-account-rate-limit-reset",
    ],
    [
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ],
];

fn number(headers: &http::HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// When the limit that an answer met is lifted, not before a second from now.
pub(crate) fn reset(answer: &Answer, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let seconds = LIMITS
        .iter()
        .find_map(|limit| number(&answer.headers, limit[2]))?;
    let at = DateTime::from_timestamp(seconds, 0)?;
    Some(at.max(now + TimeDelta::seconds(1)))
}

/// How much of a limit is used.
pub(crate) fn usage(headers: &http::HeaderMap) -> Vec<Usage> {
    let used = LIMITS.iter().find_map(|[limit, remaining, _]| {
        let limit = number(headers, limit).filter(|limit| *limit > 0)?;
        let remaining = number(headers, remaining)?.clamp(0, limit);
        #[expect(clippy::cast_precision_loss, reason = "a share in per cent")]
        Some(100.0 * (limit - remaining) as f64 / limit as f64)
    });
    // What is used up is told by the next refusal, with the moment of its end.
    let percent = used.filter(|percent| *percent < 100.0);
    percent
        .map(|percent| Usage {
            scope: UsageScope::Account,
            percent: percent.min(94.0),
            regain: None,
        })
        .into_iter()
        .collect()
}
