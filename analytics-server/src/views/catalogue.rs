//! What can be linked and measured, and the entities below accounts.

use std::collections::BTreeMap;

use analytics_connectors::{Descriptor, sync::PlatformPause};
use analytics_core::model::{
    AccountId, Catalogue, Entity, EntityId, Feed, FeedId, FeedKind, Level, Metric, MetricKind,
    PlatformProfile, PublicId, Text,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A text in every language of the product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Text)]
pub(crate) struct TextView {
    en: String,
    ja: String,
}

impl TextView {
    pub(crate) fn new(en: &str, ja: &str) -> Self {
        Self {
            en: en.to_owned(),
            ja: ja.to_owned(),
        }
    }
}

impl From<&Text> for TextView {
    fn from(text: &Text) -> Self {
        Self::new(&text.en, &text.ja)
    }
}

/// A platform that can be linked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Platform)]
pub(crate) struct PlatformView {
    id: String,
    /// Who is asked for consent.
    provider: String,
    /// `ads` or `media`.
    family: &'static str,
    name: TextView,
    /// Whether the operator has registered an app for it.
    configured: bool,
    scopes: Vec<ScopeView>,
    /// Metrics its accounts can show, ratios included.
    metrics: Vec<String>,
    /// How many days back its daily figures go.
    history_days: u32,
    feeds: Vec<FeedView>,
    /// Where a metric's meaning changed; no comparison crosses it.
    breaks: Vec<BreakView>,
    /// Lifetime totals of posts, in order of importance.
    post_totals: Vec<String>,
    /// Amounts of posts within a period, in order of importance.
    post_amounts: Vec<String>,
    /// The dashboard's tabs, in order.
    default_metrics: Vec<String>,
    /// What the operator must do; null when it is configured.
    setup_hint: Option<TextView>,
    /// Set while nothing of the platform is read, because the operator's app, quota or credits need
    /// the operator.
    paused: Option<PauseView>,
}

/// Why nothing of a platform is read for a while.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlatformPause)]
struct PauseView {
    /// When it is tried again.
    until: DateTime<Utc>,
    /// What the platform said, in English; owners only.
    message: Option<String>,
}

/// A permission that is asked of the user, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scope)]
struct ScopeView {
    id: &'static str,
    why: TextView,
    /// Whether linking makes no sense without it.
    required: bool,
    /// Figures that are missing without it.
    metrics: Vec<String>,
}

/// Metrics that are fetched together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Feed)]
struct FeedView {
    id: String,
    /// `daily`, or `snapshot` where only the present is told: its history begins with linking.
    kind: &'static str,
    levels: Vec<&'static str>,
    metrics: Vec<String>,
    history_days: u32,
}

/// A dated change of what a metric means.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DefinitionBreak)]
struct BreakView {
    metric: String,
    /// First day of the new meaning.
    date: NaiveDate,
    reason: TextView,
}

/// `daily` or `snapshot`.
pub(crate) fn feed_kind(feed: &Feed) -> &'static str {
    match feed.kind {
        FeedKind::Daily => "daily",
        FeedKind::Snapshot(_) => "snapshot",
    }
}

impl PlatformView {
    pub(crate) fn new(descriptor: &Descriptor, catalogue: &Catalogue) -> Self {
        let profile = &descriptor.profile;
        Self {
            id: profile.platform.to_string(),
            provider: profile.provider.clone(),
            family: profile.family.as_str(),
            name: (&profile.name).into(),
            configured: descriptor.configured,
            scopes: descriptor
                .scopes
                .iter()
                .map(|scope| ScopeView {
                    id: scope.id,
                    why: (&scope.why).into(),
                    required: scope.required,
                    metrics: metrics_of(profile, &scope.feeds),
                })
                .collect(),
            metrics: ids(&catalogue.shown_metrics(&profile.platform)),
            history_days: profile
                .feeds
                .iter()
                .filter(|feed| feed.is_daily())
                .map(|feed| feed.history_days)
                .max()
                .unwrap_or_default(),
            feeds: profile
                .feeds
                .iter()
                .map(|feed| FeedView {
                    id: feed.id.to_string(),
                    kind: feed_kind(feed),
                    levels: feed.levels.iter().map(|level| level.as_str()).collect(),
                    metrics: metrics_of(profile, std::slice::from_ref(&feed.id)),
                    history_days: feed.history_days,
                })
                .collect(),
            breaks: profile
                .breaks
                .iter()
                .map(|at| BreakView {
                    metric: at.metric.to_string(),
                    date: at.date,
                    reason: (&at.reason).into(),
                })
                .collect(),
            post_totals: post_metrics(profile, true),
            post_amounts: post_metrics(profile, false),
            default_metrics: ids(&profile.default_metrics),
            setup_hint: (!descriptor.configured).then(|| (&descriptor.setup_hint).into()),
            paused: None,
        }
    }

    /// The same while the platform is paused; `in_full`: with what the platform said.
    pub(crate) fn paused(mut self, pause: Option<&PlatformPause>, in_full: bool) -> Self {
        self.paused = pause.map(|pause| PauseView {
            until: pause.until,
            message: in_full.then(|| format!("{}: {}", pause.error.operation, pause.error.message)),
        });
        self
    }
}

/// What feeds bring, at whichever level.
fn metrics_of(profile: &PlatformProfile, feeds: &[FeedId]) -> Vec<String> {
    feeds
        .iter()
        .filter_map(|feed| profile.feed(feed))
        .flat_map(|feed| &feed.metrics)
        .map(|offered| offered.metric.to_string())
        .collect()
}

fn post_metrics(profile: &PlatformProfile, totals: bool) -> Vec<String> {
    profile
        .feeds
        .iter()
        .flat_map(|feed| &feed.metrics)
        .filter(|offered| offered.levels.contains(&Level::Post))
        .filter(|offered| offered.metric.of_lifetime().is_some() == totals)
        .map(|offered| offered.metric.to_string())
        .collect()
}

pub(super) fn ids<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// A metric of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Metric)]
pub(crate) struct MetricView {
    id: String,
    label: TextView,
    /// `count`, `currency`, `ratio` or `seconds`.
    #[schema(value_type = String)]
    unit: analytics_core::model::Unit,
    /// `additive`, `ratio`, `stock` or `unique`.
    kind: &'static str,
    /// `up`, `down` or `neutral`: which direction is good news.
    #[schema(value_type = String)]
    better: analytics_core::model::Direction,
    /// Of a ratio: the metric above the line.
    numerator: Option<String>,
    /// Of a ratio: the metric below the line, the first of those that platforms offer.
    denominator: Option<String>,
    /// Of a ratio: its factor.
    scale: i64,
    description: TextView,
}

impl From<&Metric> for MetricView {
    fn from(metric: &Metric) -> Self {
        let ratio = match &metric.kind {
            MetricKind::Ratio(ratio) => Some(ratio),
            _ => None,
        };
        Self {
            id: metric.id.to_string(),
            label: (&metric.label).into(),
            unit: metric.unit,
            kind: metric.kind.as_str(),
            better: metric.better,
            numerator: ratio.map(|ratio| ratio.numerator.to_string()),
            denominator: ratio
                .and_then(|ratio| ratio.denominators.first())
                .map(ToString::to_string),
            scale: ratio.map_or(1, |ratio| ratio.scale),
            description: (&metric.description).into(),
        }
    }
}

/// A campaign, ad group, ad or post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entity)]
pub(crate) struct EntityView {
    id: String,
    account: Option<String>,
    level: &'static str,
    external_id: String,
    name: String,
    status: Option<String>,
    /// The entity one level above, unless that is the account.
    parent: Option<String>,
    permalink: Option<String>,
    thumbnail_url: Option<String>,
    /// Of posts: when it was published.
    published_at: Option<DateTime<Utc>>,
    /// Of posts: what it is, for example `photo`, `reels` or `story`.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Of posts: its whole text.
    text: Option<String>,
}

impl EntityView {
    pub(crate) fn new(
        entity: &Entity,
        accounts: &BTreeMap<AccountId, PublicId>,
        parents: &BTreeMap<EntityId, PublicId>,
    ) -> Self {
        Self {
            id: entity.public_id.to_string(),
            account: accounts.get(&entity.account).map(ToString::to_string),
            level: entity.level.as_str(),
            external_id: entity.external_id.clone(),
            // A platform that gives no name still has an id people know it by.
            name: entity
                .name
                .clone()
                .unwrap_or_else(|| entity.external_id.clone()),
            status: entity.status.clone(),
            parent: entity
                .parent
                .and_then(|parent| parents.get(&parent))
                .map(ToString::to_string),
            permalink: entity.permalink.clone(),
            thumbnail_url: entity.thumbnail_url.clone(),
            published_at: entity.post.as_ref().map(|post| post.published_at),
            kind: entity.post.as_ref().and_then(|post| post.kind.clone()),
            text: entity.post.as_ref().and_then(|post| post.text.clone()),
        }
    }
}
