//! What the answer says of the question: the query as understood, its metrics, and who is left out.

use chrono::NaiveDate;

use super::{
    Filter, Query, ReportDefaults,
    basis::Parts,
    dataset::{AccountInfo, Dataset},
    plan::{MetricPlan, Plan},
    ranges::Ranges,
    report::{MetricInfo, ResolvedQuery, ResolvedRange},
    selection::Member,
    warning::Warning,
};

/// Accounts that do not offer a metric were left out of it.
const NOT_OFFERED: &str = "not_offered";

/// Accounts of the selection that do not offer a metric, by metric.
pub(super) fn not_offered(dataset: &Dataset, plan: &Plan<'_>, members: &[Member]) -> Vec<Warning> {
    let lacks = |metric: &MetricPlan<'_>| -> Vec<usize> {
        members
            .iter()
            .map(|member| member.account)
            .filter(|account| {
                dataset
                    .level(*account, plan.level)
                    .is_none_or(|facts| Parts::of(metric, facts).is_none())
            })
            .collect()
    };
    plan.metrics
        .iter()
        .map(|metric| (metric, lacks(metric)))
        .filter(|(_, accounts)| !accounts.is_empty())
        .map(|(metric, accounts)| {
            let of = |value: fn(&AccountInfo) -> String| -> Vec<String> {
                accounts
                    .iter()
                    .map(|account| value(&dataset.accounts[*account]))
                    .collect()
            };
            Warning::new(
                NOT_OFFERED,
                format!(
                    "`{}` is not offered at level {} by {}",
                    metric.metric.id,
                    plan.level.as_str(),
                    of(|account| account.name.clone()).join(", ")
                ),
            )
            .about(of(|account| account.key.clone()))
        })
        .collect()
}

/// The metric as the answer describes it.
pub(super) fn info(
    metric: &MetricPlan<'_>,
    defaults: &ReportDefaults,
    since: Option<NaiveDate>,
) -> MetricInfo {
    let metric = metric.metric;
    MetricInfo {
        id: metric.id.clone(),
        label: if defaults.language == "ja" {
            metric.label.ja.clone()
        } else {
            metric.label.en.clone()
        },
        unit: metric.unit,
        kind: metric.kind.as_str().to_owned(),
        better: metric.better,
        since,
    }
}

/// The effective range.
pub(super) fn resolved_range(ranges: &Ranges) -> Option<ResolvedRange> {
    ranges.resolved.range.map(|range| ResolvedRange {
        preset: ranges.resolved.preset.clone(),
        start: range.start,
        end: range.end,
        days: range.days(),
    })
}

/// The query with every default filled in.
pub(super) fn understood(
    dataset: &Dataset,
    query: &Query,
    plan: &Plan<'_>,
    ranges: &Ranges,
    complete_through: Option<NaiveDate>,
) -> ResolvedQuery {
    let filters: Vec<Filter> = query.filters.clone();
    ResolvedQuery {
        accounts: plan
            .scope
            .iter()
            .map(|account| dataset.accounts[*account].key.clone())
            .collect(),
        metrics: plan
            .metrics
            .iter()
            .map(|metric| metric.metric.id.clone())
            .collect(),
        range: resolved_range(ranges),
        grain: query.grain,
        compare: query.compare.clone(),
        comparison: ranges.resolved.comparison.map(Into::into),
        compare_at: None,
        group_by: plan
            .dimensions
            .iter()
            .map(|dimension| dimension.as_str().to_owned())
            .collect(),
        filters,
        level: plan.level,
        week_start: plan.calendar.week_start,
        fiscal_year_start: plan.calendar.fiscal_year_start,
        currency: None,
        as_of: None,
        today: plan.today,
        complete_through,
        order_by: query.order_by.clone(),
        limit: plan.limit,
        offset: plan.offset,
        numbers: query.numbers.clone(),
    }
}
