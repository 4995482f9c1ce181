//! What is configured, before anything is opened.

use analytics_connectors::{Registry, clock::SystemClock};

use super::checks::Checks;
use crate::config::{DEFAULT_FILE, Settings};

pub(super) fn configuration(settings: &Settings, checks: &mut Checks) {
    let name = "configuration";
    match &settings.file {
        Some(file) => checks.ok(name, format!("read from {}", file.display())),
        None => checks.ok(name, format!("no {DEFAULT_FILE}; environment and defaults")),
    }
    for (unknown, nearest) in settings.unknown() {
        let advice = match nearest {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "remove it".to_owned(),
        };
        checks.warn(name, format!("nothing reads {unknown}"), advice);
    }
    for secret in settings.secrets_in_file() {
        checks.warn(
            name,
            format!("{secret} stands in the configuration file"),
            "give secrets in the environment, so that the file can be copied around",
        );
    }
    for (name, result) in [
        ("synchronization", settings.sync().map(drop)),
        ("workers", settings.workers().map(drop)),
        ("scheduler", settings.scheduler_interval().map(drop)),
        ("shutdown", settings.shutdown_grace().map(drop)),
        ("report cache", settings.report_cache_bytes().map(drop)),
        ("scheduler", settings.per_platform().map(drop)),
        ("scheduler", settings.hold().map(drop)),
        ("metrics", settings.metrics_listen().map(drop)),
    ] {
        if let Err(error) = result {
            checks.fail(name, error.to_string(), "correct the setting");
        }
    }
}

pub(super) fn address(settings: &Settings, checks: &mut Checks) {
    let listen = match settings.listen() {
        Ok(listen) => listen,
        Err(error) => {
            checks.fail("address", error.to_string(), "correct ANALYTICS_LISTEN");
            return;
        }
    };
    match std::net::TcpListener::bind(listen) {
        Ok(_) => checks.ok("address", format!("{listen} is free")),
        Err(error) => checks.warn(
            "address",
            format!("cannot listen on {listen}: {error}"),
            "fine if the server is running already; else choose another with --listen or ANALYTICS_LISTEN",
        ),
    }
    match settings.public_url(listen) {
        Err(error) => checks.fail(
            "public URL",
            error.to_string(),
            "correct ANALYTICS_PUBLIC_URL",
        ),
        Ok(url) => {
            proxies(settings, url.scheme() == "https", checks);
            let local = url.host_str().is_some_and(|host| {
                host == "localhost"
                    || host
                        .trim_matches(['[', ']'])
                        .parse::<std::net::IpAddr>()
                        .is_ok_and(|ip| ip.is_loopback())
            });
            if url.scheme() == "https" || local {
                checks.ok("public URL", url.as_str());
            } else {
                checks.warn(
                    "public URL",
                    format!("{url} is not encrypted"),
                    "put a proxy with TLS in front and set ANALYTICS_PUBLIC_URL to its https address: cookies are only Secure then, and most platforms redirect to https only",
                );
            }
        }
    }
}

pub(super) fn platforms(settings: &Settings, checks: &mut Checks) {
    let registry = settings
        .connectors()
        .map_err(|error| error.to_string())
        .and_then(|config| {
            Registry::new(&config, std::sync::Arc::new(SystemClock))
                .map_err(|error| error.to_string())
        });
    let registry = match registry {
        Ok(registry) => registry,
        Err(error) => {
            checks.fail("platforms", error, "correct the setting");
            return;
        }
    };
    for connector in registry.connectors() {
        let descriptor = connector.descriptor();
        let platform = descriptor.platform();
        if descriptor.configured {
            checks.ok("platforms", format!("{platform} can be linked"));
        } else {
            checks.warn(
                "platforms",
                format!("{platform} cannot be linked"),
                descriptor.setup_hint.en.clone(),
            );
        }
    }
}

/// The app itself speaks no TLS: behind an https address there is a proxy.
fn proxies(settings: &Settings, behind_proxy: bool, checks: &mut Checks) {
    let name = "proxies";
    match settings.trusted_proxies() {
        Err(error) => checks.fail(name, error.to_string(), "correct ANALYTICS_TRUSTED_PROXIES"),
        Ok(proxies) if !proxies.is_empty() => checks.ok(name, format!("{proxies} are believed")),
        Ok(_) if behind_proxy => checks.warn(
            name,
            "none is trusted, so everybody seems to sign in from the proxy's address",
            "set ANALYTICS_TRUSTED_PROXIES to the proxy's address, for example 127.0.0.1",
        ),
        Ok(_) => {}
    }
}
