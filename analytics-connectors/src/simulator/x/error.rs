//! Errors as the API tells them: problem documents, and the older shape with numbers.

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::gate;

/// Where most kinds of problem are described; the host is still the old one.
const PROBLEMS: &str = "https://api.twitter.com/2/problems/";

/// The name of a kind of problem.
pub(super) fn kind(tail: &str) -> String {
    format!("{PROBLEMS}{tail}")
}

/// A refusal.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: u16,
    body: Value,
}

impl Problem {
    /// A problem that has a kind of its own.
    pub(super) fn new(status: u16, title: &str, tail: &str, detail: &str) -> Self {
        let kind = if tail == "about:blank" {
            tail.to_owned()
        } else {
            kind(tail)
        };
        Self {
            status,
            body: json!({ "title": title, "detail": detail, "type": kind, "status": status }),
        }
    }

    /// A problem that is no more than its status.
    fn blank(status: u16, title: &str) -> Self {
        Self::new(status, title, "about:blank", title)
    }

    pub(super) fn unauthorized() -> Self {
        Self::blank(401, "Unauthorized")
    }

    pub(super) fn forbidden() -> Self {
        Self::blank(403, "Forbidden")
    }

    pub(super) fn not_found() -> Self {
        Self::blank(404, "Not Found")
    }

    /// Nobody has this id.
    pub(super) fn no_user(id: &str) -> Self {
        let detail = format!("Could not find user with id: [{id}].");
        Self::new(404, "Not Found Error", "resource-not-found", &detail)
            .with("resource_id", id)
            .with("resource_type", "user")
            .with("parameter", "id")
            .with("value", id)
    }

    /// A parameter that is wrong.
    pub(super) fn invalid(name: &str, value: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut parameters = json!({});
        parameters[name] = json!([value]);
        let error = json!({ "parameters": parameters, "message": message });
        Self {
            status: 400,
            body: json!({
                "errors": [error],
                "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": kind("invalid-request"),
            }),
        }
    }

    pub(super) fn too_many() -> Self {
        Self::blank(429, "Too Many Requests")
    }

    /// An error of the older API.
    pub(super) fn numbered(status: u16, code: u16, message: &str) -> Self {
        let error = json!({ "code": code, "message": message });
        let body = json!({ "errors": [error] });
        Self { status, body }
    }

    /// Says more.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body[name] = value.into();
        self
    }

    /// The answer.
    pub(super) fn answer(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        gate::json(status, &self.body)
    }

    /// The servers are down.
    pub(super) fn down(status: u16) -> Self {
        Self::blank(status, "Service Unavailable")
    }
}
