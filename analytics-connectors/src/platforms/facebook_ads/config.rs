//! Settings of this platform.

use std::time::Duration;

use crate::{
    config::{ConfigError, Env},
    http::PollSchedule,
    platforms::meta::GraphConfig,
};

/// Settings of Facebook Ads. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the Graph API is, and how fast it is asked.
    pub graph: GraphConfig,
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
}

impl Default for Config {
    fn default() -> Self {
        Self {
            graph: GraphConfig::default(),
            poll_interval: Duration::from_secs(10),
            poll_max_interval: Duration::from_secs(60),
            start_timeout: Duration::from_secs(300),
            poll_timeout: Duration::from_secs(1800),
            run_attempts: 3,
            page_size: 500,
            min_page_size: 100,
            window_days: 31,
            max_splits: 200,
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
            graph: GraphConfig::from_env(env, "FACEBOOK_ADS", default.graph)?,
            poll_interval: duration("POLL_INTERVAL", default.poll_interval)?,
            poll_max_interval: duration("POLL_MAX_INTERVAL", default.poll_max_interval)?,
            start_timeout: duration("START_TIMEOUT", default.start_timeout)?,
            poll_timeout: duration("POLL_TIMEOUT", default.poll_timeout)?,
            run_attempts: number("RUN_ATTEMPTS", 1, 5, default.run_attempts)?,
            page_size,
            min_page_size: number("MIN_PAGE_SIZE", 1, 5000, default.min_page_size)?.min(page_size),
            window_days: number("WINDOW_DAYS", 1, 90, default.window_days)?,
            max_splits: number("MAX_SPLITS", 0, 10_000, default.max_splits)?,
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
