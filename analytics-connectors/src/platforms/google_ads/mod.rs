#![doc = include_str!("docs.md")]

mod accounts;
mod auth;
mod budget;
mod config;
mod error;
mod fetch;
mod gaql;
mod login;
mod metrics;
mod profile;
mod rows;
mod search;
mod wire;

use std::sync::Arc;

use analytics_core::model::FoundAccount;
use async_trait::async_trait;
use futures_util::stream::BoxStream;

pub use config::{AccessLevel, Config};

use self::{login::Login, search::Search};
use crate::{
    config::ProviderConfig,
    connector::{AccountRef, Batch, Connector, Descriptor, FetchRequest},
    error::Result,
    http::{HttpClient, Vendor},
    oauth::{OAuthProvider, TokenSource},
};

/// Id of the platform.
pub const PLATFORM: &str = "google_ads";
/// Id of its only feed.
pub const FEED: &str = "reports";

const VENDOR: Vendor = Vendor {
    platform: PLATFORM,
    classify: error::classify,
    // The platform tells how long to wait, and nothing of how much is left.
    usage: |_| Vec::new(),
};

/// The connector to Google's ad accounts.
#[derive(Debug, Clone)]
pub struct GoogleAds {
    descriptor: Descriptor,
    login: Login,
    search: Search,
    config: Arc<Config>,
}

impl GoogleAds {
    /// A connector with the app of the operator.
    ///
    /// # Errors
    /// `Unavailable` if one of Google's own addresses cannot be used.
    pub fn new(config: &Config, app: &ProviderConfig, http: HttpClient) -> Result<Self> {
        Ok(Self {
            descriptor: profile::descriptor(config, app.is_configured()),
            login: Login::for_app(app, &http)?,
            search: Search::new(config, http),
            config: Arc::new(config.clone()),
        })
    }
}

#[async_trait]
impl Connector for GoogleAds {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn oauth(&self) -> &dyn OAuthProvider {
        &self.login
    }

    async fn list_accounts(&self, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
        accounts::list_accounts(&self.search, tokens).await
    }

    fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        fetch::fetch(
            self.search.clone(),
            Arc::clone(&self.config),
            account.clone(),
            request,
            tokens,
        )
    }
}
