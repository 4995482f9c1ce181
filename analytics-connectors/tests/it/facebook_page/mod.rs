//! The connector to pages against a stand-in for the Graph API.

mod accounts;
mod errors;
mod insights;
mod posts;
mod probing;
mod publications;
mod splits;
mod tokens;
mod traps;

use analytics_connectors::{
    Batch, Error,
    platforms::facebook_page::{Config, FacebookPage},
};
use serde_json::{Value, json};
use wiremock::{
    MockBuilder, ResponseTemplate,
    matchers::{query_param, query_param_is_missing},
};

use crate::graph::{self, failure, get, media_account, ok};

pub(crate) const PAGE: &str = "1000200030004";
pub(crate) const PAGE_PATH: &str = "/v26.0/1000200030004";
pub(crate) const INSIGHTS: &str = "/v26.0/1000200030004/insights";
pub(crate) const POSTS: &str = "/v26.0/1000200030004/published_posts";
pub(crate) const PAGE_TOKEN: &str =
    "EAABsbCS1iHgBO0ZBsecretPageTokenThatNobodyMayEverSee0987654321";
/// HMAC-SHA256 of the page's token under the app's secret, computed independently.
pub(crate) const PAGE_PROOF: &str =
    "afce1f51d5be39518f60ccab203f8194b0ad5e1f7e0de99edbc43937ebcaadd5";

/// How the ends of 1, 2 and 3 October are stamped.
pub(crate) const END_OF_1: &str = "2026-10-02T07:00:00+0000";
pub(crate) const END_OF_2: &str = "2026-10-03T07:00:00+0000";
pub(crate) const END_OF_3: &str = "2026-10-04T07:00:00+0000";

/// Daily figures: metric, and how the platform calls it.
pub(crate) const DAILY: [(&str, &str); 11] = [
    ("views", "page_media_view"),
    ("reach", "page_total_media_view_unique"),
    ("engagements", "page_post_engagements"),
    ("profile_views", "page_views_total"),
    ("followers", "page_follows"),
    ("follows", "page_daily_follows_unique"),
    ("unfollows", "page_daily_unfollows_unique"),
    ("reactions", "page_actions_post_reactions_total"),
    ("video_views", "page_video_views"),
    ("video_watch_time", "page_video_view_time"),
    ("contact_clicks", "page_total_actions"),
];

pub(crate) type Vendor = graph::Vendor<FacebookPage>;

/// A stand-in that does not even give the page's token.
pub(crate) async fn bare_with(change: impl FnOnce(&mut Config)) -> Vendor {
    Vendor::connect(media_account(PAGE), |graph, app, http| {
        let mut config = Config {
            graph,
            ..Config::default()
        };
        change(&mut config);
        FacebookPage::new(&config, app, http).unwrap()
    })
    .await
}

pub(crate) async fn bare() -> Vendor {
    bare_with(|_| {}).await
}

/// A stand-in that gives the page's token and nothing else.
pub(crate) async fn vendor() -> Vendor {
    let vendor = bare().await;
    vendor.on(get(PAGE_PATH), token(PAGE_TOKEN)).await;
    vendor
}

/// A stand-in that has these daily figures and no others.
pub(crate) async fn with_days(data: Value) -> Vendor {
    let vendor = vendor().await;
    vendor.on(day_call(), ok(json!({ "data": data }))).await;
    vendor.on(get(INSIGHTS), nothing()).await;
    vendor
}

pub(crate) async fn insights(vendor: &Vendor, start: &str, end: &str) -> Result<Vec<Batch>, Error> {
    vendor.daily("insights", start, end).await
}

/// The call for daily figures.
pub(crate) fn day_call() -> MockBuilder {
    get(INSIGHTS)
        .and(query_param("period", "day"))
        .and(query_param_is_missing("breakdown"))
}

/// The call for views by whether an ad brought them.
pub(crate) fn by_ads_call() -> MockBuilder {
    get(INSIGHTS).and(query_param("breakdown", "is_from_ads"))
}

/// The call for rolling reach.
pub(crate) fn rolling_call(period: &str) -> MockBuilder {
    get(INSIGHTS).and(query_param("period", period))
}

pub(crate) fn token(text: &str) -> ResponseTemplate {
    ok(json!({ "access_token": text, "id": PAGE }))
}

pub(crate) fn nothing() -> ResponseTemplate {
    ok(json!({ "data": [] }))
}

/// How Meta refuses a metric: without saying which.
pub(crate) fn refusal() -> ResponseTemplate {
    failure(
        400,
        100,
        None,
        "(#100) The value must be a valid insights metric",
    )
}

/// A metric of an answer: its values, each with the end of its day.
pub(crate) fn series(name: &str, period: &str, values: &[(Value, &str)]) -> Value {
    let values: Vec<Value> = values
        .iter()
        .map(|(value, end)| json!({ "value": value, "end_time": end }))
        .collect();
    json!({
        "name": name,
        "period": period,
        "values": values,
        "title": "text",
        "description": null,
        "id": format!("{PAGE}/insights/{name}/{period}"),
    })
}

/// Daily views.
pub(crate) fn views(values: &[(Value, &str)]) -> Value {
    series("page_media_view", "day", values)
}
