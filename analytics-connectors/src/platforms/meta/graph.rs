//! The Graph API: every call carries the token in its header and proves that it comes from the
//! app; lists are paged by cursor with the call's own parameters.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use data_encoding::HEXLOWER;
use futures_util::Stream;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use url::Url;

use super::{GraphConfig, wire};
use crate::{
    config::ProviderConfig,
    error::{Error, ErrorKind, Result},
    http::{ApiClient, HttpClient, Page, Request, Vendor, pages},
    oauth::TokenSource,
};

/// Where the Graph is, and who asks.
#[derive(Debug, Clone)]
struct GraphSettings {
    /// Base URL without version.
    base_url: Url,
    /// `v26.0`, say.
    api_version: String,
    /// The app's secret, for the proof; none when only a token is at hand.
    app_secret: Option<SecretString>,
}

/// The Graph API of one version.
#[derive(Debug, Clone)]
pub(crate) struct Graph {
    api: ApiClient,
    settings: GraphSettings,
}

/// Items a page of a list has: to begin with, and at least, where the platform finds it too much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    pub(crate) first: u32,
    pub(crate) least: u32,
}

impl PageSize {
    /// Of short lists.
    pub(crate) const SHORT: Self = Self {
        first: 100,
        least: 25,
    };
    /// Of lists that are never too much.
    pub(crate) const FULL: Self = Self {
        first: 100,
        least: 100,
    };
}

/// One call, without its token.
#[derive(Debug, Clone)]
pub(crate) struct GraphCall {
    /// What is being done, for messages.
    pub(crate) operation: String,
    /// Path below the version, in segments.
    pub(crate) path: Vec<String>,
    /// Parameters.
    pub(crate) params: Vec<(Cow<'static, str>, String)>,
    /// The account whose budget it uses; empty for none.
    pub(crate) account: String,
    /// POST instead of GET.
    pub(crate) post: bool,
}

impl GraphCall {
    /// A GET of `path`, segments divided by slashes.
    pub(crate) fn get(operation: impl Into<String>, account: &str, path: &str) -> Self {
        Self {
            operation: operation.into(),
            path: path.split('/').map(str::to_owned).collect(),
            params: Vec::new(),
            account: account.to_owned(),
            post: false,
        }
    }

    /// The same as a POST with its parameters as a form.
    pub(crate) fn into_post(self) -> Self {
        Self { post: true, ..self }
    }

    /// Adds a parameter.
    pub(crate) fn param(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }
}

impl Graph {
    /// The Graph as one platform asks it, with pacing of its own.
    pub(crate) fn for_platform(
        vendor: Vendor,
        config: &GraphConfig,
        app: &ProviderConfig,
        http: HttpClient,
    ) -> Self {
        let throttle = config.throttle(http.clock());
        Self {
            api: ApiClient::new(http, vendor, throttle),
            settings: GraphSettings {
                base_url: config.base_url.clone(),
                api_version: config.api_version.clone(),
                app_secret: app.client_secret.clone(),
            },
        }
    }

    pub(crate) fn api(&self) -> &ApiClient {
        &self.api
    }

    /// The address of `path`.
    pub(crate) fn url(&self, path: &[String]) -> Result<Url> {
        let mut url = self.settings.base_url.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => {
                segments
                    .pop_if_empty()
                    .push(&self.settings.api_version)
                    .extend(path);
            }
            Err(()) => {
                return Err(Error::new(
                    ErrorKind::InvalidRequest,
                    self.api.platform(),
                    "build an address",
                    "the base URL cannot carry a path",
                ));
            }
        }
        Ok(url)
    }

    /// Makes a call, once more if the token was refused and there is another.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        call: &GraphCall,
        tokens: &TokenSource,
    ) -> Result<T> {
        tokens.call(|token| self.call_with(call, token)).await
    }

    /// Makes a call with this very token.
    pub(crate) async fn call_with<T: DeserializeOwned>(
        &self,
        call: &GraphCall,
        token: SecretString,
    ) -> Result<T> {
        let url = self.url(&call.path)?;
        let mut request = if call.post {
            Request::post(&call.operation, url)
        } else {
            Request::get(&call.operation, url)
        };
        for (name, value) in &call.params {
            request = request.param(name.clone(), value);
        }
        if let Some(secret) = &self.settings.app_secret {
            request = request.secret_param("appsecret_proof", app_secret_proof(secret, &token));
        }
        self.api.json(&call.account, &request.bearer(token)).await
    }

    /// The items of a list, page after page; a page that is too large is asked for again in halves
    /// of its size, down to the least.
    pub(crate) fn list<'a, T: DeserializeOwned>(
        &'a self,
        call: &'a GraphCall,
        tokens: &'a TokenSource,
        size: PageSize,
    ) -> impl Stream<Item = Result<Vec<T>>> + use<'a, T> {
        // What was too much once would be so again.
        let limit = Arc::new(AtomicU32::new(size.first));
        pages(self.api.platform(), &call.operation, move |after| {
            self.page(call, tokens, after, limit.clone(), size.least)
        })
    }

    async fn page<T: DeserializeOwned>(
        &self,
        call: &GraphCall,
        tokens: &TokenSource,
        after: Option<String>,
        limit: Arc<AtomicU32>,
        least: u32,
    ) -> Result<Page<T>> {
        loop {
            let size = limit.load(Ordering::Relaxed);
            let mut call = call.clone().param("limit", size.to_string());
            if let Some(after) = &after {
                call = call.param("after", after);
            }
            match self.call::<wire::List<T>>(&call, tokens).await {
                Ok(list) => return Ok(page_of(list)),
                Err(error) if error.kind == ErrorKind::TooMuchData && size > least => {
                    let smaller = (size / 2).max(least);
                    limit.store(smaller, Ordering::Relaxed);
                    tracing::info!(
                        operation = call.operation,
                        limit = smaller,
                        "asking for smaller pages"
                    );
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// The last page is the one without `next`: an empty one still shows cursors.
fn page_of<T: DeserializeOwned>(list: wire::List<T>) -> Page<T> {
    let paging = list.paging.unwrap_or_default();
    let after = paging.cursors.and_then(|cursors| cursors.after);
    Page {
        items: list.data,
        next: after.filter(|_| paging.next.is_some()),
    }
}

/// Proof that a call comes from the app: HMAC-SHA256 of the token under the app's secret, in hex.
fn app_secret_proof(secret: &SecretString, token: &SecretString) -> SecretString {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of every length");
    mac.update(token.expose_secret().as_bytes());
    SecretString::from(HEXLOWER.encode(&mac.finalize().into_bytes()))
}
