//! Who looks after the instance: a flag of the user, given on the command line. It opens what looks
//! across workspaces, which owning one of them does not.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::Caller;
use crate::{app::AppState, error::Problem};

/// A signed-in operator.
#[derive(Debug)]
pub(crate) struct Operator;

impl FromRequestParts<AppState> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        if caller.user.operator {
            return Ok(Self);
        }
        Err(Problem::forbidden(
            "This needs an operator of the server. Whoever runs it makes you one: analytics user operator EMAIL.",
        )
        .with("required", "operator"))
    }
}
