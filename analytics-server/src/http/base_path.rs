//! The path below which the app lies on its host, as `/analytics` in `https://example.com/analytics`.
//! A proxy in front may leave it in the requests or strip it: both are understood.

use axum::{
    Router,
    extract::Request,
    http::{Uri, uri::PathAndQuery},
};
use tower::{Layer as _, util::MapRequestLayer};
use url::Url;

/// First parts of the app's own addresses: below one of these the app would be mistaken for itself.
const OWN: [&str; 12] = [
    "accounts",
    "add-account",
    "api",
    "assets",
    "connect",
    "deletion",
    "demo",
    "metrics",
    "operations",
    "settings",
    "setup",
    "sign-in",
];

/// Nothing, or a path that begins with a slash and ends with none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BasePath(String);

impl BasePath {
    /// The path of a public address that [`check`] accepts.
    pub(crate) fn of(public_url: &Url) -> Self {
        Self(public_url.path().trim_end_matches('/').to_owned())
    }

    /// As it stands in addresses: empty, or like `/analytics`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of one of the app's pages.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Where cookies count.
    pub(crate) fn cookie_path(&self) -> String {
        if self.0.is_empty() { "/" } else { &self.0 }.to_owned()
    }

    /// `path` without the base; none if it lies elsewhere.
    fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(&self.0)?;
        match rest {
            "" => Some("/"),
            rest if rest.starts_with('/') => Some(rest),
            _ => None,
        }
    }

    /// Takes the base off before anything looks at a request.
    pub(crate) fn around(&self, router: Router) -> Router {
        if self.0.is_empty() {
            return router;
        }
        let base = self.clone();
        let strip = MapRequestLayer::new(move |mut request: Request| {
            if let Some(uri) = base.without(request.uri()) {
                *request.uri_mut() = uri;
            }
            request
        });
        Router::new().fallback_service(strip.layer(router))
    }

    fn without(&self, uri: &Uri) -> Option<Uri> {
        let path = self.strip(uri.path())?;
        let rest = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(rest.parse::<PathAndQuery>().ok()?);
        Uri::from_parts(parts).ok()
    }
}

/// The public address with a slash at its end; what is wrong with it, otherwise.
pub(crate) fn check(mut url: Url) -> Result<Url, String> {
    if url.query().is_some() || url.fragment().is_some() {
        return Err("expected nothing after the path".to_owned());
    }
    let path = url.path().trim_end_matches('/').to_owned();
    let mut parts = path.split('/').skip(1);
    let is_plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    if !parts.clone().all(is_plain) {
        return Err("expected a path of letters, digits and `-`, `_`, `.`, `~`".to_owned());
    }
    if let Some(own) = parts.next().filter(|first| OWN.contains(first)) {
        return Err(format!(
            "the app has pages of its own at /{own}: choose another path"
        ));
    }
    url.set_path(&format!("{path}/"));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(url: &str) -> Result<BasePath, String> {
        let url = Url::parse(url).map_err(|error| error.to_string())?;
        check(url).map(|url| BasePath::of(&url))
    }

    #[test]
    fn the_base_is_taken_off_whole_parts_only() -> Result<(), String> {
        let base = base("https://example.com/tools/analytics/")?;
        assert_eq!(base.as_str(), "/tools/analytics");
        assert_eq!(base.strip("/tools/analytics"), Some("/"));
        assert_eq!(base.strip("/tools/analytics/"), Some("/"));
        assert_eq!(base.strip("/tools/analytics/a/b"), Some("/a/b"));
        assert_eq!(base.strip("/tools/analyticsx"), None);
        assert_eq!(base.strip("/a"), None);
        assert_eq!(base.at("/setup"), "/tools/analytics/setup");
        assert_eq!(base.cookie_path(), "/tools/analytics");
        Ok(())
    }

    #[test]
    fn without_a_path_everything_stays_as_it_is() -> Result<(), String> {
        let base = base("https://example.com")?;
        assert_eq!((base.as_str(), base.cookie_path().as_str()), ("", "/"));
        assert_eq!(base.at("/setup"), "/setup");
        Ok(())
    }

    #[test]
    fn the_query_stays_with_the_address() -> Result<(), String> {
        let base = base("https://example.com/a")?;
        let uri = Uri::from_static("/a/b?code=1&state=%2Fa");
        assert_eq!(
            base.without(&uri).map(|uri| uri.to_string()).as_deref(),
            Some("/b?code=1&state=%2Fa")
        );
        Ok(())
    }

    #[test]
    fn paths_that_cannot_be_served_are_refused() {
        for bad in [
            "https://example.com/api",
            "https://example.com/accounts/x",
            "https://example.com/a//b",
            "https://example.com/a b",
            "https://example.com/\"><script>",
            "https://example.com/a?b",
            "https://example.com/a#b",
        ] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }
}
