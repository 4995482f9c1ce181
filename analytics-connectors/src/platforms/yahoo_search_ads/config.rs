//! Settings of this platform.

use url::Url;

use crate::{
    config::{ConfigError, Env},
    platforms::yahoo::ApiConfig,
};

const BASE_URL: &str = "https://ads-search.yahooapis.jp/api";

/// Settings of Yahoo! JAPAN Search Ads. It holds no secret: the app's are the provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the API is, and how it is asked.
    pub api: ApiConfig,
}

impl Default for Config {
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant that a test parses")]
        let base_url = Url::parse(BASE_URL).expect("the base URL is one");
        Self {
            api: ApiConfig::at(base_url),
        }
    }
}

impl Config {
    /// From `ANALYTICS_YAHOO_SEARCH_ADS_…`; see [`ApiConfig::from_env`].
    ///
    /// # Errors
    /// The first one that cannot be used, by name.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let api = ApiConfig::from_env(env, "YAHOO_SEARCH_ADS", Self::default().api)?;
        Ok(Self { api })
    }
}
