//! What the platform's answers amount to in normalized metrics.

use super::ids;
use crate::simulator::world::{
    ads::{CountedMetric, Rules, Unit},
    counts::Measure,
};

#[rustfmt::skip]
pub(super) static RULES: Rules = Rules {
    metrics: &[
        CountedMetric { id: "impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] },
        CountedMetric { id: "clicks", unit: Unit::Whole, value: |c| c[Measure::LinkClicks] },
        CountedMetric { id: "clicks_all", unit: Unit::Whole, value: |c| c[Measure::Clicks] },
        CountedMetric { id: "spend", unit: Unit::Money, value: |c| c[Measure::Spend] },
        CountedMetric { id: "engagements", unit: Unit::Whole, value: |c| c.engagements() },
        CountedMetric { id: "likes", unit: Unit::Whole, value: |c| c[Measure::Reactions] },
        CountedMetric { id: "reposts", unit: Unit::Whole, value: |c| c[Measure::Shares] },
        CountedMetric { id: "replies", unit: Unit::Whole, value: |c| c[Measure::Comments] },
        CountedMetric { id: "follows", unit: Unit::Whole, value: |c| c[Measure::Follows] },
        CountedMetric { id: "video_views", unit: Unit::Whole, value: |c| c[Measure::VideoViews] },
        CountedMetric { id: "video_views_p25", unit: Unit::Whole, value: |c| c[Measure::VideoP25] },
        CountedMetric { id: "video_views_p50", unit: Unit::Whole, value: |c| c[Measure::VideoP50] },
        CountedMetric { id: "video_views_p75", unit: Unit::Whole, value: |c| c[Measure::VideoP75] },
        CountedMetric { id: "video_views_p100", unit: Unit::Whole, value: |c| c[Measure::VideoP100] },
        // Nobody has conversions of a kind of their own.
        CountedMetric { id: "conversions", unit: Unit::Whole, value: |c| c[Measure::Purchases] },
        CountedMetric { id: "conversion_value", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "purchases", unit: Unit::Whole, value: |c| c[Measure::Purchases] },
        CountedMetric { id: "purchase_value", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "leads", unit: Unit::Whole, value: |c| c[Measure::Leads] },
    ],
    corrects_spend: true,
    reach: |_, _| false,
    ads_by_group: false,
    spell_id: ids::spell,
    // What was removed keeps its figures.
    shows: |_, _| true,
    breaks_down: |_| true,
};
