//! Jobs over HTTP: orders, polls, cancellations, files.

use std::{io::Write as _, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use super::{
    PLATFORM,
    error::ApiError,
    gate::{self, Reply},
    jobs::{Job, Order, Status},
    params::{MOST_IDS, Params, cursor},
    request::Call,
    stats::Query,
    time::spelt,
};
use crate::simulator::{
    Inner,
    faults::Fault,
    world::{Dice, ads::AdAccount},
};

/// Polls that a slow job takes unless told otherwise.
const SLOW_POLLS: usize = 20;

fn describe(job: &Job, origin: &str) -> Value {
    let id = job.id.to_string();
    let is_there = job.status() == Status::Success && !job.is_late;
    let file = |name: &str| format!("{origin}/x_ads/files/{name}.json.gz");
    let url = if Dice::new(job.id).of("glued").chance(0.2) {
        format!("{}{}", file(&format!("gone-{id}")), file(&id))
    } else {
        file(&id)
    };
    let mut all = json!({
        "segmentation_type": null, "country": null, "platform": null,
        "id": job.id, "id_str": id, "status": job.status().name(),
        "url": is_there.then_some(url), "expires_at": job.expires().map(spelt),
        "created_at": spelt(job.created), "updated_at": spelt(job.updated()),
        "account_id": job.account,
    });
    for (name, value) in job.query.told.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    all
}

/// `POST stats/jobs/accounts/:id`.
pub(super) fn order(
    sim: &Inner,
    account: &AdAccount,
    params: &Params,
    call: &Call,
) -> Result<Reply, ApiError> {
    let now = sim.now();
    let query = Query::of_job(account, params, account.as_of(now))?;
    gate::too_complex(sim)?;
    let refused = gate::too_many_jobs(sim);
    let slow = sim
        .faults
        .take(PLATFORM, &[Fault::SlowReport])
        .map(|fault| {
            let polls = fault.detail.and_then(|text| text.parse().ok());
            polls.unwrap_or(SLOW_POLLS)
        });
    let order = Order {
        account: account.id.clone(),
        query,
        slow,
        fails: sim.faults.take(PLATFORM, &[Fault::FailedReport]).is_some(),
    };
    let (job, left) = sim.x_ads.jobs.order(order, refused, now)?;
    let body = json!({
        "request": { "params": params.echo(Some(&account.id)) },
        "data": describe(&job, &call.origin()),
    });
    let headers = vec![
        ("x-concurrent-job-limit", "100".to_owned()),
        ("x-concurrent-job-limit-remaining", left.to_string()),
    ];
    gate::order(sim, Reply::from(body).with_headers(headers))
}

/// `GET stats/jobs/accounts/:id`: every call is a poll of the jobs it tells of.
pub(super) fn poll(
    sim: &Inner,
    account: &AdAccount,
    params: &Params,
    call: &Call,
) -> Result<Value, ApiError> {
    let now = sim.now();
    let echo = params.echo(Some(&account.id));
    let read = |word: &str| {
        word.parse::<u64>()
            .map_err(|_| ApiError::invalid("job_ids", word, "is no id of a job"))
    };
    let ids = match params.list("job_ids", MOST_IDS)? {
        Some(words) => Some(words.into_iter().map(read).collect::<Result<Vec<_>, _>>()?),
        None => None,
    };
    let jobs = sim.x_ads.jobs.poll(&account.id, ids.as_deref(), now);
    let last = jobs.last().map(|job| job.id);
    let origin = call.origin();
    let rows: Vec<Value> = jobs.iter().map(|job| describe(job, &origin)).collect();
    let count = rows.len();
    let mut body = params.page(rows)?.body(&echo);
    // Now and then the list of wanted jobs seems to go on where it does not.
    if ids.is_some()
        && last.is_some_and(|id| id.is_multiple_of(3))
        && params.get("cursor").is_none()
    {
        body["next_cursor"] = json!(cursor(count));
    }
    Ok(body)
}

/// `DELETE stats/jobs/accounts/:id/:job`.
pub(super) fn cancel(
    sim: &Inner,
    account: &AdAccount,
    params: &Params,
    id: &str,
    call: &Call,
) -> Result<Value, ApiError> {
    let job = id
        .parse()
        .ok()
        .and_then(|id| sim.x_ads.jobs.cancel(&account.id, id, sim.now()))
        .ok_or_else(|| ApiError::new(404, "NOT_FOUND", "Job was not found").about("job_id", id))?;
    Ok(json!({
        "request": { "params": params.echo(Some(&account.id)) },
        "data": describe(&job, &call.origin()),
    }))
}

fn zipped(body: &str) -> std::io::Result<Vec<u8>> {
    let mut file = GzEncoder::new(Vec::new(), Compression::fast());
    file.write_all(body.as_bytes())?;
    file.finish()
}

/// The figures as they were when the job was ordered.
fn written(sim: &Inner, name: &str) -> Option<Vec<u8>> {
    let id = name.strip_suffix(".json.gz")?.parse().ok()?;
    let job = sim.x_ads.jobs.written(id, sim.now())?;
    let account = sim.world.ad_account(&PLATFORM.into(), &job.account)?;
    let body = job.query.answer(account, account.as_of(job.created));
    zipped(&body.to_string()).ok()
}

/// A file. Who it belongs to is told by its address alone.
pub(super) async fn file(
    State(sim): State<Arc<Inner>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        let message = "Only one auth mechanism is allowed";
        return (StatusCode::BAD_REQUEST, message).into_response();
    }
    gate::file(&sim, written(&sim, &name))
}
