//! Platforms and what each of them offers. The core names none: connectors describe themselves
//! with a [`PlatformProfile`].

use std::{fmt, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Level, Metric, MetricId, Text};

macro_rules! open_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use open_name;

open_name!(
    /// A platform's id, owned by its connector, for example `facebook_ads`.
    Platform
);
open_name!(
    /// A feed's id within its platform, for example `insights`: metrics that are fetched together.
    FeedId
);

/// Ads and media are never added together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Paid: ad accounts.
    Ads,
    /// Owned: pages and profiles.
    Media,
}

impl Family {
    /// `ads` or `media`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ads => "ads",
            Self::Media => "media",
        }
    }

    /// The tabs that a dashboard of the family usually has, in order.
    #[must_use]
    pub fn usual_metrics(self) -> Vec<MetricId> {
        let ids: &[&str] = match self {
            Self::Ads => &[
                "spend",
                "impressions",
                "clicks",
                "ctr",
                "cpc",
                "conversions",
                "cpa",
                "roas",
            ],
            Self::Media => &[
                "followers",
                "views",
                "reach",
                "engagements",
                "engagement_rate",
                "profile_views",
                "posts",
            ],
        };
        ids.iter().map(|id| MetricId::from(*id)).collect()
    }
}

/// Which whole ranges a platform gives exact values of a unique metric for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WindowOffer {
    /// None but the single days.
    #[default]
    None,
    /// Any range of up to this many days, each for a call of its own.
    UpTo(u32),
    /// Ranges of just these lengths, delivered together with the days they end on. Others cannot
    /// be asked for.
    WithDays(Vec<u32>),
}

impl WindowOffer {
    /// Whether a call can be made for just this many days.
    #[must_use]
    pub fn can_ask(&self, days: i64) -> bool {
        matches!(self, Self::UpTo(most) if days <= i64::from(*most))
    }
}

/// A metric as one feed of a platform offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedMetric {
    /// The stored metric (never a ratio).
    pub metric: MetricId,
    /// Days after which a figure no longer moves.
    pub settles_after_days: u16,
    /// First day the platform gives it for; earlier days are missing, not zero.
    pub available_from: Option<NaiveDate>,
    /// Levels of the feed that carry it.
    pub levels: Vec<Level>,
    /// Exact values of it for whole ranges; only unique metrics have them.
    pub windows: WindowOffer,
}

impl OfferedMetric {
    /// A metric that is available for every day and has no exact values for ranges.
    #[must_use]
    pub fn new(metric: &str, settles_after_days: u16, levels: &[Level]) -> Self {
        Self {
            metric: MetricId::from(metric),
            settles_after_days,
            available_from: None,
            levels: levels.to_vec(),
            windows: WindowOffer::None,
        }
    }
}

/// How a feed comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// Daily values that can be asked for any day of the history.
    Daily,
    /// The state of things now, kept once a day under the last day that has ended: what it was
    /// before somebody looked nobody tells. Its history begins with linking.
    Snapshot(Watch),
}

/// How long posts are looked at in snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Watch {
    /// Posts of the last so many days are read every day.
    pub daily_days: u32,
    /// Posts of the last so many days are read once a week.
    pub weekly_days: u32,
    /// Posts of the last so many days are read once every four weeks.
    pub monthly_days: u32,
    /// Posts that soon are gone are read again after so many hours; 0: there are none.
    pub fleeting_hours: u32,
}

/// Metrics that are fetched together, with the same history limit and restatement window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Id within the platform.
    pub id: FeedId,
    /// Daily values, or snapshots.
    pub kind: FeedKind,
    /// Levels it is fetched at, coarsest first.
    pub levels: Vec<Level>,
    /// What it delivers.
    pub metrics: Vec<OfferedMetric>,
    /// How many days back the platform answers at all.
    pub history_days: u32,
    /// The trailing days that are fetched again every day.
    pub refetch_days: u32,
    /// The trailing days that are fetched again once a week; 0: none but those of every day.
    pub weekly_refetch_days: u32,
    /// Whether what its posts' totals rise by is added up as the account's own amounts, for the
    /// metrics that it offers at account level: of the posts that are read every day. It is not
    /// fetched at that level.
    pub sums_up: bool,
}

impl Feed {
    /// Whether its days can be asked for any time within its history.
    #[must_use]
    pub fn is_daily(&self) -> bool {
        self.kind == FeedKind::Daily
    }

    /// What it offers at `level`.
    pub fn offered_at(&self, level: Level) -> impl Iterator<Item = &MetricId> {
        self.metrics
            .iter()
            .filter(move |offered| offered.levels.contains(&level))
            .map(|offered| &offered.metric)
    }
}

/// A dated change of what a metric means on a platform; no comparison crosses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionBreak {
    /// The metric whose meaning changed.
    pub metric: MetricId,
    /// First day of the new meaning.
    pub date: NaiveDate,
    /// What changed, for people.
    pub reason: Text,
}

/// What a platform offers, as its connector describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformProfile {
    /// The platform.
    pub platform: Platform,
    /// Who grants access, for example `meta`.
    pub provider: String,
    /// Ads or media.
    pub family: Family,
    /// Name for people.
    pub name: Text,
    /// Levels it has, coarsest first.
    pub levels: Vec<Level>,
    /// Its feeds.
    pub feeds: Vec<Feed>,
    /// Metrics that only this platform has, `<platform>.<name>`.
    pub own_metrics: Vec<Metric>,
    /// Where a metric's meaning changed.
    pub breaks: Vec<DefinitionBreak>,
    /// Hours after a day's end until its figures are worth fetching.
    pub day_ready_hours: u32,
    /// The dashboard's tabs, in order.
    pub default_metrics: Vec<MetricId>,
}

impl PlatformProfile {
    /// The feed that delivers `metric` at `level`, and how it offers it.
    #[must_use]
    pub fn offer(&self, metric: &MetricId, level: Level) -> Option<(&Feed, &OfferedMetric)> {
        self.feeds.iter().find_map(|feed| {
            feed.metrics
                .iter()
                .find(|offered| offered.metric == *metric && offered.levels.contains(&level))
                .map(|offered| (feed, offered))
        })
    }

    /// The feed with this id.
    #[must_use]
    pub fn feed(&self, id: &FeedId) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.id == *id)
    }
}
