//! For operators and load balancers: is it alive, can it work, which version is it.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{app::AppState, error::Problem, readiness};

/// Name and version of the running program.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    name: &'static str,
    version: &'static str,
}

/// Alive: the process answers.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, description = "Alive")))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready: the database answers with the schema of this version, the queue answers, and the server is
/// not shutting down.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses(
    (status = 200, description = "Ready"),
    (status = 503, description = "`not_ready`, with `reasons`: `shutting_down`, `database_away`, `migrations_pending`, `schema_newer` or `queue_away`")))]
pub(crate) async fn readyz(State(app): State<AppState>) -> Result<&'static str, Problem> {
    let reasons = readiness::reasons(&app).await;
    if reasons.is_empty() {
        return Ok("ready\n");
    }
    let details: Vec<&str> = reasons
        .iter()
        .map(|reason| reason.detail.as_str())
        .collect();
    let problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not_ready",
        details.join(" "),
    );
    Err(problem.with("reasons", json!(reasons)).after(5))
}

/// Which version runs.
#[utoipa::path(get, path = "/version", tag = "operations", responses((status = 200, body = Version)))]
pub(crate) async fn version() -> Json<Version> {
    Json(Version {
        name: "analytics",
        version: env!("CARGO_PKG_VERSION"),
    })
}
