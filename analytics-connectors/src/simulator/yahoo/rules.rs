//! What the platforms' answers amount to in normalized metrics.

use crate::simulator::world::{
    ads::{CountedMetric, Rules, Unit},
    counts::Measure,
};

#[rustfmt::skip]
pub(super) static RULES_SEARCH: Rules = Rules {
    metrics: &[
        CountedMetric { id: "impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] },
        CountedMetric { id: "clicks", unit: Unit::Whole, value: |c| c[Measure::LinkClicks] },
        CountedMetric { id: "spend", unit: Unit::Money, value: |c| c[Measure::Spend] },
        CountedMetric { id: "conversions", unit: Unit::Millionths, value: |c| c.attributed() },
        CountedMetric { id: "conversion_value", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "conversions_all", unit: Unit::Millionths, value: |c| c.attributed_all() },
        CountedMetric { id: "conversion_value_all", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
    ],
    corrects_spend: false,
    reach: |_, _| false,
    ads_by_group: false,
    spell_id: |id| id.to_string(),
    // What was removed keeps its figures, unless a report leaves it out.
    shows: |_, _| true,
    breaks_down: |_| true,
};

#[rustfmt::skip]
pub(super) static RULES_DISPLAY: Rules = Rules {
    metrics: &[
        CountedMetric { id: "impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] },
        CountedMetric { id: "clicks", unit: Unit::Whole, value: |c| c[Measure::LinkClicks] },
        CountedMetric { id: "spend", unit: Unit::Millionths, value: |c| c.spend_with_fractions() },
        CountedMetric { id: "conversions", unit: Unit::Whole, value: |c| c[Measure::Purchases] + c[Measure::Leads] },
        CountedMetric { id: "conversion_value", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "conversions_all", unit: Unit::Whole, value: |c| c[Measure::Purchases] + c[Measure::Leads] + c[Measure::AddsToCart] },
        CountedMetric { id: "conversion_value_all", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "view_through_conversions", unit: Unit::Whole, value: |c| c[Measure::PurchasesByView] },
        CountedMetric { id: "video_views", unit: Unit::Whole, value: |c| c[Measure::VideoPlays] },
        CountedMetric { id: "video_views_p25", unit: Unit::Whole, value: |c| c[Measure::VideoP25] },
        CountedMetric { id: "video_views_p50", unit: Unit::Whole, value: |c| c[Measure::VideoP50] },
        CountedMetric { id: "video_views_p75", unit: Unit::Whole, value: |c| c[Measure::VideoP75] },
        CountedMetric { id: "video_views_p100", unit: Unit::Whole, value: |c| c[Measure::VideoP100] },
        CountedMetric { id: "viewable_impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] * 7 / 10 },
        CountedMetric { id: "measurable_impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] * 9 / 10 },
    ],
    corrects_spend: false,
    reach: |_, _| false,
    ads_by_group: false,
    spell_id: |id| id.to_string(),
    // What was removed keeps its figures, unless a report leaves it out.
    shows: |_, _| true,
    breaks_down: |_| true,
};
