//! What tests of a connector against a stand-in for its platform share.

use std::{sync::Arc, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Connector, Error, FetchRequest, clock::SettableClock, http::HttpSettings,
    oauth::TokenSource,
};
use analytics_core::model::{Currency, DateRange, FeedId, Level};
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use serde_json::Value;
use wiremock::{
    Mock, MockBuilder, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

/// A platform that answers as told, and the connector to it.
pub(crate) struct StandIn {
    pub(crate) server: MockServer,
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) clock: Arc<SettableClock>,
    /// On whose behalf it is asked.
    pub(crate) user: fn() -> TokenSource,
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Retries at once, and not for long.
pub(crate) fn impatient() -> HttpSettings {
    let moment = Duration::from_millis(1);
    HttpSettings {
        max_attempts: 3,
        base_backoff: moment,
        max_backoff: moment * 2,
        timeout: Duration::from_secs(5),
        ..HttpSettings::default()
    }
}

impl StandIn {
    pub(crate) async fn on(&self, mock: MockBuilder, response: ResponseTemplate) {
        mock.respond_with(response).mount(&self.server).await;
    }

    pub(crate) async fn once(&self, mock: MockBuilder, response: ResponseTemplate) {
        let mock = mock.respond_with(response).up_to_n_times(1);
        mock.mount(&self.server).await;
    }

    pub(crate) async fn fetch_of(
        &self,
        account: &AccountRef,
        request: FetchRequest,
    ) -> Result<Vec<Batch>, Error> {
        let batches = self.connector.fetch(account, request, (self.user)());
        batches.try_collect().await
    }

    pub(crate) async fn asked(&self, at: &str) -> Vec<Request> {
        let requests = self.server.received_requests().await.unwrap().into_iter();
        requests.filter(|one| one.url.path() == at).collect()
    }
}

pub(crate) fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at))
}

pub(crate) fn post(at: &str) -> MockBuilder {
    Mock::given(method("POST")).and(path(at))
}

/// An account in yen and in Tokyo.
pub(crate) fn account(external_id: impl ToString, access: Value) -> AccountRef {
    AccountRef {
        external_id: external_id.to_string(),
        currency: Some(Currency::new("JPY").unwrap()),
        time_zone: chrono_tz::Asia::Tokyo,
        access,
    }
}

pub(crate) fn range(start: &str, end: &str) -> DateRange {
    DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

pub(crate) fn daily(feed: &str, level: Level, start: &str, end: &str) -> FetchRequest {
    FetchRequest::Daily {
        level,
        feed: FeedId::from(feed),
        range: range(start, end),
    }
}

/// Facts of a metric: `entity date value`.
pub(crate) fn facts(batches: &[Batch], metric: &str) -> Vec<String> {
    let facts = batches.iter().flat_map(|batch| &batch.facts);
    facts
        .filter(|fact| fact.metric.as_str() == metric)
        .map(|fact| format!("{} {} {}", fact.entity, fact.date, fact.value))
        .collect()
}

/// An error says these parts and none of the secrets.
pub(crate) fn says(error: &Error, parts: &[&str], secrets: &[&str]) {
    let said = error.to_string();
    for part in parts {
        assert!(said.contains(part), "{said} lacks {part}");
    }
    for secret in secrets {
        assert!(!format!("{error:?} {said}").contains(secret), "{said}");
    }
}
