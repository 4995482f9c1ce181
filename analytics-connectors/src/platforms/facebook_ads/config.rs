//! Settings of this platform.

use std::{num::NonZeroU32, time::Duration};

use url::Url;

use super::{API_VERSION, BASE_URL};
use crate::{
    config::{ConfigError, Env},
    http::PollSchedule,
};

/// Settings of Facebook Ads. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Base URL of the Graph API, without version.
    pub base_url: Url,
    /// Version of the Marketing API, for example `v26.0`.
    pub api_version: String,
    /// First pause between two looks at a report run; grows by half each time.
    pub poll_interval: Duration,
    /// Longest such pause.
    pub poll_max_interval: Duration,
    /// A run that has not started after this counts as failed.
    pub start_timeout: Duration,
    /// A run that is not done after this counts as failed.
    pub poll_timeout: Duration,
    /// How often a report that failed is ordered, the first time included, before it is split.
    pub run_attempts: u32,
    /// Rows a page to begin with; halved where the platform finds that too much.
    pub page_size: u32,
    /// Rows a page at least.
    pub min_page_size: u32,
    /// Days that one question spans at most; longer ranges are asked in parts.
    pub window_days: u32,
    /// How often one request may be split where the platform finds it too much.
    pub max_splits: u32,
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
            poll_interval: Duration::from_secs(10),
            poll_max_interval: Duration::from_secs(60),
            start_timeout: Duration::from_secs(300),
            poll_timeout: Duration::from_secs(1800),
            run_attempts: 3,
            page_size: 500,
            min_page_size: 100,
            window_days: 31,
            max_splits: 200,
            requests_per_second: NonZeroU32::MIN.saturating_add(9),
            concurrency: 3,
        }
    }
}

impl Config {
    /// From `ANALYTICS_FACEBOOK_ADS_…`: `BASE_URL`, `API_VERSION`, `POLL_INTERVAL`,
    /// `POLL_MAX_INTERVAL`, `START_TIMEOUT`, `POLL_TIMEOUT`, `RUN_ATTEMPTS`, `PAGE_SIZE`,
    /// `MIN_PAGE_SIZE`, `WINDOW_DAYS`, `MAX_SPLITS`, `REQUESTS_PER_SECOND`, `CONCURRENCY`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let name = |what: &str| format!("ANALYTICS_FACEBOOK_ADS_{what}");
        let duration = |what: &str, otherwise: Duration| {
            env.duration(&name(what))
                .map(|found| found.unwrap_or(otherwise))
        };
        let number = |what: &str, least: u32, most: u32, otherwise: u32| {
            env.number(&name(what), least, most)
                .map(|found| found.unwrap_or(otherwise))
        };
        let page_size = number("PAGE_SIZE", 1, 5000, default.page_size)?;
        Ok(Self {
            base_url: env.url(&name("BASE_URL"))?.unwrap_or(default.base_url),
            api_version: match env.text(&name("API_VERSION")) {
                Some(version) => checked_version(&name("API_VERSION"), version)?,
                None => default.api_version,
            },
            poll_interval: duration("POLL_INTERVAL", default.poll_interval)?,
            poll_max_interval: duration("POLL_MAX_INTERVAL", default.poll_max_interval)?,
            start_timeout: duration("START_TIMEOUT", default.start_timeout)?,
            poll_timeout: duration("POLL_TIMEOUT", default.poll_timeout)?,
            run_attempts: number("RUN_ATTEMPTS", 1, 5, default.run_attempts)?,
            page_size,
            min_page_size: number("MIN_PAGE_SIZE", 1, 5000, default.min_page_size)?.min(page_size),
            window_days: number("WINDOW_DAYS", 1, 90, default.window_days)?,
            max_splits: number("MAX_SPLITS", 0, 10_000, default.max_splits)?,
            requests_per_second: env
                .number(
                    &name("REQUESTS_PER_SECOND"),
                    NonZeroU32::MIN,
                    NonZeroU32::MIN.saturating_add(9_999),
                )?
                .unwrap_or(default.requests_per_second),
            concurrency: number("CONCURRENCY", 1, 16, default.concurrency)?,
        })
    }

    /// When to look at a report run.
    pub(super) fn poll_schedule(&self) -> PollSchedule {
        PollSchedule {
            interval: self.poll_interval,
            max_interval: self.poll_max_interval.max(self.poll_interval),
            start_timeout: self.start_timeout,
            timeout: self.poll_timeout,
        }
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
