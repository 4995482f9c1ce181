//! What is asked of this product; how, is the same for both.

use chrono::Months;

use super::{VENDOR, metrics::TABLE, wire::report_type};
use crate::platforms::yahoo::Product;

pub(super) static PRODUCT: Product = Product {
    vendor: VENDOR,
    name: ["Yahoo! JAPAN Search Ads", "Yahoo!広告 検索広告"],
    metrics: TABLE,
    report_type,
    // Eleven years.
    history: Months::new(132),
    history_days: 4_017,
};
