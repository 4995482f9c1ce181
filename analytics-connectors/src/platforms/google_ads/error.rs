//! What the platform's errors mean: by their family and name, else by the status.

use std::time::Duration;

use analytics_core::model::DateRange;

use super::{PLATFORM, budget, wire};
use crate::{
    error::{Error, ErrorKind, Retry},
    http::{Answer, CallContext},
};

/// What an error means for whoever must react.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    AuthExpired,
    PermissionDenied,
    /// Wait as long as it says, or a while.
    Wait,
    /// The day's quota is used up.
    NextDay,
    Transient,
    TooMuchData,
    Unavailable,
    InvalidRequest,
}

/// Name of an error, what it means, and what to do.
type Row = (&'static str, Means, &'static str);

use Means::{
    AuthExpired, InvalidRequest, NextDay, PermissionDenied, TooMuchData, Transient, Unavailable,
    Wait,
};

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("OAUTH_TOKEN_EXPIRED", AuthExpired, "the token has expired"),
    ("OAUTH_TOKEN_INVALID", AuthExpired, "the token was refused; link again"),
    ("AUTHENTICATION_ERROR", AuthExpired, "the token was refused; link again"),
    ("OAUTH_TOKEN_REVOKED", AuthExpired, "the consent was taken back; link again"),
    ("OAUTH_TOKEN_DISABLED", AuthExpired, "the consent was disabled; link again"),
    ("OAUTH_TOKEN_HEADER_INVALID", AuthExpired, "the token was refused; link again"),
    ("GOOGLE_ACCOUNT_DELETED", AuthExpired, "the Google account was deleted; link with another"),
    ("NOT_ADS_USER", AuthExpired, "the Google account has no access to Google Ads; link with another"),
    ("TWO_STEP_VERIFICATION_NOT_ENROLLED", AuthExpired, "turn on 2-step verification for the Google account, then link again"),
    ("ADVANCED_PROTECTION_NOT_ENROLLED", AuthExpired, "enrol the Google account in Advanced Protection, then link again"),
    ("USER_PERMISSION_DENIED", PermissionDenied, "the user has no access to the account through this manager; link again"),
    ("INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION", PermissionDenied, "the manager does not lead to the account any more; link again"),
    ("INVALID_LOGIN_CUSTOMER_ID", PermissionDenied, "the manager does not lead to the account any more; link again"),
    ("CUSTOMER_NOT_ENABLED", PermissionDenied, "the account is not enabled; what was read is kept"),
    ("ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT", PermissionDenied, "the account is suspended; what was read is kept"),
    ("INCOMPLETE_SIGNUP", PermissionDenied, "the account's sign-up was never finished"),
    ("CUSTOMER_NOT_FOUND", PermissionDenied, "the account does not exist any more"),
    ("CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", Unavailable, "the Cloud project may read test accounts only; apply for Explorer or Basic access"),
    ("DEVELOPER_TOKEN_NOT_APPROVED", Unavailable, "the Cloud project may read test accounts only; apply for Explorer or Basic access"),
    ("DEVELOPER_TOKEN_PROHIBITED", Unavailable, "the developer token belongs to another Cloud project"),
    ("PROJECT_DISABLED", Unavailable, "the Cloud project is disabled"),
    ("SERVICE_ACCESS_DENIED", Unavailable, "turn on the Google Ads API in the Cloud project"),
    ("UNSUPPORTED_VERSION", Unavailable, "this version of the API has ended; set ANALYTICS_GOOGLE_ADS_API_VERSION to a newer one"),
    ("RESOURCE_TEMPORARILY_EXHAUSTED", Wait, "too many requests; wait"),
    ("EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION", Wait, "the queries cost too much for the moment; wait"),
    ("RESOURCE_EXHAUSTED", NextDay, "the day's quota is used up"),
    ("EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", NextDay, "the day's quota is used up"),
    ("INTERNAL_ERROR", Transient, "trying again later may help"),
    ("TRANSIENT_ERROR", Transient, "trying again later may help"),
    ("DEADLINE_EXCEEDED", TooMuchData, "ask for fewer days"),
    ("RPC_DEADLINE_TOO_SHORT", TooMuchData, "ask for fewer days"),
    ("EXPIRED_PAGE_TOKEN", Transient, "the query has to begin anew"),
    ("INVALID_PAGE_TOKEN", Transient, "the query has to begin anew"),
    ("REQUESTED_METRICS_FOR_MANAGER", InvalidRequest, "this is a manager account, which has no figures; link the accounts below it"),
    ("REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED", InvalidRequest, "days are answered for 37 months back only"),
];

/// The error a body tells of.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    if answer.status.is_success() {
        // An array of parts begins before what breaks it is known.
        return failure(&answer.body).and_then(|status| of_status(answer, &status, context));
    }
    of_status(answer, &failure(&answer.body)?, context)
}

/// The error in a body, alone or at the head of an array.
fn failure(body: &[u8]) -> Option<wire::Status> {
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let looks_so = |prefix: &str| {
        let text: Vec<u8> = body[start..]
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .take(prefix.len())
            .collect();
        text == prefix.as_bytes()
    };
    if !looks_so("{\"error\"") && !looks_so("[{\"error\"") {
        return None;
    }
    match serde_json::from_slice(body).ok()? {
        wire::Failed::One(one) => Some(one.error),
        wire::Failed::Many(many) => many.into_iter().next().map(|one| one.error),
    }
}

fn of_status(answer: &Answer, status: &wire::Status, context: &CallContext<'_>) -> Option<Error> {
    let ads = status
        .details
        .iter()
        .flat_map(|detail| &detail.errors)
        .next();
    let name = ads.and_then(|error| error.error_code.values().next());
    let said = ads
        .and_then(|error| error.message.as_deref())
        .or(status.message.as_deref())
        .unwrap_or("no message");
    let (means, advice) = name
        .and_then(|name| ROWS.iter().find(|row| row.0 == name))
        .map_or_else(|| by_status(answer, status), |row| (row.1, row.2));
    let code = name.or(status.status.as_ref()).map_or_else(
        || format!("code {}", status.code.unwrap_or(0)),
        Clone::clone,
    );
    let request = status
        .details
        .iter()
        .find_map(|detail| detail.request_id.as_deref())
        .map_or_else(String::new, |id| format!(", request {id}"));
    let words = context
        .secrets
        .scrub(&format!("{said} ({code}{request}): {advice}"));
    Some(error(means, words, delay(ads), context))
}

/// What an error without a known name means.
fn by_status(answer: &Answer, status: &wire::Status) -> (Means, &'static str) {
    let disabled = status
        .details
        .iter()
        .any(|detail| detail.reason.as_deref() == Some("SERVICE_DISABLED"));
    match (status.status.as_deref(), answer.status.as_u16()) {
        _ if disabled => (
            Unavailable,
            "turn on the Google Ads API in the Cloud project",
        ),
        (Some("UNAUTHENTICATED"), _) | (_, 401) => {
            (AuthExpired, "the token was refused; link again")
        }
        (Some("PERMISSION_DENIED"), _) | (_, 403) => (PermissionDenied, "access was refused"),
        (Some("RESOURCE_EXHAUSTED"), _) | (_, 429) => (Wait, "too many requests; wait"),
        (Some("DEADLINE_EXCEEDED"), _) | (_, 504) => (TooMuchData, "ask for fewer days"),
        (Some("UNAVAILABLE" | "UNKNOWN" | "INTERNAL"), _) | (_, 500..=599) => {
            (Transient, "trying again later may help")
        }
        _ => (InvalidRequest, "the request was refused"),
    }
}

fn error(means: Means, words: String, delay: Option<Duration>, context: &CallContext<'_>) -> Error {
    let kind = match means {
        AuthExpired => ErrorKind::AuthExpired,
        PermissionDenied => ErrorKind::PermissionDenied,
        Wait => ErrorKind::RateLimited {
            until: delay.map(|delay| context.now + delay),
        },
        NextDay => ErrorKind::RateLimited {
            until: Some(budget::next_day(context.now)),
        },
        Transient => ErrorKind::Transient,
        TooMuchData => ErrorKind::TooMuchData,
        Unavailable => ErrorKind::Unavailable,
        InvalidRequest => ErrorKind::InvalidRequest,
    };
    let error = Error::new(kind, context.platform, context.operation, words);
    match (means, delay) {
        // Without a word of how long, the usual pauses are tried first.
        (Wait, None) => error.with_retry(Retry::Backoff),
        _ => error,
    }
}

/// How long the platform asks to wait, such as `30s` or `1.5s`.
fn delay(error: Option<&wire::AdsError>) -> Option<Duration> {
    let details = error?.details.as_ref()?.quota_error_details.as_ref()?;
    let seconds: f64 = details
        .retry_delay
        .as_deref()?
        .strip_suffix('s')?
        .parse()
        .ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Adds to an error what was asked for.
pub(super) fn about(mut error: Error, range: DateRange) -> Error {
    error.context = format!("{}..{}: {}", range.start, range.end, error.context);
    error
}

/// An error of this connector itself.
pub(super) fn invalid(operation: &str, what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, PLATFORM, operation, what)
}
