//! Calls: signed for the user, but for the files of reports.

use std::io::Read;

use flate2::read::GzDecoder;
use futures_util::TryStreamExt;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use url::Url;

use super::{Config, PLATFORM, VENDOR, error::invalid, wire::Listed};
use crate::{
    config::ProviderConfig,
    error::{Error, ErrorKind, Result},
    http::{ApiClient, HttpClient, Page, Request, decode, pages},
    oauth::{
        TokenSource,
        oauth1::{Signer, TokenPair},
    },
};

/// The most that a report's file may unpack to.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Parameters of a call.
pub(super) type Params = Vec<(&'static str, String)>;

/// The API as this platform asks it.
#[derive(Debug, Clone)]
pub(super) struct Api {
    client: ApiClient,
    app: ProviderConfig,
    base_url: Url,
    api_version: String,
}

/// A call, complete but for its token.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// For messages.
    pub(super) operation: &'a str,
    /// Whose limits it counts against.
    pub(super) account: &'a str,
    /// Below the version.
    pub(super) path: Vec<&'a str>,
    pub(super) params: Params,
}

impl Api {
    pub(super) fn new(config: &Config, app: &ProviderConfig, http: HttpClient) -> Self {
        let throttle = config.throttle(http.clock());
        Self {
            client: ApiClient::new(http, VENDOR, throttle),
            app: app.clone(),
            base_url: config.base_url.clone(),
            api_version: config.api_version.clone(),
        }
    }

    pub(super) fn client(&self) -> &ApiClient {
        &self.client
    }

    /// The answer to a question.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        tokens: &TokenSource,
    ) -> Result<T> {
        let url = self.url(call.operation, &call.path)?;
        let request = with(Request::get(call.operation, url), &call.params);
        self.send(call.operation, call.account, request, tokens)
            .await
    }

    /// The answer to an order, which is not sent twice where its answer got lost. Its parameters
    /// stand in the query.
    pub(super) async fn order<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        tokens: &TokenSource,
    ) -> Result<T> {
        let url = self.url(call.operation, &call.path)?;
        let request = Request::post(call.operation, url).in_query().once();
        let request = with(request, &call.params);
        self.send(call.operation, call.account, request, tokens)
            .await
    }

    /// Every item of a list.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        tokens: &TokenSource,
    ) -> Result<Vec<T>> {
        let page = |cursor| self.page(call, cursor, tokens);
        pages(PLATFORM, call.operation, page).try_concat().await
    }

    async fn page<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        cursor: Option<String>,
        tokens: &TokenSource,
    ) -> Result<Page<T>> {
        let mut params = call.params.clone();
        params.push(("count", "1000".to_owned()));
        params.extend(cursor.map(|cursor| ("cursor", cursor)));
        let call = Call {
            path: call.path.clone(),
            params,
            ..*call
        };
        let listed: Listed<T> = self.get(&call, tokens).await?;
        Ok(Page {
            items: listed.data,
            next: listed.next_cursor.filter(|cursor| !cursor.is_empty()),
        })
    }

    /// The text of a report's file. Files lie at another place, which must not see the token.
    pub(super) async fn file(
        &self,
        operation: &str,
        account: &str,
        address: &str,
        tokens: &TokenSource,
    ) -> Result<Vec<u8>> {
        let url = self.file_url(operation, address)?;
        let request = Request::get(operation, url.clone());
        let answer = if self.is_own(operation, &url)? {
            tokens
                .call(async |token| {
                    let signed = request.clone().signed(self.signer(operation, &token)?);
                    self.client.send(account, &signed).await
                })
                .await?
        } else {
            let file = self.client.send(account, &request).await;
            // It says nothing of the consent: a file comes late, and is gone after two days.
            file.map_err(|error| match error.kind {
                ErrorKind::AuthExpired
                | ErrorKind::PermissionDenied
                | ErrorKind::InvalidRequest => Error {
                    kind: ErrorKind::Transient,
                    context: format!("the report's file is not there: {}", error.context),
                    ..error
                },
                _ => error,
            })?
        };
        unpacked(answer.body).map_err(|what| decode_error(operation, &what))
    }

    async fn send<T: DeserializeOwned>(
        &self,
        operation: &str,
        account: &str,
        request: Request,
        tokens: &TokenSource,
    ) -> Result<T> {
        let answer = tokens
            .call(async |token| {
                let signed = request.clone().signed(self.signer(operation, &token)?);
                self.client.send(account, &signed).await
            })
            .await?;
        decode(PLATFORM, operation, &answer.body)
    }

    fn signer(&self, operation: &str, token: &secrecy::SecretString) -> Result<Signer> {
        let pair = TokenPair::parse(token.expose_secret()).ok_or_else(|| {
            let what = "the token has no secret to sign with; link again";
            Error::new(ErrorKind::AuthExpired, PLATFORM, operation, what)
        })?;
        let (key, secret) = self.app.credentials(PLATFORM, operation)?;
        Ok(Signer {
            consumer_key: key.to_owned(),
            consumer_secret: secret.clone(),
            token: Some(pair),
            more: Vec::new(),
        })
    }

    fn url(&self, operation: &str, path: &[&str]) -> Result<Url> {
        let mut url = self.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| invalid(operation, "the base URL cannot carry a path"))?
            .pop_if_empty()
            .push(&self.api_version)
            .extend(path);
        Ok(url)
    }

    /// Whether an address is the API's own, which wants a signature, and not that of a file store.
    fn is_own(&self, operation: &str, url: &Url) -> Result<bool> {
        let api = match self.base_url.path() {
            "/" => self.base_url.clone(),
            _ => self.url(operation, &[])?,
        };
        Ok(url.origin() == api.origin() && url.path().starts_with(api.path()))
    }

    /// The address of a file; of two that stand together as one text the last counts.
    fn file_url(&self, operation: &str, address: &str) -> Result<Url> {
        let at = address.rfind("http").unwrap_or(0);
        let url = Url::parse(&address[at..]).ok();
        url.filter(|url| url.scheme() == self.base_url.scheme() && url.has_host())
            .ok_or_else(|| decode_error(operation, "the report's address is none"))
    }
}

fn with(mut request: Request, params: &Params) -> Request {
    for (name, value) in params {
        request = request.param(*name, value.clone());
    }
    request
}

fn decode_error(operation: &str, what: &str) -> Error {
    Error::new(ErrorKind::Decode, PLATFORM, operation, what)
}

/// A file's text, packed or not.
fn unpacked(body: Vec<u8>) -> Result<Vec<u8>, String> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut text = Vec::new();
    let mut reader = GzDecoder::new(body.as_slice()).take(MOST_BYTES + 1);
    reader
        .read_to_end(&mut text)
        .map_err(|error| format!("the report's file cannot be unpacked: {error}"))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(format!(
            "the report's file unpacks to more than {MOST_BYTES} bytes"
        ));
    }
    Ok(text)
}
