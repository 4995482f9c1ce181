//! Where the history of a metric begins.

use chrono::NaiveDate;

use super::{
    basis::Parts,
    dataset::Dataset,
    days::date_of,
    plan::{MetricPlan, Plan},
    selection::Member,
};

/// The first day for which every account of the selection that offers the metric has a figure; none
/// if one of them has none yet.
pub(super) fn since(
    dataset: &Dataset,
    plan: &Plan<'_>,
    members: &[Member],
    metric: &MetricPlan<'_>,
) -> Option<NaiveDate> {
    let mut begins: Option<i32> = None;
    for Member { account, .. } in members {
        let facts = dataset.level(*account, plan.level);
        let Some(parts) = facts.and_then(|facts| Parts::of(metric, facts)) else {
            continue;
        };
        for (_, facts, _) in parts.iter() {
            let first = facts.days.segments().first()?.first;
            begins = Some(begins.map_or(first, |known| known.max(first)));
        }
    }
    begins.and_then(date_of)
}
