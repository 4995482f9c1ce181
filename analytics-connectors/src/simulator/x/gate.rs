//! What may go wrong before and after an answer is made.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::Duration;
use serde_json::Value;

use super::{
    PLATFORM,
    billing::Returned,
    error::Problem,
    limits::{Class, Headers},
    users,
};
use crate::simulator::{
    Inner, JSON, broken,
    faults::{Fault, PendingFault},
    world::media::MediaAccount,
};

/// Who asks.
#[derive(Debug)]
pub(super) struct Caller<'a> {
    pub(super) user: &'a MediaAccount,
    /// The user's number among the users.
    pub(super) number: usize,
    /// The user's id as tokens hold it.
    pub(super) subject: u64,
    /// Whether the simulator handed the token out by itself.
    pub(super) lasting: bool,
}

/// A good answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) body: Value,
    pub(super) returned: Returned,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        let returned = Returned::default();
        Self { body, returned }
    }
}

fn take(sim: &Inner, fault: Fault, suits: impl Fn(Option<&str>) -> bool) -> Option<PendingFault> {
    sim.faults.take_if(PLATFORM, &[fault], suits)
}

/// Whether an answer has another shape than it should, in this way.
pub(super) fn changed(sim: &Inner, way: &str) -> bool {
    let suits = |detail: Option<&str>| detail.unwrap_or("dialect") == way;
    take(sim, Fault::ChangedShape, suits).is_some()
}

/// A fault of the token endpoint.
pub(super) fn token_fault(sim: &Inner, flavour: &str) -> bool {
    take(sim, Fault::ServerError, |detail| detail == Some(flavour)).is_some()
}

fn authenticate<'a>(sim: &'a Inner, headers: &HeaderMap) -> Result<Caller<'a>, Problem> {
    if take(sim, Fault::RevokeToken, |_| true).is_some() {
        sim.x.login.revoke_all();
    }
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let claims = sim.x.login.check_access(token, sim.now());
    let claims = claims.map_err(|_| Problem::unauthorized())?;
    if !sim.x.login.has_scope(&claims, "users.read") {
        return Err(Problem::forbidden());
    }
    let found = users::find(sim, &claims.subject.to_string());
    let (number, user) = found.ok_or_else(Problem::unauthorized)?;
    Ok(Caller {
        user,
        number,
        subject: claims.subject,
        lasting: claims.expires.is_none(),
    })
}

/// Whether the caller may ask at all, and the headers that every answer has.
pub(super) fn open<'a>(
    sim: &'a Inner,
    class: Class,
    headers: &HeaderMap,
) -> Result<(Caller<'a>, Headers), (Problem, Headers)> {
    let now = sim.now();
    let plain = |problem| (problem, class.untouched(now));
    let caller = authenticate(sim, headers).map_err(plain)?;
    permission(sim, &caller).map_err(plain)?;
    credits(sim, &caller).map_err(plain)?;
    if let Some(fault) = take(sim, Fault::RateLimited, |_| true) {
        let mut headers = class.exhausted(now + Duration::seconds(60));
        let problem = match fault.detail.as_deref() {
            Some("v1") => Problem::numbered(429, 88, "Rate limit exceeded"),
            _ => Problem::too_many(),
        };
        if fault.detail.as_deref() == Some("no-reset") {
            headers.retain(|(name, _)| *name != "x-rate-limit-reset");
        }
        return Err((problem, headers));
    }
    let of_api = |detail: Option<&str>| !matches!(detail, Some("token" | "lost-token"));
    if let Some(fault) = take(sim, Fault::ServerError, of_api) {
        let status = fault.detail.and_then(|status| status.parse().ok());
        return Err(plain(Problem::down(status.unwrap_or(503))));
    }
    let headers = sim.x.limits.count(class, &caller, now)?;
    Ok((caller, headers))
}

/// Whether user, app and plan may read at all.
fn permission(sim: &Inner, caller: &Caller<'_>) -> Result<(), Problem> {
    let suits = |detail: Option<&str>| {
        detail.is_none_or(|detail| matches!(detail, "plan" | "app") || detail == caller.user.id)
    };
    let Some(fault) = take(sim, Fault::PermissionLost, suits) else {
        return Ok(());
    };
    Err(match fault.detail.as_deref() {
        Some("plan") => {
            let detail = "When authenticating requests to the X API v2 endpoints, you must use keys and tokens from a developer App that is attached to a Project with the appropriate level of access.";
            Problem::new(403, "Client Forbidden", "client-forbidden", detail)
                .with("reason", "client-not-enrolled")
                .with("required_enrollment", "Appropriate Level of API Access")
                .with("client_id", sim.x.login.client_id.as_str())
        }
        Some("app") => Problem::numbered(403, 416, "Invalid / suspended application"),
        _ => {
            let detail = "Your account is suspended and is not permitted to access this feature.";
            Problem::new(403, "Forbidden", "about:blank", detail)
        }
    })
}

/// Whether the app has been paid for.
fn credits(sim: &Inner, caller: &Caller<'_>) -> Result<(), Problem> {
    let Some(fault) = take(sim, Fault::Credits, |_| true) else {
        return Ok(());
    };
    let no_credits = "Your enrolled account does not have any credits to fulfill this request.";
    Err(match fault.detail.as_deref() {
        Some("payment-required") => {
            Problem::new(402, "Payment Required", "credits-depleted", no_credits)
        }
        Some("spend-cap") => {
            let detail = "Your enrolled account has reached its billing cycle spend cap. API requests will be blocked until the next cycle begins.";
            Problem::new(403, "SpendCapReached", "credits", detail)
        }
        Some("usage-capped") => {
            let detail = "Usage cap exceeded: Monthly product cap";
            Problem::new(429, "UsageCapExceeded", "usage-capped", detail)
                .with("period", "Monthly")
                .with("scope", "Product")
        }
        _ => Problem::new(402, "CreditsDepleted", "credits", no_credits)
            .with("account_id", caller.subject),
    })
}

/// JSON as an answer.
pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response()
}

/// An answer with the headers about limits.
pub(super) fn told(mut response: Response, headers: Headers) -> Response {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A good answer, which is paid for, or what a fault makes of it, which is not.
pub(super) fn answer(sim: &Inner, caller: &Caller<'_>, reply: Reply) -> Response {
    let kinds = [
        Fault::MalformedJson,
        Fault::TruncatedBody,
        Fault::ConnectionReset,
    ];
    let body = reply.body.to_string();
    match sim.faults.take(PLATFORM, &kinds).map(|fault| fault.fault) {
        Some(Fault::MalformedJson) => {
            Html("<!doctype html><html><body><h1>Something went wrong.</h1></body></html>")
                .into_response()
        }
        Some(Fault::TruncatedBody) => broken::breaking_off(&body, body.len() / 2),
        Some(_) => broken::breaking_off(&body, 0),
        None => {
            let id = &caller.user.id;
            sim.x.billing.note(id, reply.returned, sim.now());
            json(StatusCode::OK, &reply.body)
        }
    }
}
