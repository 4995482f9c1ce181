//! What this connector says of itself, made of its tables.

use analytics_core::model::{
    Family, Feed, FeedId, FeedKind, Level, MetricId, OfferedMetric, Platform, PlatformProfile,
    Text, Watch,
};

use super::{
    Config, PLATFORM, POSTS, PROFILE, PUBLICATIONS, auth,
    login::{PROVIDER, setup_hint},
    metrics::{LEVELS, STOCKS, own_metrics, post_metrics},
};
use crate::{
    connector::{Descriptor, Limits},
    pricing::Pricing,
};

/// Posts are looked for a year back.
const HISTORY_DAYS: u32 = 365;

pub(super) fn descriptor(config: &Config, configured: bool) -> Descriptor {
    Descriptor {
        profile: profile(config),
        scopes: auth::scopes(),
        limits: Limits {
            // One walk through the list of posts.
            upper_slice_days: HISTORY_DAYS + 1,
            lower_slice_days: HISTORY_DAYS + 1,
            concurrency: 2,
        },
        configured,
        setup_hint: setup_hint(),
        pricing: Some(Pricing {
            monthly_cap: config.monthly_cap,
        }),
    }
}

fn profile(config: &Config) -> PlatformProfile {
    let account = [Level::Account];
    let offered = |metric: &str, levels: &[Level]| OfferedMetric::new(metric, 0, levels);
    let feed = |id: &str, kind, levels: &[Level], metrics| Feed {
        id: FeedId::from(id),
        kind,
        levels: levels.to_vec(),
        metrics,
        history_days: HISTORY_DAYS,
        refetch_days: 0,
        weekly_refetch_days: 0,
        sums_up: false,
    };
    let watch = Watch {
        daily_days: config.daily_days,
        weekly_days: config.weekly_days,
        monthly_days: config.monthly_days,
        fleeting_hours: 0,
    };
    let totals = post_metrics()
        .map(|metric| offered(MetricId::from(metric).lifetime().as_str(), &[Level::Post]));
    let amounts = post_metrics().map(|metric| offered(metric, &LEVELS));
    let stocks = STOCKS.iter().map(|row| offered(row.metric, &account));
    let posts = feed(
        POSTS,
        FeedKind::Snapshot(watch),
        &[Level::Post],
        totals.chain(amounts).collect(),
    );
    PlatformProfile {
        platform: Platform::from(PLATFORM),
        provider: PROVIDER.to_owned(),
        family: Family::Media,
        name: Text::new("X", "X"),
        levels: LEVELS.to_vec(),
        feeds: vec![
            feed(
                PROFILE,
                FeedKind::Snapshot(Watch::default()),
                &account,
                stocks.collect(),
            ),
            feed(
                PUBLICATIONS,
                FeedKind::Daily,
                &account,
                vec![offered("posts", &account)],
            ),
            Feed {
                sums_up: true,
                ..posts
            },
        ],
        own_metrics: own_metrics(),
        breaks: Vec::new(),
        day_ready_hours: 0,
        default_metrics: [
            "followers",
            "impressions",
            "engagements",
            "engagement_rate",
            "likes",
            "reposts",
            "posts",
        ]
        .map(MetricId::from)
        .to_vec(),
    }
}
