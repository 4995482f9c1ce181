//! What this connector says of itself, made of its tables.

use analytics_core::model::{
    Family, Feed, FeedId, FeedKind, OfferedMetric, Platform, PlatformProfile, Text, WindowOffer,
};

use super::{
    Config, FEED, PLATFORM, auth,
    metrics::{LEVELS, TABLE},
};
use crate::{
    connector::{Descriptor, Limits},
    platforms::meta::{PROVIDER, setup_hint},
};

/// 37 months are never fewer days than this.
const HISTORY_DAYS: u32 = 1123;
/// Figures are restated for up to four weeks.
const REFETCH_DAYS: u32 = 28;
/// A day is worth fetching this long after its end.
const DAY_READY_HOURS: u32 = 6;

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
        family: Family::Ads,
        name: Text::new("Facebook Ads", "Facebook広告"),
        levels: LEVELS.to_vec(),
        feeds: vec![Feed {
            id: FeedId::from(FEED),
            kind: FeedKind::Daily,
            levels: LEVELS.to_vec(),
            metrics: TABLE
                .iter()
                .map(|row| OfferedMetric {
                    windows: windows(row.metric),
                    ..OfferedMetric::new(row.metric, row.settles_after_days, &LEVELS)
                })
                .collect(),
            history_days: HISTORY_DAYS,
            refetch_days: REFETCH_DAYS,
            weekly_refetch_days: 0,
            sums_up: false,
        }],
        own_metrics: Vec::new(),
        // Attribution was unified on 2025-06-10 for all dates alike: what is read since then is of
        // one definition, however old the day.
        breaks: Vec::new(),
        day_ready_hours: DAY_READY_HOURS,
        default_metrics: Family::Ads.usual_metrics(),
    }
}

/// People reached can be asked for over any days of the history.
fn windows(metric: &str) -> WindowOffer {
    match metric {
        "reach" => WindowOffer::UpTo(HISTORY_DAYS),
        _ => WindowOffer::None,
    }
}
