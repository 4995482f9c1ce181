#![doc = include_str!("docs.md")]

mod accounts;
mod auth;
mod config;
mod error;
mod fetch;
mod metrics;
mod profile;
mod question;
mod report_run;
mod rows;
mod structure;
mod wire;

use std::sync::Arc;

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
    platforms::meta::{Graph, Login, usage},
};

/// Id of the platform.
pub const PLATFORM: &str = "facebook_ads";
/// Id of its only feed.
pub const FEED: &str = "insights";

const VENDOR: Vendor = Vendor {
    platform: PLATFORM,
    classify: error::classify,
    usage,
};

/// The connector to Meta's ad accounts.
#[derive(Debug, Clone)]
pub struct FacebookAds {
    descriptor: Descriptor,
    login: Login,
    graph: Graph,
    config: Arc<Config>,
}

impl FacebookAds {
    /// A connector with the app of the operator.
    ///
    /// # Errors
    /// `InvalidRequest` if the base URL cannot carry a path.
    pub fn new(config: &Config, app: &ProviderConfig, http: HttpClient) -> Result<Self> {
        Ok(Self {
            descriptor: profile::descriptor(config, app.is_configured()),
            login: Login::for_app(&config.graph, app, &http)?,
            graph: Graph::for_platform(VENDOR, &config.graph, app, http),
            config: Arc::new(config.clone()),
        })
    }
}

#[async_trait]
impl Connector for FacebookAds {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn oauth(&self) -> &dyn OAuthProvider {
        &self.login
    }

    async fn list_accounts(&self, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
        accounts::list_accounts(&self.graph, tokens).await
    }

    fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        fetch::fetch(
            self.graph.clone(),
            Arc::clone(&self.config),
            account.clone(),
            request,
            tokens,
        )
    }
}
