//! What may go wrong before and after an answer is made, the same for every platform.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::error::GraphError;
use crate::simulator::{Inner, JSON, broken, faults::Fault};

/// Headers of an answer.
pub(crate) type Headers = Vec<(&'static str, String)>;

/// One platform's door.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate {
    /// Platform that faults name.
    pub(crate) platform: &'static str,
    /// The code of its own limit.
    pub(crate) limit: i64,
    /// What there have been too many calls from.
    pub(crate) caller: &'static str,
}

/// An answer, before faults and headers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) body: String,
    /// The account it is about, whose budget it uses.
    pub(crate) account: Option<String>,
    /// Whether it uses the insights budget.
    pub(crate) insights: bool,
}

impl Gate {
    /// Refusals that come before anything is looked at.
    pub(crate) fn before(&self, sim: &Inner) -> Result<(), GraphError> {
        if let Some(fault) = sim.faults.take(self.platform, &[Fault::RateLimited]) {
            let flavour = fault.detail.as_deref().unwrap_or("429");
            return Err(self.rate_limited(flavour));
        }
        if let Some(fault) = sim.faults.take(self.platform, &[Fault::ServerError]) {
            return Err(server_error(fault.detail.as_deref().unwrap_or("503")));
        }
        Ok(())
    }

    /// The refusals of the vendor's many limits, by code or code/subcode; `429` is a plain HTTP 429.
    fn rate_limited(&self, flavour: &str) -> GraphError {
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
                    self.limit,
                    format!(
                        "(#{}) There have been too many calls from this {}. Wait a bit and try again.",
                        self.limit, self.caller
                    ),
                )
                .status(status)
                .user("Too Many API Calls", "There have been too many calls. Wait a bit and try again."),
                Some(2_446_079),
            )
            }
        }
    }

    /// Whether the user may still read the account.
    pub(crate) fn permission(&self, sim: &Inner, account: &str) -> Result<(), GraphError> {
        let suits = |detail: Option<&str>| {
            detail.is_none_or(|id| id.strip_prefix("act_").unwrap_or(id) == account)
        };
        match sim
            .faults
            .take_if(self.platform, &[Fault::PermissionLost], suits)
        {
            None => Ok(()),
            Some(_) => Err(GraphError::new(
                200,
                format!(
                    "(#200) The {}'s owner has NOT granted the permission",
                    self.caller
                ),
            )
            .status(403)),
        }
    }

    /// Whether the vendor finds a question too large, in one of its ways of saying so.
    pub(crate) fn too_much(&self, sim: &Inner) -> Result<(), GraphError> {
        let Some(fault) = sim.faults.take(self.platform, &[Fault::ReduceData]) else {
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

    /// The answer with its headers, or what a fault makes of it. `headers` are those of a budget that
    /// is used by so many per cent, if a fault says so.
    pub(crate) fn after(
        &self,
        sim: &Inner,
        reply: &Reply,
        headers: impl FnOnce(Option<f64>) -> Headers,
    ) -> Response {
        let strain = sim
            .faults
            .take(self.platform, &[Fault::ThrottleHeaders])
            .map(|fault| {
                fault
                    .detail
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(97.0)
            });
        let headers = headers(strain);
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
        match sim
            .faults
            .take(self.platform, &kinds)
            .map(|fault| fault.fault)
        {
            Some(Fault::MalformedJson) => respond(reply.body[..half()].to_owned(), headers),
            Some(Fault::TruncatedBody) => broken::breaking_off(&reply.body, half()),
            Some(_) => broken::breaking_off(&reply.body, 0),
            None => respond(reply.body.clone(), headers),
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

/// A refusal; if a budget is used up, with the headers that say when it is back.
pub(crate) fn refuse(error: GraphError, exhausted: impl FnOnce() -> Headers) -> Response {
    let limited =
        error.status == 429 || matches!(error.code, 4 | 17 | 32 | 341 | 613 | 80_000..=80_014);
    let mut response = error.into_response();
    if limited {
        for (name, value) in exhausted() {
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

fn respond(body: String, headers: Headers) -> Response {
    let mut response = ([(header::CONTENT_TYPE, JSON)], body).into_response();
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
