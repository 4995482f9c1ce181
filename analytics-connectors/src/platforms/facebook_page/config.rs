//! Settings of this platform.

use crate::{
    config::{ConfigError, Env},
    platforms::meta::GraphConfig,
};

/// Settings of Facebook Pages. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the Graph is, and how fast it is asked.
    pub graph: GraphConfig,
    /// Days that one question for daily figures spans at most. The platform takes 90; a change of
    /// clocks makes a day longer.
    pub window_days: u32,
    /// Posts a page to begin with; halved where the platform finds that too much.
    pub page_size: u32,
    /// Posts a page at least.
    pub min_page_size: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            graph: GraphConfig::default(),
            window_days: 88,
            page_size: 100,
            min_page_size: 10,
        }
    }
}

impl Config {
    /// From `ANALYTICS_FACEBOOK_PAGE_…`: `BASE_URL`, `API_VERSION`, `REQUESTS_PER_SECOND`,
    /// `CONCURRENCY`, `WINDOW_DAYS`, `PAGE_SIZE`, `MIN_PAGE_SIZE`.
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let number = |what: &str, most: u32, otherwise: u32| {
            env.number(&format!("ANALYTICS_FACEBOOK_PAGE_{what}"), 1, most)
                .map(|found| found.unwrap_or(otherwise))
        };
        let page_size = number("PAGE_SIZE", 100, default.page_size)?;
        Ok(Self {
            graph: GraphConfig::from_env(env, "FACEBOOK_PAGE", default.graph)?,
            window_days: number("WINDOW_DAYS", 90, default.window_days)?,
            page_size,
            min_page_size: number("MIN_PAGE_SIZE", 100, default.min_page_size)?.min(page_size),
        })
    }
}
