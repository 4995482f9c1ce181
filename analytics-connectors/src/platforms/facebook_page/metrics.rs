//! What this platform delivers: vendor field → metric. Tables, no logic.

use analytics_core::model::{Direction, Level, Metric, MetricId, MetricKind, Text, Unit};

/// Levels of the platform.
pub(super) const LEVELS: [Level; 2] = [Level::Account, Level::Post];

/// What a vendor's number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// Pieces, kept as they are; a map of kinds is added up.
    Whole,
    /// Milliseconds, kept as seconds.
    Milliseconds,
}

/// One metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) metric: &'static str,
    pub(super) field: &'static str,
    pub(super) scale: Scale,
}

const fn row(metric: &'static str, field: &'static str) -> Row {
    Row {
        metric,
        field,
        scale: Scale::Whole,
    }
}

const fn time(metric: &'static str, field: &'static str) -> Row {
    Row {
        scale: Scale::Milliseconds,
        ..row(metric, field)
    }
}

/// People who saw it: also as rolling values of whole weeks and of four weeks.
pub(super) const REACH: Row = row("reach", "page_total_media_view_unique");
/// Views: also split by whether an ad brought them.
pub(super) const VIEWS: Row = row("views", "page_media_view");

/// Of the page, a value a day.
pub(super) const DAILY: &[Row] = &[
    VIEWS,
    REACH,
    row("engagements", "page_post_engagements"),
    row("profile_views", "page_views_total"),
    row("followers", "page_follows"),
    row("follows", "page_daily_follows_unique"),
    row("unfollows", "page_daily_unfollows_unique"),
    row("reactions", "page_actions_post_reactions_total"),
    row("video_views", "page_video_views"),
    time("video_watch_time", "page_video_view_time"),
    row("contact_clicks", "page_total_actions"),
];

/// Metric and bucket of `is_from_ads` of the views.
pub(super) const BY_ADS: &[(&str, &str)] = &[
    ("facebook_page.views_organic", "0"),
    ("facebook_page.views_paid", "1"),
];

/// Rolling reach: the vendor's period, and the days it spans up to the one it stands at.
pub(super) const ROLLING: &[(&str, u32)] = &[("week", 7), ("days_28", 28)];

/// Of a post, a lifetime total by its insights.
pub(super) const POST_INSIGHTS: &[Row] = &[
    row("views", "post_media_view"),
    row("reach", "post_total_media_view_unique"),
    row("clicks_all", "post_clicks"),
    row("video_views", "post_video_views"),
    time("video_watch_time", "post_video_view_time"),
];

/// Lifetime totals of posts, as a table of posts lists them. Reach is a total only: the people of
/// two days cannot be subtracted.
pub(super) const POST_METRICS: &[&str] = &[
    "views",
    "reach",
    "engagements",
    "reactions",
    "comments",
    "shares",
    "clicks_all",
    "video_views",
    "video_watch_time",
];

/// What a post's engagements are the sum of, as the page's own are.
pub(super) const ENGAGEMENTS: [&str; 4] = ["reactions", "comments", "shares", "clicks_all"];

/// Metrics of this platform alone.
pub(super) fn own_metrics() -> Vec<Metric> {
    let own = |id: &str, label: Text, description: Text| Metric {
        id: MetricId::from(id),
        unit: Unit::Count,
        kind: MetricKind::Additive,
        better: Direction::Up,
        label,
        description,
    };
    vec![
        own(
            BY_ADS[0].0,
            Text::new("Views (organic)", "表示回数（オーガニック）"),
            Text::new("Views that no ad brought.", "広告によらない表示の回数"),
        ),
        own(
            BY_ADS[1].0,
            Text::new("Views (from ads)", "表示回数（広告）"),
            Text::new("Views that an ad brought.", "広告による表示の回数"),
        ),
    ]
}
