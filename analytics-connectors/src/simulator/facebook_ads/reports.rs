//! Report runs: asked for now, polled, read when they are done.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use analytics_core::model::{Level, Platform};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value, json};

use super::{PLATFORM, Reply, insights, no_object, params::Question};
use crate::simulator::{
    Inner,
    faults::Fault,
    meta::{
        error::GraphError,
        project::project,
        request::{GraphRequest, parse_fields},
    },
    world::{Dice, ads::AdAccount},
};

/// How long a run can be read.
const LIFE: Duration = Duration::days(30);
/// Rows a run may have before it fails.
const MOST_ROWS: usize = 50_000;
/// Polls that a slow run takes unless told otherwise.
const SLOW_POLLS: usize = 20;
const FIRST_ID: u64 = 6_023_000_000_000_000;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Completed,
    Failed,
    /// Failed because the question was too large.
    TooLarge,
}

#[derive(Debug, Clone)]
struct Run {
    account: String,
    question: Question,
    created: DateTime<Utc>,
    /// States of the polls to come; the last one stays. The first may be a missing object.
    polls: Vec<Step>,
    polled: usize,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The run is not yet known everywhere.
    Unknown,
    NotStarted,
    Running(u8),
    /// Said to be completed, but not yet at 100 per cent.
    Almost,
    End,
}

/// The runs of this process.
#[derive(Debug, Default)]
pub(super) struct Reports {
    runs: Mutex<BTreeMap<u64, Run>>,
}

impl Reports {
    /// Whether the id is a run's.
    pub(super) fn knows(&self, id: &str) -> bool {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        id.parse().is_ok_and(|id: u64| runs.contains_key(&id))
    }

    fn get(&self, id: &str) -> Option<Run> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.get(&id.parse().ok()?).cloned()
    }
}

/// The states a run goes through. Some are unknown at first, some say too early that they are done.
fn steps(dice: Dice, slow: Option<usize>) -> Vec<Step> {
    let mut steps = Vec::new();
    if dice.at(1).chance(0.15) {
        steps.push(Step::Unknown);
    }
    if dice.at(2).chance(0.5) {
        steps.push(Step::NotStarted);
    }
    for n in 0..slow.unwrap_or(1) {
        steps.push(Step::Running(
            u8::try_from(15 + (n * 13) % 80).unwrap_or(15),
        ));
    }
    if dice.at(3).chance(0.2) {
        steps.push(Step::Almost);
    }
    steps.push(Step::End);
    steps
}

/// `POST …/insights`.
pub(super) fn create(
    sim: &Inner,
    request: &GraphRequest,
    account: &AdAccount,
    scope: (Level, usize),
) -> Result<Reply, GraphError> {
    let now = sim.now();
    let question = Question::parse(&request.params, account, scope, account.as_of(now))?;
    let days = question.span().days().unsigned_abs() as usize;
    let slow = sim.faults.take(PLATFORM, &[Fault::SlowReport]);
    let slow = slow.map(|fault| {
        fault
            .detail
            .and_then(|text| text.parse().ok())
            .unwrap_or(SLOW_POLLS)
    });
    let ending = if sim.faults.take(PLATFORM, &[Fault::FailedReport]).is_some() {
        Ending::Failed
    } else if days * question.level.depth() as usize > 400
        && question.rows(account, account.as_of(now))?.len() > MOST_ROWS
    {
        Ending::TooLarge
    } else {
        Ending::Completed
    };
    let mut runs = sim
        .facebook_ads
        .reports
        .runs
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    runs.retain(|_, run| now - run.created <= LIFE * 2);
    let id = runs.last_key_value().map_or(FIRST_ID, |(id, _)| id + 1);
    runs.insert(
        id,
        Run {
            account: account.id.clone(),
            question,
            created: now,
            polls: steps(Dice::new(id), slow),
            polled: 0,
            ending,
        },
    );
    Ok(Reply {
        body: json!({ "report_run_id": id.to_string() }).to_string(),
        account: Some(account.id.clone()),
        insights: true,
    })
}

impl Run {
    /// The state now, without polling.
    fn step(&self) -> Step {
        let at = self.polled.saturating_sub(1).min(self.polls.len() - 1);
        if self.polled == 0 {
            Step::NotStarted
        } else {
            self.polls[at]
        }
    }
}

/// `GET /{report_run_id}`: every poll takes the run one step on.
pub(super) fn poll(sim: &Inner, request: &GraphRequest) -> Result<Reply, GraphError> {
    let fields = parse_fields(
        request
            .params
            .get("fields")
            .unwrap_or("id,async_status,async_percent_completion"),
    )?;
    let run = {
        let mut runs = sim
            .facebook_ads
            .reports
            .runs
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let id: u64 = request.node.parse().map_err(|_| no_object(request))?;
        let run = runs.get_mut(&id).ok_or_else(|| no_object(request))?;
        run.polled += 1;
        run.clone()
    };
    if run.step() == Step::Unknown {
        return Err(no_object(request));
    }
    let body = Value::Object(project(
        "AdReportRun",
        &describe(sim, &request.node, &run),
        &fields,
    )?);
    Ok(Reply {
        body: body.to_string(),
        account: Some(run.account),
        insights: true,
    })
}

fn describe(sim: &Inner, id: &str, run: &Run) -> Map<String, Value> {
    let expired = sim.now() - run.created > LIFE;
    let (status, percent) = match (run.step(), run.ending) {
        _ if expired => ("Job Skipped", 0),
        (Step::Unknown | Step::NotStarted, _) => ("Job Not Started", 0),
        (Step::Running(percent), _) => ("Job Running", percent),
        (Step::Almost, Ending::Completed) => ("Job Completed", 96),
        (Step::Almost, _) => ("Job Running", 96),
        (Step::End, Ending::Completed) => ("Job Completed", 100),
        (Step::End, Ending::Failed | Ending::TooLarge) => ("Job Failed", 0),
    };
    let span = run.question.span();
    let mut fields = json!({
        "id": id,
        "account_id": run.account,
        "async_status": status,
        "async_percent_completion": percent,
        "date_start": span.start,
        "date_stop": span.end,
        "time_ref": run.created.timestamp(),
        "time_completed": if percent == 100 { Value::from(sim.now().timestamp()) } else { Value::Null },
        "is_running": matches!(status, "Job Running"),
        "error_code": null, "error_subcode": null, "error_message": null,
        "error_user_title": null, "error_user_msg": null,
    });
    if status == "Job Failed" {
        let (code, subcode, message) = match run.ending {
            Ending::TooLarge => (100, 1_487_534, "Too much data was requested in this query"),
            _ => (
                -2,
                2_490_547,
                "The report run failed, please create it again",
            ),
        };
        fields["error_code"] = code.into();
        fields["error_subcode"] = subcode.into();
        fields["error_message"] = message.into();
        fields["error_user_title"] = "Report failed".into();
        fields["error_user_msg"] = message.into();
    }
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// `GET /{report_run_id}/insights`: the rows as they were when the run was asked for.
pub(super) fn results(sim: &Inner, request: &GraphRequest) -> Result<Reply, GraphError> {
    let run = sim
        .facebook_ads
        .reports
        .get(&request.node)
        .ok_or_else(|| no_object(request))?;
    if sim.now() - run.created > LIFE {
        return Err(no_object(request));
    }
    if run.step() != Step::End || run.ending != Ending::Completed {
        return Err(GraphError::new(
            2601,
            "(#2601) Loading async results failed. Please wait until the job is completed, or try again.",
        )
        .subcode(1_815_107)
        .transient());
    }
    let account = sim
        .world
        .ad_account(&Platform::from(PLATFORM), &run.account)
        .ok_or_else(|| no_object(request))?;
    super::GATE.permission(sim, &account.id)?;
    let as_of = account.as_of(run.created);
    let rows = run.question.rows(account, as_of)?;
    insights::page(request, account, &run.question, &rows, as_of)
}
