//! The connector to Google Ads against a stand-in for the API.

mod accounts;
mod errors;
mod login;
mod reports;
mod rows;

use std::{num::NonZeroU32, ops::Deref, sync::Arc};

use analytics_connectors::{
    AccountRef, Batch, Error, FetchRequest,
    clock::SettableClock,
    config::ProviderConfig,
    http::HttpClient,
    oauth::TokenSource,
    platforms::google_ads::{Config, GoogleAds},
};
use analytics_core::model::Level;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockBuilder, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

use crate::stand_in::{self, StandIn, facts, get, impatient, now, range};

const SECRET: &str = "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verSee";
const TOKEN: &str = "ya29.secretUserTokenThatNobodyMayEverSee";
const ACCOUNT: &str = "1112223334";
const MANAGER: &str = "9998887776";
const STREAM: &str = "/v25/customers/1112223334/googleAds:searchStream";

struct Vendor(StandIn);

impl Deref for Vendor {
    type Target = StandIn;

    fn deref(&self) -> &StandIn {
        &self.0
    }
}

impl Vendor {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let server = MockServer::start().await;
        let clock = Arc::new(SettableClock::fixed(now()));
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
        let http = HttpClient::new(impatient(), clock.clone()).unwrap();
        Self(StandIn {
            connector: Arc::new(GoogleAds::new(&config, &app, http).unwrap()),
            server,
            clock,
            user,
        })
    }

    async fn fetch(&self, request: FetchRequest) -> Result<Vec<Batch>, Error> {
        self.fetch_of(&account(json!({})), request).await
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
    stand_in::account(ACCOUNT, access)
}

fn stream() -> MockBuilder {
    Mock::given(method("POST")).and(path(STREAM))
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

fn daily(level: Level, start: &str, end: &str) -> FetchRequest {
    stand_in::daily("reports", level, start, end)
}

fn says(error: &Error, parts: &[&str]) {
    stand_in::says(error, parts, &[SECRET, TOKEN]);
}
