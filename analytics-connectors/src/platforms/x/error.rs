//! What the platform's refusals mean: by the name in their `type`, their title or their old number,
//! else by the status.
//!
//! Sources: the vendor's error pages (2026-08); for credits and plans, recorded answers (2026-09).

use std::time::Duration;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{PLATFORM, wire::Problem};
use crate::{
    error::{Error, ErrorKind, Retry},
    http::{Answer, CallContext, Secrets},
    platforms::x_common::{first_error, reset},
};

/// What a refusal means for whoever must react.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    AuthExpired,
    PermissionDenied,
    /// Until the limit's reset, or a minute.
    Wait,
    /// The operator's quota, until its period ends.
    Quota,
    /// The operator's plan lacks what was asked for, which may be no more than a part.
    Plan,
    Transient,
    Unavailable,
    InvalidRequest,
}

use Means::{
    AuthExpired, InvalidRequest, PermissionDenied, Plan, Quota, Transient, Unavailable, Wait,
};

/// Marks an error of the kind [`Plan`].
#[derive(Debug, thiserror::Error)]
#[error("the app's plan does not include this")]
struct NotInPlan;

/// A name, what it means, and what to do.
type Row = (&'static str, Means, &'static str);

const NO_CREDITS: &str = "the app has no credits left; buy some in X's developer console";
const RELINK: &str = "the consent does not suit; link again";
const GONE: &str = "the account is suspended, locked or gone; what was read is kept";
const LATER: &str = "trying again later may help";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Tails of `type`.
    ("credits", Unavailable, NO_CREDITS),
    ("credits-depleted", Unavailable, NO_CREDITS),
    ("client-forbidden", Plan, "the app's plan at X does not include this; check the app in X's developer console"),
    ("usage-capped", Quota, "the app's reads of this period are used up"),
    ("rate-limit-exceeded", Wait, "too many requests; wait"),
    ("unsupported-authentication", PermissionDenied, RELINK),
    ("oauth1-permissions", PermissionDenied, RELINK),
    ("not-authorized-for-resource", PermissionDenied, GONE),
    ("resource-not-found", PermissionDenied, GONE),
    ("resource-unavailable", PermissionDenied, GONE),
    ("not-authorized-for-field", PermissionDenied, "X does not tell this app these figures"),
    ("invalid-request", InvalidRequest, "the request was refused"),
    ("internal-error", Transient, LATER),
    ("field-hydration-failure", Transient, LATER),
    // Titles.
    ("CreditsDepleted", Unavailable, NO_CREDITS),
    ("Payment Required", Unavailable, NO_CREDITS),
    ("SpendCapReached", Unavailable, "the app's spending limit at X is reached; raise it in X's developer console, or wait for the next billing cycle"),
    // Numbers of version 1.
    ("32", AuthExpired, "the request could not be authenticated; link again"),
    ("89", AuthExpired, "the consent was taken back; link again"),
    ("64", PermissionDenied, GONE),
    ("326", PermissionDenied, GONE),
    ("416", Unavailable, "X has suspended the app; see X's developer console"),
    ("88", Wait, "too many requests; wait"),
    ("130", Transient, LATER),
    ("131", Transient, LATER),
];

/// What is left out of an answer without making it wrong.
const PARTIAL: [&str; 4] = [
    "not-authorized-for-field",
    "resource-not-found",
    "not-authorized-for-resource",
    "resource-unavailable",
];

/// The stable name of a problem: what follows `/problems/` in its type.
fn name(problem: &Problem) -> Option<&str> {
    let (_, name) = problem.kind.as_deref()?.rsplit_once("/problems/")?;
    Some(name)
}

/// Whether an answer may lack this.
pub(super) fn is_partial(problem: &Problem) -> bool {
    name(problem).is_some_and(|name| PARTIAL.contains(&name))
}

fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.0 == name)
}

/// The row of a problem, by its title, else by its type: a spending limit that is reached has the
/// type of credits that are used up.
fn row_of(problem: &Problem) -> Option<&'static Row> {
    let title = problem.title.as_deref().and_then(row);
    title.or_else(|| name(problem).and_then(row))
}

/// The error of an answer that has nothing but problems; none without one.
pub(super) fn of_problems(operation: &str, problems: &[Problem]) -> Option<Error> {
    let problem = problems.first()?;
    let (_, means, advice) =
        row_of(problem)
            .copied()
            .unwrap_or(("", InvalidRequest, "the platform does not say more"));
    let words = Secrets::default().scrub(&format!("{}: {advice}", said(problem)));
    Some(Error::new(kind(means, None), PLATFORM, operation, words))
}

/// Whether X does not tell something to this app or about this account, whatever else it tells.
pub(super) fn is_withheld(error: &Error) -> bool {
    let source = error.source.as_ref();
    error.kind == ErrorKind::PermissionDenied
        || source.is_some_and(|source| source.is::<NotInPlan>())
}

fn said(problem: &Problem) -> String {
    let title = problem.title.as_deref().unwrap_or("no title");
    match problem.detail.as_deref().filter(|detail| *detail != title) {
        Some(detail) => format!("{title}: {detail}"),
        None => title.to_owned(),
    }
}

/// The error an answer tells of; none where the gateway answers with a page, whose status counts.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        return None;
    }
    let problem: Option<Problem> = serde_json::from_slice(&answer.body).ok();
    if problem.is_none() && status != 402 && status != 429 {
        return None;
    }
    let problem = problem.unwrap_or_default();
    let told = first_error(answer).unwrap_or_default();
    let known = row_of(&problem).or_else(|| row(&told.code));
    let (means, advice) = match known {
        Some(row) => (row.1, row.2),
        None => by_status(status, &problem),
    };
    let reason = problem.reason.as_deref();
    let reason = reason.map_or_else(String::new, |reason| format!(" [{reason}]"));
    // What the problem is, and which part of the question it is about.
    let said = match told.message {
        Some(message) if problem.title.is_none() && problem.detail.is_none() => message,
        Some(message) if problem.detail.as_ref() != Some(&message) => {
            format!("{}: {message}", said(&problem))
        }
        _ => said(&problem),
    };
    let words = context
        .secrets
        .scrub(&format!("{said}{reason} (HTTP {status}): {advice}"));
    let until = reset(answer, context.now)
        .or_else(|| context.now.checked_add_signed(TimeDelta::minutes(1)));
    let error = Error::new(
        kind(means, until),
        context.platform,
        context.operation,
        words,
    );
    Some(match means {
        Plan => error.with_source(NotInPlan),
        Quota => error.with_retry(Retry::After(until_renewed(&problem, context.now))),
        Transient => match context.wait {
            Some(wait) => error.with_retry(Retry::After(wait)),
            None => error,
        },
        _ => error,
    })
}

fn by_status(status: u16, problem: &Problem) -> (Means, &'static str) {
    match status {
        401 => (AuthExpired, "the token was refused; link again"),
        402 => (Unavailable, NO_CREDITS),
        403 if is_of_app(problem) => (
            Unavailable,
            "X has suspended the app; see X's developer console",
        ),
        403 => (PermissionDenied, GONE),
        404 => (PermissionDenied, GONE),
        429 => (Wait, "too many requests; wait"),
        408 | 500..=599 => (Transient, LATER),
        _ => (InvalidRequest, "the request was refused"),
    }
}

/// Whether it is the app that is suspended, and not an account.
fn is_of_app(problem: &Problem) -> bool {
    let said = said(problem).to_lowercase();
    let of_app = ["client app", "application", "your app", "this app"];
    said.contains("suspended") && of_app.iter().any(|app| said.contains(app))
}

fn kind(means: Means, until: Option<DateTime<Utc>>) -> ErrorKind {
    match means {
        AuthExpired => ErrorKind::AuthExpired,
        PermissionDenied => ErrorKind::PermissionDenied,
        Wait => ErrorKind::RateLimited { until },
        Transient => ErrorKind::Transient,
        Unavailable | Quota | Plan => ErrorKind::Unavailable,
        InvalidRequest => ErrorKind::InvalidRequest,
    }
}

/// Until a quota begins anew: at the next midnight, or with the next month.
fn until_renewed(problem: &Problem, now: DateTime<Utc>) -> Duration {
    let today = now.date_naive();
    let next: Option<NaiveDate> = match problem.period.as_deref() {
        Some("Daily") => today.succ_opt(),
        _ => today
            .with_day(1)
            .and_then(|first| first.checked_add_months(Months::new(1))),
    };
    let next = next.map(|date| date.and_time(NaiveTime::MIN).and_utc());
    next.and_then(|next| (next - now).to_std().ok())
        .unwrap_or_default()
}

/// An error of this connector itself.
pub(super) fn invalid(operation: &str, what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, PLATFORM, operation, what)
}
