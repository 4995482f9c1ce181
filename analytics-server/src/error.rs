//! Problem details (RFC 9457): the one shape of every error answer.

use std::{any::Any, borrow::Cow, sync::Arc};

use analytics_connectors::{ErrorKind, sync::SyncFailure};
use analytics_core::Error as CoreError;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// An error answer: `{type, title, status, detail, code, …}`.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    extra: Map<String, Value>,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with its stable `code` and a sentence that says what to do.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            detail: detail.into(),
            extra: Map::new(),
            retry_after: None,
        }
    }

    /// The same problem with one more member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// The same problem with a `Retry-After` header and `retry_after` member, in seconds.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self.with("retry_after", seconds)
    }

    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Its HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// A field of the request that cannot be used.
    pub(crate) fn invalid_field(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_field",
            format!("`{field}`: {message}"),
        )
        .with("field", field)
        .with("message", message)
    }

    /// A name in `field` that nobody knows, with the nearest valid one.
    pub(crate) fn unknown<'a>(
        what: &'static str,
        field: &str,
        value: &str,
        valid: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        CoreError::unknown(what, field, value, valid).into()
    }

    pub(crate) fn not_found(what: &'static str, id: &str) -> Self {
        CoreError::not_found(what, id).into()
    }

    pub(crate) fn not_signed_in(setup_required: bool) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            if setup_required {
                "This server is not set up yet: open the set-up link it printed when it started."
            } else {
                "Sign in first."
            },
        )
        .with("setup_required", setup_required)
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// Something broke on our side; the cause goes to the log, not to the caller.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on the server. Its log says more, under this answer's x-request-id.",
        )
    }

    /// The body of the answer.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({
            "type": format!("urn:analytics:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let Value::Object(members) = &mut body {
            members.extend(self.extra.clone());
        }
        body
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body().to_string()).into_response();
        // Whoever knows the request's id writes it into the body.
        response.extensions_mut().insert(Arc::new(self.clone()));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<CoreError> for Problem {
    fn from(error: CoreError) -> Self {
        let code = error.code();
        let detail = error.to_string();
        match error {
            CoreError::Unknown {
                field,
                value,
                nearest,
                ..
            } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
                .with("field", field)
                .with("value", value)
                .with("nearest", nearest),
            CoreError::Invalid {
                field,
                value,
                message,
            } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
                .with("field", field)
                .with("value", value)
                .with("message", message)
                .with("nearest", Value::Null),
            CoreError::Unsupported { field, message } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
                    .with("field", field)
                    .with("message", message)
            }
            CoreError::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, code, detail),
            CoreError::Conflict { .. } => Self::new(StatusCode::CONFLICT, code, detail),
            CoreError::Overflow { metric } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).with("value", metric)
            }
            other => Self::internal(chain(&other)),
        }
    }
}

impl From<analytics_connectors::Error> for Problem {
    fn from(error: analytics_connectors::Error) -> Self {
        let code = error.kind.code();
        let problem = |status| {
            Self::new(status, code, error.to_string()).with("operation", error.operation.clone())
        };
        match &error.kind {
            ErrorKind::AuthExpired => problem(StatusCode::CONFLICT),
            ErrorKind::PermissionDenied => problem(StatusCode::FORBIDDEN),
            ErrorKind::RateLimited { until } => problem(StatusCode::SERVICE_UNAVAILABLE)
                .after(until.map_or(60, |until| seconds_until(until, Utc::now()))),
            ErrorKind::Transient | ErrorKind::Unavailable => {
                problem(StatusCode::SERVICE_UNAVAILABLE).after(30)
            }
            _ => problem(StatusCode::BAD_GATEWAY),
        }
    }
}

impl From<SyncFailure> for Problem {
    fn from(failure: SyncFailure) -> Self {
        match failure {
            SyncFailure::Store(error) => error.into(),
            SyncFailure::Archived => {
                Self::new(StatusCode::CONFLICT, "archived", failure.to_string())
            }
            other => Self::new(StatusCode::CONFLICT, "busy", other.to_string()).after(5),
        }
    }
}

/// Whole seconds from `now` until `at`, at least 1.
pub(crate) fn seconds_until(at: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
    u64::try_from((at - now).num_seconds()).map_or(1, |seconds| seconds.max(1))
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The answer to a request whose handler panicked.
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Problem::internal(format_args!("panic: {message}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_problem_that_tells_nothing_of_its_cause() {
        let response = panicked(Box::new("the secret is 42"));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let body = Problem::internal("the secret is 42").body().to_string();
        assert!(!body.contains("42"), "{body}");
    }

    #[test]
    fn a_platform_that_asks_to_wait_says_how_long() {
        let error = analytics_connectors::Error::new(
            ErrorKind::RateLimited {
                until: Some(Utc::now() + chrono::Duration::seconds(90)),
            },
            "facebook_ads",
            "accounts",
            "too many calls",
        );
        let problem = Problem::from(error);
        assert_eq!(problem.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem.code(), "rate_limited");
        assert!(
            problem
                .retry_after
                .is_some_and(|seconds| (80..=90).contains(&seconds))
        );
    }
}
