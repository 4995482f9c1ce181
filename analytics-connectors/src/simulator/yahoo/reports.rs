//! `ReportDefinitionService`: orders, polls, downloads and removals.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Asia::Tokyo;
use serde_json::{Value, json};

use super::{
    Product,
    accounts::{Base, target},
    definition::Definition,
    envelope::{ApiError, failed_part, part},
    jobs::{Ending, Job, Order, Step},
    paging::{Page, numbers},
    table,
};
use crate::simulator::{Inner, faults::Fault, world::ads::AdAccount};

/// Operands of a call.
const MOST_OPERANDS: usize = 30;
/// Ids of a call.
const MOST_IDS: usize = 500;
/// Rows a file may have.
const MOST_ROWS: usize = 40_000;
/// Polls that a slow job takes unless told otherwise.
const SLOW_POLLS: usize = 20;

const PART: &str = "reportDefinition";

fn operands(body: &Value) -> Result<&[Value], ApiError> {
    let operands = body["operand"]
        .as_array()
        .filter(|operands| !operands.is_empty())
        .ok_or_else(|| ApiError::new("0001", "operand", "must be a list of one or more"))?;
    if operands.len() > MOST_OPERANDS {
        let limit = format!("at most {MOST_OPERANDS}");
        return Err(ApiError::new("L0002", "operand", limit));
    }
    Ok(operands)
}

/// `add`.
pub(super) fn add(
    sim: &Inner,
    product: Product,
    base: &Base<'_>,
    body: &Value,
) -> Result<Value, ApiError> {
    let account = target(sim, product, base, body)?;
    let operands = operands(body)?;
    let typed = |operand: &Value| !operand["reportType"].is_null();
    if product == Product::Display && operands.iter().any(typed) {
        return Err(ApiError::new("0001", "reportType", "no such field"));
    }
    let values: Vec<Value> = operands
        .iter()
        .map(|operand| match order(sim, product, account, operand) {
            Ok(job) => part(PART, describe(&job, sim.now())),
            Err(error) => failed_part(PART, &error),
        })
        .collect();
    Ok(json!({ "values": values }))
}

fn order(
    sim: &Inner,
    product: Product,
    account: &AdAccount,
    operand: &Value,
) -> Result<Job, ApiError> {
    let now = sim.now();
    let as_of = account.as_of(now);
    let definition = Definition::parse(product, operand, as_of.today)?;
    let take = |fault: Fault| sim.faults.take(product.platform(), &[fault]);
    let slow = take(Fault::SlowReport).map(|fault| {
        let polls = fault.detail.and_then(|text| text.parse().ok());
        polls.unwrap_or(SLOW_POLLS)
    });
    let ending = if take(Fault::FailedReport).is_some() {
        Ending::Failed
    } else if take(Fault::ReduceData).is_some()
        || table::exceeds(account, &definition, as_of, MOST_ROWS)
    {
        Ending::TooLarge
    } else {
        Ending::Completed
    };
    let order = Order {
        account: account.id.clone(),
        operand: operand.clone(),
        definition,
        slow,
        ending,
    };
    sim.yahoo.jobs(product).order(order, now)
}

fn status(job: &Job, now: DateTime<Utc>) -> &'static str {
    match (job.step(now), job.ending) {
        (Step::Waiting, _) => "WAIT",
        (Step::InProgress, _) => "IN_PROGRESS",
        (Step::Ended, Ending::Completed) => "COMPLETED",
        // Display gives up in two ways.
        (Step::Ended, Ending::Failed)
            if job.definition.product == Product::Display && job.id % 2 == 1 =>
        {
            "CANCELED"
        }
        (Step::Ended, _) => "FAILED",
    }
}

fn describe(job: &Job, now: DateTime<Utc>) -> Value {
    let status = status(job, now);
    let moment = |at: DateTime<Utc>| {
        let spelling = match job.definition.product {
            Product::Search => "%Y/%m/%d %H:%M:%S",
            Product::Display => "%Y%m%d%H%M%S",
        };
        at.with_timezone(&Tokyo).format(spelling).to_string()
    };
    let ended = matches!(status, "COMPLETED" | "FAILED" | "CANCELED");
    let too_large = ended && job.ending == Ending::TooLarge;
    let known = json!({
        "accountId": job.account.parse::<u64>().ok(),
        "reportJobId": job.id,
        "reportJobStatus": status,
        "reportJobErrorDetail": too_large.then_some("Over limit of file size."),
        "requestTime": moment(job.created),
        "completeTime": ended.then(|| moment(job.created + Duration::seconds(19))),
    });
    let mut all = job.operand.clone();
    for (key, value) in known.as_object().into_iter().flatten() {
        all[key] = value.clone();
    }
    all
}

/// `get`: every call is a poll of the jobs it names.
pub(super) fn get(
    sim: &Inner,
    product: Product,
    base: &Base<'_>,
    body: &Value,
) -> Result<Value, ApiError> {
    let account = target(sim, product, base, body)?;
    let page = Page::parse(body, MOST_IDS as u64)?;
    let wanted = numbers(body, "reportJobIds", MOST_IDS)?;
    let is_listed = |key: &str, word: &str| match &body[key] {
        Value::Array(words) => words.iter().any(|known| known == word),
        _ => true,
    };
    let now = sim.now();
    let jobs = sim.yahoo.jobs(product).poll(&account.id, now, |job| {
        let of_type = job.operand["reportType"].as_str().unwrap_or_default();
        wanted.as_ref().is_none_or(|ids| ids.contains(&job.id)) && is_listed("reportTypes", of_type)
    });
    let values = jobs
        .iter()
        .filter(|job| is_listed("reportJobStatuses", status(job, now)))
        .map(|job| part(PART, describe(job, now)))
        .collect();
    Ok(page.of(values))
}

/// `download`: the figures as they were when the report was ordered.
pub(super) fn download(
    sim: &Inner,
    product: Product,
    base: &Base<'_>,
    body: &Value,
) -> Result<Vec<u8>, ApiError> {
    let account = target(sim, product, base, body)?;
    let id = body["reportJobId"]
        .as_u64()
        .ok_or_else(|| ApiError::new("0001", "reportJobId", "must be a number"))?;
    let now = sim.now();
    let job = sim.yahoo.jobs(product).find(&account.id, id, now);
    let job = job.ok_or_else(|| ApiError::new("V0001", "reportJobId", id.to_string()))?;
    match status(&job, now) {
        "COMPLETED" => Ok(table::write(account, &job)),
        other => Err(ApiError::new("S0001", "reportJobStatus", other)),
    }
}

/// `remove`.
pub(super) fn remove(
    sim: &Inner,
    product: Product,
    base: &Base<'_>,
    body: &Value,
) -> Result<Value, ApiError> {
    let account = target(sim, product, base, body)?;
    let now = sim.now();
    let values: Vec<Value> = operands(body)?
        .iter()
        .map(|operand| {
            let id = operand["reportJobId"].as_u64().unwrap_or_default();
            match sim.yahoo.jobs(product).remove(&account.id, id, now) {
                Some(job) => part(PART, describe(&job, now)),
                None => {
                    let error = ApiError::new("V0001", "reportJobId", id.to_string());
                    failed_part(PART, &error)
                }
            }
        })
        .collect();
    Ok(json!({ "values": values }))
}
