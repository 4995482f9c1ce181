//! How this product spells an order, where that differs from the other's.

use analytics_core::model::Level;

/// The kind of report at a level; an order must name it.
pub(super) fn report_type(level: Level) -> Option<&'static str> {
    Some(match level {
        Level::Campaign => "CAMPAIGN",
        Level::AdGroup => "ADGROUP",
        Level::Ad => "AD",
        Level::Account | Level::Post => "ACCOUNT",
    })
}
