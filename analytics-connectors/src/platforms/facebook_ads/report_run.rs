//! Report runs: order, wait, read. A run that fails is ordered anew; one that fails time and again
//! is a question too large.

use analytics_core::model::DateRange;

use super::{
    PLATFORM,
    error::{ROWS, about},
    fetch::{Session, Trouble},
    question::Question,
    wire::{RUN_FIELDS, Run, RunStarted},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    http::{CallContext, Poll, Secrets, poll_until},
    platforms::meta::{GraphCall, GraphError, reported},
};

/// Looks that may find nothing right after a run was ordered.
const LOOKS_BEFORE_IT_EXISTS: u32 = 3;

/// How a run ended.
enum End {
    Completed,
    Failed(Error),
}

/// The answer to `question` by report run.
pub(super) async fn answer(session: &Session, question: &Question) -> Result<Batch, Trouble> {
    let mut last = None;
    for attempt in 1..=session.config.run_attempts.max(1) {
        match attempt_once(session, question).await? {
            Ok(batch) => return Ok(batch),
            Err(error) if error.kind == ErrorKind::TooMuchData => {
                return Err(Trouble::Shrink(error));
            }
            Err(error) if error.kind == ErrorKind::Transient => {
                tracing::warn!(attempt, range = %question.range, "report run failed: {error}");
                last = Some(error);
            }
            Err(error) => return Err(Trouble::Fail(error)),
        }
    }
    Err(Trouble::Shrink(last.unwrap_or_else(|| {
        failed(question, "the report could not be made")
    })))
}

/// Outer error: the calls about the run failed. Inner error: the run did.
async fn attempt_once(
    session: &Session,
    question: &Question,
) -> Result<Result<Batch, Error>, Trouble> {
    let run = order(session, question).await?;
    match wait(session, question, &run).await? {
        Some(End::Completed) => {
            let path = format!("{run}/insights");
            let call = GraphCall::get(question.operation(), session.account(), &path);
            session.read(call, question).await.map(Ok)
        }
        Some(End::Failed(error)) => Ok(Err(error)),
        None => Ok(Err(failed(question, "the report was not done in time"))),
    }
}

async fn order(session: &Session, question: &Question) -> Result<String, Trouble> {
    let mut call = GraphCall::get(
        format!("order report, {}", question.operation()),
        session.account(),
        &session.node("insights"),
    )
    .into_post();
    call.params = question.params();
    let started: RunStarted = session
        .graph
        .call(&call, &session.tokens)
        .await
        .map_err(|error| Trouble::of(about(error, question.range)))?;
    Ok(started.report_run_id)
}

async fn wait(session: &Session, question: &Question, run: &str) -> Result<Option<End>, Trouble> {
    let call = GraphCall::get(
        format!("await report, {}", question.operation()),
        session.account(),
        run,
    )
    .param("fields", RUN_FIELDS);
    let mut looks = 0;
    let look = || {
        looks += 1;
        look(session, &call, question.range, looks)
    };
    poll_until(session.config.poll_schedule(), look)
        .await
        .map_err(|error| Trouble::Fail(about(error, question.range)))
}

async fn look(
    session: &Session,
    call: &GraphCall,
    range: DateRange,
    looks: u32,
) -> Result<Poll<End>> {
    let run = match session.graph.call::<Run>(call, &session.tokens).await {
        Ok(run) => run,
        // Right after it was ordered the run may not be found yet.
        Err(error)
            if looks <= LOOKS_BEFORE_IT_EXISTS
                && GraphError::of(&error).is_some_and(|graph| graph.is(100, 33)) =>
        {
            return Ok(Poll::Pending { started: false });
        }
        // A look cannot be made smaller: what is said to be too much here is an error that passes.
        Err(error) if error.kind == ErrorKind::TooMuchData => {
            return Ok(Poll::Pending { started: true });
        }
        Err(error) => return Err(error),
    };
    Ok(match run.async_status.as_str() {
        "Job Completed" if run.async_percent_completion >= 100 => Poll::Ready(End::Completed),
        status @ ("Job Failed" | "Job Skipped") => Poll::Ready(End::Failed(about(
            run_error(session, call, &run, status),
            range,
        ))),
        "Job Not Started" => Poll::Pending { started: false },
        _ => Poll::Pending { started: true },
    })
}

fn run_error(session: &Session, call: &GraphCall, run: &Run, status: &str) -> Error {
    let context = CallContext {
        platform: PLATFORM,
        operation: &call.operation,
        now: session.graph.api().clock().now(),
        wait: None,
        secrets: Secrets::default(),
    };
    match run.error_code {
        Some(code) if code != 0 => reported(
            ROWS,
            code,
            run.error_subcode,
            run.error_message.as_deref().unwrap_or_default(),
            &context,
        ),
        _ => Error::new(
            ErrorKind::Transient,
            PLATFORM,
            &call.operation,
            format!("the report ended as “{status}” without a reason"),
        ),
    }
}

fn failed(question: &Question, what: &str) -> Error {
    about(
        Error::new(ErrorKind::Transient, PLATFORM, question.operation(), what),
        question.range,
    )
}
