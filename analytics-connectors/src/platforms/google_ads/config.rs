//! Settings of this platform.

use std::num::NonZeroU32;

use url::Url;

use crate::{
    clock::SharedClock,
    config::{ConfigError, Env},
    http::{Throttle, ThrottleSettings},
};

/// Version of the Google Ads API that the platform is written for.
const API_VERSION: &str = "v25";
const BASE_URL: &str = "https://googleads.googleapis.com";

/// What Google allows the operator's Cloud project: so many operations a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLevel {
    /// Test accounts only.
    Test,
    /// What a new project gets.
    Explorer,
    /// After a review.
    Basic,
    /// After another one.
    Standard,
}

impl AccessLevel {
    /// Operations a day; none: no limit.
    #[must_use]
    pub fn daily_operations(self) -> Option<u32> {
        match self {
            Self::Explorer => Some(2_880),
            Self::Test | Self::Basic => Some(15_000),
            Self::Standard => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "test" => Self::Test,
            "explorer" => Self::Explorer,
            "basic" => Self::Basic,
            "standard" => Self::Standard,
            _ => return None,
        })
    }
}

/// Settings of Google Ads. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Base URL of the API, without version.
    pub base_url: Url,
    /// Its version, for example `v25`.
    pub api_version: String,
    /// What Google allows the operator's Cloud project.
    pub access_level: AccessLevel,
    /// Days of account and campaign level that one query spans at most.
    pub upper_slice_days: u32,
    /// Days of ad group and ad level that one query spans at most.
    pub lower_slice_days: u32,
    /// Requests a second and account.
    pub requests_per_second: NonZeroU32,
    /// Requests at the same time and account.
    pub concurrency: u32,
}

impl Default for Config {
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant that a test parses")]
        let base_url = Url::parse(BASE_URL).expect("the base URL is one");
        Self {
            base_url,
            api_version: API_VERSION.to_owned(),
            access_level: AccessLevel::Explorer,
            upper_slice_days: 366,
            lower_slice_days: 31,
            requests_per_second: NonZeroU32::MIN.saturating_add(4),
            concurrency: 2,
        }
    }
}

impl Config {
    /// From `ANALYTICS_GOOGLE_ADS_…`: `BASE_URL`, `API_VERSION`, `ACCESS_LEVEL`,
    /// `UPPER_SLICE_DAYS`, `LOWER_SLICE_DAYS`, `REQUESTS_PER_SECOND`, `CONCURRENCY`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let name = |what: &str| format!("ANALYTICS_GOOGLE_ADS_{what}");
        let days = |what: &str, otherwise: u32| {
            env.number(&name(what), 1, 1_123)
                .map(|found| found.unwrap_or(otherwise))
        };
        let most = NonZeroU32::MIN.saturating_add(9_999);
        Ok(Self {
            base_url: env.url(&name("BASE_URL"))?.unwrap_or(default.base_url),
            api_version: env
                .version(&name("API_VERSION"), API_VERSION)?
                .unwrap_or(default.api_version),
            access_level: match env.text(&name("ACCESS_LEVEL")) {
                Some(level) => AccessLevel::parse(&level).ok_or_else(|| {
                    let what =
                        format!("`{level}` is none of `test`, `explorer`, `basic`, `standard`");
                    ConfigError::new(name("ACCESS_LEVEL"), what)
                })?,
                None => default.access_level,
            },
            upper_slice_days: days("UPPER_SLICE_DAYS", default.upper_slice_days)?,
            lower_slice_days: days("LOWER_SLICE_DAYS", default.lower_slice_days)?,
            requests_per_second: env
                .number(&name("REQUESTS_PER_SECOND"), NonZeroU32::MIN, most)?
                .unwrap_or(default.requests_per_second),
            concurrency: env
                .number(&name("CONCURRENCY"), 1, 16)?
                .unwrap_or(default.concurrency),
        })
    }

    /// The pacing of this platform.
    pub(super) fn throttle(&self, clock: &SharedClock) -> Throttle {
        let settings = ThrottleSettings {
            per_second: self.requests_per_second,
            concurrency: NonZeroU32::new(self.concurrency).unwrap_or(NonZeroU32::MIN),
            ..ThrottleSettings::default()
        };
        Throttle::new(settings, clock.clone())
    }
}
