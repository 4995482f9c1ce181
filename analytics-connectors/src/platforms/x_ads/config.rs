//! Settings of this platform.

use std::{num::NonZeroU32, time::Duration};

use url::Url;

use crate::{
    clock::SharedClock,
    config::{ConfigError, Env},
    http::{PollSchedule, Throttle, ThrottleSettings},
};

/// Version of the X Ads API that the platform is written for.
const API_VERSION: &str = "12";
const BASE_URL: &str = "https://ads-api.x.com";

/// Settings of X Ads. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Base URL of the API, without version.
    pub base_url: Url,
    /// Its version, for example `12`.
    pub api_version: String,
    /// Days of account and campaign level that one slice spans at most.
    pub upper_slice_days: u32,
    /// Days of ad group and ad level that one slice spans at most.
    pub lower_slice_days: u32,
    /// Days of account and campaign level that one report spans at most; the platform makes 90 of 24
    /// hours.
    pub upper_report_days: u32,
    /// The same of ad group and ad level, where the platform advises a month.
    pub lower_report_days: u32,
    /// Reports of one slice that are made at the same time; the platform makes 100 of an account.
    pub reports_at_once: u32,
    /// Requests a second and account.
    pub requests_per_second: NonZeroU32,
    /// Slices of one account at the same time.
    pub concurrency: u32,
    /// First pause between two looks at reports that are being made; grows by half each time.
    pub poll_interval: Duration,
    /// Longest such pause.
    pub poll_max_interval: Duration,
    /// A report that is not done after this counts as failed.
    pub poll_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant that a test parses")]
        let base_url = Url::parse(BASE_URL).expect("the base URL is one");
        Self {
            base_url,
            api_version: API_VERSION.to_owned(),
            upper_slice_days: 180,
            lower_slice_days: 60,
            upper_report_days: 85,
            lower_report_days: 31,
            reports_at_once: 30,
            // Orders count as writes: 450 a minute.
            requests_per_second: NonZeroU32::MIN.saturating_add(6),
            concurrency: 3,
            poll_interval: Duration::from_secs(5),
            poll_max_interval: Duration::from_secs(60),
            poll_timeout: Duration::from_secs(3600),
        }
    }
}

impl Config {
    /// From `ANALYTICS_X_ADS_…`: `BASE_URL`, `API_VERSION`, `UPPER_SLICE_DAYS`,
    /// `LOWER_SLICE_DAYS`, `UPPER_REPORT_DAYS`, `LOWER_REPORT_DAYS`, `REPORTS_AT_ONCE`,
    /// `REQUESTS_PER_SECOND`, `CONCURRENCY`, `POLL_INTERVAL`, `POLL_MAX_INTERVAL`, `POLL_TIMEOUT`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let own = env.platform("X_ADS");
        let number = |what, most, otherwise| own.number(what, [1, most], otherwise);
        Ok(Self {
            base_url: own.url("BASE_URL", default.base_url)?,
            api_version: env
                .number(&own.name("API_VERSION"), 1_u32, 999)?
                .map_or(default.api_version, |version| version.to_string()),
            upper_slice_days: number("UPPER_SLICE_DAYS", 1_123, default.upper_slice_days)?,
            lower_slice_days: number("LOWER_SLICE_DAYS", 1_123, default.lower_slice_days)?,
            upper_report_days: number("UPPER_REPORT_DAYS", 89, default.upper_report_days)?,
            lower_report_days: number("LOWER_REPORT_DAYS", 89, default.lower_report_days)?,
            reports_at_once: number("REPORTS_AT_ONCE", 100, default.reports_at_once)?,
            requests_per_second: own.requests_per_second(default.requests_per_second)?,
            concurrency: number("CONCURRENCY", 16, default.concurrency)?,
            poll_interval: own.duration("POLL_INTERVAL", default.poll_interval)?,
            poll_max_interval: own.duration("POLL_MAX_INTERVAL", default.poll_max_interval)?,
            poll_timeout: own.duration("POLL_TIMEOUT", default.poll_timeout)?,
        })
    }

    /// The pacing of this platform.
    pub(super) fn throttle(&self, clock: &SharedClock) -> Throttle {
        let settings = ThrottleSettings {
            per_second: self.requests_per_second,
            concurrency: NonZeroU32::MIN.saturating_add(4),
            ..ThrottleSettings::default()
        };
        Throttle::new(settings, clock.clone())
    }

    /// When to look at reports that are being made.
    pub(super) fn poll_schedule(&self) -> PollSchedule {
        PollSchedule {
            interval: self.poll_interval,
            max_interval: self.poll_max_interval.max(self.poll_interval),
            start_timeout: self.poll_timeout,
            timeout: self.poll_timeout,
        }
    }
}
