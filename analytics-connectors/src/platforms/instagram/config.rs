//! Settings of this platform.

use std::num::NonZeroU32;

use crate::{
    config::{ConfigError, Env},
    platforms::meta::GraphConfig,
};

/// Settings of Instagram. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the Graph is, and how fast it is asked. A day takes two calls and a post one, so that
    /// more are made at once than elsewhere.
    pub graph: GraphConfig,
    /// Days that one slice spans at most: each is asked for by itself.
    pub slice_days: u32,
    /// Media a page to begin with; halved where the platform finds that too much.
    pub page_size: u32,
    /// Media a page at least.
    pub min_page_size: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            graph: GraphConfig {
                requests_per_second: NonZeroU32::MIN.saturating_add(39),
                concurrency: 6,
                ..GraphConfig::default()
            },
            slice_days: 16,
            page_size: 100,
            min_page_size: 10,
        }
    }
}

impl Config {
    /// From `ANALYTICS_INSTAGRAM_…`: `BASE_URL`, `API_VERSION`, `REQUESTS_PER_SECOND`,
    /// `CONCURRENCY`, `SLICE_DAYS`, `PAGE_SIZE`, `MIN_PAGE_SIZE`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let number = |what: &str, otherwise: u32| {
            env.number(&format!("ANALYTICS_INSTAGRAM_{what}"), 1, 100)
                .map(|found| found.unwrap_or(otherwise))
        };
        let page_size = number("PAGE_SIZE", default.page_size)?;
        Ok(Self {
            graph: GraphConfig::from_env(env, "INSTAGRAM", default.graph)?,
            slice_days: number("SLICE_DAYS", default.slice_days)?,
            page_size,
            min_page_size: number("MIN_PAGE_SIZE", default.min_page_size)?.min(page_size),
        })
    }
}
