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

use std::{ops::Deref, time::Duration};

use analytics_connectors::{
    AccountRef, Batch, Error, FetchRequest,
    platforms::{
        facebook_ads::{Config, FacebookAds},
        meta::GraphConfig,
    },
};
use analytics_core::model::{Currency, FactRecord, FeedId, Level, Millionths};
use serde_json::json;
use wiremock::{
    Mock, MockBuilder, ResponseTemplate,
    matchers::{method, path},
};

use crate::graph::{self, Params};
pub(crate) use crate::graph::{
    APP_SECRET, ATTEMPTS, USER_TOKEN as TOKEN, common_errors, day, failure, get, now, range,
};

pub(crate) const ACCOUNT: &str = "900100200";
pub(crate) const INSIGHTS: &str = "/v26.0/act_900100200/insights";

/// A stand-in for the vendor, and a connector that asks it without waiting long.
pub(crate) struct Vendor(graph::Vendor<FacebookAds>);

impl Deref for Vendor {
    type Target = graph::Vendor<FacebookAds>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Vendor {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let vendor = graph::Vendor::connect(account(), |graph, app, http| {
            let mut config = Config {
                graph: GraphConfig {
                    concurrency: GraphConfig::default().concurrency,
                    ..graph
                },
                poll_interval: Duration::from_millis(1),
                poll_max_interval: Duration::from_millis(2),
                poll_timeout: Duration::from_millis(150),
                start_timeout: Duration::from_millis(100),
                ..Config::default()
            };
            change(&mut config);
            FacebookAds::new(&config, app, http).unwrap()
        });
        Self(vendor.await)
    }

    pub(crate) async fn daily(
        &self,
        level: Level,
        start: &str,
        end: &str,
    ) -> Result<Vec<Batch>, Error> {
        self.fetch(daily(level, start, end)).await
    }
}

/// The first and the last day of a question.
pub(crate) fn since_until(params: &Params) -> (String, String) {
    let range = params.json("time_range");
    let text = |key: &str| range[key].as_str().unwrap().to_owned();
    (text("since"), text("until"))
}

pub(crate) fn answer(name: &str) -> ResponseTemplate {
    graph::fixture("facebook_ads", name)
}

pub(crate) fn post(at: &str) -> MockBuilder {
    Mock::given(method("POST")).and(path(at.to_owned()))
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
