//! One of the two products: everything in which they differ.

use analytics_core::model::{
    Family, Feed, FeedId, FeedKind, Level, OfferedMetric, Platform, PlatformProfile, Text,
};
use chrono::Months;

use super::{
    ApiConfig,
    login::{PROVIDER, setup_hint},
    metrics::{LEVELS, Metric},
};
use crate::{
    connector::{Descriptor, Limits, Scope},
    http::Vendor,
};

/// Id of the only feed.
pub(crate) const FEED: &str = "reports";

/// The last month is read again every day, the last three every week: a conversion may come ninety
/// days after its click.
const REFETCH_DAYS: u32 = 30;
const WEEKLY_REFETCH_DAYS: u32 = 90;
/// Days are settled about five in the morning there.
const DAY_READY_HOURS: u32 = 6;

/// A product: its id, how its answers are read, and what its reports hold.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) vendor: Vendor,
    /// Name in English and in Japanese.
    pub(crate) name: [&'static str; 2],
    pub(crate) metrics: &'static [Metric],
    /// The kind of report that an order names at a level, where orders name one.
    pub(crate) report_type: fn(Level) -> Option<&'static str>,
    /// How far back days are answered.
    pub(crate) history: Months,
    /// The same in days; never more.
    pub(crate) history_days: u32,
}

impl Product {
    /// The platform's id.
    pub(crate) fn platform(&self) -> &'static str {
        self.vendor.platform
    }

    /// What a connector says of itself.
    pub(crate) fn descriptor(
        &self,
        config: &ApiConfig,
        configured: bool,
        scopes: Vec<Scope>,
    ) -> Descriptor {
        Descriptor {
            profile: self.profile(),
            scopes,
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

    fn profile(&self) -> PlatformProfile {
        let metrics = self
            .metrics
            .iter()
            .map(|row| OfferedMetric::new(row.id, row.settles_after_days, &LEVELS));
        PlatformProfile {
            platform: Platform::from(self.platform()),
            provider: PROVIDER.to_owned(),
            family: Family::Ads,
            name: Text::new(self.name[0], self.name[1]),
            levels: LEVELS.to_vec(),
            feeds: vec![Feed {
                id: FeedId::from(FEED),
                kind: FeedKind::Daily,
                levels: LEVELS.to_vec(),
                metrics: metrics.collect(),
                history_days: self.history_days,
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
}
