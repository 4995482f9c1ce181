//! The connectors to both products of Yahoo! JAPAN Ads against a stand-in for the API.

mod accounts;
mod errors;
mod jobs;
mod login;
mod orders;
mod rows;

use std::{num::NonZeroU32, ops::Deref, sync::Arc, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Error, FetchRequest, Registry,
    clock::SettableClock,
    config::{Config, Env, ProviderConfig},
    oauth::TokenSource,
    platforms::{yahoo::ApiConfig, yahoo_display_ads, yahoo_search_ads},
};
use analytics_core::model::Level;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockBuilder, MockServer, ResponseTemplate,
    matchers::{body_partial_json, method, path},
};

use crate::stand_in::{self, StandIn, facts, impatient, now, range};

const SECRET: &str = "secretOfTheAppThatNobodyMayEverSee";
const TOKEN: &str = "secretUserTokenThatNobodyMayEverSee";
const ACCOUNT: i64 = 900_000_001;
const MANAGER: i64 = 800_000_001;
const SEARCH: &str = "yahoo_search_ads";
const DISPLAY: &str = "yahoo_display_ads";

struct Vendor(StandIn);

impl Deref for Vendor {
    type Target = StandIn;

    fn deref(&self) -> &StandIn {
        &self.0
    }
}

impl Vendor {
    async fn start(platform: &str) -> Self {
        Self::with(platform, |_| {}).await
    }

    async fn with(platform: &str, change: impl FnOnce(&mut ApiConfig)) -> Self {
        let server = MockServer::start().await;
        let clock = Arc::new(SettableClock::fixed(now()));
        let moment = Duration::from_millis(1);
        let mut api = ApiConfig {
            requests_per_second: NonZeroU32::new(10_000).unwrap(),
            poll_interval: moment,
            poll_max_interval: moment * 2,
            poll_timeout: Duration::from_millis(300),
            ..ApiConfig::at(server.uri().parse().unwrap())
        };
        change(&mut api);
        let config = Config {
            http: impatient(),
            yahoo: ProviderConfig {
                client_id: Some("4711".to_owned()),
                client_secret: Some(SecretString::from(SECRET)),
                auth_url: None,
                token_url: Some(format!("{}/token", server.uri()).parse().unwrap()),
            },
            yahoo_search_ads: yahoo_search_ads::Config { api: api.clone() },
            yahoo_display_ads: yahoo_display_ads::Config { api },
            ..Config::default()
        };
        let registry = Registry::new(&config, clock.clone()).unwrap();
        Self(StandIn {
            server,
            connector: registry.connector(&platform.into()).unwrap(),
            clock,
            user,
        })
    }

    /// Makes every report at once: `csv` is in it.
    async fn makes(&self, csv: impl Into<Vec<u8>>) {
        self.on(reports("add"), added(&[7])).await;
        self.on(reports("get"), told(&[(7, "COMPLETED", None)]))
            .await;
        self.on(reports("download"), file(csv)).await;
        self.on(reports("remove"), ok(json!({ "values": [] })))
            .await;
    }

    async fn fetch(&self, request: FetchRequest) -> Result<Vec<Batch>, Error> {
        let access = json!({ "base_account_id": MANAGER.to_string() });
        self.fetch_of(&account(access), request).await
    }

    /// The bodies of the calls to an operation of reports, in order.
    async fn calls(&self, operation: &str) -> Vec<Value> {
        let asked = self.asked(&at("ReportDefinitionService", operation)).await;
        asked.iter().map(|one| one.body_json().unwrap()).collect()
    }
}

fn at(service: &str, operation: &str) -> String {
    format!("/v20/{service}/{operation}")
}

fn post(service: &str, operation: &str) -> MockBuilder {
    Mock::given(method("POST")).and(path(at(service, operation)))
}

fn reports(operation: &str) -> MockBuilder {
    post("ReportDefinitionService", operation)
}

/// A download of one job.
fn download(job: i64) -> MockBuilder {
    reports("download").and(body_partial_json(json!({ "reportJobId": job })))
}

fn user() -> TokenSource {
    TokenSource::fixed(SecretString::from(TOKEN))
}

fn account(access: Value) -> AccountRef {
    stand_in::account(ACCOUNT, access)
}

fn ok(rval: Value) -> ResponseTemplate {
    let body = json!({ "errors": null, "rid": "rid-1", "rval": rval });
    ResponseTemplate::new(200).set_body_json(body)
}

/// A list, complete on one page.
fn list(values: Vec<Value>) -> ResponseTemplate {
    ok(json!({ "totalNumEntries": values.len(), "values": values }))
}

fn file(body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.into(), "application/octet-stream")
}

fn job(id: i64, status: &str, detail: Option<&str>) -> Value {
    json!({ "operationSucceeded": true, "errors": null, "reportDefinition": {
        "accountId": ACCOUNT, "reportJobId": id, "reportJobStatus": status,
        "reportJobErrorDetail": detail, "requestTime": "2026/11/23 05:30:11", "completeTime": null,
    }})
}

/// An answer to an order: the jobs' ids.
fn added(ids: &[i64]) -> ResponseTemplate {
    let values: Vec<Value> = ids.iter().map(|id| job(*id, "WAIT", None)).collect();
    ok(json!({ "values": values }))
}

/// How jobs stand.
fn told(jobs: &[(i64, &str, Option<&str>)]) -> ResponseTemplate {
    list(
        jobs.iter()
            .map(|(id, at, why)| job(*id, at, *why))
            .collect(),
    )
}

/// One value of several that was refused.
fn refusal(code: &str) -> Value {
    json!({ "operationSucceeded": false, "reportDefinition": null, "errors": [{
        "code": code, "message": "What the vendor says.",
        "details": [{ "requestKey": "fields", "requestValue": "NO_SUCH" }],
    }]})
}

/// A request that was refused whole.
fn failure(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "rid": "rid-1", "errors": [{
        "code": code, "message": "What the vendor says.", "details": [],
    }]}))
}

fn daily(level: Level, start: &str, end: &str) -> FetchRequest {
    stand_in::daily("reports", level, start, end)
}

/// Campaigns on two days of November.
fn two_days() -> FetchRequest {
    daily(Level::Campaign, "2026-11-21", "2026-11-22")
}

fn says(error: &Error, parts: &[&str]) {
    stand_in::says(error, parts, &[SECRET, TOKEN]);
}

#[test]
fn a_version_that_is_none_is_named() {
    let lookup = |name: &str| {
        (name == "ANALYTICS_YAHOO_SEARCH_ADS_API_VERSION").then(|| "twenty".to_owned())
    };
    let error = yahoo_search_ads::Config::from_env(Env::new(&lookup)).unwrap_err();
    assert_eq!(error.variable, "ANALYTICS_YAHOO_SEARCH_ADS_API_VERSION");
    assert!(error.message.contains("v20"), "{error}");
}

#[test]
fn each_product_has_settings_of_its_own() {
    let lookup = |name: &str| match name {
        "ANALYTICS_YAHOO_SEARCH_ADS_CONCURRENCY" => Some("2".to_owned()),
        "ANALYTICS_YAHOO_DISPLAY_ADS_POLL_INTERVAL" => Some("7s".to_owned()),
        _ => None,
    };
    let search = yahoo_search_ads::Config::from_env(Env::new(&lookup)).unwrap();
    let display = yahoo_display_ads::Config::from_env(Env::new(&lookup)).unwrap();
    assert_eq!(search.api.concurrency, 2);
    assert_eq!(
        search.api.base_url.host_str(),
        Some("ads-search.yahooapis.jp")
    );
    assert_eq!(display.api.poll_interval, Duration::from_secs(7));
    assert_eq!(
        display.api.base_url.host_str(),
        Some("ads-display.yahooapis.jp")
    );
}
