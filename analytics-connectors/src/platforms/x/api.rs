//! Calls with the user's token, and what they are billed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use super::{
    Config, PLATFORM, VENDOR, cost,
    error::{invalid, of_problems},
    wire,
};
use crate::{
    error::{Error, ErrorKind, Result},
    http::{ApiClient, HttpClient, Request},
    oauth::TokenSource,
    pricing::{Price, ReadLedger},
};

/// Whose limits a call counts against while the user is not known: others do not wait for it.
const NOBODY_YET: &str = "me";
/// The version is part of the path, and has no other number.
const VERSION: &str = "2";

/// The API as this platform asks it.
#[derive(Debug, Clone)]
pub(super) struct Api {
    client: ApiClient,
    config: Arc<Config>,
    ledger: ReadLedger,
}

/// A question, complete but for its token.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// For messages.
    pub(super) operation: &'a str,
    /// Whose limits it counts against.
    pub(super) account: &'a str,
    /// Below the version.
    pub(super) path: &'a [&'a str],
    pub(super) params: Vec<(&'static str, String)>,
}

impl Api {
    pub(super) fn new(config: Arc<Config>, http: HttpClient) -> Self {
        let throttle = config.throttle(http.clock());
        Self {
            client: ApiClient::new(http, VENDOR, throttle),
            config,
            ledger: ReadLedger::default(),
        }
    }

    pub(super) fn ledger(&self) -> &ReadLedger {
        &self.ledger
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.client.clock().now()
    }

    /// The answer to a question.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        tokens: &TokenSource,
    ) -> Result<T> {
        let mut url = self.config.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| invalid(call.operation, "the base URL cannot carry a path"))?
            .pop_if_empty()
            .push(VERSION)
            .extend(call.path);
        let mut request = Request::get(call.operation, url);
        for (name, value) in &call.params {
            request = request.param(*name, value.clone());
        }
        tokens
            .call(async |token| {
                let request = request.clone().bearer(token);
                self.client.json(call.account, &request).await
            })
            .await
    }

    /// The user with this id; without one, the one whose token it is.
    pub(super) async fn user(
        &self,
        operation: &str,
        id: Option<&str>,
        tokens: &TokenSource,
    ) -> Result<wire::User> {
        let call = Call {
            operation,
            account: id.unwrap_or(NOBODY_YET),
            path: &["users", id.unwrap_or("me")],
            params: vec![("user.fields", wire::USER_FIELDS.to_owned())],
        };
        let answer: wire::Single<wire::User> = self.get(&call, tokens).await?;
        let Some(user) = answer.data else {
            let missing = || {
                let what = "the answer has no `data`";
                Error::new(ErrorKind::Decode, PLATFORM, operation, what)
            };
            return Err(of_problems(operation, &answer.errors).unwrap_or_else(missing));
        };
        self.bill(&user.id, cost::user(&self.config), [user.id.as_str()]);
        Ok(user)
    }

    /// Counts posts that were returned.
    pub(super) fn bill_posts(&self, account: &str, posts: &[wire::Post]) {
        let ids = posts.iter().map(|post| post.id.as_str());
        self.bill(account, cost::post(&self.config), ids);
    }

    fn bill<'a>(&self, account: &str, price: Price, ids: impl IntoIterator<Item = &'a str>) {
        let day = self.now().date_naive();
        self.ledger.count(account, day, price, ids);
    }
}
