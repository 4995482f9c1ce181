//! What this platform delivers: column → metric. One table, no logic.

use crate::platforms::yahoo::{LATE, Metric, SOON, Spelt, metric};

use Spelt::{Fraction, Whole};

#[rustfmt::skip]
pub(super) const TABLE: &[Metric] = &[
    metric("impressions", "IMPS", Whole, SOON),
    metric("clicks", "CLICKS", Whole, SOON),
    // A double here, though whole yen in the other product.
    metric("spend", "COST", Fraction, SOON),
    metric("conversions", "CONVERSIONS", Whole, LATE),
    metric("conversion_value", "CONV_VALUE", Fraction, LATE),
    metric("conversions_all", "ALL_CONV", Whole, LATE),
    metric("conversion_value_all", "ALL_CONV_VALUE", Fraction, LATE),
    // A count, despite its name.
    metric("view_through_conversions", "CONV_VALUE_VIA_VIEW_THROUGH", Whole, LATE),
    // Playback starts.
    metric("video_views", "VIDEO_VIEWS", Whole, SOON),
    metric("video_views_p25", "VIDEO_VIEWS_TO_25", Whole, SOON),
    metric("video_views_p50", "VIDEO_VIEWS_TO_50", Whole, SOON),
    metric("video_views_p75", "VIDEO_VIEWS_TO_75", Whole, SOON),
    metric("video_views_p100", "VIDEO_VIEWS_TO_100", Whole, SOON),
    metric("viewable_impressions", "VIEWABLE_IMPS", Whole, SOON),
    metric("measurable_impressions", "MEASURED_IMPS", Whole, SOON),
];
