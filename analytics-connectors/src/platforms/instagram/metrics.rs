//! What this platform delivers: vendor field → metric. Tables, no logic.

use analytics_core::model::{Direction, Level, Metric, MetricId, MetricKind, Text, Unit};

/// Levels of the platform.
pub(super) const LEVELS: [Level; 2] = [Level::Account, Level::Post];

/// One metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) metric: &'static str,
    pub(super) field: &'static str,
}

const fn row(metric: &'static str, field: &'static str) -> Row {
    Row { metric, field }
}

/// People who saw something.
pub(super) const REACH: &str = "reach";
/// People who did something.
pub(super) const ENGAGED: &str = "instagram.accounts_engaged";

/// Of the profile, one value for the range asked for.
pub(super) const TOTALS: &[Row] = &[
    row("views", "views"),
    row(REACH, "reach"),
    row(ENGAGED, "accounts_engaged"),
    row("engagements", "total_interactions"),
    row("likes", "likes"),
    row("comments", "comments"),
    row("shares", "shares"),
    row("saves", "saves"),
    row("replies", "replies"),
    row("reposts", "reposts"),
    row("profile_views", "profile_views"),
    row("link_clicks", "website_clicks"),
    row("contact_clicks", "profile_links_taps"),
];

/// Comes in buckets only, and so by a call of its own.
pub(super) const FOLLOWS: &str = "follows_and_unfollows";
/// Metric and bucket of it. `FOLLOWER` are those who follow since, `NON_FOLLOWER` those who stopped.
pub(super) const FOLLOW_BUCKETS: &[(&str, &str)] =
    &[("follows", "FOLLOWER"), ("unfollows", "NON_FOLLOWER")];

/// Kinds of media that the platform counts alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Feed,
    Reels,
    Story,
}

const VIEWS: Row = row("views", "views");
const REACHED: Row = row(REACH, "reach");
const LIKES: Row = row("likes", "likes");
const COMMENTS: Row = row("comments", "comments");
const SHARES: Row = row("shares", "shares");
const SAVES: Row = row("saves", "saved");
const REPOSTS: Row = row("reposts", "reposts");
const INTERACTIONS: Row = row("engagements", "total_interactions");
const VISITS: Row = row("profile_views", "profile_visits");
const FOLLOWED: Row = row("follows", "follows");
const REPLIES: Row = row("replies", "replies");
const LINKS: Row = row("link_clicks", "link_clicks");
/// In milliseconds.
pub(super) const WATCH_TIME: Row = row("video_watch_time", "ig_reels_video_view_total_time");

impl Kind {
    /// The lifetime totals of media of this kind: asking for another fails the whole call.
    pub(super) fn totals(self) -> &'static [Row] {
        match self {
            Self::Feed => &[
                VIEWS,
                REACHED,
                LIKES,
                COMMENTS,
                SAVES,
                SHARES,
                INTERACTIONS,
                REPOSTS,
                VISITS,
                FOLLOWED,
            ],
            Self::Reels => &[
                VIEWS,
                REACHED,
                LIKES,
                COMMENTS,
                SAVES,
                SHARES,
                INTERACTIONS,
                REPOSTS,
                WATCH_TIME,
            ],
            Self::Story => &[
                VIEWS,
                REACHED,
                REPLIES,
                SHARES,
                INTERACTIONS,
                VISITS,
                FOLLOWED,
                LINKS,
            ],
        }
    }
}

/// Lifetime totals of posts, as a table of posts lists them. Reach is a total only: the people of
/// two days cannot be subtracted.
pub(super) const POST_METRICS: &[&str] = &[
    "views",
    REACH,
    "engagements",
    "likes",
    "comments",
    "shares",
    "saves",
    "reposts",
    "replies",
    "follows",
    "profile_views",
    "link_clicks",
    "video_watch_time",
];

/// Metrics of this platform alone.
pub(super) fn own_metrics() -> Vec<Metric> {
    vec![Metric {
        id: MetricId::from(ENGAGED),
        unit: Unit::Count,
        kind: MetricKind::Unique,
        better: Direction::Up,
        label: Text::new("Accounts engaged", "アクションを実行したアカウント"),
        description: Text::new(
            "People who did something with a post. Cannot be added up over days.",
            "投稿に反応した人の数。日別の値は合計できません",
        ),
    }]
}
