//! What this connector says of itself, made of its tables.

use analytics_core::model::{
    DefinitionBreak, Family, Feed, FeedId, FeedKind, MetricId, OfferedMetric, Platform,
    PlatformProfile, Text,
};
use chrono::NaiveDate;

use super::{
    Config, FEED, PLATFORM, auth,
    login::{PROVIDER, setup_hint},
    metrics::{LEVELS, TABLE},
};
use crate::connector::{Descriptor, Limits};

/// Figures go back as far as the account does; nobody asks for more than five years.
pub(super) const HISTORY_DAYS: u32 = 1_826;
/// Spend may be corrected for two weeks.
const REFETCH_DAYS: u32 = 14;
const WEEKLY_REFETCH_DAYS: u32 = 30;
/// A day is worth fetching this long after its end.
const DAY_READY_HOURS: u32 = 6;

pub(super) fn descriptor(config: &Config, configured: bool) -> Descriptor {
    Descriptor {
        profile: profile(),
        scopes: auth::scopes(),
        limits: Limits {
            upper_slice_days: config.upper_slice_days,
            lower_slice_days: config.lower_slice_days,
            concurrency: config.concurrency as usize,
        },
        configured,
        setup_hint: setup_hint(),
        pricing: None,
    }
}

fn profile() -> PlatformProfile {
    let metrics = TABLE
        .iter()
        .map(|row| OfferedMetric::new(row.metric, row.settles_after_days, &LEVELS));
    PlatformProfile {
        platform: Platform::from(PLATFORM),
        provider: PROVIDER.to_owned(),
        family: Family::Ads,
        name: Text::new("X Ads", "X広告"),
        levels: LEVELS.to_vec(),
        feeds: vec![Feed {
            id: FeedId::from(FEED),
            kind: FeedKind::Daily,
            levels: LEVELS.to_vec(),
            metrics: metrics.collect(),
            history_days: HISTORY_DAYS,
            refetch_days: REFETCH_DAYS,
            weekly_refetch_days: WEEKLY_REFETCH_DAYS,
            sums_up: false,
        }],
        own_metrics: Vec::new(),
        breaks: breaks(),
        day_ready_hours: DAY_READY_HOURS,
        default_metrics: Family::Ads.usual_metrics(),
    }
}

/// When a figure began to mean something else.
fn breaks() -> Vec<DefinitionBreak> {
    // The documentation changed that day; the server may have a little earlier or later.
    let date = NaiveDate::from_ymd_opt(2026, 8, 13);
    let of_views = date.map(|date| DefinitionBreak {
        metric: MetricId::from("video_views"),
        date,
        reason: Text::new(
            "Since about then X counts a video view after 3 seconds in full view, or a click to play; before, after 2 seconds in half view.",
            "この頃から、動画再生数の基準が「50%表示で2秒」から「100%表示で3秒以上、またはクリックして再生」に変わりました。",
        ),
    });
    of_views.into_iter().collect()
}
