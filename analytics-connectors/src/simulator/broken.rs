//! Answers that break on the way.

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::Response,
};

/// An answer that announces `body` and stops after `sent` bytes of it by closing the connection.
pub(crate) fn breaking_off(body: impl AsRef<[u8]>, sent: usize) -> Response {
    let body = body.as_ref();
    let head = Bytes::copy_from_slice(&body[..sent.min(body.len())]);
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let parts = [Ok(head), Err(broken)];
    let parts = parts
        .into_iter()
        .filter(|part| part.as_ref().map_or(true, |head| !head.is_empty()));
    let mut response = Response::new(Body::from_stream(tokio_stream::iter(parts)));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, super::JSON);
    headers.insert(header::CONTENT_LENGTH, (body.len() as u64).into());
    response
}
