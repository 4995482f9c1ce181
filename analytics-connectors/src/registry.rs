//! The connectors of this process: an explicit list, built from configuration. No globals.

use std::sync::Arc;

use analytics_core::model::{Catalogue, Platform};

use crate::{
    clock::SharedClock, config::Config, connector::Connector, error::Result, http::HttpClient,
};

/// Every connector, in the order they are shown.
#[derive(Debug, Clone)]
pub struct Registry {
    connectors: Vec<Arc<dyn Connector>>,
}

impl Registry {
    /// The built-in connectors. One whose app is not configured is there too, so that front ends
    /// can say what is missing.
    ///
    /// # Errors
    /// `Unavailable` if the TLS client cannot be built.
    pub fn new(config: &Config, clock: SharedClock) -> Result<Self> {
        Self::with_client(config, HttpClient::new(config.http.clone(), clock)?)
    }

    /// The same over a client of the caller's: one that somebody observes, or that keeps limits
    /// together with other processes.
    ///
    /// # Errors
    /// As [`Registry::new`].
    pub fn with_client(config: &Config, http: HttpClient) -> Result<Self> {
        let connectors: Vec<Arc<dyn Connector>> = vec![
            #[cfg(feature = "facebook_page")]
            Arc::new(crate::platforms::facebook_page::FacebookPage::new(
                &config.facebook_page,
                &config.meta,
                http.clone(),
            )?),
            #[cfg(feature = "facebook_ads")]
            Arc::new(crate::platforms::facebook_ads::FacebookAds::new(
                &config.facebook_ads,
                &config.meta,
                http.clone(),
            )?),
            #[cfg(feature = "instagram")]
            Arc::new(crate::platforms::instagram::Instagram::new(
                &config.instagram,
                &config.meta,
                http.clone(),
            )?),
            #[cfg(feature = "x")]
            Arc::new(crate::platforms::x::X::new(
                &config.x,
                &config.x_app,
                http.clone(),
            )?),
            #[cfg(feature = "x_ads")]
            Arc::new(crate::platforms::x_ads::XAds::new(
                &config.x_ads,
                &config.x_ads_app,
                http.clone(),
            )?),
            #[cfg(feature = "google_ads")]
            Arc::new(crate::platforms::google_ads::GoogleAds::new(
                &config.google_ads,
                &config.google,
                http.clone(),
            )?),
            #[cfg(feature = "yahoo_search_ads")]
            Arc::new(crate::platforms::yahoo_search_ads::YahooSearchAds::new(
                &config.yahoo_search_ads,
                &config.yahoo,
                http.clone(),
            )?),
            #[cfg(feature = "yahoo_display_ads")]
            Arc::new(crate::platforms::yahoo_display_ads::YahooDisplayAds::new(
                &config.yahoo_display_ads,
                &config.yahoo,
                http.clone(),
            )?),
        ];
        drop(http);
        Ok(Self { connectors })
    }

    /// A registry without built-in connectors, for embedders and tests.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            connectors: Vec::new(),
        }
    }

    /// Adds a connector; one of the same platform is replaced.
    pub fn register(&mut self, connector: Arc<dyn Connector>) {
        let platform = connector.descriptor().platform().clone();
        match self
            .connectors
            .iter_mut()
            .find(|known| *known.descriptor().platform() == platform)
        {
            Some(known) => *known = connector,
            None => self.connectors.push(connector),
        }
    }

    /// The connector of a platform.
    #[must_use]
    pub fn connector(&self, platform: &Platform) -> Option<Arc<dyn Connector>> {
        self.connectors
            .iter()
            .find(|connector| connector.descriptor().platform() == platform)
            .cloned()
    }

    /// Every connector.
    #[must_use]
    pub fn connectors(&self) -> &[Arc<dyn Connector>] {
        &self.connectors
    }

    /// Any connector of a provider, for its OAuth.
    #[must_use]
    pub fn provider(&self, provider: &str) -> Option<Arc<dyn Connector>> {
        self.of_provider(provider).next()
    }

    /// Every connector of a provider: one consent can reach them all.
    pub fn of_provider(&self, provider: &str) -> impl Iterator<Item = Arc<dyn Connector>> {
        self.connectors
            .iter()
            .filter(move |connector| connector.descriptor().profile.provider == provider)
            .cloned()
    }

    /// The unified metrics and what the connectors add.
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::with_platforms(
            self.connectors
                .iter()
                .map(|connector| connector.descriptor().profile.clone()),
        )
    }
}
