//! Bodies, JSON and forms: what is wrong with one is said with its field, its value and the nearest
//! valid name.

use axum::{
    extract::{
        FromRequest, Request,
        rejection::{BytesRejection, FormRejection},
    },
    http::{StatusCode, header},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::dates;
use crate::error::Problem;

/// A JSON request body.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|mime| {
                let mime = mime.trim().to_ascii_lowercase();
                mime == "application/json" || mime.ends_with("+json")
            });
        if !is_json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send the body as JSON, with the header `Content-Type: application/json`.",
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| unreadable(&rejection))?;
        parse(&bytes).map(Self)
    }
}

/// A form as browsers and providers send it.
pub(crate) struct Form<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            Err(FormRejection::BytesRejection(rejection)) => Err(unreadable(&rejection)),
            Err(FormRejection::InvalidFormContentType(_)) => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send the body as a form, with the header `Content-Type: application/x-www-form-urlencoded`.",
            )),
            Err(rejection) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_form",
                rejection.body_text(),
            )),
        }
    }
}

fn unreadable(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "The body is larger than this server accepts.",
        )
    } else {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "unreadable_body",
            "The body could not be read to its end.",
        )
    }
}

/// A value from JSON text.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(value) => deserializer
            .end()
            .map(|()| value)
            .map_err(|error| malformed(&error)),
        Err(error) => {
            let path = error.path().to_string();
            let error = error.into_inner();
            match serde_json::from_slice::<Value>(bytes) {
                Ok(document) => Err(misfit(&path, &error, &document)),
                Err(error) => Err(malformed(&error)),
            }
        }
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed_json",
        format!("The body is no JSON document: {error}."),
    )
    .with("line", error.line())
    .with("column", error.column())
}

/// JSON that is not what was expected.
fn misfit(path: &str, error: &serde_json::Error, document: &Value) -> Problem {
    let message = in_plain_words(&error.to_string());
    let path = if path == "." { "" } else { path };
    if let Some(problem) = dates::bad_date(path, document) {
        return problem;
    }
    let (field, value) = match quoted(&message).first() {
        Some(name) if message.starts_with("unknown field") => {
            let field = if path.is_empty() || path == *name {
                (*name).to_owned()
            } else if path.ends_with(&format!(".{name}")) {
                path.to_owned()
            } else {
                format!("{path}.{name}")
            };
            (field, Value::from(*name))
        }
        Some(name) if message.starts_with("missing field") => {
            let field = if path.is_empty() {
                (*name).to_owned()
            } else {
                format!("{path}.{name}")
            };
            (field, Value::Null)
        }
        _ => (
            path.to_owned(),
            lookup(document, path).cloned().unwrap_or(Value::Null),
        ),
    };
    let nearest = nearest_alternative(&message, &value);
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_query",
        if field.is_empty() {
            message.clone()
        } else {
            format!("`{field}`: {message}")
        },
    )
    .with("field", field)
    .with("value", value)
    .with("message", message)
    .with("nearest", nearest)
}

/// serde_json's message in the words of JSON, and without line and column: they point into text
/// the user never saw.
fn in_plain_words(message: &str) -> String {
    message
        .split(" at line ")
        .next()
        .unwrap_or(message)
        .replace("unknown variant", "unknown value")
        .replace("a sequence", "a list")
        .replace("a map", "an object")
        .replace(": map", ": object")
        .replace(": sequence", ": list")
}

/// The words between backticks.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// The nearest of the alternatives that serde names after `expected`.
fn nearest_alternative(message: &str, value: &Value) -> Option<String> {
    let value = value.as_str()?;
    let (_, expected) = message.split_once("expected")?;
    analytics_core::nearest(value, quoted(expected))
}

/// The value at a path such as `filters[0].op`.
pub(super) fn lookup<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(document);
    }
    path.replace('[', ".")
        .replace(']', "")
        .split('.')
        .filter(|part| !part.is_empty())
        .try_fold(document, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            other => other.get(part),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use analytics_core::Query;

    fn problem(json: &str) -> Value {
        match parse::<Query>(json.as_bytes()) {
            Ok(query) => panic!("accepted: {query:?}"),
            Err(problem) => problem.body(),
        }
    }

    #[test]
    fn a_misspelt_field_is_named_with_the_nearest_one() {
        let body = problem(r#"{"metrics": ["spend"], "rnage": "last_30_days"}"#);
        assert_eq!(body["code"], "invalid_query");
        assert_eq!(body["field"], "rnage");
        assert_eq!(body["nearest"], "range");
    }

    #[test]
    fn a_misspelt_choice_is_named_with_the_nearest_one() {
        let body = problem(r#"{"metrics": ["spend"], "range": "today", "grain": "weak"}"#);
        assert_eq!(body["field"], "grain");
        assert_eq!(body["value"], "weak");
        assert_eq!(body["nearest"], "week");
    }

    #[test]
    fn a_day_that_does_not_exist_is_named_with_the_nearest_one() {
        let body = problem(
            r#"{"metrics": ["spend"], "range": {"start": "2026-02-01", "end": "2026-02-30"}}"#,
        );
        assert_eq!(body["code"], "invalid_date");
        assert_eq!(body["field"], "range.end");
        assert_eq!(body["value"], "2026-02-30");
        assert_eq!(body["nearest"], "2026-02-28");
    }

    #[test]
    fn a_name_of_absurd_length_is_refused_without_looking_for_its_nearest() {
        let started = std::time::Instant::now();
        let name = "x".repeat(200_000);
        let body = problem(&format!(r#"{{"metrics": ["spend"], "{name}": 1}}"#));
        assert_eq!(body["nearest"], Value::Null);
        assert!(started.elapsed() < std::time::Duration::from_secs(1));
    }

    #[test]
    fn text_that_is_no_json_says_where_it_breaks() {
        let body = problem("{\"metrics\": [}");
        assert_eq!(body["code"], "malformed_json");
        assert_eq!(body["status"], 400);
        assert_eq!(body["line"], 1);
    }
}
