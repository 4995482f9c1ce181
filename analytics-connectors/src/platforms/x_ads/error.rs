//! What the platform's codes mean: by their name, else by the status.
//!
//! Sources: the vendor's error page (2026-08), and for the gateway's numbers reports of developers.

use chrono::{DateTime, TimeDelta, Utc};

use super::PLATFORM;
use crate::{
    error::{Error, ErrorKind, Retry},
    http::{Answer, CallContext},
    platforms::x_common::{Told, first_error, reset},
};

/// What an error means for whoever must react.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    AuthExpired,
    PermissionDenied,
    /// Until the limit's reset, or a minute.
    Wait,
    /// Until other reports are done: nobody says when.
    Room,
    Transient,
    /// Half a minute at least, where it does not say how long.
    Overloaded,
    TooMuchData,
    Unavailable,
    InvalidRequest,
}

/// A code, what it means, and what to do.
type Row = (&'static str, Means, &'static str);

use Means::{
    AuthExpired, InvalidRequest, Overloaded, PermissionDenied, Room, TooMuchData, Transient,
    Unavailable, Wait,
};

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("UNAUTHORIZED_ACCESS", AuthExpired, "the token was refused; link again"),
    ("32", AuthExpired, "the request could not be authenticated; link again, and check the app's key, its secret and this machine's clock"),
    ("89", AuthExpired, "the consent was taken back; link again"),
    ("215", AuthExpired, "the request could not be authenticated; link again"),
    ("UNAUTHORIZED_CLIENT_APPLICATION", Unavailable, "the app is not admitted to the Ads API; apply for access"),
    ("READONLY_CLIENT_APPLICATION", Unavailable, "the app needs the permission “Read and write” in the developer console"),
    ("INSUFFICIENT_USER_AUTHORIZED_PERMISSION", PermissionDenied, "the consent is older than the app's admission, or the app may only read; link again once that is right"),
    ("ACCOUNT_NOT_FOUND", PermissionDenied, "the user has no role on the account any more; what was read is kept"),
    ("USER_NOT_FOUND", PermissionDenied, "the user does not exist any more"),
    ("ACTION_NOT_ALLOWED", PermissionDenied, "the user's role does not allow it"),
    ("FUNDING_INSTRUMENT_ACCESS_NOT_ALLOWED", PermissionDenied, "the user's role does not allow it"),
    ("INVALID_ACCOUNT_SERVICE_LEVEL", PermissionDenied, "the account's service level does not allow it"),
    ("ACCOUNT_LOCKED_OUT", PermissionDenied, "the account is locked; the user must unlock it at X"),
    ("CURRENT_USER_SUSPENDED", PermissionDenied, "the user is suspended at X"),
    ("TOO_MANY_REQUESTS", Wait, "too many requests; wait"),
    ("88", Wait, "too many requests; wait"),
    (TOO_MANY_JOBS, Room, "too many reports are being made; wait until others are done"),
    ("REQUEST_TOO_COMPLEX", TooMuchData, "ask for less at a time"),
    ("CANCELLED_REQUEST", Transient, "trying again later may help"),
    ("LOCK_ACQUISITION_TIMEOUT", Transient, "trying again later may help"),
    ("INTERNAL_ERROR", Transient, "trying again later may help"),
    ("SERVICE_UNAVAILABLE", Overloaded, "trying again later may help"),
    ("OVER_CAPACITY", Overloaded, "trying again later may help"),
    ("ROUTE_NOT_FOUND", Unavailable, "there is no such address: this version of the API has ended; set ANALYTICS_X_ADS_API_VERSION to a newer one"),
    (TIME_WINDOW, InvalidRequest, "the days do not suit the account's time zone"),
    ("INVALID_PARAMETER", InvalidRequest, "a parameter was refused"),
    ("MISSING_PARAMETER", InvalidRequest, "a parameter is missing"),
    ("EXCLUSIVE_PARAMETERS", InvalidRequest, "two parameters exclude each other"),
    ("INCLUSIVE_PARAMETERS", InvalidRequest, "two parameters need each other"),
    ("FEATURE_NOT_AVAILABLE", InvalidRequest, "the account does not have this feature"),
    ("INVALID_PLACEMENT_TYPE", InvalidRequest, "there is no such placement"),
    ("METHOD_NOT_ALLOWED", InvalidRequest, "the method is not allowed"),
];

const TOO_MANY_JOBS: &str = "TOO_MANY_JOBS";
const TIME_WINDOW: &str = "INVALID_TIME_WINDOW";

/// The code behind an error, and the parameter it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("code {code}")]
pub(super) struct Code {
    code: String,
    parameter: Option<String>,
}

impl Code {
    fn of(error: &Error) -> Option<&Self> {
        error.source.as_ref()?.downcast_ref()
    }

    /// Whether the ends of the days were refused: they may be spelt otherwise.
    pub(super) fn is_of_times(error: &Error) -> bool {
        Self::of(error).is_some_and(|code| {
            let of_ends = matches!(code.parameter.as_deref(), Some("start_time" | "end_time"));
            code.code == TIME_WINDOW || (code.code == "INVALID_PARAMETER" && of_ends)
        })
    }

    /// Whether something that was asked about does not exist (any more).
    pub(super) fn is_of_missing(error: &Error) -> bool {
        Self::of(error).is_some_and(|code| {
            matches!(
                code.code.as_str(),
                "CAMPAIGN_NOT_FOUND"
                    | "LINE_ITEM_NOT_FOUND"
                    | "PROMOTED_TWEET_NOT_FOUND"
                    | "NOT_FOUND"
            )
        })
    }

    /// Whether what was asked for is not there for this account: a placement, a group of figures.
    pub(super) fn is_of_offer(error: &Error) -> bool {
        Self::of(error).is_some_and(|code| {
            matches!(
                code.code.as_str(),
                "INVALID_PLACEMENT_TYPE"
                    | "FEATURE_NOT_AVAILABLE"
                    | "INVALID_PARAMETER"
                    | "EXCLUSIVE_PARAMETERS"
                    | "INCLUSIVE_PARAMETERS"
            )
        }) && !Self::is_of_times(error)
    }

    /// Whether a group of figures is not there for this account.
    pub(super) fn is_of_feature(error: &Error) -> bool {
        Self::of(error).is_some_and(|code| code.code == "FEATURE_NOT_AVAILABLE")
    }

    /// Whether other reports must be done first.
    pub(super) fn is_of_room(error: &Error) -> bool {
        Self::of(error).is_some_and(|code| code.code == TOO_MANY_JOBS)
    }
}

/// The error an answer tells of: by its code, else by its status, which alone counts where the
/// gateway answers with a page.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let status = answer.status.as_u16();
    let told = first_error(answer);
    if told.is_none() && status != 429 && status != 503 {
        return None;
    }
    let Told {
        code,
        message,
        parameter,
    } = told.unwrap_or_default();
    let row = ROWS.iter().find(|row| row.0 == code);
    let (means, advice) = row.map_or_else(
        || (by_status(status), "the platform does not say more"),
        |row| (row.1, row.2),
    );
    let said = message.as_deref().unwrap_or("no message");
    let about = parameter
        .as_ref()
        .map_or_else(String::new, |name| format!(" [{name}]"));
    let shown = if code.is_empty() {
        format!("HTTP {status}")
    } else {
        code.clone()
    };
    let words = context
        .secrets
        .scrub(&format!("{said}{about} ({shown}): {advice}"));
    let until = reset(answer, context.now);
    Some(error(means, words, until, context).with_source(Code { code, parameter }))
}

fn by_status(status: u16) -> Means {
    match status {
        401 => AuthExpired,
        403 => PermissionDenied,
        429 => Wait,
        503 => Overloaded,
        408 | 423 | 500..=599 => Transient,
        _ => InvalidRequest,
    }
}

fn error(
    means: Means,
    words: String,
    reset: Option<DateTime<Utc>>,
    context: &CallContext<'_>,
) -> Error {
    let kind = match means {
        AuthExpired => ErrorKind::AuthExpired,
        PermissionDenied => ErrorKind::PermissionDenied,
        Wait => ErrorKind::RateLimited {
            until: reset.or_else(|| context.now.checked_add_signed(TimeDelta::minutes(1))),
        },
        Room => ErrorKind::RateLimited { until: None },
        Transient | Overloaded => ErrorKind::Transient,
        TooMuchData => ErrorKind::TooMuchData,
        Unavailable => ErrorKind::Unavailable,
        InvalidRequest => ErrorKind::InvalidRequest,
    };
    let error = Error::new(kind, context.platform, context.operation, words);
    match (means, context.wait) {
        (Transient | Overloaded, Some(wait)) => error.with_retry(Retry::After(wait)),
        // Too soon would be held against the app: the next run is soon enough.
        (Overloaded, None) => error.with_retry(Retry::Never),
        _ => error,
    }
}

/// An error of this connector itself.
pub(super) fn invalid(operation: &str, what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, PLATFORM, operation, what)
}
