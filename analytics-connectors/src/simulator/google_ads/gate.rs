//! What may go wrong before and after an answer is made.

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{PLATFORM, error::AdsError};
use crate::simulator::{Inner, JSON, broken, faults::Fault, tokens::TokenFlaw};

/// Versions that are served.
const VERSIONS: std::ops::RangeInclusive<u32> = 23..=26;

/// Whether the caller may ask at all.
pub(super) fn open(sim: &Inner, version: &str, headers: &HeaderMap) -> Result<(), AdsError> {
    let number = version.strip_prefix('v').and_then(|text| text.parse().ok());
    if !number.is_some_and(|number| VERSIONS.contains(&number)) {
        let message = format!("Version {version} is not supported.");
        return Err(AdsError::new(
            400,
            "requestError",
            "UNSUPPORTED_VERSION",
            message,
        ));
    }
    if sim.faults.take(PLATFORM, &[Fault::RevokeToken]).is_some() {
        sim.google.login.revoke_all();
    }
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let refused =
        |name, message: &str| Err(AdsError::new(401, "authenticationError", name, message));
    match sim.google.login.check_access(token, sim.now()) {
        Ok(_) => {}
        Err(TokenFlaw::Expired) => {
            return refused(
                "OAUTH_TOKEN_EXPIRED",
                "OAuth token with this header has expired.",
            );
        }
        Err(TokenFlaw::Revoked) => {
            return refused("OAUTH_TOKEN_REVOKED", "OAuth token has been revoked.");
        }
        Err(TokenFlaw::Unknown) => {
            return refused(
                "OAUTH_TOKEN_INVALID",
                "OAuth token in the header is not valid.",
            );
        }
    }
    if let Some(fault) = sim.faults.take(PLATFORM, &[Fault::RateLimited]) {
        let message = "Too many requests. Retry in 30 seconds.";
        return Err(match fault.detail.as_deref() {
            Some("day") => {
                AdsError::new(429, "quotaError", "RESOURCE_EXHAUSTED", "Quota exceeded.")
            }
            Some("hour") => {
                AdsError::new(429, "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", message)
                    .wait("3600s")
            }
            _ => AdsError::new(429, "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", message)
                .wait("30s"),
        });
    }
    if sim.faults.take(PLATFORM, &[Fault::ServerError]).is_some() {
        return Err(AdsError::new(
            503,
            "internalError",
            "TRANSIENT_ERROR",
            "Try again.",
        ));
    }
    Ok(())
}

/// Whether the user may still read an account.
pub(super) fn permission(sim: &Inner, customer: &str) -> Result<(), AdsError> {
    let suits = |detail: Option<&str>| detail.is_none_or(|id| id == customer);
    match sim
        .faults
        .take_if(PLATFORM, &[Fault::PermissionLost], suits)
    {
        Some(_) => Err(AdsError::denied()),
        None => Ok(()),
    }
}

/// Whether the platform finds a question too large.
pub(super) fn too_much(sim: &Inner) -> Result<(), AdsError> {
    match sim.faults.take(PLATFORM, &[Fault::ReduceData]) {
        Some(_) => Err(AdsError::new(
            504,
            "internalError",
            "DEADLINE_EXCEEDED",
            "Deadline expired.",
        )),
        None => Ok(()),
    }
}

/// The answer, or what a fault makes of it.
pub(super) fn answer(sim: &Inner, answer: Result<Value, AdsError>, stream: bool) -> Response {
    let body = match answer {
        Ok(value) => value.to_string(),
        Err(error) => return error.into_answer(stream),
    };
    let kinds = [
        Fault::MalformedJson,
        Fault::TruncatedBody,
        Fault::ConnectionReset,
    ];
    let half = body
        .char_indices()
        .nth(body.chars().count() / 2)
        .map_or(0, |(at, _)| at);
    let json = |body: String| ([(header::CONTENT_TYPE, JSON)], body).into_response();
    match sim.faults.take(PLATFORM, &kinds).map(|fault| fault.fault) {
        Some(Fault::MalformedJson) => json(body[..half].to_owned()),
        Some(Fault::TruncatedBody) => broken::breaking_off(&body, half),
        Some(_) => broken::breaking_off(&body, 0),
        None => json(body),
    }
}
