//! Calls: every operation is a POST of a document, on behalf of a base account.

use serde_json::Value;
use url::Url;

use super::{
    ApiConfig,
    error::{Means, Row, of_item},
    wire::{Entry, Envelope, Item, Listing},
};
use crate::{
    error::{Error, ErrorKind, Result},
    http::{Answer, ApiClient, CallContext, HttpClient, Page, Request, Secrets, Vendor, decode},
    oauth::TokenSource,
};

/// Names the account through which the user reaches the one that is asked about.
const BASE_ACCOUNT: &str = "x-z-base-account-id";

/// One product's API.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    client: ApiClient,
    /// Codes that only this product knows.
    rows: &'static [Row],
    base_url: Url,
    api_version: String,
}

/// A service's operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method {
    pub(super) service: &'static str,
    pub(super) name: &'static str,
}

impl Method {
    pub(super) const fn new(service: &'static str, name: &'static str) -> Self {
        Self { service, name }
    }

    /// Whether a second call of the kind does more than the first.
    fn orders(self) -> bool {
        self.name == "add"
    }

    /// The vendor counts requests by groups of services, over all accounts.
    fn group(self) -> &'static str {
        match self.service {
            "ReportDefinitionService" => "reports",
            _ => "accounts",
        }
    }
}

/// A call, complete but for its token.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// For messages.
    pub(super) operation: &'a str,
    pub(super) base_account: Option<i64>,
    pub(super) body: Value,
}

impl Api {
    pub(crate) fn new(
        vendor: Vendor,
        rows: &'static [Row],
        config: &ApiConfig,
        http: HttpClient,
    ) -> Self {
        let throttle = config.throttle(http.clock());
        Self {
            client: ApiClient::new(http, vendor, throttle),
            rows,
            base_url: config.base_url.clone(),
            api_version: config.api_version.clone(),
        }
    }

    pub(super) fn client(&self) -> &ApiClient {
        &self.client
    }

    /// The answer to a call, which may be a report's table.
    pub(super) async fn send(&self, call: &Call<'_>, tokens: &TokenSource) -> Result<Answer> {
        let mut url = self.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| self.invalid(call.operation, "the base URL cannot carry a path"))?
            .pop_if_empty()
            .extend([&self.api_version, call.method.service, call.method.name]);
        let mut request = Request::post_json(call.operation, url, call.body.clone());
        if let Some(base) = call.base_account {
            request = request.header(BASE_ACCOUNT, base.to_string());
        }
        if call.method.orders() {
            request = request.once();
        }
        let lane = call.method.group();
        tokens
            .call(async |token| self.client.send(lane, &request.clone().bearer(token)).await)
            .await
    }

    /// What a call lists, with the id of the request at the vendor. Values may hold errors of their
    /// own.
    pub(super) async fn list(
        &self,
        call: &Call<'_>,
        tokens: &TokenSource,
    ) -> Result<(Listing, Option<String>)> {
        let answer = self.send(call, tokens).await?;
        let platform = self.client.platform();
        let envelope: Envelope = decode(platform, call.operation, &answer.body)?;
        let listing = envelope.rval.ok_or_else(|| {
            let what = "the answer has neither `rval` nor `errors`";
            Error::new(ErrorKind::Decode, platform, call.operation, what)
        })?;
        Ok((listing, envelope.rid))
    }

    /// A page of a list, from the `cursor`th value on.
    pub(super) async fn page(
        &self,
        mut call: Call<'_>,
        size: u64,
        cursor: Option<String>,
        tokens: &TokenSource,
    ) -> Result<Page<Entry>> {
        let start: u64 = cursor.and_then(|text| text.parse().ok()).unwrap_or(1);
        call.body["startIndex"] = start.into();
        call.body["numberResults"] = size.into();
        let (listing, request) = self.list(&call, tokens).await?;
        let mut items = listing.values.unwrap_or_default();
        let next = start + items.len() as u64;
        let more = !items.is_empty() && next <= listing.total_num_entries.unwrap_or(0);
        // One value that is refused does not keep the others away.
        items.retain(|entry| {
            let error = self.refusal(entry, request.as_deref(), call.operation);
            if let Some(error) = &error {
                tracing::info!(%error, "a value of a list is left out");
            }
            error.is_none()
        });
        Ok(Page {
            items,
            next: more.then(|| next.to_string()),
        })
    }

    /// The error of a value, if it has one.
    pub(super) fn refusal(
        &self,
        entry: &Entry,
        request: Option<&str>,
        operation: &str,
    ) -> Option<Error> {
        if entry.operation_succeeded != Some(false) {
            return None;
        }
        let context = CallContext {
            platform: self.client.platform(),
            operation,
            now: self.client.clock().now(),
            wait: None,
            secrets: Secrets::default(),
        };
        let unnamed = Item {
            code: None,
            message: None,
            details: None,
        };
        let item = entry.errors.iter().flatten().next().unwrap_or(&unnamed);
        Some(of_item(
            self.rows,
            item,
            Means::InvalidRequest,
            request,
            &context,
        ))
    }

    /// An error of this connector itself.
    pub(super) fn invalid(&self, operation: &str, what: impl Into<String>) -> Error {
        Error::new(
            ErrorKind::InvalidRequest,
            self.client.platform(),
            operation,
            what,
        )
    }
}
