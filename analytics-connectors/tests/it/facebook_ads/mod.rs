//! The connector against a stand-in for the Graph API.

mod accounts;
mod answers;
mod errors;
mod reports;
mod shrinking;
mod throttle;
mod traps;
#[cfg(feature = "simulator")]
mod truth;

use std::sync::Arc;

use analytics_connectors::{
    AccountRef, Batch, Connector, Error, FetchRequest,
    clock::SettableClock,
    config::ProviderConfig,
    http::{HttpClient, HttpSettings},
    oauth::TokenSource,
    platforms::{
        facebook_ads::{Config, FacebookAds},
        meta::GraphConfig,
    },
};
use analytics_core::model::{Currency, DateRange, FactRecord, FeedId, Level, Millionths};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;
use wiremock::{
    Mock, MockBuilder, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

pub(crate) const ACCOUNT: &str = "900100200";
pub(crate) const INSIGHTS: &str = "/v26.0/act_900100200/insights";
pub(crate) const TOKEN: &str = "EAABsbCS1iHgBO0ZBsecretUserTokenThatNobodyMayEverSee1234567890";
pub(crate) const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A stand-in for the vendor, and a connector that asks it without waiting long.
pub(crate) struct Vendor {
    pub(crate) server: MockServer,
    pub(crate) connector: FacebookAds,
    pub(crate) clock: Arc<SettableClock>,
}

pub(crate) fn fixture(name: &str) -> String {
    let path = format!(
        "{}/tests/fixtures/facebook_ads/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn answer(name: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(fixture(name), "application/json")
}

pub(crate) fn failure(
    status: u16,
    code: i64,
    subcode: Option<i64>,
    message: &str,
) -> ResponseTemplate {
    let mut error = json!({
        "message": message,
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "AbCdEfGhIjK",
    });
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    ResponseTemplate::new(status).set_body_json(json!({ "error": error }))
}

pub(crate) fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at.to_owned()))
}

pub(crate) fn post(at: &str) -> MockBuilder {
    Mock::given(method("POST")).and(path(at.to_owned()))
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn range(start: &str, end: &str) -> DateRange {
    DateRange::new(day(start), day(end)).unwrap()
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) fn quick_http() -> HttpSettings {
    HttpSettings {
        max_attempts: 3,
        base_backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(2),
        timeout: Duration::from_secs(5),
        ..HttpSettings::default()
    }
}

impl Vendor {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let server = MockServer::start().await;
        let clock = Arc::new(SettableClock::fixed(now()));
        let mut config = Config {
            graph: GraphConfig {
                base_url: server.uri().parse().unwrap(),
                requests_per_second: std::num::NonZeroU32::new(1000).unwrap(),
                ..GraphConfig::default()
            },
            poll_interval: Duration::from_millis(1),
            poll_max_interval: Duration::from_millis(2),
            poll_timeout: Duration::from_millis(150),
            start_timeout: Duration::from_millis(100),
            ..Config::default()
        };
        change(&mut config);
        let http = HttpClient::new(quick_http(), clock.clone()).unwrap();
        let app = ProviderConfig {
            client_id: Some("4711".to_owned()),
            client_secret: Some(SecretString::from(APP_SECRET)),
            ..ProviderConfig::default()
        };
        Self {
            connector: FacebookAds::new(&config, &app, http).unwrap(),
            server,
            clock,
        }
    }

    pub(crate) async fn on(&self, mock: MockBuilder, response: ResponseTemplate) {
        mock.respond_with(response).mount(&self.server).await;
    }

    pub(crate) async fn once(&self, mock: MockBuilder, response: ResponseTemplate) {
        mock.respond_with(response)
            .up_to_n_times(1)
            .mount(&self.server)
            .await;
    }

    pub(crate) async fn fetch(&self, request: FetchRequest) -> Result<Vec<Batch>, Error> {
        self.fetch_as(request, TokenSource::fixed(SecretString::from(TOKEN)))
            .await
    }

    pub(crate) async fn fetch_as(
        &self,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> Result<Vec<Batch>, Error> {
        self.connector
            .fetch(&account(), request, tokens)
            .try_collect()
            .await
    }

    pub(crate) async fn daily(
        &self,
        level: Level,
        start: &str,
        end: &str,
    ) -> Result<Vec<Batch>, Error> {
        self.fetch(daily(level, start, end)).await
    }

    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }

    /// Requests to a path, each as its parameters.
    pub(crate) async fn asked(&self, at: &str) -> Vec<Params> {
        self.requests()
            .await
            .iter()
            .filter(|request| request.url.path() == at)
            .map(Params::of)
            .collect()
    }
}

/// The parameters of a request, of query and form alike.
#[derive(Debug)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn of(request: &Request) -> Self {
        let mut all: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        if request.method.as_str() == "POST" {
            all.extend(url::form_urlencoded::parse(&request.body).into_owned());
        }
        Self(all)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let first = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "`{name}` was sent twice");
        first
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(self.get(name).unwrap()).unwrap()
    }

    pub(crate) fn since_until(&self) -> (String, String) {
        let range = self.json("time_range");
        let text = |key: &str| range[key].as_str().unwrap().to_owned();
        (text("since"), text("until"))
    }
}

pub(crate) fn daily(level: Level, start: &str, end: &str) -> FetchRequest {
    FetchRequest::Daily {
        level,
        feed: FeedId::from("insights"),
        range: range(start, end),
    }
}

pub(crate) fn account() -> AccountRef {
    AccountRef {
        external_id: ACCOUNT.to_owned(),
        currency: Some(Currency::new("JPY").unwrap()),
        time_zone: chrono_tz::Asia::Tokyo,
        access: json!({}),
    }
}

pub(crate) fn facts(batches: &[Batch]) -> Vec<&FactRecord> {
    batches.iter().flat_map(|batch| &batch.facts).collect()
}

/// The value of a metric of an entity on a day, if there is one.
pub(crate) fn value(
    batches: &[Batch],
    entity: &str,
    metric: &str,
    date: &str,
) -> Option<Millionths> {
    let found: Vec<Millionths> = facts(batches)
        .into_iter()
        .filter(|fact| {
            *fact.entity == *entity && fact.metric.as_str() == metric && fact.date == day(date)
        })
        .map(|fact| fact.value)
        .collect();
    assert!(found.len() < 2, "{entity} {metric} {date} came twice");
    found.first().copied()
}

pub(crate) fn whole(units: i64) -> Option<Millionths> {
    Some(Millionths::from_whole(units).unwrap())
}
