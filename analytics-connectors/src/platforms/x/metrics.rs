//! What this platform delivers: vendor field → metric. Tables, no logic.

use analytics_core::model::{Direction, Level, Metric, MetricId, MetricKind, Text, Unit};

use super::wire::{OrganicMetrics, PrivateMetrics, PublicMetrics, UserMetrics};
use crate::http::Number;

/// Levels of the platform.
pub(super) const LEVELS: [Level; 2] = [Level::Account, Level::Post];

/// A total of a post, and where it stands.
pub(super) struct Row<T> {
    pub(super) metric: &'static str,
    /// Its name in messages.
    pub(super) field: &'static str,
    pub(super) value: fn(&T) -> Option<&Number>,
    /// Whether the platform leaves it out of some posts.
    pub(super) optional: bool,
}

macro_rules! rows {
    ($($metric:literal = $group:literal . $field:ident $(or $other:ident)? $(? $optional:literal)?;)*) => {
        &[$(Row {
            metric: $metric,
            field: concat!($group, ".", stringify!($field)),
            value: |from| from.$field.as_ref()$(.or(from.$other.as_ref()))?,
            optional: false $(|| $optional)?,
        }),*]
    };
}

/// What everybody sees.
pub(super) const PUBLIC: &[Row<PublicMetrics>] = rows! {
    "impressions" = "public_metrics".impression_count;
    "likes" = "public_metrics".like_count;
    "replies" = "public_metrics".reply_count;
    "reposts" = "public_metrics".retweet_count or repost_count;
    "x.quotes" = "public_metrics".quote_count;
    "saves" = "public_metrics".bookmark_count;
};

/// What the author sees, for 30 days.
pub(super) const PRIVATE: &[Row<PrivateMetrics>] = rows! {
    "engagements" = "non_public_metrics".engagements;
    "link_clicks" = "non_public_metrics".url_link_clicks ? true;
    "x.profile_clicks" = "non_public_metrics".user_profile_clicks;
};

/// The same without what ads brought.
pub(super) const ORGANIC: &[Row<OrganicMetrics>] = rows! {
    "x.impressions_organic" = "organic_metrics".impression_count;
    "x.likes_organic" = "organic_metrics".like_count;
    "x.replies_organic" = "organic_metrics".reply_count;
    "x.reposts_organic" = "organic_metrics".retweet_count or repost_count;
};

/// Of the account, as it is now.
pub(super) const STOCKS: &[Row<UserMetrics>] = rows! {
    "followers" = "public_metrics".followers_count;
    "x.following" = "public_metrics".following_count;
    "x.listed" = "public_metrics".listed_count;
};

/// Metrics that are told only for a month after publication, by what is told together.
pub(super) fn private_groups() -> [Vec<&'static str>; 2] {
    [
        PRIVATE.iter().map(|row| row.metric).collect(),
        ORGANIC.iter().map(|row| row.metric).collect(),
    ]
}

/// Lifetime totals of posts, as a table of posts lists them.
pub(super) fn post_metrics() -> impl Iterator<Item = &'static str> {
    let public = PUBLIC.iter().map(|row| row.metric);
    public.chain(private_groups().into_iter().flatten())
}

/// Metrics of this platform alone.
pub(super) fn own_metrics() -> Vec<Metric> {
    let metric = |id: &str, kind, label: [&str; 2], description: [&str; 2]| Metric {
        id: MetricId::from(id),
        unit: Unit::Count,
        kind,
        better: Direction::Up,
        label: Text::new(label[0], label[1]),
        description: Text::new(description[0], description[1]),
    };
    let amount = |id, label, description| metric(id, MetricKind::Additive, label, description);
    let stock = |id, label, description| metric(id, MetricKind::Stock, label, description);
    vec![
        amount(
            "x.quotes",
            ["Quotes", "引用ポスト数"],
            [
                "Posts that quote a post of the account.",
                "アカウントの投稿を引用した投稿の数",
            ],
        ),
        amount(
            "x.profile_clicks",
            [
                "Profile clicks from posts",
                "投稿からのプロフィールクリック数",
            ],
            [
                "Clicks on the author's profile from posts of the last 30 days.",
                "過去30日間の投稿からプロフィールがクリックされた回数",
            ],
        ),
        amount(
            "x.impressions_organic",
            ["Organic impressions", "オーガニックインプレッション数"],
            [
                "Impressions that no ad brought, of posts of the last 30 days.",
                "過去30日間の投稿の、広告を除くインプレッション数",
            ],
        ),
        amount(
            "x.likes_organic",
            ["Organic likes", "オーガニックいいね数"],
            [
                "Likes that no ad brought, of posts of the last 30 days.",
                "過去30日間の投稿の、広告を除くいいね数",
            ],
        ),
        amount(
            "x.replies_organic",
            ["Organic replies", "オーガニック返信数"],
            [
                "Replies that no ad brought, of posts of the last 30 days.",
                "過去30日間の投稿の、広告を除く返信数",
            ],
        ),
        amount(
            "x.reposts_organic",
            ["Organic reposts", "オーガニックリポスト数"],
            [
                "Reposts that no ad brought, of posts of the last 30 days.",
                "過去30日間の投稿の、広告を除くリポスト数",
            ],
        ),
        stock(
            "x.following",
            ["Following", "フォロー中"],
            [
                "Accounts that the account follows.",
                "アカウントがフォローしている数",
            ],
        ),
        stock(
            "x.listed",
            ["Listed", "リスト登録数"],
            [
                "Lists that the account is on.",
                "アカウントが追加されているリストの数",
            ],
        ),
    ]
}
