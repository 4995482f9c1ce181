//! The Origin check: a write must come from the app's own pages. Together with SameSite=Lax it
//! keeps other sites from acting in a signed-in browser.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{app::AppState, error::Problem};

/// Refuses writes from elsewhere.
pub(crate) async fn check(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let writes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if writes && !is_notice(request.uri().path()) && !comes_from(request.headers(), &app.public_url)
    {
        let origin = app.public_url.origin().ascii_serialization();
        return Problem::new(
            StatusCode::FORBIDDEN,
            "wrong_origin",
            format!(
                "Writes are only accepted from {origin}. Open the app there, or set ANALYTICS_PUBLIC_URL to the address people use."
            ),
        )
        .with("expected", origin)
        .into_response();
    }
    next.run(request).await
}

/// Providers' servers send no origin. What they tell is proved by their signature, and no cookie
/// counts there.
fn is_notice(path: &str) -> bool {
    path.strip_prefix("/api/v1/connect/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(_, action)| ["deauthorize", "data-deletion"].contains(&action))
}

fn comes_from(headers: &HeaderMap, public_url: &Url) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else {
        return false;
    };
    origin
        .to_str()
        .is_ok_and(|origin| origin == public_url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_notices_of_providers_need_no_origin() {
        assert!(is_notice("/api/v1/connect/meta/deauthorize"));
        assert!(is_notice("/api/v1/connect/meta/data-deletion"));
        for path in [
            "/api/v1/connect/meta",
            "/api/v1/connect/meta/x/deauthorize",
            "/api/v1/connect/deauthorize",
            "/api/v1/accounts",
        ] {
            assert!(!is_notice(path), "{path}");
        }
    }

    #[test]
    fn only_the_own_origin_may_write() {
        let Ok(own) = Url::parse("https://analytics.example.com/") else {
            panic!("a valid URL")
        };
        let mut headers = HeaderMap::new();
        assert!(!comes_from(&headers, &own), "no origin at all");
        for (origin, allowed) in [
            ("https://analytics.example.com", true),
            ("http://analytics.example.com", false),
            ("https://analytics.example.com.evil.test", false),
            ("null", false),
        ] {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            assert_eq!(comes_from(&headers, &own), allowed, "{origin}");
        }
        headers.append(
            header::ORIGIN,
            HeaderValue::from_static("https://analytics.example.com"),
        );
        assert!(!comes_from(&headers, &own), "two origins");
    }
}
