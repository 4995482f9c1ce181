//! The Pages API: discovery, page tokens, page insights and posts.

mod blueprints;
mod discovery;
mod insights;
mod posts;

use analytics_core::model::DateRange;
use axum::{http::Method, response::Response};

use super::{
    Inner, KnownAccount,
    meta::{
        error::GraphError,
        gate::{self, Gate, Reply},
        login::{TokenKind, require_permission},
        request::GraphRequest,
        scopes::Scopes,
        usage::Usage,
    },
    tokens::Claims,
    world::{
        AsOf,
        media::{MediaAccount, MediaKind, MediaMeasure, MediaMetric, MediaRules, PostMetric},
        posts::{Post, PostMeasure},
    },
};

pub(crate) use blueprints::accounts;
pub(crate) use discovery::{is_business, pages};

/// The platform's id.
pub(crate) const PLATFORM: &str = "facebook_page";

const GATE: Gate = Gate {
    platform: PLATFORM,
    limit: 80_001,
    caller: "page",
};

fn counted(
    measures: &[MediaMeasure],
    account: &MediaAccount,
    days: DateRange,
    as_of: AsOf,
) -> Option<i64> {
    let lacks = measures
        .iter()
        .any(|measure| account.lacks.contains(measure));
    if lacks || account.is_small(as_of) {
        return None;
    }
    let total = |measure: &MediaMeasure| account.total(*measure, days, as_of);
    Some(measures.iter().map(total).sum())
}

macro_rules! counts {
    ($id:literal, $($measure:ident)|+) => {
        MediaMetric {
            id: $id,
            kind: MediaKind::Additive,
            value: |account, days, as_of| {
                counted(&[$(MediaMeasure::$measure),+], account, days, as_of).map(|count| count * 1000)
            },
        }
    };
}

/// What the platform's answers amount to in normalized metrics.
static RULES: MediaRules = MediaRules {
    metrics: &[
        counts!("views", Views),
        MediaMetric {
            id: "facebook_page.views_organic",
            kind: MediaKind::Additive,
            value: |account, days, as_of| {
                let views = counted(&[MediaMeasure::Views], account, days, as_of)?;
                Some((views - counted(&[MediaMeasure::ViewsFromAds], account, days, as_of)?) * 1000)
            },
        },
        counts!("facebook_page.views_paid", ViewsFromAds),
        MediaMetric {
            id: "reach",
            kind: MediaKind::Unique {
                longest: 1,
                lengths: &[7, 28],
            },
            value: |account, days, as_of| {
                (!account.is_small(as_of)).then(|| account.reach(days, as_of) * 1000)
            },
        },
        counts!(
            "engagements",
            Like | Love | Wow | Haha | Sorry | Anger | Comments | Shares | Clicks
        ),
        counts!("profile_views", ProfileViews),
        MediaMetric {
            id: "followers",
            kind: MediaKind::Stock,
            value: |account, days, as_of| {
                (!account.is_small(as_of))
                    .then(|| insights::follows(account, days.end, as_of) * 1000)
            },
        },
        counts!("follows", Follows),
        counts!("unfollows", Unfollows),
        counts!("reactions", Like | Love | Wow | Haha | Sorry | Anger),
        counts!("video_views", VideoViews),
        MediaMetric {
            id: "video_watch_time",
            kind: MediaKind::Additive,
            value: |account, days, as_of| {
                counted(&[MediaMeasure::WatchMilliseconds], account, days, as_of)
            },
        },
        counts!("contact_clicks", ContactClicks),
        MediaMetric {
            id: "posts",
            kind: MediaKind::Additive,
            value: |account, days, _| {
                let posts = account
                    .posts
                    .iter()
                    .filter(|post| days.contains(post.day()));
                i64::try_from(posts.count()).ok().map(|count| count * 1000)
            },
        },
    ],
    posts: &[
        PostMetric {
            id: "views",
            value: |_, post, date| of_post(post, &[PostMeasure::Views], date),
        },
        PostMetric {
            id: "reach",
            value: |_, post, date| of_post(post, &[PostMeasure::Reach], date),
        },
        PostMetric {
            id: "engagements",
            value: |_, post, date| {
                let parts = [
                    PostMeasure::Likes,
                    PostMeasure::Comments,
                    PostMeasure::Shares,
                    PostMeasure::Clicks,
                ];
                of_post(post, &parts, date)
            },
        },
        PostMetric {
            id: "reactions",
            value: |_, post, date| of_post(post, &[PostMeasure::Likes], date),
        },
        PostMetric {
            id: "comments",
            value: |_, post, date| of_post(post, &[PostMeasure::Comments], date),
        },
        PostMetric {
            id: "shares",
            value: |_, post, date| of_post(post, &[PostMeasure::Shares], date),
        },
        PostMetric {
            id: "clicks_all",
            value: |_, post, date| of_post(post, &[PostMeasure::Clicks], date),
        },
        PostMetric {
            id: "video_views",
            value: |_, post, date| {
                post.is_video()
                    .then(|| of_post(post, &[PostMeasure::VideoViews], date))?
            },
        },
        PostMetric {
            id: "video_watch_time",
            value: |_, post, date| {
                post.is_video()
                    .then(|| post.counter(PostMeasure::WatchMilliseconds, date))
            },
        },
    ],
    lasts: |_| true,
};

fn of_post(post: &Post, measures: &[PostMeasure], date: chrono::NaiveDate) -> Option<i64> {
    let counter = |measure: &PostMeasure| post.counter(*measure, date);
    Some(measures.iter().map(counter).sum::<i64>() * 1000)
}

/// What the Pages API remembers.
#[derive(Debug)]
pub(crate) struct FacebookPage {
    usage: Usage,
}

impl Default for FacebookPage {
    fn default() -> Self {
        Self {
            usage: Usage::new("pages"),
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
    .map(|(name, value)| (format!("ANALYTICS_FACEBOOK_PAGE_{name}"), value))
    .to_vec()
}

/// Every page that the user may read, with a token of the user that never expires.
pub(crate) fn known_accounts(sim: &Inner) -> Vec<KnownAccount> {
    super::meta::known_media(sim, PLATFORM)
}

/// The page that a request is about: itself, or one of its posts.
pub(crate) fn page<'a>(sim: &'a Inner, node: &str) -> Option<&'a MediaAccount> {
    let id = node.split_once('_').map_or(node, |(page, _)| page);
    sim.world.media_account(PLATFORM, id)
}

/// Answers a request about a page that has been authenticated.
pub(crate) fn handle(sim: &Inner, request: &GraphRequest, claims: &Claims) -> Response {
    let answer = GATE.before(sim).and_then(|()| reply(sim, request, claims));
    let usage = &sim.facebook_page.usage;
    match answer {
        Ok(reply) => GATE.after(sim, &reply, |strain| usage.headers(sim, &reply, strain)),
        Err(error) => gate::refuse(error, || usage.exhausted(&request.node)),
    }
}

/// Answers a request for lists of pages.
pub(crate) fn discover(sim: &Inner, request: &GraphRequest, claims: &Claims) -> Response {
    let answer = GATE
        .before(sim)
        .and_then(|()| discovery::list(sim, request, claims));
    let usage = &sim.facebook_page.usage;
    match answer {
        Ok(reply) => GATE.after(sim, &reply, |strain| usage.headers(sim, &reply, strain)),
        Err(error) => gate::refuse(error, Vec::new),
    }
}

fn reply(sim: &Inner, request: &GraphRequest, claims: &Claims) -> Result<Reply, GraphError> {
    let no_object = || GraphError::no_object("get", &request.node);
    let page = page(sim, &request.node).ok_or_else(no_object)?;
    if request.method != Method::GET {
        return Err(no_object());
    }
    GATE.permission(sim, &page.id)?;
    match request.edge.as_deref() {
        None if request.node == page.id => discovery::one(sim, request, claims, page),
        Some("insights") if request.node == page.id => {
            require_permission(claims, "read_insights")?;
            require_page_token(claims, page)?;
            insights::get(sim, request, page)
        }
        Some("published_posts" | "posts") => {
            require_permission(claims, "pages_read_engagement")?;
            require_page_token(claims, page)?;
            posts::list(sim, request, claims, page)
        }
        edge => Err(GraphError::new(
            2500,
            format!("Unknown path components: /{}", edge.unwrap_or_default()),
        )),
    }
}

fn require_page_token(claims: &Claims, page: &MediaAccount) -> Result<(), GraphError> {
    if claims.kind != TokenKind::Page as u8 {
        return Err(GraphError::token(
            "This method must be called with a Page Access Token",
            None,
        ));
    }
    if claims.subject.to_string() != page.id {
        return Err(GraphError::token(
            "The Page access token belongs to another page before impersonating a user's page",
            None,
        ));
    }
    Ok(())
}

/// The user's scopes behind a token.
fn scopes(claims: &Claims) -> Scopes {
    Scopes(claims.granted)
}
