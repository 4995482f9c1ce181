//! What this platform delivers: vendor field → metric. One table, no logic.

use analytics_core::model::Level;

/// Levels of the feed, coarsest first.
pub(super) const LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];

/// How the platform counts a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelt {
    /// A whole number, as text.
    Whole,
    /// Millionths of the account's currency, as text.
    Micros,
    /// Thousandths of a second, as text.
    Milliseconds,
    /// A double: what is attributed in parts.
    Fraction,
}

/// One stored metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) metric: &'static str,
    /// Its name in a query, below `metrics.`.
    pub(super) field: &'static str,
    /// Its name in an answer.
    pub(super) key: &'static str,
    pub(super) spelt: Spelt,
    /// Days after which a figure no longer moves.
    pub(super) settles_after_days: u16,
}

const fn row(
    metric: &'static str,
    field: &'static str,
    key: &'static str,
    spelt: Spelt,
    settles_after_days: u16,
) -> Row {
    Row {
        metric,
        field,
        key,
        spelt,
        settles_after_days,
    }
}

/// Delivery settles within three days.
const SOON: u16 = 3;
/// What is attributed moves for a month as a rule.
const LATE: u16 = 30;

use Spelt::{Fraction, Micros, Milliseconds, Whole};

#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    row("impressions", "impressions", "impressions", Whole, SOON),
    row("clicks", "clicks", "clicks", Whole, SOON),
    row("spend", "cost_micros", "costMicros", Micros, SOON),
    row("conversions", "conversions", "conversions", Fraction, LATE),
    row("conversion_value", "conversions_value", "conversionsValue", Fraction, LATE),
    row("conversions_all", "all_conversions", "allConversions", Fraction, LATE),
    row("conversion_value_all", "all_conversions_value", "allConversionsValue", Fraction, LATE),
    row("view_through_conversions", "view_through_conversions", "viewThroughConversions", Whole, LATE),
    row("engagements", "engagements", "engagements", Whole, SOON),
    row("video_views", "video_trueview_views", "videoTrueviewViews", Whole, SOON),
    row("video_watch_time", "video_watch_time_duration_millis", "videoWatchTimeDurationMillis", Milliseconds, SOON),
    row("viewable_impressions", "active_view_impressions", "activeViewImpressions", Whole, SOON),
    row("measurable_impressions", "active_view_measurable_impressions", "activeViewMeasurableImpressions", Whole, SOON),
];

/// People reached: of a whole range only, of the account and of campaigns.
pub(super) const REACH: Row = row("reach", "unique_users", "uniqueUsers", Whole, SOON);
/// People are counted over so many days at most.
pub(super) const LONGEST_WINDOW: u32 = 92;
