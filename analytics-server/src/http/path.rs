//! The variable part of an address; one that cannot be read is a problem document like any other.

use axum::{
    extract::{FromRequestParts, Path as RawPath},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// What stands in an address where its route has a name in braces.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        RawPath::from_request_parts(parts, state)
            .await
            .map(|RawPath(value)| Self(value))
            .map_err(|rejection| {
                Problem::new(
                    StatusCode::BAD_REQUEST,
                    "invalid_address",
                    format!("{}.", rejection.body_text()),
                )
            })
    }
}
