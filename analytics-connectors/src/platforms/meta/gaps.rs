//! Why the Graph gives no figure: the words that stored gaps have in common. Front ends have a
//! sentence for each.

use std::collections::BTreeSet;

use analytics_core::model::{DateRange, MetricGap, MetricId};
use chrono::NaiveDate;

/// The platform does not know the metric, or not for this kind of account.
pub(crate) const NOT_SUPPORTED: &str = "not_supported";
/// The platform knows the metric and has no figure.
pub(crate) const NO_DATA: &str = "no_data";
/// The account is too small for the platform to show it.
pub(crate) const TOO_FEW_FOLLOWERS: &str = "too_few_followers";

/// The days of `range` that are not among `known`, as gaps of `metric`.
pub(crate) fn missing_days(
    metric: &MetricId,
    range: DateRange,
    known: &BTreeSet<NaiveDate>,
    reason: &str,
) -> Vec<MetricGap> {
    let mut gaps: Vec<MetricGap> = Vec::new();
    for date in range.iter().filter(|date| !known.contains(date)) {
        match gaps.last_mut() {
            Some(gap) if gap.range.end.succ_opt() == Some(date) => gap.range.end = date,
            _ => gaps.push(whole(metric, DateRange::day(date), reason)),
        }
    }
    gaps
}

/// A gap of `metric` over all of `range`.
pub(crate) fn whole(metric: &MetricId, range: DateRange, reason: &str) -> MetricGap {
    MetricGap {
        metric: metric.clone(),
        range,
        reason: reason.to_owned(),
    }
}
