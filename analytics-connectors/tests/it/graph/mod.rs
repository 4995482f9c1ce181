//! A stand-in for the Graph API, as the tests of all of its platforms share it.

mod errors;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Connector, Error, FetchRequest,
    clock::SettableClock,
    config::ProviderConfig,
    http::{HttpClient, HttpSettings},
    oauth::TokenSource,
    platforms::meta::GraphConfig,
};
use analytics_core::model::{DateRange, FeedId, FoundAccount, Level};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockBuilder, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

pub(crate) use errors::common_errors;

pub(crate) const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const USER_TOKEN: &str =
    "EAABsbCS1iHgBO0ZBsecretUserTokenThatNobodyMayEverSee1234567890";
/// HMAC-SHA256 of the user's token under the app's secret, computed independently.
pub(crate) const USER_PROOF: &str =
    "125995bd0387eadb53d4e56242034a092645824142f51a1c26024a780a365a10";

/// Tries of one call.
pub(crate) const ATTEMPTS: usize = 3;
/// Nothing, to be compared with.
pub(crate) const NONE: [&str; 0] = [];

/// A stand-in for the vendor, and a connector that asks it without waiting long.
pub(crate) struct Vendor<C> {
    pub(crate) server: MockServer,
    pub(crate) connector: C,
    pub(crate) clock: Arc<SettableClock>,
    account: AccountRef,
}

impl<C: Connector> Vendor<C> {
    /// One call at a time, so that calls come in their order.
    pub(crate) async fn connect(
        account: AccountRef,
        connect: impl FnOnce(GraphConfig, &ProviderConfig, HttpClient) -> C,
    ) -> Self {
        let server = MockServer::start().await;
        let clock = Arc::new(SettableClock::fixed(now()));
        let graph = GraphConfig {
            base_url: server.uri().parse().unwrap(),
            requests_per_second: NonZeroU32::new(1000).unwrap(),
            concurrency: 1,
            ..GraphConfig::default()
        };
        let http = HttpClient::new(quick_http(), clock.clone()).unwrap();
        let app = ProviderConfig {
            client_id: Some("4711".to_owned()),
            client_secret: Some(SecretString::from(APP_SECRET)),
            ..ProviderConfig::default()
        };
        Self {
            connector: connect(graph, &app, http),
            server,
            clock,
            account,
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

    pub(crate) async fn accounts(&self) -> Result<Vec<FoundAccount>, Error> {
        self.connector.list_accounts(&user()).await
    }

    pub(crate) async fn fetch(&self, request: FetchRequest) -> Result<Vec<Batch>, Error> {
        self.fetch_as(request, user()).await
    }

    pub(crate) async fn fetch_as(
        &self,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> Result<Vec<Batch>, Error> {
        self.fetch_of(&self.account, request, tokens).await
    }

    pub(crate) async fn fetch_of(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> Result<Vec<Batch>, Error> {
        self.connector
            .fetch(account, request, tokens)
            .try_collect()
            .await
    }

    pub(crate) async fn daily(
        &self,
        feed: &str,
        start: &str,
        end: &str,
    ) -> Result<Vec<Batch>, Error> {
        self.fetch(daily(feed, start, end)).await
    }

    pub(crate) async fn snapshot(
        &self,
        feed: &str,
        date: &str,
        since: &str,
    ) -> Result<Vec<Batch>, Error> {
        self.fetch(snapshot(feed, date, since)).await
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

pub(crate) fn quick_http() -> HttpSettings {
    HttpSettings {
        max_attempts: ATTEMPTS,
        base_backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(2),
        timeout: Duration::from_secs(5),
        ..HttpSettings::default()
    }
}

/// A page or profile by its id.
pub(crate) fn media_account(id: &str) -> AccountRef {
    AccountRef {
        external_id: id.to_owned(),
        currency: None,
        time_zone: chrono_tz::America::Los_Angeles,
        access: json!({}),
    }
}

/// The parameters of a request, of query and form alike.
#[derive(Debug)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

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

    /// One that must be there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name)
            .unwrap_or_else(|| panic!("`{name}` was not sent: {self:?}"))
    }

    /// One that is JSON.
    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(self.text(name)).unwrap()
    }

    /// All of them, sorted by name.
    pub(crate) fn all(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<(&str, &str)> = self
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        all.sort_unstable();
        all
    }
}

/// The token in a request's header.
pub(crate) fn bearer(request: &Request) -> &str {
    request.headers["authorization"]
        .to_str()
        .unwrap()
        .strip_prefix("Bearer ")
        .unwrap()
}

pub(crate) fn user() -> TokenSource {
    TokenSource::fixed(SecretString::from(USER_TOKEN))
}

pub(crate) fn fixture(platform: &str, name: &str) -> ResponseTemplate {
    let path = format!(
        "{}/tests/fixtures/{platform}/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    ResponseTemplate::new(200).set_body_raw(text, "application/json")
}

pub(crate) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// A page of a list. Cursors are always there; with `after` there really is another page.
pub(crate) fn page(rows: Value, after: Option<&str>) -> ResponseTemplate {
    let mut paging = json!({ "cursors": { "before": "QVFI", "after": after.unwrap_or("QVFZ") } });
    if let Some(after) = after {
        paging["next"] = json!(format!(
            "https://graph.facebook.com/v26.0/next?access_token=XXX&after={after}"
        ));
    }
    ok(json!({ "data": rows, "paging": paging }))
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

pub(crate) fn too_much() -> ResponseTemplate {
    failure(
        500,
        1,
        None,
        "Please reduce the amount of data you're asking for, then retry your request",
    )
}

pub(crate) fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at.to_owned()))
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

pub(crate) fn daily(feed: &str, start: &str, end: &str) -> FetchRequest {
    FetchRequest::Daily {
        level: Level::Account,
        feed: FeedId::from(feed),
        range: range(start, end),
    }
}

pub(crate) fn snapshot(feed: &str, date: &str, since: &str) -> FetchRequest {
    FetchRequest::Snapshot {
        feed: FeedId::from(feed),
        date: day(date),
        since: day(since),
    }
}

/// The facts of a metric, each as `2026-10-01 310`, in the order of days.
pub(crate) fn days(batches: &[Batch], metric: &str) -> Vec<String> {
    let mut days: Vec<String> = batches
        .iter()
        .flat_map(|batch| &batch.facts)
        .filter(|fact| fact.metric.as_str() == metric)
        .map(|fact| format!("{} {}", fact.date, fact.value))
        .collect();
    days.sort_unstable();
    days
}

/// The gaps of a metric, each as `2026-10-01..2026-10-02 no_data`, in the order of days.
pub(crate) fn gaps(batches: &[Batch], metric: &str) -> Vec<String> {
    let mut gaps: Vec<String> = batches
        .iter()
        .flat_map(|batch| &batch.gaps)
        .filter(|gap| gap.metric.as_str() == metric)
        .map(|gap| format!("{} {}", gap.range, gap.reason))
        .collect();
    gaps.sort_unstable();
    gaps
}

/// The windows, each as `reach 2026-10-01..2026-10-07 812`, as they came.
pub(crate) fn windows(batches: &[Batch]) -> Vec<String> {
    batches
        .iter()
        .flat_map(|batch| &batch.windows)
        .map(|window| format!("{} {} {}", window.metric, window.range, window.value))
        .collect()
}

/// The totals of a post, each as `views 410`, sorted.
pub(crate) fn counters(batches: &[Batch], post: &str) -> Vec<String> {
    let mut counters: Vec<String> = batches
        .iter()
        .flat_map(|batch| &batch.counters)
        .filter(|counter| *counter.entity == *post)
        .map(|counter| format!("{} {}", counter.metric, counter.value))
        .collect();
    counters.sort_unstable();
    counters
}

/// The ids of the posts, as they came.
pub(crate) fn posts(batches: &[Batch]) -> Vec<&str> {
    batches
        .iter()
        .flat_map(|batch| &batch.entities)
        .map(|entity| entity.external_id.as_str())
        .collect()
}

pub(crate) fn assert_says(error: &Error, parts: &[&str]) {
    let message = error.to_string();
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

/// Neither the error's words nor its sources show one of these.
pub(crate) fn assert_hides(error: &Error, secrets: &[&str]) {
    let source = std::error::Error::source(error);
    let shown = format!("{error} {error:?} {source:?}");
    for secret in secrets {
        assert!(!shown.contains(secret), "`{secret}` is in: {shown}");
    }
}
