//! For operators and load balancers: is it alive, can it work, which version is it.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::AppState, error::Problem};

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

/// Ready: the database answers and the server is not shutting down.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses(
    (status = 200, description = "Ready"), (status = 503, description = "`not_ready`")))]
pub(crate) async fn readyz(State(app): State<AppState>) -> Result<&'static str, Problem> {
    let not_ready =
        |detail: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail).after(5);
    if app.shutdown.is_cancelled() {
        return Err(not_ready("The server is shutting down."));
    }
    app.store.ping().await.map(|()| "ready\n").map_err(|error| {
        tracing::warn!(error = %crate::error::chain(&error), "the database does not answer");
        not_ready("The database does not answer.")
    })
}

/// Which version runs.
#[utoipa::path(get, path = "/version", tag = "operations", responses((status = 200, body = Version)))]
pub(crate) async fn version() -> Json<Version> {
    Json(Version {
        name: "analytics",
        version: env!("CARGO_PKG_VERSION"),
    })
}
