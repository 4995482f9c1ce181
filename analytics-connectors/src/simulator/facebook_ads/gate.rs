//! What may go wrong before and after an answer is made.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{PLATFORM, Reply, respond};
use crate::simulator::{
    Inner, broken, faults::Fault, meta::error::GraphError, world::ads::AdAccount,
};

/// Refusals that come before anything is looked at.
pub(super) fn before(sim: &Inner) -> Result<(), GraphError> {
    if let Some(fault) = sim.faults.take(PLATFORM, &[Fault::RateLimited]) {
        return Err(rate_limited(fault.detail.as_deref().unwrap_or("429")));
    }
    if let Some(fault) = sim.faults.take(PLATFORM, &[Fault::ServerError]) {
        return Err(server_error(fault.detail.as_deref().unwrap_or("503")));
    }
    Ok(())
}

/// The refusals of the vendor's many limits, by code or code/subcode; `429` is a plain HTTP 429.
fn rate_limited(flavour: &str) -> GraphError {
    let (code, subcode) = flavour.split_once('/').unwrap_or((flavour, ""));
    let subcode = subcode.parse().ok();
    let with = |mut error: GraphError, usual: Option<i64>| {
        error.subcode = subcode.or(usual);
        error
    };
    match code {
        "4" if subcode.is_some() => with(
            GraphError::new(4, "(#4) Application request limit reached")
                .status(403)
                .transient(),
            None,
        ),
        "4" => GraphError::new(4, "(#4) Application request limit reached")
            .status(403)
            .transient(),
        "17" => with(
            GraphError::new(17, "(#17) User request limit reached"),
            Some(2_446_079),
        ),
        "32" => GraphError::new(32, "(#32) Page request limit reached").status(403),
        "341" => GraphError::new(341, "(#341) Application limit reached"),
        "613" => with(
            GraphError::new(
                613,
                "(#613) Calls to this api have exceeded the rate limit.",
            ),
            Some(1_487_742),
        ),
        "80003" | "80004" | "80014" => with(
            GraphError::new(
                code.parse().unwrap_or(80_004),
                format!(
                    "(#{code}) There have been too many calls to this ad-account. Wait a bit and try again."
                ),
            ),
            Some(2_446_079),
        ),
        _ => {
            let status = if code == "429" { 429 } else { 400 };
            with(
                GraphError::new(
                    80_000,
                    "(#80000) There have been too many calls from this ad-account. Wait a bit and try again.",
                )
                .status(status)
                .user("Ad Account Has Too Many API Calls", "There have been too many calls from this ad account. Wait a bit and try again."),
                Some(2_446_079),
            )
        }
    }
}

fn server_error(flavour: &str) -> GraphError {
    match flavour {
        "500" => GraphError::new(1, "An unknown error occurred")
            .subcode(99)
            .status(500),
        "400" => GraphError::new(
            2,
            "An unexpected error has occurred. Please retry your request later.",
        )
        .transient(),
        status => GraphError::new(2, "Service temporarily unavailable")
            .status(status.parse().unwrap_or(503))
            .transient(),
    }
}

/// Whether the user may still read the account.
pub(super) fn permission(sim: &Inner, account: &AdAccount) -> Result<(), GraphError> {
    let suits = |detail: Option<&str>| {
        detail.is_none_or(|id| id.strip_prefix("act_").unwrap_or(id) == account.id)
    };
    match sim
        .faults
        .take_if(PLATFORM, &[Fault::PermissionLost], suits)
    {
        None => Ok(()),
        Some(_) => Err(GraphError::new(
            200,
            "(#200) Ad account owner has NOT grant ads_management or ads_read permission",
        )
        .status(403)),
    }
}

/// Whether the vendor finds a question too large, in one of its ways of saying so.
pub(super) fn too_much(sim: &Inner) -> Result<(), GraphError> {
    let Some(fault) = sim.faults.take(PLATFORM, &[Fault::ReduceData]) else {
        return Ok(());
    };
    Err(match fault.detail.as_deref() {
        Some("100/1504018") => GraphError::parameter("Your request timed out. Please try a smaller date range, fetch less data, or use async jobs")
            .subcode(1_504_018),
        Some("2/1504038") => GraphError::new(2, "Your request timed out. Please try a smaller date range, fetch less data, or use async jobs")
            .subcode(1_504_038)
            .status(500),
        Some("100/1487534") => GraphError::parameter("Too much data was requested in this query").subcode(1_487_534),
        Some("500") => GraphError::new(1, "An unknown error occurred").subcode(99).status(500),
        _ => GraphError::reduce_data(),
    })
}

/// The answer with its headers, or what a fault makes of it.
pub(super) fn after(sim: &Inner, reply: &Reply) -> Response {
    let strain = sim
        .faults
        .take(PLATFORM, &[Fault::ThrottleHeaders])
        .map(|fault| {
            fault
                .detail
                .and_then(|text| text.parse().ok())
                .unwrap_or(97.0)
        });
    let headers = sim.facebook_ads.usage.headers(sim, reply, strain);
    let kinds = [
        Fault::MalformedJson,
        Fault::TruncatedBody,
        Fault::ConnectionReset,
    ];
    let half = || {
        reply
            .body
            .char_indices()
            .nth(reply.body.chars().count() / 2)
            .map_or(0, |(at, _)| at)
    };
    match sim.faults.take(PLATFORM, &kinds).map(|fault| fault.fault) {
        Some(Fault::MalformedJson) => respond(reply.body[..half()].to_owned(), headers),
        Some(Fault::TruncatedBody) => broken::breaking_off(&reply.body, half()),
        Some(_) => broken::breaking_off(&reply.body, 0),
        None => respond(reply.body.clone(), headers),
    }
}

/// A refusal with the headers that say when the budget is back.
pub(super) fn refuse(sim: &Inner, error: GraphError, account: Option<&str>) -> Response {
    let limited = error.status == 429
        || matches!(
            error.code,
            4 | 17 | 32 | 341 | 613 | 80_000 | 80_003 | 80_004 | 80_014
        );
    let mut response = error.into_response();
    if limited {
        for (name, value) in sim.facebook_ads.usage.exhausted(account) {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert("retry-after", 60.into());
        }
    }
    response
}
