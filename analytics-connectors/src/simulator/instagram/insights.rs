//! Insights of a profile: totals of a range, and days of reach.

use analytics_core::model::DateRange;
use serde_json::{Value, json};

use super::GATE;
use crate::simulator::{
    Inner,
    meta::{days, error::GraphError, request::GraphRequest},
    world::{
        AsOf,
        media::{MediaAccount, MediaMeasure},
    },
};

const LONGEST_SECONDS: i64 = 2_592_000;
const HISTORY_DAYS: i64 = 730;

/// Metrics that the vendor knows, in the order it names them.
const METRICS: [&str; 16] = [
    "reach",
    "follower_count",
    "website_clicks",
    "profile_views",
    "accounts_engaged",
    "total_interactions",
    "likes",
    "comments",
    "shares",
    "saves",
    "replies",
    "follows_and_unfollows",
    "profile_links_taps",
    "views",
    "reposts",
    "content_views",
];

pub(super) fn get(
    sim: &Inner,
    request: &GraphRequest,
    profile: &MediaAccount,
) -> Result<Value, GraphError> {
    let params = &request.params;
    let names: Vec<&str> = params
        .require("metric")?
        .split(',')
        .map(str::trim)
        .collect();
    if let Some(at) = names.iter().position(|name| !METRICS.contains(name)) {
        return Err(GraphError::parameter(format!(
            "metric[{at}] must be one of the following values: {}",
            METRICS.join(", ")
        )));
    }
    if params.get("period") != Some("day") {
        return Err(GraphError::parameter("The parameter period is required"));
    }
    let series = match params.get("metric_type") {
        Some("total_value") => false,
        Some("time_series") | None => true,
        Some(other) => {
            return Err(GraphError::parameter(format!(
                "metric_type must be one of time_series, total_value; got {other}"
            )));
        }
    };
    let in_days = ["reach", "follower_count"];
    let whole: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !in_days.contains(name))
        .collect();
    if series && !whole.is_empty() {
        return Err(GraphError::parameter(format!(
            "The following metrics ({}) should be specified with parameter metric_type=total_value",
            whole.join(", ")
        )));
    }
    let breakdown = params.get("breakdown");
    let takes = |name: &&str| match breakdown {
        None => true,
        Some("follow_type") => *name == "follows_and_unfollows",
        Some("media_product_type") => ["reach", "views"].contains(name),
        Some(_) => false,
    };
    if !names.iter().all(takes) {
        return Err(GraphError::parameter(
            "Some of the metrics are incompatible with the breakdown",
        ));
    }
    let now = sim.now();
    let span = days::span(request, now, 1)?;
    if span.seconds() > LONGEST_SECONDS {
        return Err(GraphError::parameter(
            "There cannot be more than 30 days (2592000 s) between since and until",
        ));
    }
    if span.since > now.timestamp() {
        return Err(GraphError::parameter(
            "since param is not valid. Metrics data is available for the last 2 years",
        ));
    }
    GATE.too_much(sim)?;
    let as_of = profile.as_of(now);
    if names.contains(&"follows_and_unfollows") && profile.is_small(as_of) {
        return Err(GraphError::new(
            10,
            "(#10) Not enough followers: the metric is not available for accounts with fewer than 100 followers",
        )
        .subcode(2_874_010)
        .status(403));
    }
    let range = span
        .range()
        .filter(|range| as_of.age(range.start) <= HISTORY_DAYS);
    let data: Vec<Value> = names
        .iter()
        .map(|name| item(profile, name, range, as_of, (series, breakdown)))
        .collect();
    Ok(json!({
        "data": data,
        "paging": { "previous": request.next_page("previous"), "next": request.next_page("next") },
    }))
}

fn item(
    profile: &MediaAccount,
    name: &str,
    range: Option<DateRange>,
    as_of: AsOf,
    (series, breakdown): (bool, Option<&str>),
) -> Value {
    let mut item = json!({
        "name": name, "period": "day", "title": name, "description": name,
        "id": format!("{}/insights/{name}/day", profile.id),
    });
    // A window that holds no first second of a day has nothing to tell.
    let Some(range) = range else { return item };
    if series {
        let rows: Vec<Value> = range
            .iter()
            .map(|date| {
                let value = value(profile, name, DateRange::day(date), as_of);
                json!({ "value": value, "end_time": days::stamp(date) })
            })
            .collect();
        item["values"] = rows.into();
        return item;
    }
    if name == "follows_and_unfollows" {
        if breakdown.is_some() {
            let results: Vec<Value> = [
                ("FOLLOWER", MediaMeasure::Follows),
                ("NON_FOLLOWER", MediaMeasure::Unfollows),
            ]
            .into_iter()
            .map(|(bucket, measure)| (bucket, profile.total(measure, range, as_of)))
            .filter(|(_, value)| *value > 0)
            .map(|(bucket, value)| json!({ "dimension_values": [bucket], "value": value }))
            .collect();
            let mut split = json!({ "dimension_keys": ["follow_type"] });
            if !results.is_empty() {
                split["results"] = results.into();
            }
            item["total_value"] = json!({ "breakdowns": [split] });
        }
        return item;
    }
    item["total_value"] = json!({ "value": value(profile, name, range, as_of) });
    item
}

fn value(profile: &MediaAccount, name: &str, days: DateRange, as_of: AsOf) -> i64 {
    use MediaMeasure::{
        Comments, ContactClicks, Follows, Like, LinkClicks, ProfileViews, Replies, Reposts, Saves,
        Shares, Views,
    };
    let total = |measure| profile.total(measure, days, as_of);
    match name {
        "reach" => profile.reach(days, as_of),
        "accounts_engaged" => profile.engaged(days, as_of),
        "total_interactions" => [Like, Comments, Shares, Saves, Replies, Reposts]
            .map(total)
            .iter()
            .sum(),
        "likes" => total(Like),
        "comments" => total(Comments),
        "shares" => total(Shares),
        "saves" => total(Saves),
        "replies" => total(Replies),
        "reposts" => total(Reposts),
        "profile_views" => total(ProfileViews),
        "website_clicks" => total(LinkClicks),
        "profile_links_taps" => total(ContactClicks),
        "follower_count" => total(Follows),
        _ => total(Views),
    }
}
