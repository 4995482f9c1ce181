#![doc = include_str!("docs.md")]

mod accounts;
mod auth;
mod config;
mod error;
mod fetch;
mod insights;
mod metrics;
mod page_token;
mod posts;
mod profile;
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
    platforms::meta::{Graph, Login, Unsupported, usage},
};

/// Id of the platform.
pub const PLATFORM: &str = "facebook_page";
/// Id of the feed of daily figures.
pub const INSIGHTS: &str = "insights";
/// Id of the feed that counts what was published.
pub const PUBLICATIONS: &str = "publications";
/// Id of the feed of posts and their lifetime totals.
pub const POSTS: &str = "posts";

const VENDOR: Vendor = Vendor {
    platform: PLATFORM,
    classify: error::classify,
    usage,
};

/// The connector to Facebook Pages.
#[derive(Debug, Clone)]
pub struct FacebookPage {
    descriptor: Descriptor,
    login: Login,
    graph: Graph,
    config: Arc<Config>,
    pages: page_token::PageTokens,
    unsupported: Unsupported,
}

impl FacebookPage {
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
            pages: page_token::PageTokens::default(),
            unsupported: Unsupported::default(),
        })
    }
}

#[async_trait]
impl Connector for FacebookPage {
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
        let session = fetch::Session {
            tokens: self.pages.of(&self.graph, &account.external_id, tokens),
            graph: self.graph.clone(),
            config: Arc::clone(&self.config),
            unsupported: self.unsupported.clone(),
            page: account.external_id.clone(),
        };
        fetch::fetch(session, request)
    }
}
