//! What is asked of this product; how, is the same for both.

use chrono::Months;

use super::{VENDOR, metrics::TABLE, wire::report_type};
use crate::platforms::yahoo::Product;

pub(super) static PRODUCT: Product = Product {
    vendor: VENDOR,
    name: ["Yahoo! JAPAN Display Ads", "Yahoo!広告 ディスプレイ広告"],
    metrics: TABLE,
    report_type,
    history: Months::new(37),
    history_days: 1_123,
};
