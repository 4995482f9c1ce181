//! Counts and times every request.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use metrics::{counter, histogram};

use crate::app::AppState;

/// Counts the request by the route that answers it, never by its address: that has ids and tokens.
pub(crate) async fn measure(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(page)".to_owned(), |path| path.as_str().to_owned());
    let method = method_name(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    app.metrics.observe(|| {
        counter!(
            "analytics_http_requests_total",
            "route" => route.clone(), "method" => method, "status" => status
        )
        .increment(1);
        histogram!(
            "analytics_http_request_duration_seconds",
            "route" => route, "method" => method
        )
        .record(started.elapsed());
    });
    response
}

/// Callers may send any word as a method: only known ones become a label.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
