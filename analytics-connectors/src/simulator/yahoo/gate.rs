//! What may go wrong before and after an answer is made.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    Product, accounts,
    accounts::Base,
    envelope::{ApiError, good},
    operation::{Operation, Reply},
};
use crate::simulator::{Inner, JSON, broken, faults::Fault};

const FILE: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Whether the caller may ask at all, and through which account.
pub(super) fn open<'a>(
    sim: &'a Inner,
    product: Product,
    operation: Operation,
    headers: &HeaderMap,
) -> Result<Option<Base<'a>>, ApiError> {
    let platform = product.platform();
    if sim.faults.take(platform, &[Fault::RevokeToken]).is_some() {
        sim.yahoo.login.revoke_all();
    }
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| ApiError::http(401, "0110", "Access token required."))?;
    sim.yahoo
        .login
        .check_access(token, sim.now())
        .map_err(|_| ApiError::http(401, "0111", "Authentication failed."))?;
    let base = if operation.needs_no_base() {
        None
    } else {
        Some(accounts::base(sim, product, headers)?)
    };
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return Err(ApiError::http(400, "0005", "Bad Request."));
    }
    if let Some(fault) = sim.faults.take(platform, &[Fault::RateLimited]) {
        return Err(match fault.detail.as_deref() {
            Some("130001") => ApiError::new("130001", "request", "too much"),
            _ => ApiError::http(403, "0003", "Frequency limit exceeded."),
        });
    }
    if let Some(fault) = sim.faults.take(platform, &[Fault::ServerError]) {
        return Err(match fault.detail.as_deref() {
            Some("maintenance") => ApiError::http(503, "0099", "Out of service."),
            Some("busy") => ApiError::new("130000", "request", "try again"),
            _ => ApiError::http(500, "0002", "Internal server error."),
        });
    }
    Ok(base)
}

/// Whether the user may still read an account.
pub(super) fn permission(sim: &Inner, product: Product, account: &str) -> Result<(), ApiError> {
    let suits = |detail: Option<&str>| detail.is_none_or(|id| id == account);
    match sim
        .faults
        .take_if(product.platform(), &[Fault::PermissionLost], suits)
    {
        Some(_) => Err(ApiError::denied()),
        None => Ok(()),
    }
}

/// The answer, or what a fault makes of it.
pub(super) fn answer(sim: &Inner, product: Product, answer: Result<Reply, ApiError>) -> Response {
    let rid = sim.yahoo.rid();
    let (kind, mut body) = match answer {
        Ok(Reply::Values(values)) => (JSON, good(&values, &rid).into_bytes()),
        Ok(Reply::File(file)) => (FILE, file),
        Err(error) => return error.into_answer(&rid),
    };
    let kinds = [
        Fault::MalformedJson,
        Fault::TruncatedBody,
        Fault::ConnectionReset,
    ];
    let fault = sim.faults.take(product.platform(), &kinds);
    let half = body.len() / 2;
    match fault.map(|fault| fault.fault) {
        Some(Fault::MalformedJson) if kind == FILE => {
            Html("<!doctype html><html><body><h1>Please wait.</h1></body></html>").into_response()
        }
        Some(Fault::MalformedJson) => {
            body.truncate(half);
            ([(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Some(fault) => {
            let sent = if fault == Fault::TruncatedBody {
                half
            } else {
                0
            };
            let mut response = broken::breaking_off(&body, sent);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response
        }
        None => ([(header::CONTENT_TYPE, kind)], body).into_response(),
    }
}
