//! Settings of everything in this crate, as the operator gives them.

use std::{collections::BTreeMap, fmt, num::NonZeroU32};

use secrecy::SecretString;
use url::Url;

pub use crate::env::{ConfigError, Env, PlatformEnv};
#[cfg(feature = "facebook_ads")]
use crate::platforms::facebook_ads;
#[cfg(feature = "facebook_page")]
use crate::platforms::facebook_page;
#[cfg(feature = "google_ads")]
use crate::platforms::google_ads;
#[cfg(feature = "instagram")]
use crate::platforms::instagram;
#[cfg(feature = "x")]
use crate::platforms::x;
#[cfg(feature = "x_ads")]
use crate::platforms::x_ads;
#[cfg(feature = "yahoo_display_ads")]
use crate::platforms::yahoo_display_ads;
#[cfg(feature = "yahoo_search_ads")]
use crate::platforms::yahoo_search_ads;
use crate::{
    error::{Error, ErrorKind, Result},
    http::HttpSettings,
};

/// The operator's app at a provider, and where the provider is.
#[derive(Clone, Default)]
pub struct ProviderConfig {
    /// The app's id; without it nothing can be linked.
    pub client_id: Option<String>,
    /// The app's secret.
    pub client_secret: Option<SecretString>,
    /// Where users consent; none: the provider's own address.
    pub auth_url: Option<Url>,
    /// Where codes become tokens; none: the provider's own address.
    pub token_url: Option<Url>,
}

impl ProviderConfig {
    /// From `ANALYTICS_<PROVIDER>_CLIENT_ID`, `_CLIENT_SECRET`, `_AUTH_URL` and `_TOKEN_URL`.
    ///
    /// # Errors
    /// If a URL is none, or only one of id and secret is set.
    pub fn from_env(env: Env<'_>, provider: &str) -> Result<Self, ConfigError> {
        let name = |what: &str| format!("ANALYTICS_{provider}_{what}");
        let config = Self {
            client_id: env.text(&name("CLIENT_ID")),
            client_secret: env.secret(&name("CLIENT_SECRET")),
            auth_url: env.url(&name("AUTH_URL"))?,
            token_url: env.url(&name("TOKEN_URL"))?,
        };
        let (set, unset) = match (&config.client_id, &config.client_secret) {
            (Some(_), None) => ("CLIENT_ID", "CLIENT_SECRET"),
            (None, Some(_)) => ("CLIENT_SECRET", "CLIENT_ID"),
            _ => return Ok(config),
        };
        Err(ConfigError::new(
            name(unset),
            format!("not set, though {} is; set both or neither", name(set)),
        ))
    }

    /// Id and secret of the operator's app at `provider`.
    ///
    /// # Errors
    /// `Unavailable`, naming the variables, if there is none.
    pub fn credentials(&self, provider: &str, operation: &str) -> Result<(&str, &SecretString)> {
        match (&self.client_id, &self.client_secret) {
            (Some(id), Some(secret)) => Ok((id, secret)),
            _ => {
                let name = provider.to_uppercase();
                let what = format!(
                    "no app is configured; set ANALYTICS_{name}_CLIENT_ID and \
                     ANALYTICS_{name}_CLIENT_SECRET"
                );
                Err(Error::new(
                    ErrorKind::Unavailable,
                    provider,
                    operation,
                    what,
                ))
            }
        }
    }

    /// An address of a provider: the one given, else its usual one.
    ///
    /// # Errors
    /// `Unavailable` if the usual one is no URL.
    pub(crate) fn address(given: Option<&Url>, provider: &str, usual: &str) -> Result<Url> {
        match given {
            Some(url) => Ok(url.clone()),
            None => Url::parse(usual).map_err(|_| {
                let what = format!("the provider's own address `{usual}` cannot be used");
                Error::new(ErrorKind::Unavailable, provider, "oauth: set up", what)
            }),
        }
    }

    /// Whether the operator has registered an app.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.client_id.is_some() && self.client_secret.is_some()
    }
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("client_id", &self.client_id)
            .field(
                "client_secret",
                &self.client_secret.as_ref().map(|_| "[redacted]"),
            )
            .field("auth_url", &self.auth_url.as_ref().map(Url::as_str))
            .field("token_url", &self.token_url.as_ref().map(Url::as_str))
            .finish()
    }
}

/// Settings of every connector.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Meta's app: Facebook Login.
    pub meta: ProviderConfig,
    /// Google's app.
    pub google: ProviderConfig,
    /// X's app for posts: its OAuth 2.0 client.
    pub x_app: ProviderConfig,
    /// X's app for ads: its API key and secret.
    pub x_ads_app: ProviderConfig,
    /// Yahoo! JAPAN's app: one for Search and Display.
    pub yahoo: ProviderConfig,
    /// Facebook Pages.
    #[cfg(feature = "facebook_page")]
    pub facebook_page: facebook_page::Config,
    /// Facebook Ads.
    #[cfg(feature = "facebook_ads")]
    pub facebook_ads: facebook_ads::Config,
    /// Instagram.
    #[cfg(feature = "instagram")]
    pub instagram: instagram::Config,
    /// Google Ads.
    #[cfg(feature = "google_ads")]
    pub google_ads: google_ads::Config,
    /// X.
    #[cfg(feature = "x")]
    pub x: x::Config,
    /// X Ads.
    #[cfg(feature = "x_ads")]
    pub x_ads: x_ads::Config,
    /// Yahoo! JAPAN Search Ads.
    #[cfg(feature = "yahoo_search_ads")]
    pub yahoo_search_ads: yahoo_search_ads::Config,
    /// Yahoo! JAPAN Display Ads.
    #[cfg(feature = "yahoo_display_ads")]
    pub yahoo_display_ads: yahoo_display_ads::Config,
    /// Time-outs, retries and limits of every call.
    pub http: HttpSettings,
    /// Calls a minute that all processes together make of a platform at most.
    pub calls_per_minute: BTreeMap<String, NonZeroU32>,
}

/// The names in `ANALYTICS_<PLATFORM>_…`.
const PLATFORMS: [&str; 8] = [
    "FACEBOOK_PAGE",
    "FACEBOOK_ADS",
    "INSTAGRAM",
    "X",
    "X_ADS",
    "GOOGLE_ADS",
    "YAHOO_SEARCH_ADS",
    "YAHOO_DISPLAY_ADS",
];

/// From `ANALYTICS_<PLATFORM>_CALLS_PER_MINUTE`.
fn calls_per_minute(env: Env<'_>) -> Result<BTreeMap<String, NonZeroU32>, ConfigError> {
    let mut limits = BTreeMap::new();
    for platform in PLATFORMS {
        let name = format!("ANALYTICS_{platform}_CALLS_PER_MINUTE");
        let number = env.number(&name, 1, 1_000_000)?;
        if let Some(limit) = number.and_then(NonZeroU32::new) {
            limits.insert(platform.to_lowercase(), limit);
        }
    }
    Ok(limits)
}

impl Config {
    /// From variables; what is not set has the vendors' own addresses and the sheets' defaults.
    ///
    /// # Errors
    /// The first variable that cannot be used, by name.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let env = Env::new(&lookup);
        Ok(Self {
            meta: ProviderConfig::from_env(env, "META")?,
            google: ProviderConfig::from_env(env, "GOOGLE")?,
            x_app: ProviderConfig::from_env(env, "X")?,
            x_ads_app: ProviderConfig::from_env(env, "X_ADS")?,
            yahoo: ProviderConfig::from_env(env, "YAHOO")?,
            #[cfg(feature = "facebook_page")]
            facebook_page: facebook_page::Config::from_env(env)?,
            #[cfg(feature = "facebook_ads")]
            facebook_ads: facebook_ads::Config::from_env(env)?,
            #[cfg(feature = "instagram")]
            instagram: instagram::Config::from_env(env)?,
            #[cfg(feature = "google_ads")]
            google_ads: google_ads::Config::from_env(env)?,
            #[cfg(feature = "x")]
            x: x::Config::from_env(env)?,
            #[cfg(feature = "x_ads")]
            x_ads: x_ads::Config::from_env(env)?,
            #[cfg(feature = "yahoo_search_ads")]
            yahoo_search_ads: yahoo_search_ads::Config::from_env(env)?,
            #[cfg(feature = "yahoo_display_ads")]
            yahoo_display_ads: yahoo_display_ads::Config::from_env(env)?,
            http: HttpSettings::from_env(env)?,
            calls_per_minute: calls_per_minute(env)?,
        })
    }
}
