//! Settings that both products have, each with values of its own.

use std::{num::NonZeroU32, time::Duration};

use url::Url;

use crate::{
    clock::SharedClock,
    config::{ConfigError, Env},
    http::{PollSchedule, Throttle, ThrottleSettings},
};

/// Version of the API that the platforms are written for.
pub const API_VERSION: &str = "v20";

/// Calls of one group of services at the same time, over all accounts. Pace is what limits them: so
/// many are under way only while answers take seconds.
const CALLS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(31);

/// Where a product's API is, and how it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiConfig {
    /// Base URL of the API, without version.
    pub base_url: Url,
    /// Its version, for example `v20`.
    pub api_version: String,
    /// Requests a second of the whole app, for each of the vendor's groups of services.
    pub requests_per_second: NonZeroU32,
    /// Slices of one account at the same time.
    pub concurrency: u32,
    /// Days of account and campaign level that one slice spans at most: one report.
    pub upper_slice_days: u32,
    /// Days of ad group and ad level that one slice spans at most: several reports, ordered at once.
    pub lower_slice_days: u32,
    /// Days of ad group and ad level that one report spans at most.
    pub report_days: u32,
    /// First pause between two looks at reports that are being made; grows by half each time.
    pub poll_interval: Duration,
    /// Longest such pause.
    pub poll_max_interval: Duration,
    /// A report that is not done after this is left for the next run.
    pub poll_timeout: Duration,
}

impl ApiConfig {
    /// The usual settings for an API at `base_url`.
    #[must_use]
    pub fn at(base_url: Url) -> Self {
        Self {
            base_url,
            api_version: API_VERSION.to_owned(),
            requests_per_second: NonZeroU32::MIN.saturating_add(4),
            concurrency: 5,
            upper_slice_days: 366,
            lower_slice_days: 186,
            report_days: 31,
            poll_interval: Duration::from_secs(3),
            poll_max_interval: Duration::from_secs(30),
            poll_timeout: Duration::from_secs(900),
        }
    }

    /// From `ANALYTICS_<PLATFORM>_…`: `BASE_URL`, `API_VERSION`, `REQUESTS_PER_SECOND`,
    /// `CONCURRENCY`, `UPPER_SLICE_DAYS`, `LOWER_SLICE_DAYS`, `REPORT_DAYS`, `POLL_INTERVAL`,
    /// `POLL_MAX_INTERVAL`, `POLL_TIMEOUT`; what is not set is as in `default`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>, platform: &str, default: Self) -> Result<Self, ConfigError> {
        let own = env.platform(platform);
        let number = |what, most, otherwise| own.number(what, [1, most], otherwise);
        Ok(Self {
            base_url: own.url("BASE_URL", default.base_url)?,
            api_version: env
                .version(&own.name("API_VERSION"), API_VERSION)?
                .unwrap_or(default.api_version),
            requests_per_second: own.requests_per_second(default.requests_per_second)?,
            concurrency: number("CONCURRENCY", 16, default.concurrency)?,
            upper_slice_days: number("UPPER_SLICE_DAYS", 1_123, default.upper_slice_days)?,
            lower_slice_days: number("LOWER_SLICE_DAYS", 1_123, default.lower_slice_days)?,
            report_days: number("REPORT_DAYS", 1_123, default.report_days)?,
            poll_interval: own.duration("POLL_INTERVAL", default.poll_interval)?,
            poll_max_interval: own.duration("POLL_MAX_INTERVAL", default.poll_max_interval)?,
            poll_timeout: own.duration("POLL_TIMEOUT", default.poll_timeout)?,
        })
    }

    /// The pacing of the whole app, evenly: the vendor counts by the second.
    pub(super) fn throttle(&self, clock: &SharedClock) -> Throttle {
        let settings = ThrottleSettings {
            per_second: self.requests_per_second,
            even: true,
            concurrency: CALLS_AT_ONCE,
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
