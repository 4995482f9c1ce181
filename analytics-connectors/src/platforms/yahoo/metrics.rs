//! How a product's stored metrics are described.

use analytics_core::model::Level;

/// Levels of reports, coarsest first.
pub(super) const LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelt {
    /// A whole number.
    Whole,
    /// A decimal number that millionths hold exactly.
    Decimal,
    /// A double, of any length: rounded at the millionth.
    Fraction,
}

/// One stored metric.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metric {
    pub(crate) id: &'static str,
    /// The column's name in an order.
    pub(crate) field: &'static str,
    pub(crate) spelt: Spelt,
    /// Days after which a figure no longer moves.
    pub(crate) settles_after_days: u16,
}

pub(crate) const fn metric(
    id: &'static str,
    field: &'static str,
    spelt: Spelt,
    settles_after_days: u16,
) -> Metric {
    Metric {
        id,
        field,
        spelt,
        settles_after_days,
    }
}

/// Delivery settles within three days, when invalid clicks have been filtered.
pub(crate) const SOON: u16 = 3;
/// Conversions count for the day of the click, and come for a month as a rule.
pub(crate) const LATE: u16 = 30;

/// The columns that say what a row is about, before its figures.
pub(super) fn dimensions(level: Level) -> &'static [&'static str] {
    match level {
        Level::Campaign => &["DAY", "CAMPAIGN_ID", "CAMPAIGN_NAME"],
        Level::AdGroup => &["DAY", "CAMPAIGN_ID", "ADGROUP_ID", "ADGROUP_NAME"],
        Level::Ad => &[
            "DAY",
            "CAMPAIGN_ID",
            "ADGROUP_ID",
            "AD_ID",
            "AD_NAME",
            "AD_TYPE",
        ],
        Level::Account | Level::Post => &["DAY", "ACCOUNT_ID", "ACCOUNT_NAME"],
    }
}
