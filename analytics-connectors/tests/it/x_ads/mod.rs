//! The connector to X Ads against a stand-in for the API.

mod accounts;
mod errors;
mod login;
mod questions;
mod reports;
mod rows;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Connector, Error, FetchRequest,
    clock::SettableClock,
    config::ProviderConfig,
    http::{HttpClient, HttpSettings},
    oauth::{TokenSource, oauth1::TokenPair},
    platforms::x_ads::{Config, XAds},
};
use analytics_core::model::{Currency, DateRange, FeedId, Level};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockBuilder, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

const KEY: &str = "ckey";
const SECRET: &str = "secretOfTheAppThatNobodyMayEverSee";
const TOKEN_SECRET: &str = "secretOfTheUserThatNobodyMayEverSee";
const ACCOUNT: &str = "18ce5exampl";

struct Vendor {
    server: MockServer,
    connector: XAds,
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
            requests_per_second: NonZeroU32::new(10_000).unwrap(),
            poll_interval: moment,
            poll_max_interval: moment * 2,
            poll_timeout: Duration::from_millis(300),
            ..Config::default()
        };
        change(&mut config);
        let address = |at: &str| Some(format!("{}/oauth/{at}", server.uri()).parse().unwrap());
        let app = ProviderConfig {
            client_id: Some(KEY.to_owned()),
            client_secret: Some(SecretString::from(SECRET)),
            auth_url: address("authorize"),
            token_url: address("access_token"),
        };
        let http = HttpClient::new(settings, clock).unwrap();
        Self {
            connector: XAds::new(&config, &app, http).unwrap(),
            server,
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
        self.fetch_of(&account(chrono_tz::Asia::Tokyo, json!({})), request)
            .await
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

    /// What is there: campaigns of these ids, all of which were active.
    async fn has(&self, ids: &[&str]) {
        let active: Vec<Value> = ids
            .iter()
            .map(|id| active(id, &["ALL_ON_TWITTER"]))
            .collect();
        self.on(
            get(&at("stats/accounts/18ce5exampl/active_entities")),
            list(active),
        )
        .await;
        self.lists(ids).await;
    }

    async fn lists(&self, ids: &[&str]) {
        let campaigns = ids.iter().map(
            |id| json!({ "id": id, "name": format!("Campaign {id}"), "entity_status": "ACTIVE" }),
        );
        self.on(
            get(&at("accounts/18ce5exampl/campaigns")),
            list(campaigns.collect()),
        )
        .await;
    }
}

const STATS: &str = "/12/stats/accounts/18ce5exampl";
const JOBS: &str = "/12/stats/jobs/accounts/18ce5exampl";

fn at(below: &str) -> String {
    format!("/12/{below}")
}

fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at))
}

fn post(at: &str) -> MockBuilder {
    Mock::given(method("POST")).and(path(at))
}

fn user() -> TokenSource {
    let pair = TokenPair {
        token: "37-token".to_owned(),
        secret: SecretString::from(TOKEN_SECRET),
    };
    TokenSource::fixed(pair.seal())
}

fn account(zone: Tz, access: Value) -> AccountRef {
    AccountRef {
        external_id: ACCOUNT.to_owned(),
        currency: Some(Currency::new("JPY").unwrap()),
        time_zone: zone,
        access,
    }
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn list(data: Vec<Value>) -> ResponseTemplate {
    ok(json!({ "data": data, "next_cursor": null, "request": { "params": {} } }))
}

fn active(id: &str, placements: &[&str]) -> Value {
    json!({ "entity_id": id, "activity_start_time": "2026-11-20T16:10:05Z",
        "activity_end_time": "2026-11-21T02:59:59Z", "placements": placements })
}

/// Figures of some days.
fn stats(days: usize, data: Value) -> Value {
    json!({ "data_type": "stats", "time_series_length": days, "data": data, "request": {} })
}

/// One entity's figures.
fn of(id: &str, metrics: Value) -> Value {
    json!({ "id": id, "id_data": [{ "segment": null, "metrics": metrics }] })
}

fn failure(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({
        "errors": [{ "code": code, "message": "What the vendor says.", "parameter": "", "details": "" }],
        "request": { "params": { "account_id": ACCOUNT } },
    }))
}

fn range(start: &str, end: &str) -> DateRange {
    DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn daily(level: Level, start: &str, end: &str) -> FetchRequest {
    FetchRequest::Daily {
        level,
        feed: FeedId::from("stats"),
        range: range(start, end),
    }
}

/// Campaigns on two days of November.
fn two_days() -> FetchRequest {
    daily(Level::Campaign, "2026-11-21", "2026-11-22")
}

/// Facts of a metric: `entity date value`.
fn facts(batches: &[Batch], metric: &str) -> Vec<String> {
    let facts = batches.iter().flat_map(|batch| &batch.facts);
    facts
        .filter(|fact| fact.metric.as_str() == metric)
        .map(|fact| format!("{} {} {}", fact.entity, fact.date, fact.value))
        .collect()
}

/// A parameter of a request's query.
fn param(request: &Request, wanted: &str) -> String {
    let mut pairs = request.url.query_pairs();
    let found = pairs.find(|(name, _)| name == wanted);
    found
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn says(error: &Error, parts: &[&str]) {
    let said = error.to_string();
    for part in parts {
        assert!(said.contains(part), "{said} lacks {part}");
    }
    for secret in [SECRET, TOKEN_SECRET] {
        assert!(!format!("{error:?} {said}").contains(secret), "{said}");
    }
}
