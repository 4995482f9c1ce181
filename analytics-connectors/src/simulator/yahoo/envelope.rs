//! What the APIs wrap their answers in, and the errors they tell.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::simulator::JSON;

/// An error: of the whole call, or of one of its parts.
#[derive(Debug, Clone)]
pub(super) struct ApiError {
    status: u16,
    code: &'static str,
    message: String,
    /// What is meant, and what is wrong about it.
    detail: Option<(String, String)>,
}

impl ApiError {
    /// An error that the HTTP status tells too.
    pub(super) fn http(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            detail: None,
        }
    }

    /// An error under status 200.
    pub(super) fn new(code: &'static str, key: &str, value: impl Into<String>) -> Self {
        let message = match code {
            "0001" => "Invalid Request.",
            "F0001" => "Invalid format.",
            "R0001" => "Required field is missing.",
            "L0001" | "L0002" => "Invalid list size.",
            "S0001" => "Invalid status.",
            "D0001" => "Duplicate value.",
            "RL001" => "The start is after the end.",
            "LT001" => "Over limit.",
            "130000" => "The server is busy.",
            "130001" => "Reduce concurrency or data size.",
            "240004" => "A date range needs CUSTOM_DATE.",
            "250002" => "Invalid combination of fields.",
            "250004" => "Invalid custom date.",
            _ => "Invalid value.",
        };
        Self {
            status: 200,
            code,
            message: message.to_owned(),
            detail: Some((key.to_owned(), value.into())),
        }
    }

    /// The base account is none for this user.
    pub(super) fn base() -> Self {
        let message = "The account given in x-z-base-account-id is not found.";
        Self::http(401, "0117", message)
    }

    /// The account is not the user's to read.
    pub(super) fn denied() -> Self {
        Self::http(403, "0098", "Permission denied.")
    }

    pub(super) fn item(&self) -> Value {
        let details = self
            .detail
            .as_ref()
            .map(|(key, value)| json!({ "requestKey": key, "requestValue": value }));
        json!({
            "code": self.code,
            "message": self.message,
            "details": details.into_iter().collect::<Vec<_>>(),
        })
    }

    pub(super) fn into_answer(self, rid: &str) -> Response {
        let body = json!({ "errors": [self.item()], "rid": rid });
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response()
    }
}

/// A good answer.
pub(super) fn good(values: &Value, rid: &str) -> String {
    json!({ "errors": null, "rid": rid, "rval": values }).to_string()
}

/// A part that succeeded: what it is called, and the thing.
pub(super) fn part(name: &str, thing: Value) -> Value {
    json!({ "operationSucceeded": true, "errors": null, name: thing })
}

/// A part that failed.
pub(super) fn failed_part(name: &str, error: &ApiError) -> Value {
    json!({ "operationSucceeded": false, "errors": [error.item()], name: null })
}

/// A flag as the APIs spell it.
pub(super) fn flag(is: bool) -> &'static str {
    if is { "TRUE" } else { "FALSE" }
}
