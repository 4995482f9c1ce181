//! What may go wrong before and after an answer is made.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::Duration;
use serde_json::Value;

use super::{PLATFORM, VERSION, error::ApiError, limits, request::Call};
use crate::simulator::{
    Inner, JSON, broken,
    faults::{Fault, PendingFault},
};

/// The flavour of faults that let an order be taken and its answer get lost.
const LOST_ORDER: &str = "lost-order";

const FILE: HeaderValue = HeaderValue::from_static("application/gzip");

/// Who asks.
#[derive(Debug)]
pub(super) struct User {
    pub(super) token: String,
    /// Whether the simulator handed the token out by itself.
    pub(super) lasting: bool,
}

/// A good answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) body: Value,
    pub(super) headers: Vec<(&'static str, String)>,
    /// Whether the connection breaks instead of it.
    pub(super) is_lost: bool,
}

impl Reply {
    /// The same with more headers.
    pub(super) fn with_headers(mut self, more: Vec<(&'static str, String)>) -> Self {
        self.headers.extend(more);
        self
    }
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self {
            body,
            headers: Vec::new(),
            is_lost: false,
        }
    }
}

fn take(sim: &Inner, fault: Fault, suits: impl Fn(Option<&str>) -> bool) -> Option<PendingFault> {
    sim.faults.take_if(PLATFORM, &[fault], suits)
}

/// Whether the caller may ask at all.
pub(super) fn open(sim: &Inner, call: &Call) -> Result<User, ApiError> {
    if take(sim, Fault::RevokeToken, |_| true).is_some() {
        sim.x_ads.revoke_all();
    }
    let user = sim.x_ads.authenticate(call, sim.now())?;
    if take(sim, Fault::PermissionLost, |detail| detail == Some("app")).is_some() {
        let message = "The client application making this request does not have access to Ads API";
        return Err(ApiError::new(
            403,
            "UNAUTHORIZED_CLIENT_APPLICATION",
            message,
        ));
    }
    if take(sim, Fault::RateLimited, |detail| detail != Some("jobs")).is_some() {
        return Err(limits::too_many(10_000, sim.now() + Duration::seconds(60)));
    }
    if let Some(fault) = take(sim, Fault::ServerError, |detail| detail != Some(LOST_ORDER)) {
        let unavailable = unavailable();
        return Err(match fault.detail.as_deref() {
            Some("retry-after") => unavailable.with_header("retry-after", 30),
            Some("overloaded") => {
                let message = "An internal error occurred, please try again later";
                ApiError::new(500, "INTERNAL_ERROR", message)
            }
            _ => unavailable,
        });
    }
    Ok(user)
}

fn unavailable() -> ApiError {
    let message = "Service unavailable due to request timeout; please try the request again later";
    ApiError::new(503, "SERVICE_UNAVAILABLE", message)
}

/// What becomes of the answer to an order that was taken.
pub(super) fn order(sim: &Inner, reply: Reply) -> Result<Reply, ApiError> {
    let is_hit = |fault| take(sim, fault, |detail| detail == Some(LOST_ORDER)).is_some();
    if is_hit(Fault::ServerError) {
        return Err(unavailable());
    }
    let is_lost = is_hit(Fault::ConnectionReset);
    Ok(Reply { is_lost, ..reply })
}

/// Whether the user may still read an account.
pub(super) fn permission(sim: &Inner, account: &str) -> Result<(), ApiError> {
    match take(sim, Fault::PermissionLost, |detail| {
        detail.is_none_or(|id| id == account)
    }) {
        Some(_) => Err(ApiError::no_account(account)),
        None => Ok(()),
    }
}

/// Whether the platform finds a question too large.
pub(super) fn too_complex(sim: &Inner) -> Result<(), ApiError> {
    match take(sim, Fault::ReduceData, |_| true) {
        Some(_) => Err(ApiError::new(
            400,
            "REQUEST_TOO_COMPLEX",
            "Request is too complex, try to break it down into smaller requests",
        )),
        None => Ok(()),
    }
}

/// Whether it says that too many jobs are open, whatever is.
pub(super) fn too_many_jobs(sim: &Inner) -> bool {
    take(sim, Fault::RateLimited, |detail| detail == Some("jobs")).is_some()
}

fn told(mut response: Response, headers: &[(&'static str, String)]) -> Response {
    let all = response.headers_mut();
    all.insert("x-current-api-version", HeaderValue::from_static(VERSION));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            all.insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// The answer, or what a fault makes of it.
pub(super) fn answer(sim: &Inner, params: &Value, answer: Result<Reply, ApiError>) -> Response {
    match answer {
        Ok(reply) => {
            let body = reply.body.to_string().into_bytes();
            if reply.is_lost {
                return broken::breaking_off(&body, 0);
            }
            told(broken_or_not(sim, JSON, body), &reply.headers)
        }
        Err(error) => told(refusal(&error, params), &error.headers),
    }
}

/// An error as an answer, without its headers.
pub(super) fn refusal(error: &ApiError, params: &Value) -> Response {
    let body = error.body(params).to_string();
    (error.status(), [(header::CONTENT_TYPE, JSON)], body).into_response()
}

/// The file of a job, or what a fault makes of it.
pub(super) fn file(sim: &Inner, file: Option<Vec<u8>>) -> Response {
    match file {
        Some(body) => broken_or_not(sim, FILE, body),
        None => (StatusCode::NOT_FOUND, Html("<h1>Not found</h1>")).into_response(),
    }
}

fn broken_or_not(sim: &Inner, kind: HeaderValue, mut body: Vec<u8>) -> Response {
    let kinds = [
        Fault::MalformedJson,
        Fault::TruncatedBody,
        Fault::ConnectionReset,
    ];
    let half = body.len() / 2;
    let suits = |detail: Option<&str>| detail != Some(LOST_ORDER);
    let fault = sim.faults.take_if(PLATFORM, &kinds, suits);
    let fault = fault.map(|fault| fault.fault);
    match fault {
        Some(Fault::MalformedJson) if kind == FILE => {
            return Html("<!doctype html><html><body><h1>Please wait.</h1></body></html>")
                .into_response();
        }
        Some(Fault::MalformedJson) => body.truncate(half),
        Some(fault) => {
            let sent = match fault {
                Fault::TruncatedBody => half,
                _ => 0,
            };
            let mut response = broken::breaking_off(&body, sent);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            return response;
        }
        None => {}
    }
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}
