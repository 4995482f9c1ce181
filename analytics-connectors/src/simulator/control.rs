//! Routes that no vendor has: the truth, the clock, faults, accounts, settings, calls.

use std::{fmt::Write as _, sync::Arc};

use analytics_core::model::{Level, MetricId, Platform};
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Inner,
    calls::CallCount,
    faults::{Fault, PendingFault},
    truth::{self, TruthQuery},
};
use crate::clock::Clock as _;

type Sim = State<Arc<Inner>>;

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/_truth/{platform}/{account}", get(truth))
        .route("/_accounts", get(accounts))
        .route("/_env", get(env))
        .route("/_clock", get(clock).post(set_clock))
        .route("/_faults", get(faults).post(inject).delete(clear_faults))
        .route("/_calls", get(calls).delete(clear_calls))
        .route("/_signed_request", get(signed_request))
}

/// A question that cannot be answered, with what would be right.
fn refused(status: StatusCode, message: impl Into<String>) -> Response {
    (status, Json(json!({ "error": message.into() }))).into_response()
}

/// An account and a token that reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownAccount {
    /// Platform.
    pub platform: String,
    /// The platform's id.
    pub account: String,
    /// Name.
    pub name: String,
    /// Manager or base account to go through, if the platform needs one.
    pub via: Option<String>,
    /// A token that works.
    pub token: String,
    /// Its secret, where tokens have one.
    pub token_secret: Option<String>,
}

async fn accounts(State(sim): Sim) -> Json<Vec<KnownAccount>> {
    Json(sim.accounts())
}

/// The address under which the caller knows this server, by name: browsers then see another site
/// than the application on `127.0.0.1`.
pub(crate) fn base_url(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    match host.rsplit_once(':').map_or(host, |(name, _)| name) {
        "127.0.0.1" | "[::1]" => format!("http://localhost:{port}"),
        _ => format!("http://{host}"),
    }
}

async fn env(State(sim): Sim, headers: HeaderMap) -> Json<Value> {
    let pairs = sim.env(&base_url(&headers));
    Json(
        pairs
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    )
}

#[derive(Debug, Serialize, Deserialize)]
struct Now {
    now: DateTime<Utc>,
}

async fn clock(State(sim): Sim) -> Json<Now> {
    Json(Now {
        now: sim.clock.now(),
    })
}

async fn set_clock(State(sim): Sim, body: String) -> Response {
    match serde_json::from_str::<Now>(&body) {
        Ok(Now { now }) => {
            sim.clock.set(now);
            Json(Now { now }).into_response()
        }
        Err(error) => refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{error}; expected {{\"now\": \"2026-11-23T03:00:00Z\"}}"),
        ),
    }
}

async fn faults(State(sim): Sim) -> Json<Vec<PendingFault>> {
    Json(sim.faults.pending())
}

#[derive(Debug, Deserialize)]
struct Injection {
    fault: String,
    #[serde(default)]
    platform: Option<String>,
    /// Once, unless told otherwise; 0 until cleared.
    #[serde(default)]
    times: Option<u32>,
    #[serde(default)]
    after: Option<u32>,
    #[serde(default)]
    detail: Option<String>,
}

async fn inject(State(sim): Sim, body: String) -> Response {
    let injection: Injection = match serde_json::from_str(&body) {
        Ok(injection) => injection,
        Err(error) => return refused(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
    };
    let Some(fault) = Fault::parse(&injection.fault) else {
        let names = Fault::ALL.map(Fault::as_str).join(", ");
        let message = format!("unknown fault `{}`; there are {names}", injection.fault);
        return refused(StatusCode::UNPROCESSABLE_ENTITY, message);
    };
    sim.faults.inject_flavour(
        fault,
        injection.platform.as_deref().unwrap_or_default(),
        injection.times.unwrap_or(1),
        injection.after.unwrap_or(0),
        injection.detail.as_deref(),
    );
    Json(sim.faults.pending()).into_response()
}

async fn clear_faults(State(sim): Sim) -> Json<Vec<PendingFault>> {
    sim.faults.clear();
    Json(Vec::new())
}

async fn signed_request(State(sim): Sim) -> String {
    sim.meta.signed_request(sim.now())
}

async fn calls(State(sim): Sim) -> Json<Vec<CallCount>> {
    Json(sim.calls.counts())
}

async fn clear_calls(State(sim): Sim) -> Json<Vec<CallCount>> {
    sim.calls.clear();
    Json(Vec::new())
}

#[derive(Debug, Deserialize)]
struct TruthParams {
    level: Option<String>,
    metric: Option<String>,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    as_of: Option<DateTime<Utc>>,
    window: Option<String>,
}

async fn truth(
    State(sim): Sim,
    Path((platform, account)): Path<(String, String)>,
    Query(params): Query<TruthParams>,
) -> Response {
    let level = match params
        .level
        .as_deref()
        .map(|name| Level::parse("level", name))
        .transpose()
    {
        Ok(level) => level,
        Err(error) => return refused(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
    };
    let as_of = params.as_of.unwrap_or_else(|| sim.clock.now());
    let Some((first, yesterday)) = truth::known_days(
        &sim.world,
        &Platform::from(platform.as_str()),
        &account,
        as_of,
    ) else {
        let message =
            format!("no account `{account}` of platform `{platform}`; GET /_accounts lists them");
        return refused(StatusCode::NOT_FOUND, message);
    };
    let window = match params.window.as_deref() {
        None | Some("" | "0" | "false" | "no") => None,
        Some("1" | "true" | "yes") => Some((params.start, params.end)),
        Some(range) => {
            let days = range.split_once("..").or_else(|| range.split_once(','));
            match days.map(|(start, end)| (start.parse(), end.parse())) {
                Some((Ok(start), Ok(end))) => Some((Some(start), Some(end))),
                _ => {
                    let message =
                        "window is `true` (from start to end) or `2026-10-01..2026-10-31`";
                    return refused(StatusCode::UNPROCESSABLE_ENTITY, message);
                }
            }
        }
    };
    let (start, end) = window.unwrap_or((params.start, params.end));
    let query = TruthQuery {
        platform: Platform::from(platform),
        account,
        level,
        metric: params.metric.map(MetricId::from),
        start: start.unwrap_or(first),
        end: end.unwrap_or(yesterday),
        as_of: Some(as_of),
        window: window.is_some(),
    };
    let mut lines = String::new();
    for row in sim.world.truth(&query) {
        // Writing to a string cannot fail; ids and names of metrics need no escaping.
        let _ = writeln!(
            lines,
            r#"{{"level":"{}","entity":"{}","metric":"{}","date":"{}","value":"{}"}}"#,
            row.level.as_str(),
            row.entity,
            row.metric,
            row.date,
            row.value
        );
    }
    ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response()
}
