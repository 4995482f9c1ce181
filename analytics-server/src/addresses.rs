//! The settings that are addresses: where the app listens, where people open it, who is in between,
//! and how an address may be shown.

use std::net::SocketAddr;

use analytics_core::{Error, Result};
use url::Url;

use crate::{
    config::Settings,
    http::{base_path, proxies::TrustedProxies},
};

/// The address when none is named.
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

impl Settings {
    pub(crate) fn listen(&self) -> Result<SocketAddr> {
        let default = || DEFAULT_LISTEN.to_owned();
        let text = self.get("ANALYTICS_LISTEN").unwrap_or_else(default);
        address("ANALYTICS_LISTEN", &text)
    }

    /// Where metrics have a port of their own; usually they have none.
    pub(crate) fn metrics_listen(&self) -> Result<Option<SocketAddr>> {
        let name = "ANALYTICS_METRICS_LISTEN";
        self.get(name).map(|text| address(name, &text)).transpose()
    }

    /// Where people open the app; by default the address it listens on.
    pub(crate) fn public_url(&self, listen: SocketAddr) -> Result<Url> {
        let Some(text) = self.get("ANALYTICS_PUBLIC_URL") else {
            let mut host = listen;
            if host.ip().is_unspecified() {
                host.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
            }
            return Ok(local_url(host));
        };
        let wrong = |message: &str| Error::invalid("ANALYTICS_PUBLIC_URL", &text, message);
        let url: Url = text
            .parse()
            .map_err(|_| wrong("expected a URL like https://analytics.example.com"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong("expected a URL like https://analytics.example.com"));
        }
        base_path::check(url).map_err(|message| wrong(&message))
    }

    /// Who is believed when it says for whom it asks.
    pub(crate) fn trusted_proxies(&self) -> Result<TrustedProxies> {
        let name = "ANALYTICS_TRUSTED_PROXIES";
        let text = self.get(name).unwrap_or_default();
        text.parse()
            .map_err(|message: String| Error::invalid(name, &text, message))
    }
}

fn address(name: &str, text: &str) -> Result<SocketAddr> {
    let expected = "expected an address and a port such as 127.0.0.1:8080";
    text.parse()
        .map_err(|_| Error::invalid(name, text, expected))
}

/// A URL as it may be shown: whoever reads it learns no password.
pub(crate) fn without_password(url: &str) -> String {
    match Url::parse(url) {
        Ok(parsed) if parsed.scheme() == "sqlite" => url.to_owned(),
        Ok(mut parsed) => {
            // A password may stand there as well.
            parsed.set_query(None);
            if parsed.password().is_some() {
                // Errors are about URLs that cannot have a password.
                let _ = parsed.set_password(Some("***"));
            }
            parsed.to_string()
        }
        // Without being able to say where it would stand: nothing behind the scheme.
        Err(_) => match url.split_once(':') {
            Some(("sqlite", _)) => url.to_owned(),
            Some((scheme, _)) => format!("{scheme}:…"),
            None => "…".to_owned(),
        },
    }
}

/// `http://` with an address.
#[expect(
    clippy::expect_used,
    reason = "an IP address and a port always make a URL"
)]
pub(crate) fn local_url(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}/")).expect("an address makes a URL")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        for (url, shown) in [
            ("sqlite://analytics.db", "sqlite://analytics.db"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://db.local/a", "postgres://db.local/a"),
            ("postgres://db.local/a?password=x", "postgres://db.local/a"),
            (
                "postgres://me:s%40cret@db.local/a",
                "postgres://me:***@db.local/a",
            ),
            ("postgres://me:secret@bad host/a", "postgres:…"),
            ("secret", "…"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn the_public_address_may_have_a_path_that_is_none_of_the_apps_own() -> Result<()> {
        let listen: SocketAddr = ([0, 0, 0, 0], 8080).into();
        let mut settings = Settings::default();
        assert_eq!(
            settings.public_url(listen)?.as_str(),
            "http://127.0.0.1:8080/"
        );
        settings.set("ANALYTICS_PUBLIC_URL", "https://example.com/analytics");
        assert_eq!(
            settings.public_url(listen)?.as_str(),
            "https://example.com/analytics/"
        );
        settings.set("ANALYTICS_PUBLIC_URL", "https://example.com/api/analytics");
        assert!(settings.public_url(listen).is_err());
        settings.set("ANALYTICS_PUBLIC_URL", "https://analytics.example.com");
        assert_eq!(
            settings.public_url(listen)?.as_str(),
            "https://analytics.example.com/"
        );
        Ok(())
    }
}
