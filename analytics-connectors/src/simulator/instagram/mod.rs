//! The Instagram API as it is reached through pages: profile insights, media and their insights.

mod blueprints;
mod insights;
mod media;

use analytics_core::model::DateRange;
use axum::{http::Method, response::Response};
use serde_json::{Map, Value, json};

use super::{
    Inner, KnownAccount,
    meta::{
        error::GraphError,
        gate::{self, Gate, Reply},
        login::require_permission,
        project::project,
        request::{GraphRequest, parse_fields},
        usage::Usage,
    },
    tokens::Claims,
    world::{
        AsOf,
        media::{MediaAccount, MediaKind, MediaMeasure, MediaMetric, MediaRules, PostMetric},
        posts::{Post, PostKind, PostMeasure},
    },
};

pub(crate) use blueprints::accounts;

/// The platform's id.
pub(crate) const PLATFORM: &str = "instagram";

const GATE: Gate = Gate {
    platform: PLATFORM,
    limit: 80_002,
    caller: "Instagram account",
};

macro_rules! counts {
    ($id:literal, $($measure:ident)|+) => {
        MediaMetric {
            id: $id,
            kind: MediaKind::Additive,
            value: |account, days, as_of| {
                let total = [$(MediaMeasure::$measure),+]
                    .map(|measure| account.total(measure, days, as_of));
                Some(total.iter().sum::<i64>() * 1000)
            },
        }
    };
}

macro_rules! people {
    ($id:literal, $count:ident) => {
        MediaMetric {
            id: $id,
            kind: MediaKind::Unique {
                longest: 30,
                lengths: &[],
            },
            value: |account, days, as_of| Some(account.$count(days, as_of) * 1000),
        }
    };
}

macro_rules! of_post {
    ($id:literal, $($measure:ident)|+ $(, $only:pat)?) => {
        PostMetric {
            id: $id,
            value: |account, post, date| {
                let offered = true $(&& matches!(post.kind, $only))?;
                (offered && media::has_figures(account, post, date)).then(|| {
                    let counters = [$(PostMeasure::$measure),+]
                        .map(|measure| post.counter(measure, date));
                    counters.iter().sum::<i64>() * 1000
                })
            },
        }
    };
}

/// What the platform's answers amount to in normalized metrics.
static RULES: MediaRules = MediaRules {
    metrics: &[
        counts!("views", Views),
        people!("reach", reach),
        people!("instagram.accounts_engaged", engaged),
        counts!(
            "engagements",
            Like | Comments | Shares | Saves | Replies | Reposts
        ),
        counts!("likes", Like),
        counts!("comments", Comments),
        counts!("shares", Shares),
        counts!("saves", Saves),
        counts!("replies", Replies),
        counts!("reposts", Reposts),
        counts!("profile_views", ProfileViews),
        counts!("link_clicks", LinkClicks),
        counts!("contact_clicks", ContactClicks),
        MediaMetric {
            id: "follows",
            kind: MediaKind::Additive,
            value: |account, days, as_of| follows(account, MediaMeasure::Follows, days, as_of),
        },
        MediaMetric {
            id: "unfollows",
            kind: MediaKind::Additive,
            value: |account, days, as_of| follows(account, MediaMeasure::Unfollows, days, as_of),
        },
        MediaMetric {
            id: "followers",
            kind: MediaKind::Stock,
            value: |account, days, _| Some(account.followers_on(days.end) * 1000),
        },
        MediaMetric {
            id: "posts",
            kind: MediaKind::Additive,
            value: |account, days, _| {
                let posts = account
                    .posts
                    .iter()
                    .filter(|post| post.kind != PostKind::Story && days.contains(post.day()));
                i64::try_from(posts.count()).ok().map(|count| count * 1000)
            },
        },
    ],
    posts: &[
        of_post!("views", Views),
        of_post!("reach", Reach),
        PostMetric {
            id: "engagements",
            value: |account, post, date| {
                media::has_figures(account, post, date).then(|| {
                    media::interactions(post, |measure| post.counter(measure, date)) * 1000
                })
            },
        },
        of_post!(
            "likes",
            Likes,
            PostKind::Photo | PostKind::Album | PostKind::Video | PostKind::Reels
        ),
        of_post!(
            "comments",
            Comments,
            PostKind::Photo | PostKind::Album | PostKind::Video | PostKind::Reels
        ),
        of_post!("shares", Shares),
        of_post!(
            "saves",
            Saves,
            PostKind::Photo | PostKind::Album | PostKind::Video | PostKind::Reels
        ),
        of_post!(
            "reposts",
            Reposts,
            PostKind::Photo | PostKind::Album | PostKind::Video | PostKind::Reels
        ),
        of_post!("replies", Replies, PostKind::Story),
        of_post!(
            "follows",
            Follows,
            PostKind::Photo | PostKind::Album | PostKind::Video | PostKind::Story
        ),
        of_post!(
            "profile_views",
            ProfileVisits,
            PostKind::Photo | PostKind::Album | PostKind::Video | PostKind::Story
        ),
        of_post!("link_clicks", LinkClicks, PostKind::Story),
        PostMetric {
            id: "video_watch_time",
            value: |account, post, date| {
                (post.kind == PostKind::Reels && media::has_figures(account, post, date))
                    .then(|| post.counter(PostMeasure::WatchMilliseconds, date))
            },
        },
    ],
    lasts: |post| post.kind != PostKind::Story,
};

/// Small profiles are not told who came and who left.
fn follows(
    account: &MediaAccount,
    measure: MediaMeasure,
    days: DateRange,
    as_of: AsOf,
) -> Option<i64> {
    (!account.is_small(as_of)).then(|| account.total(measure, days, as_of) * 1000)
}

/// What the Instagram API remembers.
#[derive(Debug)]
pub(crate) struct Instagram {
    usage: Usage,
}

impl Default for Instagram {
    fn default() -> Self {
        Self {
            usage: Usage::new("instagram"),
        }
    }
}

/// The variables that point the connector at a simulator.
pub(crate) fn env(base_url: &str) -> Vec<(String, String)> {
    [
        ("BASE_URL", format!("{base_url}/meta")),
        ("API_VERSION", "v26.0".to_owned()),
        // Nobody shares the simulated platform: no need to spare it.
        ("REQUESTS_PER_SECOND", "5000".to_owned()),
    ]
    .map(|(name, value)| (format!("ANALYTICS_INSTAGRAM_{name}"), value))
    .to_vec()
}

/// Every profile that the user may read, with a token of the user that never expires.
pub(crate) fn known_accounts(sim: &Inner) -> Vec<KnownAccount> {
    super::meta::known_media(sim, PLATFORM)
}

/// The profile that a request is about, and the post if it is about one.
pub(crate) fn owner<'a>(
    sim: &'a Inner,
    node: &str,
) -> Option<(&'a MediaAccount, Option<&'a Post>)> {
    sim.world.media_accounts(PLATFORM).find_map(|profile| {
        if profile.id == node {
            return Some((profile, None));
        }
        profile.post(node).map(|post| (profile, Some(post)))
    })
}

/// Answers a request about a profile or its media that has been authenticated.
pub(crate) fn handle(sim: &Inner, request: &GraphRequest, claims: &Claims) -> Response {
    let answer = GATE.before(sim).and_then(|()| reply(sim, request, claims));
    let usage = &sim.instagram.usage;
    match answer {
        Ok(reply) => GATE.after(sim, &reply, |strain| usage.headers(sim, &reply, strain)),
        Err(error) => gate::refuse(error, || usage.exhausted(&request.node)),
    }
}

fn reply(sim: &Inner, request: &GraphRequest, claims: &Claims) -> Result<Reply, GraphError> {
    let no_object = || GraphError::no_object("get", &request.node);
    let (profile, post) = owner(sim, &request.node).ok_or_else(no_object)?;
    if request.method != Method::GET || !profile.readable {
        return Err(no_object());
    }
    GATE.permission(sim, &profile.id)?;
    require_permission(claims, "instagram_basic")?;
    let edge = request.edge.as_deref();
    let body = match (post, edge) {
        (None, None) => one(sim, request, profile)?,
        (None, Some("insights")) => {
            require_permission(claims, "instagram_manage_insights")?;
            insights::get(sim, request, profile)?
        }
        (None, Some("media")) => media::list(sim, request, profile, false)?,
        (None, Some("stories")) => media::list(sim, request, profile, true)?,
        (Some(post), Some("insights")) => {
            require_permission(claims, "instagram_manage_insights")?;
            media::insights(sim, request, profile, post)?
        }
        (_, edge) => {
            return Err(GraphError::new(
                2500,
                format!("Unknown path components: /{}", edge.unwrap_or_default()),
            ));
        }
    };
    Ok(Reply {
        body: body.to_string(),
        account: Some(profile.id.clone()),
        insights: edge == Some("insights"),
    })
}

fn one(sim: &Inner, request: &GraphRequest, profile: &MediaAccount) -> Result<Value, GraphError> {
    let fields = parse_fields(request.params.get("fields").unwrap_or("id"))?;
    let as_of = profile.as_of(sim.now());
    let object = json!({
        "id": profile.id,
        "username": profile.username,
        "name": profile.name,
        "profile_picture_url": format!("{}/pictures/{}", request.base, profile.id),
        "followers_count": profile.followers_on(as_of.yesterday()),
        "follows_count": 120,
        "media_count": profile.published(sim.now()).count(),
    });
    let object = match object {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    project("IGUser", &object, &fields).map(Value::Object)
}
