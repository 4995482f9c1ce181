//! What this platform delivers: column → metric. One table, no logic.

use crate::platforms::yahoo::{LATE, Metric, SOON, Spelt, metric};

use Spelt::{Decimal, Fraction, Whole};

#[rustfmt::skip]
pub(super) const TABLE: &[Metric] = &[
    metric("impressions", "IMPS", Whole, SOON),
    metric("clicks", "CLICKS", Whole, SOON),
    metric("spend", "COST", Decimal, SOON),
    metric("conversions", "CONVERSIONS", Fraction, LATE),
    metric("conversion_value", "CONV_VALUE", Fraction, LATE),
    metric("conversions_all", "ALL_CONV", Fraction, LATE),
    metric("conversion_value_all", "ALL_CONV_VALUE", Fraction, LATE),
];
