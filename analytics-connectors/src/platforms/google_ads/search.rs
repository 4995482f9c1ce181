//! Calls: which accounts a user reaches, and queries by `searchStream`.

use serde::de::DeserializeOwned;
use serde_json::json;
use url::Url;

use super::{Config, PLATFORM, VENDOR, budget::Budget, error::invalid, wire};
use crate::{
    error::{Error, ErrorKind, Result},
    http::{ApiClient, HttpClient, Request},
    oauth::TokenSource,
};

/// Calls of no account are paced by themselves.
const LANE: &str = "me";

/// The API as this platform asks it.
#[derive(Debug, Clone)]
pub(super) struct Search {
    api: ApiClient,
    base_url: Url,
    api_version: String,
    budget: Budget,
}

/// An account, and the manager through which the user reaches it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) customer: &'a str,
    pub(super) login_customer: Option<&'a str>,
}

impl Search {
    pub(super) fn new(config: &Config, http: HttpClient) -> Self {
        let throttle = config.throttle(http.clock());
        Self {
            api: ApiClient::new(http, VENDOR, throttle),
            base_url: config.base_url.clone(),
            api_version: config.api_version.clone(),
            budget: Budget::of(config.access_level),
        }
    }

    pub(super) fn api(&self) -> &ApiClient {
        &self.api
    }

    /// The ids of the accounts and managers that the user reaches without going through another.
    pub(super) async fn accessible(&self, tokens: &TokenSource) -> Result<Vec<String>> {
        let operation = "list accounts";
        let url = self.url(operation, &["customers:listAccessibleCustomers"])?;
        let answer: wire::Accessible = tokens
            .call(async |token| {
                self.spend(operation)?;
                let request = Request::get(operation, url.clone()).bearer(token);
                self.api.json(LANE, &request).await
            })
            .await?;
        let ids = answer.resource_names.iter();
        Ok(ids
            .filter_map(|name| name.strip_prefix("customers/"))
            .map(str::to_owned)
            .collect())
    }

    /// The rows of a query. An answer that breaks off is none.
    pub(super) async fn rows<T: DeserializeOwned>(
        &self,
        operation: &str,
        place: Place<'_>,
        query: &str,
        tokens: &TokenSource,
    ) -> Result<Vec<T>> {
        let customer = place.customer;
        if customer.is_empty() || !customer.bytes().all(|byte| byte.is_ascii_digit()) {
            let what = format!("`{customer}` is no account id; expected ten digits");
            return Err(invalid(operation, what));
        }
        let url = self.url(
            operation,
            &["customers", customer, "googleAds:searchStream"],
        )?;
        let parts: Vec<wire::Part<T>> = tokens
            .call(async |token| {
                self.spend(operation)?;
                let mut request =
                    Request::post_json(operation, url.clone(), json!({ "query": query }))
                        .bearer(token);
                if let Some(manager) = place.login_customer {
                    request = request.header("login-customer-id", manager);
                }
                self.api.json(customer, &request).await
            })
            .await?;
        Ok(parts.into_iter().flat_map(|part| part.results).collect())
    }

    /// Takes one of the day's operations.
    fn spend(&self, operation: &str) -> Result<()> {
        self.budget.take(self.api.clock().now()).map_err(|until| {
            Error::new(
                ErrorKind::RateLimited { until: Some(until) },
                PLATFORM,
                operation,
                format!(
                    "the day's operations of the Cloud project are used up until {until}; raise \
                     its access level and ANALYTICS_GOOGLE_ADS_ACCESS_LEVEL"
                ),
            )
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
}
