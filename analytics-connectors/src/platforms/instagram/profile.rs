//! What this connector says of itself, made of its tables.

use analytics_core::model::{
    DefinitionBreak, Family, Feed, FeedId, FeedKind, Level, MetricId, OfferedMetric, Platform,
    PlatformProfile, Text, Watch, WindowOffer,
};
use chrono::NaiveDate;

use super::{
    Config, INSIGHTS, PLATFORM, POSTS, PROFILE, PUBLICATIONS, auth,
    metrics::{ENGAGED, FOLLOW_BUCKETS, LEVELS, POST_METRICS, REACH, TOTALS, own_metrics},
};
use crate::{
    connector::{Descriptor, Limits},
    platforms::meta::{PROVIDER, posts_feed, setup_hint},
};

/// The platform answers for two years.
const HISTORY_DAYS: u32 = 730;
/// Interactions are net, and change a little for some days.
const REFETCH_DAYS: u32 = 4;
/// After that they do not move any more.
const SETTLES: u16 = 3;
/// Figures come up to two days late.
const DAY_READY_HOURS: u32 = 48;
/// Stories are gone after a day: what they collected since they were last read is lost then.
const STORY_HOURS: u32 = 3;
/// People are counted over ranges of up to this many days.
pub(super) const LONGEST_WINDOW: u32 = 30;

pub(super) fn descriptor(config: &Config, configured: bool) -> Descriptor {
    Descriptor {
        profile: profile(),
        scopes: auth::scopes(),
        limits: Limits {
            upper_slice_days: config.slice_days,
            lower_slice_days: config.slice_days,
            // The calls of one slice already use what may be asked at once.
            concurrency: 2,
        },
        configured,
        setup_hint: setup_hint(),
        pricing: None,
    }
}

fn profile() -> PlatformProfile {
    let account = [Level::Account];
    let feed = |id: &str, kind, metrics| Feed {
        id: FeedId::from(id),
        kind,
        levels: account.to_vec(),
        metrics,
        history_days: HISTORY_DAYS,
        refetch_days: REFETCH_DAYS,
        weekly_refetch_days: 0,
        sums_up: false,
    };
    PlatformProfile {
        platform: Platform::from(PLATFORM),
        provider: PROVIDER.to_owned(),
        family: Family::Media,
        name: Text::new("Instagram", "Instagram"),
        levels: LEVELS.to_vec(),
        feeds: vec![
            feed(INSIGHTS, FeedKind::Daily, insights()),
            feed(
                PUBLICATIONS,
                FeedKind::Daily,
                vec![OfferedMetric::new("posts", SETTLES, &account)],
            ),
            feed(
                PROFILE,
                FeedKind::Snapshot(Watch::default()),
                vec![OfferedMetric::new("followers", 0, &account)],
            ),
            posts_feed(POSTS, POST_METRICS, REACH, STORY_HOURS),
        ],
        own_metrics: own_metrics(),
        breaks: breaks(),
        day_ready_hours: DAY_READY_HOURS,
        default_metrics: Family::Media.usual_metrics(),
    }
}

fn insights() -> Vec<OfferedMetric> {
    let follows = FOLLOW_BUCKETS.iter().map(|(metric, _)| *metric);
    TOTALS
        .iter()
        .map(|row| row.metric)
        .chain(follows)
        .map(|metric| OfferedMetric {
            windows: if [REACH, ENGAGED].contains(&metric) {
                WindowOffer::UpTo(LONGEST_WINDOW)
            } else {
                WindowOffer::None
            },
            ..OfferedMetric::new(metric, SETTLES, &[Level::Account])
        })
        .collect()
}

fn breaks() -> Vec<DefinitionBreak> {
    NaiveDate::from_ymd_opt(2025, 4, 21)
        .map(|date| DefinitionBreak {
            metric: MetricId::from("views"),
            date,
            reason: Text::new(
                "Instagram counts views instead of impressions since then.",
                "この日から、インプレッションに代わり「閲覧数（ビュー）」で計測されています。",
            ),
        })
        .into_iter()
        .collect()
}
