//! Media of a profile, stories of the last day, and what each counts.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::GATE;
use crate::simulator::{
    Inner,
    meta::{
        days::{self, moment},
        error::GraphError,
        paging::Page,
        project::project,
        request::{GraphRequest, parse_fields},
    },
    world::{
        media::MediaAccount,
        posts::{Post, PostKind, PostMeasure, STORY_LIFE},
    },
};

/// Viewers below which a story has no figures.
const FEWEST_VIEWERS: i64 = 5;

pub(super) fn list(
    sim: &Inner,
    request: &GraphRequest,
    profile: &MediaAccount,
    stories: bool,
) -> Result<Value, GraphError> {
    let fields = parse_fields(request.params.get("fields").unwrap_or("id"))?;
    let bound = |name: &str| {
        request
            .params
            .get(name)
            .map(|text| days::parse(name, text))
            .transpose()
    };
    let (since, until) = (bound("since")?, bound("until")?);
    let now = sim.now();
    let listed: Vec<&Post> = profile
        .published(now)
        .filter(|post| (post.kind == PostKind::Story) == stories)
        .filter(|post| !stories || now - post.published <= STORY_LIFE)
        .filter(|post| since.is_none_or(|since| since <= post.published.timestamp()))
        .filter(|post| until.is_none_or(|until| post.published.timestamp() <= until))
        .collect();
    let cut = Page::of(request)?;
    GATE.too_much(sim)?;
    let data = listed[cut.within(listed.len())]
        .iter()
        .map(|post| project("Media", &describe(request, post), &fields).map(Value::Object))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "data": data, "paging": cut.paging(request, listed.len()) }))
}

fn describe(request: &GraphRequest, post: &Post) -> Map<String, Value> {
    let (media_type, product) = match post.kind {
        PostKind::Album => ("CAROUSEL_ALBUM", "FEED"),
        PostKind::Reels => ("VIDEO", "REELS"),
        PostKind::Video => ("VIDEO", "FEED"),
        PostKind::Story => ("IMAGE", "STORY"),
        PostKind::Photo | PostKind::Status => ("IMAGE", "FEED"),
    };
    let picture = format!("{}/pictures/{}", request.base, post.id);
    let video = media_type == "VIDEO";
    let object = json!({
        "id": post.id,
        "timestamp": moment(post.published),
        "caption": post.text,
        "media_type": media_type,
        "media_product_type": product,
        "permalink": format!("https://www.instagram.com/p/{}/", post.id),
        "media_url": if video { format!("{picture}.mp4") } else { picture.clone() },
        "thumbnail_url": video.then_some(picture),
        "shortcode": post.id,
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// Whether the platform tells figures of a post that so many people have seen.
fn is_told(profile: &MediaAccount, post: &Post, viewers: i64) -> bool {
    post.day() >= profile.professional
        && (post.kind != PostKind::Story || viewers >= FEWEST_VIEWERS)
}

/// Whether the platform tells figures of a post at the end of a day.
pub(super) fn has_figures(profile: &MediaAccount, post: &Post, date: NaiveDate) -> bool {
    is_told(profile, post, post.counter(PostMeasure::Reach, date))
}

/// Interactions of every kind that such a post has.
pub(super) fn interactions(post: &Post, count: impl Fn(PostMeasure) -> i64) -> i64 {
    use PostMeasure::{Comments, Likes, Replies, Reposts, Saves, Shares};
    let kinds: &[PostMeasure] = match post.kind {
        PostKind::Story => &[Replies, Shares],
        _ => &[Likes, Comments, Shares, Saves, Reposts],
    };
    kinds.iter().map(|measure| count(*measure)).sum()
}

/// What a metric counts on this kind of media; none if it does not have it.
fn measure(kind: PostKind, name: &str) -> Option<PostMeasure> {
    let (story, reels) = (kind == PostKind::Story, kind == PostKind::Reels);
    Some(match name {
        "views" => PostMeasure::Views,
        "reach" => PostMeasure::Reach,
        "shares" => PostMeasure::Shares,
        "likes" if !story => PostMeasure::Likes,
        "comments" if !story => PostMeasure::Comments,
        "saved" if !story => PostMeasure::Saves,
        "reposts" if !story => PostMeasure::Reposts,
        "profile_visits" if !reels => PostMeasure::ProfileVisits,
        "follows" if !reels => PostMeasure::Follows,
        "ig_reels_video_view_total_time" if reels => PostMeasure::WatchMilliseconds,
        "replies" if story => PostMeasure::Replies,
        "link_clicks" if story => PostMeasure::LinkClicks,
        _ => return None,
    })
}

const KNOWN: [&str; 14] = [
    "reach",
    "replies",
    "saved",
    "likes",
    "comments",
    "shares",
    "total_interactions",
    "follows",
    "profile_visits",
    "ig_reels_video_view_total_time",
    "ig_reels_avg_watch_time",
    "views",
    "reposts",
    "link_clicks",
];

pub(super) fn insights(
    sim: &Inner,
    request: &GraphRequest,
    profile: &MediaAccount,
    post: &Post,
) -> Result<Value, GraphError> {
    let names: Vec<&str> = request
        .params
        .require("metric")?
        .split(',')
        .map(str::trim)
        .collect();
    if let Some(at) = names.iter().position(|name| !KNOWN.contains(name)) {
        return Err(GraphError::parameter(format!(
            "metric[{at}] must be one of the following values: {}",
            KNOWN.join(", ")
        )));
    }
    let refused: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| *name != "total_interactions" && measure(post.kind, name).is_none())
        .collect();
    if !refused.is_empty() {
        return Err(GraphError::parameter(format!(
            "The Media Insights API does not support the {} metric for this media product type.",
            refused.join(", ")
        )));
    }
    let now = sim.now();
    if post.published > now
        || (post.kind == PostKind::Story && now - post.published > STORY_LIFE + STORY_LIFE)
    {
        return Err(GraphError::no_object("get", &post.id));
    }
    if post.day() < profile.professional {
        return Err(GraphError::parameter("The media was posted before the most recent time that the user's account was converted to a business account from a personal account.").subcode(2_108_006));
    }
    let yesterday = profile.as_of(now).yesterday();
    let count = |measure| post.told(measure, now, yesterday);
    if !is_told(profile, post, count(PostMeasure::Reach)) {
        return Err(GraphError::new(
            10,
            "(#10) Not enough viewers for the media to show insights",
        ));
    }
    GATE.too_much(sim)?;
    let data: Vec<Value> = names
        .iter()
        .map(|name| {
            let value = measure(post.kind, name).map_or_else(|| interactions(post, count), count);
            json!({
                "name": name, "period": "lifetime", "values": [{ "value": value }],
                "title": name, "description": name,
                "id": format!("{}/insights/{name}/lifetime", post.id),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}
