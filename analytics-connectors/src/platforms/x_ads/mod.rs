#![doc = include_str!("docs.md")]

mod accounts;
mod api;
mod auth;
mod config;
mod days;
mod error;
mod fetch;
mod login;
mod lost;
mod metrics;
mod profile;
mod reports;
mod rows;
mod stats;
mod structure;
mod wire;

use analytics_core::model::FoundAccount;
use async_trait::async_trait;
use futures_util::stream::BoxStream;

pub use config::Config;

use self::{api::Api, fetch::Fetcher, login::Login};
use crate::{
    config::ProviderConfig,
    connector::{AccountRef, Batch, Connector, Descriptor, FetchRequest},
    error::Result,
    http::{HttpClient, Vendor},
    oauth::{OAuthProvider, TokenSource},
    platforms::x_common::usage,
};

/// Id of the platform.
pub const PLATFORM: &str = "x_ads";
/// Id of its only feed.
pub const FEED: &str = "stats";

const VENDOR: Vendor = Vendor {
    platform: PLATFORM,
    classify: error::classify,
    usage,
};

/// The connector to X's ad accounts.
#[derive(Debug, Clone)]
pub struct XAds {
    descriptor: Descriptor,
    login: Login,
    fetcher: Fetcher,
}

impl XAds {
    /// A connector with the app of the operator.
    ///
    /// # Errors
    /// `Unavailable` if one of X's own addresses cannot be used.
    pub fn new(config: &Config, app: &ProviderConfig, http: HttpClient) -> Result<Self> {
        Ok(Self {
            descriptor: profile::descriptor(config, app.is_configured()),
            login: Login::for_app(app, &http)?,
            fetcher: Fetcher::new(Api::new(config, app, http), config),
        })
    }
}

#[async_trait]
impl Connector for XAds {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn oauth(&self) -> &dyn OAuthProvider {
        &self.login
    }

    async fn list_accounts(&self, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
        accounts::list_accounts(&self.fetcher.api, tokens).await
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
