//! What this connector says of itself, made of its tables.

use analytics_core::model::{
    DefinitionBreak, Family, Feed, FeedId, FeedKind, Level, MetricId, OfferedMetric, Platform,
    PlatformProfile, Text, WindowOffer,
};
use chrono::NaiveDate;

use super::{
    Config, INSIGHTS, PLATFORM, POSTS, PUBLICATIONS, auth,
    metrics::{BY_ADS, DAILY, LEVELS, POST_METRICS, REACH, ROLLING, own_metrics},
};
use crate::{
    connector::{Descriptor, Limits},
    platforms::meta::{PROVIDER, posts_feed, setup_hint},
};

/// The platform answers for two years.
const HISTORY_DAYS: u32 = 730;
/// Figures fill up for some days; a week is cheap.
const REFETCH_DAYS: u32 = 7;
/// After that they do not move any more.
const SETTLES: u16 = 4;
/// A day is worth fetching this long after its end: figures are made once in 24 hours.
const DAY_READY_HOURS: u32 = 32;

pub(super) fn descriptor(config: &Config, configured: bool) -> Descriptor {
    Descriptor {
        profile: profile(),
        scopes: auth::scopes(),
        limits: Limits {
            upper_slice_days: config.window_days,
            lower_slice_days: config.window_days,
            concurrency: config.graph.concurrency as usize,
        },
        configured,
        setup_hint: setup_hint(),
        pricing: None,
    }
}

fn profile() -> PlatformProfile {
    PlatformProfile {
        platform: Platform::from(PLATFORM),
        provider: PROVIDER.to_owned(),
        family: Family::Media,
        name: Text::new("Facebook Page", "Facebookページ"),
        levels: LEVELS.to_vec(),
        feeds: vec![
            insights(),
            publications(),
            posts_feed(POSTS, POST_METRICS, REACH.metric, 0),
        ],
        own_metrics: own_metrics(),
        breaks: breaks(),
        day_ready_hours: DAY_READY_HOURS,
        default_metrics: Family::Media.usual_metrics(),
    }
}

fn insights() -> Feed {
    let daily = DAILY.iter().map(|row| row.metric);
    let metrics = daily.chain(BY_ADS.iter().map(|(metric, _)| *metric));
    let rolling = ROLLING.iter().map(|(_, days)| *days).collect();
    let reach = WindowOffer::WithDays(rolling);
    Feed {
        id: FeedId::from(INSIGHTS),
        kind: FeedKind::Daily,
        levels: vec![Level::Account],
        metrics: metrics
            .map(|metric| OfferedMetric {
                windows: if metric == REACH.metric {
                    reach.clone()
                } else {
                    WindowOffer::None
                },
                ..OfferedMetric::new(metric, SETTLES, &[Level::Account])
            })
            .collect(),
        history_days: HISTORY_DAYS,
        refetch_days: REFETCH_DAYS,
        weekly_refetch_days: 0,
        sums_up: false,
    }
}

fn publications() -> Feed {
    Feed {
        id: FeedId::from(PUBLICATIONS),
        kind: FeedKind::Daily,
        levels: vec![Level::Account],
        metrics: vec![OfferedMetric::new("posts", SETTLES, &[Level::Account])],
        history_days: HISTORY_DAYS,
        refetch_days: REFETCH_DAYS,
        weekly_refetch_days: 0,
        sums_up: false,
    }
}

fn breaks() -> Vec<DefinitionBreak> {
    let at = |metric: &str, date: Option<NaiveDate>, reason: Text| {
        Some(DefinitionBreak {
            metric: MetricId::from(metric),
            date: date?,
            reason,
        })
    };
    [
        at(
            "views",
            NaiveDate::from_ymd_opt(2025, 11, 15),
            Text::new(
                "Meta counts views instead of impressions since then.",
                "この日から、インプレッションに代わり「表示回数（ビュー）」で計測されています。",
            ),
        ),
        at(
            "reach",
            NaiveDate::from_ymd_opt(2026, 6, 15),
            Text::new(
                "Meta counts viewers anew since then; figures are lower than before.",
                "この日から、リーチは新しい定義（ビューワー）で計測され、以前より小さい値になります。",
            ),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
