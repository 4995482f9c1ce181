//! What this connector says of itself, made of its tables.

use analytics_core::model::{
    Family, Feed, FeedId, FeedKind, Level, OfferedMetric, Platform, PlatformProfile, Text,
    WindowOffer,
};

use super::{
    Config, FEED, PLATFORM, auth,
    login::{PROVIDER, setup_hint},
    metrics::{LEVELS, LONGEST_WINDOW, REACH, TABLE},
};
use crate::connector::{Descriptor, Limits};

/// 37 months are never fewer days than this.
const HISTORY_DAYS: u32 = 1123;
/// Conversions come back to the day of the click for a month as a rule, and for three at most.
const REFETCH_DAYS: u32 = 30;
const WEEKLY_REFETCH_DAYS: u32 = 90;
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
    let daily = TABLE
        .iter()
        .map(|row| OfferedMetric::new(row.metric, row.settles_after_days, &LEVELS));
    let reach = OfferedMetric {
        windows: WindowOffer::UpTo(LONGEST_WINDOW),
        ..OfferedMetric::new(
            REACH.metric,
            REACH.settles_after_days,
            &[Level::Account, Level::Campaign],
        )
    };
    PlatformProfile {
        platform: Platform::from(PLATFORM),
        provider: PROVIDER.to_owned(),
        family: Family::Ads,
        name: Text::new("Google Ads", "Google広告"),
        levels: LEVELS.to_vec(),
        feeds: vec![Feed {
            id: FeedId::from(FEED),
            kind: FeedKind::Daily,
            levels: LEVELS.to_vec(),
            metrics: daily.chain([reach]).collect(),
            history_days: HISTORY_DAYS,
            refetch_days: REFETCH_DAYS,
            weekly_refetch_days: WEEKLY_REFETCH_DAYS,
            sums_up: false,
        }],
        own_metrics: Vec::new(),
        breaks: Vec::new(),
        day_ready_hours: DAY_READY_HOURS,
        default_metrics: Family::Ads.usual_metrics(),
    }
}
