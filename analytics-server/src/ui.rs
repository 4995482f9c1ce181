//! The dashboard's files, embedded in the binary. A build without them serves a page that says so.

use std::borrow::Cow;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::{error::Problem, http::BasePath};

#[derive(RustEmbed)]
#[folder = "ui/dist"]
#[allow_missing = true]
struct Files;

/// Served while there is no dashboard in the binary.
const NOT_BUILT: &str = include_str!("ui_not_built.html");
/// The document of every page.
const INDEX: &str = "index.html";
/// Names below this folder carry a hash of their content.
const HASHED: &str = "assets/";

/// A file of the dashboard; any other address is one of its pages.
pub(crate) fn serve(base: &BasePath, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Pages can only be read.",
        )
        .into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    match Files::get(path) {
        Some(file) if !path.is_empty() && path != INDEX => {
            let kind = content_type(file.metadata.mimetype());
            let hash = file.metadata.sha256_hash();
            answer(path, file.data, hash, &kind, request.headers())
        }
        // A missing script or picture must not be answered with a page.
        _ if path.starts_with(HASHED) || has_extension(path) => Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no file /{path}."),
        )
        .into_response(),
        _ => index(base, request.headers()),
    }
}

fn has_extension(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
}

/// The one document of all pages. Its addresses are relative to the app, so that it can be built once
/// and lie anywhere: here they become those of this server, and the dashboard learns them.
fn index(base: &BasePath, headers: &HeaderMap) -> Response {
    let Some(file) = Files::get(INDEX) else {
        return (
            StatusCode::OK,
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-cache"),
            ],
            NOT_BUILT,
        )
            .into_response();
    };
    let page = based(&String::from_utf8_lossy(&file.data), base);
    let kind = content_type(file.metadata.mimetype());
    let hash = Sha256::digest(&page).into();
    let data = Cow::Owned(page.into_bytes());
    answer(INDEX, data, hash, &kind, headers)
}

fn based(page: &str, base: &BasePath) -> String {
    let page = page.replace("=\"./", &format!("=\"{}/", base.as_str()));
    if base.as_str().is_empty() {
        return page;
    }
    let meta = format!(
        "<head>\n    <meta name=\"base\" content=\"{}\" />",
        base.as_str()
    );
    page.replacen("<head>", &meta, 1)
}

fn answer(
    path: &str,
    data: Cow<'static, [u8]>,
    hash: [u8; 32],
    kind: &str,
    headers: &HeaderMap,
) -> Response {
    let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&hash[..16]));
    let caching = if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|candidate| candidate.trim().trim_start_matches("W/") == etag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = match data {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        };
        let mut response = Response::new(body);
        if let Ok(mime) = HeaderValue::from_str(kind) {
            response.headers_mut().insert(header::CONTENT_TYPE, mime);
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

fn content_type(mime: &str) -> String {
    let is_text =
        mime.starts_with("text/") || mime.ends_with("javascript") || mime.ends_with("json");
    if is_text {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_loads_its_files_below_the_base() -> Result<(), url::ParseError> {
        let page = "<head><script src=\"./assets/a.js\"></script><a href=\"#x\">";
        let root = BasePath::default();
        assert_eq!(
            based(page, &root),
            "<head><script src=\"/assets/a.js\"></script><a href=\"#x\">"
        );
        let below = BasePath::of(&"https://example.com/analytics/".parse()?);
        let page = based(page, &below);
        assert!(page.contains("src=\"/analytics/assets/a.js\""), "{page}");
        assert!(page.contains("<meta name=\"base\" content=\"/analytics\" />"));
        Ok(())
    }
}
