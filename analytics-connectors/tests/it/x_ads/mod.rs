//! The connector to X Ads against a stand-in for the API.

mod accounts;
mod errors;
mod login;
mod lost;
mod questions;
mod reports;
mod rows;

use std::{num::NonZeroU32, ops::Deref, sync::Arc, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Error, FetchRequest,
    clock::SettableClock,
    config::ProviderConfig,
    http::HttpClient,
    oauth::{TokenSource, oauth1::TokenPair},
    platforms::x_ads::{Config, XAds},
};
use analytics_core::model::Level;
use chrono_tz::Tz;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{MockServer, Request, ResponseTemplate};

use crate::stand_in::{self, StandIn, facts, get, impatient, now, post, range};

const KEY: &str = "ckey";
const SECRET: &str = "secretOfTheAppThatNobodyMayEverSee";
const TOKEN_SECRET: &str = "secretOfTheUserThatNobodyMayEverSee";
const ACCOUNT: &str = "18ce5exampl";

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
        let moment = Duration::from_millis(1);
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
        let http = HttpClient::new(impatient(), clock.clone()).unwrap();
        Self(StandIn {
            connector: Arc::new(XAds::new(&config, &app, http).unwrap()),
            clock,
            server,
            user,
        })
    }

    async fn fetch(&self, request: FetchRequest) -> Result<Vec<Batch>, Error> {
        self.fetch_of(&account(chrono_tz::Asia::Tokyo, json!({})), request)
            .await
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

fn user() -> TokenSource {
    let pair = TokenPair {
        token: "37-token".to_owned(),
        secret: SecretString::from(TOKEN_SECRET),
    };
    TokenSource::fixed(pair.seal())
}

fn account(zone: Tz, access: Value) -> AccountRef {
    AccountRef {
        time_zone: zone,
        ..stand_in::account(ACCOUNT, access)
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

fn daily(level: Level, start: &str, end: &str) -> FetchRequest {
    stand_in::daily("stats", level, start, end)
}

/// Campaigns on two days of November.
fn two_days() -> FetchRequest {
    daily(Level::Campaign, "2026-11-21", "2026-11-22")
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
    stand_in::says(error, parts, &[SECRET, TOKEN_SECRET]);
}
