//! Errors as the API tells them.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::simulator::JSON;

/// An error of the API.
#[derive(Debug, Clone)]
pub(super) struct AdsError {
    status: u16,
    family: &'static str,
    name: &'static str,
    message: String,
    /// How long to wait.
    delay: Option<&'static str>,
}

impl AdsError {
    pub(super) fn new(
        status: u16,
        family: &'static str,
        name: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            family,
            name,
            message: message.into(),
            delay: None,
        }
    }

    pub(super) fn query(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, "queryError", name, message)
    }

    pub(super) fn denied() -> Self {
        let message = "User doesn't have permission to access customer. Note: If you're accessing a client customer, the manager's customer id must be set in the 'login-customer-id' header.";
        Self::new(403, "authorizationError", "USER_PERMISSION_DENIED", message)
    }

    pub(super) fn wait(mut self, delay: &'static str) -> Self {
        self.delay = Some(delay);
        self
    }

    /// As an answer; those of streams stand in an array.
    pub(super) fn into_answer(self, stream: bool) -> Response {
        let status = match self.status {
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            429 => "RESOURCE_EXHAUSTED",
            500 => "INTERNAL",
            503 => "UNAVAILABLE",
            504 => "DEADLINE_EXCEEDED",
            _ => "INVALID_ARGUMENT",
        };
        let mut error = json!({ "errorCode": { self.family: self.name }, "message": self.message });
        if let Some(delay) = self.delay {
            error["details"] =
                json!({ "quotaErrorDetails": { "rateScope": "ACCOUNT", "retryDelay": delay } });
        }
        let body = json!({ "error": {
            "code": self.status,
            "message": "Request contains an invalid argument.",
            "status": status,
            "details": [{
                "@type": "type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure",
                "errors": [error],
                "requestId": "SIMULATED",
            }],
        }});
        let body: Value = if stream { json!([body]) } else { body };
        let code = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (code, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response()
    }
}
