//! Graph errors: vendor code → kind, retry and advice. Pairs of (code, subcode) are looked up
//! before what the message says, and that before the code alone; a platform's own table goes
//! before this one.
//!
//! Sources: \[G\] Graph API "Handling errors"; \[A\] Ads Insights error codes; \[R\] rate limiting
//! overview.

use std::{fmt, time::Duration};

use chrono::TimeDelta;

use super::wire::{Failure, FailureBody};
use crate::{
    error::{Error, ErrorKind, Retry},
    http::{Answer, CallContext},
};

/// When a row applies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    /// Code and subcode.
    Pair(i64, i64),
    /// Code, and a part of the message in lower case.
    Says(i64, &'static str),
    /// Code.
    Code(i64),
    /// Codes, both ends included.
    Codes(i64, i64),
}

/// What it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// The grant is dead.
    AuthExpired,
    /// Not allowed, here or at all.
    PermissionDenied,
    /// Wait as the headers say.
    RateLimited,
    /// Wait this long.
    BlockedFor(Duration),
    /// Passes by itself; the same call may be tried again.
    Transient,
    /// Passes by itself, but the call must be made anew: the thing it asked about is spoilt.
    Spoilt,
    /// Ask for less.
    TooMuchData,
    /// The operator must act.
    Unavailable,
    /// The question is wrong.
    InvalidRequest,
}

/// One row of an error table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) when: When,
    pub(crate) means: Means,
    pub(crate) advice: &'static str,
}

/// A row of an error table.
pub(crate) const fn row(when: When, means: Means, advice: &'static str) -> Row {
    Row {
        when,
        means,
        advice,
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // [G] login and access
    row(When::Says(1, "client secret"), Means::Unavailable, "the app's secret is wrong; check ANALYTICS_META_CLIENT_SECRET"),
    row(When::Code(101), Means::Unavailable, "the app is unknown; check ANALYTICS_META_CLIENT_ID"),
    row(When::Pair(190, 458), Means::AuthExpired, "the user removed the app; link again"),
    row(When::Pair(190, 459), Means::AuthExpired, "Facebook asks the user to confirm the account there; then link again"),
    row(When::Pair(190, 460), Means::AuthExpired, "the user's password was changed; link again"),
    row(When::Pair(190, 463), Means::AuthExpired, "the token has expired; link again"),
    row(When::Pair(190, 464), Means::AuthExpired, "the user has not confirmed the Facebook account; link again after that"),
    row(When::Pair(190, 467), Means::AuthExpired, "the token is no longer valid; link again"),
    row(When::Code(190), Means::AuthExpired, "the token is not accepted; link again"),
    row(When::Code(102), Means::AuthExpired, "the session has ended; link again"),
    // [G] a token of the wrong kind is no dead one
    row(When::Says(190, "must be called with a page access token"), Means::InvalidRequest, "the call needs a page's token"),
    row(When::Pair(190, 2_069_032), Means::InvalidRequest, "the call needs a page's token"),
    row(When::Says(190, "before impersonating a user's page"), Means::PermissionDenied, "the user has not granted access to this page; link again"),
    row(When::Pair(190, 492), Means::PermissionDenied, "the user has no role on this page any more"),
    row(When::Code(10), Means::PermissionDenied, "the permission was not granted or was withdrawn"),
    row(When::Codes(200, 299), Means::PermissionDenied, "the user lacks a role on this account or the app lacks the permission"),
    row(When::Code(3), Means::PermissionDenied, "the app lacks this capability; check its access level"),
    row(When::Pair(100, 33), Means::PermissionDenied, "it does not exist, or the user may not see it"),
    row(When::Code(368), Means::BlockedFor(DAY), "Meta has blocked this for policy reasons; look into the account's quality page"),
    // [R] rate limits
    row(When::Code(4), Means::RateLimited, "the app's rate limit is used up"),
    row(When::Code(17), Means::RateLimited, "the user's rate limit is used up"),
    row(When::Code(32), Means::RateLimited, "the page's rate limit is used up"),
    row(When::Code(341), Means::RateLimited, "the app's limit for this action is used up"),
    row(When::Code(613), Means::RateLimited, "too many calls"),
    row(When::Codes(80_000, 80_014), Means::RateLimited, "the budget of this use is used up"),
    // [G] what passes by itself
    row(When::Code(1), Means::Transient, "an error on Meta's side"),
    row(When::Code(2), Means::Transient, "an error on Meta's side"),
    row(When::Code(104), Means::Transient, "an error on Meta's side"),
    row(When::Code(960), Means::Transient, "Meta's batch timed out"),
    // [G] the rest
    row(When::Says(100, "appsecret_proof"), Means::Unavailable, "the proof of the app's secret is wrong; check ANALYTICS_META_CLIENT_SECRET"),
    row(When::Pair(3_001, 1_504_028), Means::InvalidRequest, "no metric was named"),
    row(When::Code(2_500), Means::InvalidRequest, "Meta does not understand the path"),
    row(When::Code(803), Means::InvalidRequest, "one of the objects does not exist"),
    row(When::Code(100), Means::InvalidRequest, "Meta does not accept a parameter"),
];

/// What Meta said, precisely. It is the source of the [`Error`] made of it.
#[derive(Debug, Clone)]
pub(crate) struct GraphError {
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    /// In lower case, without secrets.
    message: String,
    kind: String,
    trace: Option<String>,
    status: Option<u16>,
}

impl GraphError {
    /// The Graph error underneath `error`, if there is one.
    pub(crate) fn of(error: &Error) -> Option<&Self> {
        error.source.as_deref()?.downcast_ref()
    }

    /// Whether its message contains these words, given in lower case.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.message.contains(words)
    }

    /// Its message in lower case.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Whether it is this code with this subcode.
    pub(crate) fn is(&self, code: i64, subcode: i64) -> bool {
        self.code == code && self.subcode == Some(subcode)
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} code {}", self.kind, self.code)?;
        if let Some(subcode) = self.subcode {
            write!(f, ", subcode {subcode}")?;
        }
        if let Some(status) = self.status {
            write!(f, ", HTTP {status}")?;
        }
        if let Some(trace) = &self.trace {
            write!(f, ", trace {trace}")?;
        }
        Ok(())
    }
}

impl std::error::Error for GraphError {}

/// The error in an answer by `own` table and the Graph's; none if the body tells of none.
pub(crate) fn classify(own: &[Row], answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let body = answer.body.trim_ascii_start();
    // Large good answers are not parsed twice: an error is all there is in its answer.
    if answer.status.is_success() && !body.starts_with(b"{\"error\"") && body.len() > 4096 {
        return None;
    }
    let failure: Failure = serde_json::from_slice(body).ok()?;
    Some(read(
        own,
        &failure.error,
        Some(answer.status.as_u16()),
        context,
    ))
}

/// The error that a report run tells of inside a good answer.
pub(crate) fn reported(
    own: &[Row],
    code: i64,
    subcode: Option<i64>,
    message: &str,
    context: &CallContext<'_>,
) -> Error {
    let body = FailureBody {
        message: message.to_owned(),
        kind: "report run".to_owned(),
        code,
        error_subcode: subcode,
        is_transient: false,
        error_user_msg: None,
        fbtrace_id: None,
    };
    read(own, &body, None, context)
}

fn read(own: &[Row], body: &FailureBody, status: Option<u16>, context: &CallContext<'_>) -> Error {
    let row = find(own, body);
    let server_side = status.is_some_and(|status| status >= 500);
    let (means, advice) = match row {
        // A pair or a message says more than the flag, the flag more than the bare code 100.
        Some(row)
            if row.means == Means::InvalidRequest
                && body.is_transient
                && matches!(row.when, When::Code(_)) =>
        {
            (Means::Transient, "Meta says that it passes by itself")
        }
        Some(row) => (row.means, row.advice),
        None if body.is_transient => (Means::Transient, "Meta says that it passes by itself"),
        None if server_side => (Means::Transient, "an error on Meta's side"),
        None => (
            Means::InvalidRequest,
            "an error code without a known remedy",
        ),
    };
    let (kind, retry) = kind_of(means, context);
    let said = match &body.error_user_msg {
        Some(words) if !words.is_empty() && !body.message.contains(words.as_str()) => {
            format!("{} {words}", body.message)
        }
        _ => body.message.clone(),
    };
    let source = GraphError {
        code: body.code,
        subcode: body.error_subcode,
        message: context.secrets.scrub(&body.message).to_lowercase(),
        kind: context.secrets.scrub(&body.kind),
        trace: body
            .fbtrace_id
            .as_deref()
            .map(|trace| context.secrets.scrub(trace)),
        status,
    };
    let said = context.secrets.scrub(said.trim());
    let quoted = if said.is_empty() {
        String::new()
    } else {
        format!(": “{said}”")
    };
    Error::new(
        kind,
        context.platform,
        context.operation,
        format!("{advice} ({source}){quoted}"),
    )
    .with_retry(retry)
    .with_source(source)
}

fn find(own: &[Row], body: &FailureBody) -> Option<Row> {
    let message = body.message.to_lowercase();
    let rows = || own.iter().chain(ROWS);
    let pair = rows().find(|row| match row.when {
        When::Pair(code, subcode) => code == body.code && Some(subcode) == body.error_subcode,
        _ => false,
    });
    let says = || {
        rows().find(|row| match row.when {
            When::Says(code, words) => code == body.code && message.contains(words),
            _ => false,
        })
    };
    let code = || {
        rows().find(|row| match row.when {
            When::Code(code) => code == body.code,
            When::Codes(from, to) => (from..=to).contains(&body.code),
            _ => false,
        })
    };
    pair.or_else(says).or_else(code).copied()
}

fn kind_of(means: Means, context: &CallContext<'_>) -> (ErrorKind, Retry) {
    match means {
        Means::AuthExpired => (ErrorKind::AuthExpired, Retry::Never),
        Means::PermissionDenied => (ErrorKind::PermissionDenied, Retry::Never),
        Means::RateLimited => (ErrorKind::RateLimited { until: None }, Retry::Never),
        Means::BlockedFor(time) => {
            let until = TimeDelta::from_std(time)
                .ok()
                .and_then(|time| context.now.checked_add_signed(time));
            (ErrorKind::RateLimited { until }, Retry::Never)
        }
        Means::Transient => (ErrorKind::Transient, Retry::Backoff),
        Means::Spoilt => (ErrorKind::Transient, Retry::Never),
        Means::TooMuchData => (ErrorKind::TooMuchData, Retry::Never),
        Means::Unavailable => (ErrorKind::Unavailable, Retry::Never),
        Means::InvalidRequest => (ErrorKind::InvalidRequest, Retry::Never),
    }
}
