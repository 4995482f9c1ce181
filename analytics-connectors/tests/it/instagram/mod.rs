//! The connector to Instagram against a stand-in for the Graph API.

mod accounts;
mod days;
mod errors;
mod fleeting;
mod follows;
mod media;
mod media_totals;
mod publications;
mod refusals;
mod snapshots;
mod traps;

use analytics_connectors::{
    Batch, Error,
    platforms::instagram::{Config, Instagram},
};
use serde_json::{Value, json};
use wiremock::{
    MockBuilder, ResponseTemplate,
    matchers::{query_param, query_param_is_missing},
};

use crate::graph::{self, get, media_account, ok};

pub(crate) const PROFILE: &str = "17840000000000001";
pub(crate) const PROFILE_PATH: &str = "/v26.0/17840000000000001";
pub(crate) const INSIGHTS: &str = "/v26.0/17840000000000001/insights";
pub(crate) const MEDIA: &str = "/v26.0/17840000000000001/media";
pub(crate) const STORIES: &str = "/v26.0/17840000000000001/stories";

/// Figures of a day: metric, and how the platform calls it.
pub(crate) const TOTALS: [(&str, &str); 13] = [
    ("views", "views"),
    ("reach", "reach"),
    ("instagram.accounts_engaged", "accounts_engaged"),
    ("engagements", "total_interactions"),
    ("likes", "likes"),
    ("comments", "comments"),
    ("shares", "shares"),
    ("saves", "saves"),
    ("replies", "replies"),
    ("reposts", "reposts"),
    ("profile_views", "profile_views"),
    ("link_clicks", "website_clicks"),
    ("contact_clicks", "profile_links_taps"),
];

pub(crate) type Vendor = graph::Vendor<Instagram>;

pub(crate) async fn vendor_with(change: impl FnOnce(&mut Config)) -> Vendor {
    Vendor::connect(media_account(PROFILE), |graph, app, http| {
        let mut config = Config {
            graph,
            ..Config::default()
        };
        change(&mut config);
        Instagram::new(&config, app, http).unwrap()
    })
    .await
}

pub(crate) async fn vendor() -> Vendor {
    vendor_with(|_| {}).await
}

/// A stand-in that has these figures of every day, and whom nobody follows or leaves.
pub(crate) async fn with_totals(data: Value) -> Vendor {
    let vendor = vendor().await;
    vendor.on(totals_call(), ok(json!({ "data": data }))).await;
    vendor.on(follows_call(), followed(json!([]))).await;
    vendor
}

pub(crate) async fn insights(vendor: &Vendor, start: &str, end: &str) -> Result<Vec<Batch>, Error> {
    vendor.daily("insights", start, end).await
}

/// The call for the figures of a day.
pub(crate) fn totals_call() -> MockBuilder {
    get(INSIGHTS).and(query_param_is_missing("breakdown"))
}

/// The call for who came and who left.
pub(crate) fn follows_call() -> MockBuilder {
    get(INSIGHTS).and(query_param("breakdown", "follow_type"))
}

/// An answer to it with these buckets.
pub(crate) fn followed(results: Value) -> ResponseTemplate {
    ok(json!({ "data": [{
        "name": "follows_and_unfollows",
        "period": "day",
        "title": "Follows and unfollows",
        "total_value": { "breakdowns": [{
            "dimension_keys": ["follow_type"],
            "results": results,
        }] },
        "id": format!("{PROFILE}/insights/follows_and_unfollows/day"),
    }] }))
}

/// A figure as a total of a day.
pub(crate) fn total(name: &str, value: Value) -> Value {
    json!({
        "name": name,
        "period": "day",
        "title": "text",
        "description": "text",
        "total_value": { "value": value },
        "id": format!("{PROFILE}/insights/{name}/day"),
    })
}
