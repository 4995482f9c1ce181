//! How this product spells an order, where that differs from the other's.

use analytics_core::model::Level;

/// An order names no kind of report: it follows from the columns, and naming one is refused.
pub(super) fn report_type(_: Level) -> Option<&'static str> {
    None
}
