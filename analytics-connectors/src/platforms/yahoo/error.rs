//! What the vendor's codes mean. One table for both products; what only one of them says stands in
//! its own folder and goes before.
//!
//! Source: the vendor's error code lists and its pages on request limits (2026). An error comes with
//! an HTTP status, or with HTTP 200 for the whole request, or for one value of several.

use chrono::TimeDelta;

use super::wire::{Failure, Item};
use crate::{
    error::{Error, ErrorKind, Retry},
    http::{Answer, CallContext},
};

/// What an error means for whoever must react.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    AuthExpired,
    PermissionDenied,
    /// Too often: wait half a minute.
    Frequency,
    /// Too much at a time.
    Busy,
    Transient,
    /// Out of service, for minutes or hours.
    Maintenance,
    Unavailable,
    InvalidRequest,
}

/// A code, what it means, and what to do.
pub(crate) type Row = (&'static str, Means, &'static str);

use Means::{
    AuthExpired, Busy, Frequency, InvalidRequest, Maintenance, PermissionDenied, Transient,
    Unavailable,
};

/// So many reports may be made at a time; others must wait for them.
pub(super) const TOO_MANY_OPEN: &str = "LT001";
/// Less at a time, or less of it.
pub(super) const REDUCE: &str = "130001";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("0110", AuthExpired, "the token is missing; link again"),
    ("0111", AuthExpired, "the token was refused; link again"),
    ("0114", AuthExpired, "the consent lacks the scope; link again"),
    ("0112", PermissionDenied, "the account does not exist any more; what was read is kept"),
    ("0113", PermissionDenied, "the account was deactivated; what was read is kept"),
    ("0117", PermissionDenied, "the account is not reached through this base account any more; link again"),
    ("0098", PermissionDenied, "the Business ID may not read this account any more"),
    ("0003", Frequency, "too many requests; wait half a minute"),
    ("130001", Busy, "too much at a time; wait, or ask for fewer days"),
    (TOO_MANY_OPEN, Busy, "the limit is reached; wait until other reports are done"),
    ("0002", Transient, "trying again later may help"),
    ("130000", Transient, "the server is busy; trying again later may help"),
    ("0099", Maintenance, "out of service; trying again later helps"),
    ("0004", Unavailable, "there is no such address: this version of the API has ended; set {version} to a newer one"),
    ("0001", InvalidRequest, "the request was refused"),
    ("0005", InvalidRequest, "the request was refused"),
    ("F0001", InvalidRequest, "a field has the wrong form"),
    ("R0001", InvalidRequest, "a field is missing"),
    ("V0001", InvalidRequest, "a value is not allowed; the version of the API may have dropped a column"),
    ("L0001", InvalidRequest, "a list is too long"),
    ("L0002", InvalidRequest, "a list is too long"),
    ("S0001", InvalidRequest, "the state does not allow it"),
    ("I0001", InvalidRequest, "the id is not active"),
    ("D0001", InvalidRequest, "it exists already"),
    ("U0002", InvalidRequest, "the URL is not allowed"),
    ("RL001", InvalidRequest, "the range ends before it starts"),
];

/// The vendor's code behind an error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("code {0}")]
pub(super) struct Code(String);

impl Code {
    /// Whether `error` came with this code.
    pub(super) fn is(error: &Error, code: &str) -> bool {
        let source = error.source.as_ref();
        source
            .and_then(|source| source.downcast_ref::<Self>())
            .is_some_and(|known| known.0 == code)
    }
}

/// The error a body tells of, whatever its status: `own` codes of a product go before those of
/// both. A report's table is no document and tells of none.
pub(crate) fn classify(own: &[Row], answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let start = answer.body.iter().position(|b| !b.is_ascii_whitespace())?;
    if answer.body[start] != b'{' {
        return None;
    }
    let failure: Failure = serde_json::from_slice(&answer.body).ok()?;
    let item = failure.errors?.into_iter().next()?;
    // What a code means that nobody has described.
    let otherwise = match answer.status.as_u16() {
        401 => AuthExpired,
        403 => PermissionDenied,
        429 => Frequency,
        500..=599 => Transient,
        _ => InvalidRequest,
    };
    let request = failure.rid.as_deref();
    Some(of_item(own, &item, otherwise, request, context))
}

/// The error of one item; an unknown code means `otherwise`.
pub(super) fn of_item(
    own: &[Row],
    item: &Item,
    otherwise: Means,
    request: Option<&str>,
    context: &CallContext<'_>,
) -> Error {
    let code = item.code.as_deref().unwrap_or("without code");
    let row = own.iter().chain(ROWS).find(|row| row.0 == code);
    let (means, advice) = row.map_or((otherwise, "the vendor does not say more"), |row| {
        (row.1, row.2)
    });
    let version = format!("ANALYTICS_{}_API_VERSION", context.platform.to_uppercase());
    let said = item.message.as_deref().unwrap_or("no message");
    let request = request.map_or_else(String::new, |id| format!(", request {id}"));
    let words = format!(
        "{said}{} ({code}{request}): {}",
        item.detail(),
        advice.replace("{version}", &version)
    );
    error(means, &context.secrets.scrub(&words), context).with_source(Code(code.to_owned()))
}

fn error(means: Means, words: &str, context: &CallContext<'_>) -> Error {
    let wait = |seconds| ErrorKind::RateLimited {
        until: context.now.checked_add_signed(TimeDelta::seconds(seconds)),
    };
    let kind = match means {
        AuthExpired => ErrorKind::AuthExpired,
        PermissionDenied => ErrorKind::PermissionDenied,
        Frequency => wait(30),
        Busy => ErrorKind::RateLimited { until: None },
        Transient | Maintenance => ErrorKind::Transient,
        Unavailable => ErrorKind::Unavailable,
        InvalidRequest => ErrorKind::InvalidRequest,
    };
    let error = Error::new(kind, context.platform, context.operation, words);
    match means {
        // Nobody says for how long: the usual pauses are tried first.
        Busy => error.with_retry(Retry::Backoff),
        Maintenance => error.with_retry(Retry::Never),
        _ => error,
    }
}
