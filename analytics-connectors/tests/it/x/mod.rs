//! The connector to X against a stand-in for the API.

mod accounts;
mod bad_input;
mod costs;
mod errors;
mod login;
mod posts;
mod private;
mod publications;
mod walks;

use std::{collections::BTreeMap, num::NonZeroU32, ops::Deref, sync::Arc};

use analytics_connectors::{
    AccountRef, Batch, Error, FetchRequest,
    clock::SettableClock,
    config::ProviderConfig,
    http::HttpClient,
    oauth::TokenSource,
    platforms::x::{Config, X},
};
use analytics_core::model::{FeedId, Level};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{MockBuilder, MockServer, Request, ResponseTemplate, matchers::query_param};

use crate::stand_in::{self, StandIn, facts, get, impatient, now, post, range};

const APP: &str = "client-of-the-operator";
const SECRET: &str = "secretOfTheAppThatNobodyMayEverSee";
const TOKEN: &str = "accessTokenThatNobodyMayEverSee";
const REFRESH: &str = "refreshTokenThatNobodyMayEverSee";

/// More than 2^53: as a double it would be another user's.
const USER: &str = "9007199254740993";
const ME_PATH: &str = "/2/users/me";
const USER_PATH: &str = "/2/users/9007199254740993";
const POSTS_PATH: &str = "/2/users/9007199254740993/tweets";

const USER_FIELDS: &str =
    "public_metrics,created_at,username,name,profile_image_url,verified,protected";
const POST_FIELDS: &str = "created_at,public_metrics,conversation_id,in_reply_to_user_id,\
    referenced_tweets,edit_history_tweet_ids,attachments";
const PRIVATE_FIELDS: &str =
    "created_at,edit_history_tweet_ids,referenced_tweets,non_public_metrics,organic_metrics";
const COUNTED_FIELDS: &str = "created_at,referenced_tweets";

/// The day that ended last in Tokyo, and the first of the thirty that are read every day.
const DATE: &str = "2026-11-22";
const SINCE: &str = "2026-10-24";

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
            requests_per_second: NonZeroU32::new(10_000).unwrap(),
            ..Config::default()
        };
        change(&mut config);
        let app = ProviderConfig {
            client_id: Some(APP.to_owned()),
            client_secret: Some(SecretString::from(SECRET)),
            auth_url: None,
            token_url: Some(format!("{}/2/oauth2/token", server.uri()).parse().unwrap()),
        };
        let http = HttpClient::new(impatient(), clock.clone()).unwrap();
        Self(StandIn {
            connector: Arc::new(X::new(&config, &app, http).unwrap()),
            clock,
            server,
            user,
        })
    }

    /// A stand-in whose public and private lists of posts are these single pages.
    async fn with_posts(public: Vec<Value>, private: Vec<Value>) -> Self {
        let vendor = Self::start().await;
        vendor.lists(public, private).await;
        vendor
    }

    async fn lists(&self, public: Vec<Value>, private: Vec<Value>) {
        self.on(public_pass(), page(public, None)).await;
        self.on(private_pass(), page(private, None)).await;
    }

    async fn fetch(&self, request: FetchRequest) -> Result<Vec<Batch>, Error> {
        self.fetch_of(&account(chrono_tz::Asia::Tokyo), request)
            .await
    }

    async fn fetch_with(
        &self,
        tokens: TokenSource,
        request: FetchRequest,
    ) -> Result<Vec<Batch>, Error> {
        let account = account(chrono_tz::Asia::Tokyo);
        let batches = self.connector.fetch(&account, request, tokens);
        batches.try_collect().await
    }

    /// The usual snapshot of posts.
    async fn snapshot(&self) -> Result<Vec<Batch>, Error> {
        self.fetch(snapshot("posts", DATE, SINCE)).await
    }

    async fn count(&self, start: &str, end: &str) -> Result<Vec<Batch>, Error> {
        let request = stand_in::daily("publications", Level::Account, start, end);
        self.fetch(request).await
    }

    /// The questions about posts, each with its parameters.
    async fn questions(&self) -> Vec<BTreeMap<String, String>> {
        self.asked(POSTS_PATH).await.iter().map(params).collect()
    }

    async fn calls(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }
}

fn user() -> TokenSource {
    TokenSource::fixed(SecretString::from(TOKEN))
}

fn account(zone: Tz) -> AccountRef {
    AccountRef {
        currency: None,
        time_zone: zone,
        ..stand_in::account(USER, json!({}))
    }
}

fn snapshot(feed: &str, date: &str, since: &str) -> FetchRequest {
    FetchRequest::Snapshot {
        feed: FeedId::from(feed),
        date: date.parse().unwrap(),
        since: since.parse().unwrap(),
    }
}

fn public_pass() -> MockBuilder {
    get(POSTS_PATH).and(query_param("tweet.fields", POST_FIELDS))
}

fn private_pass() -> MockBuilder {
    get(POSTS_PATH).and(query_param("tweet.fields", PRIVATE_FIELDS))
}

fn counting_pass() -> MockBuilder {
    get(POSTS_PATH).and(query_param("tweet.fields", COUNTED_FIELDS))
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn page(data: Vec<Value>, next: Option<&str>) -> ResponseTemplate {
    let mut meta = json!({ "result_count": data.len() });
    if let Some(next) = next {
        meta["next_token"] = json!(next);
    }
    match data.is_empty() {
        true => ok(json!({ "meta": meta })),
        false => ok(json!({ "data": data, "meta": meta })),
    }
}

fn merged(mut value: Value, more: &Value) -> Value {
    for (key, part) in more.as_object().unwrap() {
        value[key] = part.clone();
    }
    value
}

/// A post as everybody sees it.
fn seen(id: &str, created_at: &str) -> Value {
    seen_as(id, created_at, &json!({}))
}

fn seen_as(id: &str, created_at: &str, more: &Value) -> Value {
    let post = json!({
        "id": id, "text": format!("Text of {id}"), "created_at": created_at,
        "edit_history_tweet_ids": [id], "conversation_id": id,
        "public_metrics": { "retweet_count": 4, "reply_count": 2, "like_count": 31,
            "quote_count": 1, "bookmark_count": 6, "impression_count": 2140 },
    });
    merged(post, more)
}

/// The same as its author sees it.
fn own(id: &str, created_at: &str) -> Value {
    own_as(id, created_at, &json!({}))
}

fn own_as(id: &str, created_at: &str, more: &Value) -> Value {
    let post = json!({
        "id": id, "text": format!("Text of {id}"), "created_at": created_at,
        "edit_history_tweet_ids": [id],
        "non_public_metrics": { "impression_count": 2140, "engagements": 88,
            "url_link_clicks": 19, "user_profile_clicks": 7 },
        "organic_metrics": { "impression_count": 1640, "like_count": 25, "reply_count": 2,
            "retweet_count": 3, "url_link_clicks": 12, "user_profile_clicks": 6 },
    });
    merged(post, more)
}

fn profile(more: &Value) -> Value {
    let user = json!({
        "id": USER, "username": "example_shop", "name": "Example Shop",
        "created_at": "2015-04-01T00:00:00.000Z", "protected": false, "verified": true,
        "profile_image_url": "https://pbs.example.com/1.jpg",
        "public_metrics": { "followers_count": 15230, "following_count": 310,
            "tweet_count": 4821, "listed_count": 77, "like_count": 902, "media_count": 640 },
    });
    json!({ "data": merged(user, more) })
}

/// The profile of a user with so many posts.
fn profile_with_posts(count: u32) -> ResponseTemplate {
    ok(profile(
        &json!({ "public_metrics": { "tweet_count": count } }),
    ))
}

/// A whole refusal, as the API words it.
fn problem(status: u16, tail: &str, more: &Value) -> ResponseTemplate {
    let body = json!({
        "title": "What it is", "detail": "What the platform says.", "status": status,
        "type": format!("https://api.twitter.com/2/problems/{tail}"),
    });
    ResponseTemplate::new(status).set_body_json(merged(body, more))
}

fn params(request: &Request) -> BTreeMap<String, String> {
    request.url.query_pairs().into_owned().collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Totals of a metric: `post value`.
fn counters(batches: &[Batch], metric: &str) -> Vec<String> {
    let counters = batches.iter().flat_map(|batch| &batch.counters);
    counters
        .filter(|counter| counter.metric.as_str() == metric)
        .map(|counter| format!("{} {}", counter.entity, counter.value))
        .collect()
}

/// Every total of a post: `metric value`, sorted.
fn totals(batches: &[Batch], post: &str) -> Vec<String> {
    let counters = batches.iter().flat_map(|batch| &batch.counters);
    let mut totals: Vec<String> = counters
        .filter(|counter| *counter.entity == *post)
        .map(|counter| format!("{} {}", counter.metric, counter.value))
        .collect();
    totals.sort();
    totals
}

/// Ids of the posts that are described.
fn described(batches: &[Batch]) -> Vec<String> {
    let entities = batches.iter().flat_map(|batch| &batch.entities);
    entities.map(|one| one.external_id.clone()).collect()
}

/// Gaps: `metric start..end reason`.
fn gaps(batches: &[Batch]) -> Vec<String> {
    let gaps = batches.iter().flat_map(|batch| &batch.gaps);
    gaps.map(|gap| {
        let (start, end) = (gap.range.start, gap.range.end);
        format!("{} {start}..{end} {}", gap.metric, gap.reason)
    })
    .collect()
}

fn at(moment: &str) -> DateTime<Utc> {
    moment.parse().unwrap()
}

fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

const NONE: [&str; 0] = [];

fn says(error: &Error, parts: &[&str]) {
    stand_in::says(error, parts, &[SECRET, TOKEN, REFRESH]);
}
