//! Orders whose answers got lost: the platform may have taken them. Before such a question is ordered
//! again, its report is looked for among the account's.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::{
    api::{Call, Params},
    fetch::Session,
    stats::{By, Question, ask},
    wire::{Job, Single},
};
use crate::{
    error::{Error, ErrorKind, Result},
    orders::Ordered,
};

/// By how much the clocks of both sides may differ.
const SKEW: TimeDelta = TimeDelta::minutes(5);
/// What makes a report another one, though everything that was asked for is in it.
const SEGMENTS: [&str; 3] = ["segmentation_type", "country", "platform"];

/// Orders a report, and remembers the order where nobody knows what became of it.
pub(super) async fn order(session: &Session, question: &Question) -> Result<Single<Job>> {
    let subject = session.subject(question.clone());
    session.unanswered.sent(subject.clone(), session.now());
    let answer = ask(session, question, By::Report).await;
    if !answer.as_ref().is_err_and(may_be_taken) {
        session.unanswered.settled(&subject);
    }
    answer
}

/// Whether an order may have been taken all the same. An answer that cannot be read is none.
fn may_be_taken(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Transient | ErrorKind::Decode)
}

/// The report of a question whose order got lost, if there is one that is still worth reading.
pub(super) async fn find(
    session: &Session,
    question: &Question,
) -> Result<Option<Ordered<String>>> {
    let subject = session.subject(question.clone());
    let Some(sent) = session.unanswered.since(&subject, session.now()) else {
        return Ok(None);
    };
    let call = Call {
        operation: "look for a report",
        account: session.account(),
        path: vec!["stats", "jobs", "accounts", session.account()],
        params: Vec::new(),
    };
    let jobs: Vec<Value> = match session.api.list(&call, &session.tokens).await {
        // Asking again would bring the same: rather a second report than none.
        Err(error) if matches!(error.kind, ErrorKind::InvalidRequest | ErrorKind::Decode) => {
            tracing::warn!(%error, "a lost order cannot be looked for");
            Vec::new()
        }
        jobs => jobs?,
    };
    session.unanswered.settled(&subject);
    let spelt = session.spellings();
    let spelt = spelt.map(|spelling| question.params(session, spelling));
    let found = jobs.iter().filter(|job| {
        job["account_id"] == session.account() && spelt.iter().any(|params| is_of(job, params))
    });
    let found = found.filter_map(|job| Known::deserialize(job).ok());
    let orders = found.filter_map(|job| job.usable(sent, session.now()));
    Ok(orders.max_by_key(|order| order.at))
}

/// Whether a report was ordered by exactly these parameters.
fn is_of(job: &Value, params: &Params) -> bool {
    SEGMENTS.iter().all(|name| job[*name].is_null())
        && params.iter().all(|(name, value)| says(&job[*name], value))
}

/// Whether a parameter is told as it was sent: lists in any order, moments in any zone.
fn says(told: &Value, sent: &str) -> bool {
    let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    match told {
        Value::String(text) => {
            text == sent || moment(text).is_some_and(|told| Some(told) == moment(sent))
        }
        Value::Array(told) => {
            let told: BTreeSet<Option<&str>> = told.iter().map(Value::as_str).collect();
            told == sent.split(',').map(Some).collect()
        }
        _ => false,
    }
}

/// A report of the list.
#[derive(Debug, Deserialize)]
struct Known {
    id_str: String,
    status: String,
    created_at: DateTime<Utc>,
}

impl Known {
    /// As an order to await, unless it is older than the order that got lost, or nothing came of it,
    /// or too old a thing.
    fn usable(self, sent: DateTime<Utc>, now: DateTime<Utc>) -> Option<Ordered<String>> {
        let order = Ordered {
            id: self.id_str,
            at: self.created_at.min(now),
        };
        let is_worth_it = match self.status.as_str() {
            "QUEUED" | "PROCESSING" => true,
            "SUCCESS" => !order.is_stale(now),
            _ => false,
        };
        (is_worth_it && sent - self.created_at <= SKEW).then_some(order)
    }
}
