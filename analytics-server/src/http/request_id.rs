//! The id of a request: in the log, in the header of its answer, and in the body of a problem, so that
//! somebody who shows one leads to the lines that say why.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use tracing::Span;

use crate::error::Problem;

/// The header that carries it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id of somebody else's that is kept.
const LONGEST: usize = 64;

/// The id of a request.
pub(crate) fn of(headers: &HeaderMap) -> Option<&str> {
    headers.get(HEADER).and_then(|id| id.to_str().ok())
}

/// Forgets an id that a caller made up, unless it is one that a proxy would make: it goes into the
/// log.
pub(crate) async fn keep_plain(mut request: Request, next: Next) -> Response {
    if !of(request.headers()).is_some_and(is_plain) {
        request.headers_mut().remove(HEADER);
    }
    next.run(request).await
}

fn is_plain(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// The span of a request, for whoever learns more about it: other spans are entered within.
#[derive(Debug, Clone)]
pub(crate) struct RequestSpan(pub(crate) Span);

/// Writes the id into the body of a problem, and keeps the span at hand.
pub(crate) async fn in_problems(mut request: Request, next: Next) -> Response {
    request
        .extensions_mut()
        .insert(RequestSpan(Span::current()));
    let id = of(request.headers()).map(str::to_owned);
    let mut response = next.run(request).await;
    let problem = response.extensions_mut().remove::<Arc<Problem>>();
    if let (Some(problem), Some(id)) = (problem, id) {
        let body = Problem::clone(&problem).with("request_id", id);
        let body = body.body().to_string();
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        *response.body_mut() = Body::from(body);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_that_a_proxy_would_make_are_kept() {
        assert!(is_plain("6f1c2a80-5d2c-4a0e-9f57-0f3b1c2d4e5f"));
        assert!(is_plain("Root=1".replace('=', "-").as_str()));
        for id in ["", "a b", "a\"b", "x\n", &"a".repeat(65)] {
            assert!(!is_plain(id), "{id:?}");
        }
    }
}
