//! The connector to Google Ads against a stand-in for the API.

mod accounts;
mod errors;
mod login;
mod reports;
mod rows;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Connector, Error, FetchRequest,
    clock::SettableClock,
    config::ProviderConfig,
    http::{HttpClient, HttpSettings},
    oauth::TokenSource,
    platforms::google_ads::{Config, GoogleAds},
};
use analytics_core::model::{DateRange, FeedId, Level};
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockBuilder, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

const SECRET: &str = "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verSee";
const TOKEN: &str = "ya29.secretUserTokenThatNobodyMayEverSee";
const ACCOUNT: &str = "1112223334";
const MANAGER: &str = "9998887776";
const STREAM: &str = "/v25/customers/1112223334/googleAds:searchStream";

struct Vendor {
    server: MockServer,
    connector: GoogleAds,
    clock: Arc<SettableClock>,
}

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

impl Vendor {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let server = MockServer::start().await;
        let clock = Arc::new(SettableClock::fixed(now()));
        let moment = Duration::from_millis(1);
        let settings = HttpSettings {
            max_attempts: 3,
            base_backoff: moment,
            max_backoff: moment * 2,
            timeout: Duration::from_secs(5),
            ..HttpSettings::default()
        };
        let mut config = Config {
            base_url: server.uri().parse().unwrap(),
            requests_per_second: NonZeroU32::new(1000).unwrap(),
            concurrency: 1,
            ..Config::default()
        };
        change(&mut config);
        let app = ProviderConfig {
            client_id: Some("4711.apps.googleusercontent.com".to_owned()),
            client_secret: Some(SecretString::from(SECRET)),
            auth_url: None,
            token_url: Some(format!("{}/token", server.uri()).parse().unwrap()),
        };
        let http = HttpClient::new(settings, clock.clone()).unwrap();
        Self {
            connector: GoogleAds::new(&config, &app, http).unwrap(),
            server,
            clock,
        }
    }

    async fn on(&self, mock: MockBuilder, response: ResponseTemplate) {
        mock.respond_with(response).mount(&self.server).await;
    }

    async fn once(&self, mock: MockBuilder, response: ResponseTemplate) {
        let mock = mock.respond_with(response).up_to_n_times(1);
        mock.mount(&self.server).await;
    }

    async fn fetch(&self, request: FetchRequest) -> Result<Vec<Batch>, Error> {
        self.fetch_of(&account(json!({})), request).await
    }

    async fn fetch_of(
        &self,
        account: &AccountRef,
        request: FetchRequest,
    ) -> Result<Vec<Batch>, Error> {
        let batches = self.connector.fetch(account, request, user());
        batches.try_collect().await
    }

    async fn asked(&self, at: &str) -> Vec<Request> {
        let requests = self.server.received_requests().await.unwrap().into_iter();
        requests.filter(|one| one.url.path() == at).collect()
    }

    /// The queries that were asked, in order.
    async fn queries(&self) -> Vec<String> {
        let asked = self.asked(STREAM).await;
        asked.iter().map(query).collect()
    }
}

fn query(request: &Request) -> String {
    let body: Value = request.body_json().unwrap();
    body["query"].as_str().unwrap().to_owned()
}

fn user() -> TokenSource {
    TokenSource::fixed(SecretString::from(TOKEN))
}

fn account(access: Value) -> AccountRef {
    AccountRef {
        external_id: ACCOUNT.to_owned(),
        currency: Some(analytics_core::model::Currency::new("JPY").unwrap()),
        time_zone: chrono_tz::Asia::Tokyo,
        access,
    }
}

fn stream() -> MockBuilder {
    Mock::given(method("POST")).and(path(STREAM))
}

fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at))
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// An answer of one part.
fn rows(rows: Value) -> ResponseTemplate {
    ok(json!([{ "results": rows, "fieldMask": "customer.id", "requestId": "r1" }]))
}

/// An error as `searchStream` tells it.
fn failure(status: u16, family: &str, name: &str) -> ResponseTemplate {
    let error = json!({ "errorCode": { family: name }, "message": "What the platform says." });
    ResponseTemplate::new(status).set_body_json(json!([{ "error": {
        "code": status,
        "message": "Request contains an error.",
        "status": "INVALID_ARGUMENT",
        "details": [{
            "@type": "type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure",
            "errors": [error],
            "requestId": "req-1",
        }],
    }}]))
}

fn range(start: &str, end: &str) -> DateRange {
    DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn daily(level: Level, start: &str, end: &str) -> FetchRequest {
    FetchRequest::Daily {
        level,
        feed: FeedId::from("reports"),
        range: range(start, end),
    }
}

/// Facts of a metric: `entity date value`.
fn facts(batches: &[Batch], metric: &str) -> Vec<String> {
    let facts = batches.iter().flat_map(|batch| &batch.facts);
    facts
        .filter(|fact| fact.metric.as_str() == metric)
        .map(|fact| format!("{} {} {}", fact.entity, fact.date, fact.value))
        .collect()
}

fn says(error: &Error, parts: &[&str]) {
    let said = error.to_string();
    for part in parts {
        assert!(said.contains(part), "{said} lacks {part}");
    }
    for secret in [SECRET, TOKEN] {
        assert!(!format!("{error:?} {said}").contains(secret), "{said}");
    }
}
