//! What is added around every answer: security headers, a time limit, request ids and a trace
//! without secrets.

use std::time::Duration;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Span;

use super::request_id;
use crate::{app::AppState, error::Problem};

/// Longest time until the first byte of an answer.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest request body, in bytes.
pub(crate) const BODY_LIMIT: usize = 256 * 1024;

/// Nothing of another origin runs, frames or receives anything. Pictures of accounts and ads come
/// from the platforms' hosts.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The same for an app without TLS, as on one's own machine, where simulated platforms have none either.
const CONTENT_SECURITY_POLICY_WITHOUT_TLS: &str = "default-src 'self'; img-src 'self' data: https: http:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Adds the security headers.
pub(crate) async fn security_headers(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    let is_secure = app.public_url.scheme() == "https";
    set(
        header::CONTENT_SECURITY_POLICY,
        if is_secure {
            CONTENT_SECURITY_POLICY
        } else {
            CONTENT_SECURITY_POLICY_WITHOUT_TLS
        },
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    if is_secure {
        set(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains",
        );
    }
    response
}

/// Answers of the API are about one person's data: no cache keeps them.
pub(crate) async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Gives up on a handler after [`REQUEST_TIMEOUT`]; a stream that has begun is not cut.
pub(crate) async fn time_limit(request: Request, next: Next) -> Response {
    tokio::time::timeout(REQUEST_TIMEOUT, next.run(request))
        .await
        .unwrap_or_else(|_| {
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "timeout",
                format!(
                    "The answer took longer than {} seconds. Try again, or ask for less at once.",
                    REQUEST_TIMEOUT.as_secs()
                ),
            )
            .after(5)
            .into_response()
        })
}

/// The span of a request: never the query (it carries OAuth codes), and the route instead of the
/// path (it carries sign-in tokens).
pub(crate) fn request_span<B>(request: &axum::http::Request<B>) -> Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(page)", MatchedPath::as_str);
    let request_id = request_id::of(request.headers()).unwrap_or_default();
    let workspace = tracing::field::Empty;
    tracing::info_span!("request", method = %request.method(), route, request_id, workspace)
}
