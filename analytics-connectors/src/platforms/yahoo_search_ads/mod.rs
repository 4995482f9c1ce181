#![doc = include_str!("docs.md")]

mod accounts;
mod auth;
mod config;
mod error;
mod fetch;
mod metrics;
mod wire;

use analytics_core::model::FoundAccount;
use async_trait::async_trait;
use futures_util::stream::BoxStream;

pub use config::Config;

use crate::{
    config::ProviderConfig,
    connector::{AccountRef, Batch, Connector, Descriptor, FetchRequest},
    error::Result,
    http::{HttpClient, Vendor},
    oauth::{OAuthProvider, TokenSource},
    platforms::yahoo::{self, Api, Fetcher, Login},
};

/// Id of the platform.
pub const PLATFORM: &str = "yahoo_search_ads";
/// Id of its only feed.
pub const FEED: &str = yahoo::FEED;

const VENDOR: Vendor = Vendor {
    platform: PLATFORM,
    classify: error::classify,
    // The platform refuses what is too much, and tells nothing before.
    usage: |_| Vec::new(),
};

/// The connector to Yahoo! JAPAN Search Ads.
#[derive(Debug, Clone)]
pub struct YahooSearchAds {
    descriptor: Descriptor,
    login: Login,
    fetcher: Fetcher,
}

impl YahooSearchAds {
    /// A connector with the app of the operator.
    ///
    /// # Errors
    /// `Unavailable` if one of the vendor's own addresses cannot be used.
    pub fn new(config: &Config, app: &ProviderConfig, http: HttpClient) -> Result<Self> {
        let api = Api::new(VENDOR, error::ROWS, &config.api, http.clone());
        let descriptor =
            fetch::PRODUCT.descriptor(&config.api, app.is_configured(), auth::scopes());
        Ok(Self {
            descriptor,
            login: Login::for_app(app, api.clone(), &http)?,
            fetcher: Fetcher::new(&fetch::PRODUCT, api, &config.api),
        })
    }
}

#[async_trait]
impl Connector for YahooSearchAds {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn oauth(&self) -> &dyn OAuthProvider {
        &self.login
    }

    async fn list_accounts(&self, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
        accounts::list_accounts(self.fetcher.api(), tokens).await
    }

    fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        self.fetcher.fetch(account, request, tokens)
    }
}
