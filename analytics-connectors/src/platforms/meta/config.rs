//! Settings that Meta's platforms have in common, each with values of its own.

use std::num::NonZeroU32;

use url::Url;

use crate::{
    clock::SharedClock,
    config::{ConfigError, Env},
    http::{Throttle, ThrottleSettings},
};

/// Version of the Graph API that the platforms are written for.
pub const API_VERSION: &str = "v26.0";
/// Where the Graph API is.
pub const BASE_URL: &str = "https://graph.facebook.com";

/// Where the Graph API is, and how fast one platform asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphConfig {
    /// Base URL of the Graph API, without version.
    pub base_url: Url,
    /// Its version, for example `v26.0`.
    pub api_version: String,
    /// Requests a second and account.
    pub requests_per_second: NonZeroU32,
    /// Requests at the same time and account.
    pub concurrency: u32,
}

impl Default for GraphConfig {
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant that a test parses")]
        let base_url = Url::parse(BASE_URL).expect("the base URL is one");
        Self {
            base_url,
            api_version: API_VERSION.to_owned(),
            requests_per_second: NonZeroU32::MIN.saturating_add(9),
            concurrency: 3,
        }
    }
}

impl GraphConfig {
    /// From `ANALYTICS_<PLATFORM>_…`: `BASE_URL`, `API_VERSION`, `REQUESTS_PER_SECOND`,
    /// `CONCURRENCY`; what is not set is as in `default`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>, platform: &str, default: Self) -> Result<Self, ConfigError> {
        let name = |what: &str| format!("ANALYTICS_{platform}_{what}");
        Ok(Self {
            base_url: env.url(&name("BASE_URL"))?.unwrap_or(default.base_url),
            api_version: match env.text(&name("API_VERSION")) {
                Some(version) => checked_version(&name("API_VERSION"), version)?,
                None => default.api_version,
            },
            requests_per_second: env
                .number(
                    &name("REQUESTS_PER_SECOND"),
                    NonZeroU32::MIN,
                    NonZeroU32::MIN.saturating_add(9_999),
                )?
                .unwrap_or(default.requests_per_second),
            concurrency: env
                .number(&name("CONCURRENCY"), 1, 16)?
                .unwrap_or(default.concurrency),
        })
    }

    /// The pacing of a platform's calls.
    pub(crate) fn throttle(&self, clock: &SharedClock) -> Throttle {
        Throttle::new(
            ThrottleSettings {
                per_second: self.requests_per_second,
                concurrency: NonZeroU32::new(self.concurrency).unwrap_or(NonZeroU32::MIN),
                ..ThrottleSettings::default()
            },
            clock.clone(),
        )
    }
}

fn checked_version(name: &str, version: String) -> Result<String, ConfigError> {
    let numbers = version
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match numbers {
        Some((major, minor)) if is_number(major) && is_number(minor) => Ok(version),
        _ => Err(ConfigError::new(
            name,
            format!(
                "`{version}` is no version of the Graph API; expected one like `{API_VERSION}`"
            ),
        )),
    }
}
