//! `/metrics`, for Prometheus: on a port of its own, or here for whoever has the token.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use secrecy::ExposeSecret;

use super::health;
use crate::{app::AppState, auth::same_secret, error::Problem, metrics};

/// What Prometheus calls its text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The metrics, for the bearer of the token; without a token there is no such page.
pub(crate) async fn with_token(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let Some(token) = &app.metrics_token else {
        return Problem::new(
            StatusCode::NOT_FOUND,
            "no_such_route",
            "This server shows no metrics here: set ANALYTICS_METRICS_LISTEN or ANALYTICS_METRICS_TOKEN.",
        )
        .into_response();
    };
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if !given.is_some_and(|given| same_secret(given.trim(), token.expose_secret())) {
        let mut response = Problem::new(
            StatusCode::UNAUTHORIZED,
            "wrong_token",
            "Send the metrics token: `Authorization: Bearer …`.",
        )
        .into_response();
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            axum::http::HeaderValue::from_static("Bearer"),
        );
        return response;
    }
    open(State(app)).await
}

/// The metrics, for whoever reaches the port.
async fn open(State(app): State<AppState>) -> Response {
    metrics::refresh(&app).await;
    (
        [
            (header::CONTENT_TYPE, TEXT_FORMAT),
            (header::CACHE_CONTROL, "no-store"),
        ],
        app.metrics.text(),
    )
        .into_response()
}

/// What a port of its own serves; every role has it, so that workers can be watched too.
pub(crate) fn own_port(app: AppState) -> Router {
    Router::new()
        .route("/metrics", get(open))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .with_state(app)
}
