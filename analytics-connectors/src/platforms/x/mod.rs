#![doc = include_str!("docs.md")]

mod accounts;
mod api;
mod auth;
mod config;
mod cost;
mod error;
mod fetch;
mod login;
mod metrics;
mod posts;
mod profile;
mod publications;
mod rows;
mod timeline;
mod wire;

use std::sync::Arc;

use analytics_core::model::{FoundAccount, Millionths};
use async_trait::async_trait;
use chrono::NaiveDate;
use futures_util::stream::BoxStream;

pub use config::Config;

use self::{api::Api, fetch::Session, login::Login};
use crate::{
    config::ProviderConfig,
    connector::{AccountRef, Batch, Connector, Descriptor, FetchRequest},
    error::Result,
    http::{HttpClient, Vendor},
    oauth::{OAuthProvider, TokenSource},
    platforms::x_common::usage,
    pricing::ReadLedger,
};

/// Id of the platform.
pub const PLATFORM: &str = "x";
/// Id of the feed of posts and their lifetime totals.
pub const POSTS: &str = "posts";
/// Id of the feed of what the profile is now.
pub const PROFILE: &str = "profile";
/// Id of the feed that counts what was published.
pub const PUBLICATIONS: &str = "publications";

const VENDOR: Vendor = Vendor {
    platform: PLATFORM,
    classify: error::classify,
    usage,
};

/// The connector to accounts of X.
#[derive(Debug, Clone)]
pub struct X {
    descriptor: Descriptor,
    login: Login,
    api: Api,
    config: Arc<Config>,
}

impl X {
    /// A connector with the app of the operator.
    ///
    /// # Errors
    /// `Unavailable` if one of X's own addresses cannot be used.
    pub fn new(config: &Config, app: &ProviderConfig, http: HttpClient) -> Result<Self> {
        let config = Arc::new(config.clone());
        let api = Api::new(Arc::clone(&config), http.clone());
        Ok(Self {
            descriptor: profile::descriptor(&config, app.is_configured()),
            login: Login::for_app(app, &http, api.clone())?,
            api,
            config,
        })
    }
}

#[async_trait]
impl Connector for X {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn oauth(&self) -> &dyn OAuthProvider {
        &self.login
    }

    async fn list_accounts(&self, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
        accounts::list_accounts(&self.api, tokens).await
    }

    fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        let session = Session {
            api: self.api.clone(),
            config: Arc::clone(&self.config),
            tokens,
            user: account.external_id.clone(),
            zone: account.time_zone,
        };
        fetch::fetch(session, request)
    }

    fn texts_follow(&self) -> bool {
        true
    }

    fn ledger(&self) -> Option<&ReadLedger> {
        Some(self.api.ledger())
    }

    fn expected_month(&self, published: &[NaiveDate], today: NaiveDate) -> Millionths {
        cost::of_a_month(&self.config, published, today)
    }
}
