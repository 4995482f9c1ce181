//! The report itself: plan, cohorts, figures, order and page.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Filter, Query, Report, ReportDefaults,
    basis::Parts,
    cohort::{Cohort, Cohorts, Splitting, groups, residuals, totals},
    dataset::Dataset,
    delta::{Breaks, Obstacles, compare},
    evaluate::Evaluator,
    figure::RawFigure,
    order,
    plan::{MetricPlan, Plan},
    ranges::{Pair, Ranges},
    report::{
        Group, GroupKind, MetricInfo, MetricSeries, MetricTotals, ResolvedQuery, ResolvedRange,
    },
    selection::members,
    through::{Through, through},
    warning::Warning,
    labels,
};
use crate::{
    error::Result,
    model::{Catalogue, MetricId},
};

/// Accounts that do not offer a metric were left out of it.
const NOT_OFFERED: &str = "not_offered";

/// The answer to `query` on a dataset. `today` is the day in the workspace's time zone, unless the
/// query names another.
///
/// Reads no clock and calls nobody: the same arguments give the same answer.
///
/// # Errors
/// [`Error::Unknown`](crate::Error::Unknown) and [`Error::Invalid`](crate::Error::Invalid) name
/// the query's field, its value and the nearest valid one;
/// [`Error::Unsupported`](crate::Error::Unsupported) for what this version does not do;
/// [`Error::Overflow`](crate::Error::Overflow) for a total that does not fit.
pub fn report_on(
    dataset: &Dataset,
    catalogue: &Catalogue,
    query: &Query,
    today: NaiveDate,
    defaults: &ReportDefaults,
) -> Result<Report> {
    let plan = Plan::new(dataset, catalogue, query, today, defaults)?;
    answer(dataset, catalogue, query, &plan, defaults)
}

/// The answer once the plan is made and its facts are in the dataset.
pub(super) fn answer(
    dataset: &Dataset,
    catalogue: &Catalogue,
    query: &Query,
    plan: &Plan<'_>,
    defaults: &ReportDefaults,
) -> Result<Report> {
    let selected = members(dataset, plan, plan.level)?;
    let complete = match query.complete_through {
        Some(date) => Through {
            date: Some(date),
            warning: None,
        },
        None => through(dataset, catalogue, plan),
    };
    let ranges = Ranges::new(query, plan, complete.date)?;
    let writer = Writer {
        dataset,
        plan,
        ranges: &ranges,
        breaks: Breaks::new(dataset, catalogue, plan),
    };
    let splitting = Splitting::new(dataset, plan, &selected);
    let whole = writer.write(&totals(dataset, plan.level, &selected, &splitting))?;
    let (groups, total_groups) = if plan.dimensions.is_empty() {
        (whole.clone(), whole.len())
    } else {
        let all = groups(dataset, plan, &selected, &splitting, &ranges.sides());
        let page = order::page(dataset, plan, &ranges, &all)?;
        let mut written = writer.write(&all.only(&page))?;
        if let Some(base) = plan.residual_base() {
            let above = members(dataset, plan, base)?;
            let left = residuals(dataset, plan, &selected, (base, &above), &splitting);
            written.extend(writer.write(&left)?.into_iter().filter(holds_something));
        }
        (written, all.cohorts.len())
    };
    let mut warnings = ranges.resolved.warnings.clone();
    warnings.extend(ranges.pairs.warning());
    warnings.extend(complete.warning);
    warnings.extend(not_offered(dataset, plan));
    Ok(Report {
        query: understood(dataset, query, plan, &ranges, complete.date),
        metrics: plan
            .metrics
            .iter()
            .map(|metric| info(metric, defaults))
            .collect(),
        buckets: ranges.pairs.current.clone(),
        comparison_buckets: ranges.pairs.comparison.clone(),
        totals: whole,
        groups,
        total_groups: total_groups as u64,
        warnings,
    })
}

/// Turns cohorts into groups of figures.
struct Writer<'a> {
    dataset: &'a Dataset,
    plan: &'a Plan<'a>,
    ranges: &'a Ranges,
    breaks: Breaks,
}

impl Writer<'_> {
    fn write(&self, cohorts: &Cohorts<'_>) -> Result<Vec<Group>> {
        let evaluator = Evaluator::new(
            self.dataset,
            self.plan.level,
            cohorts,
            &self.plan.metrics,
            &self.ranges.days,
        )?;
        let buckets = self.ranges.grain.map(|_| self.ranges.buckets());
        cohorts
            .cohorts
            .iter()
            .enumerate()
            .map(|(at, cohort)| {
                let mut totals = BTreeMap::new();
                let mut series = buckets.as_ref().map(|_| BTreeMap::new());
                for (metric_at, metric) in self.plan.metrics.iter().enumerate() {
                    let place = (at, cohort, metric_at);
                    let id: &MetricId = &metric.metric.id;
                    totals.insert(id.clone(), self.totals(&evaluator, place)?);
                    if let (Some(series), Some(buckets)) = (&mut series, &buckets) {
                        series.insert(id.clone(), self.series(&evaluator, place, buckets)?);
                    }
                }
                Ok(Group {
                    kind: cohort.kind,
                    key: labels::key(self.plan, cohort),
                    labels: labels::labels(self.dataset, self.plan, cohort),
                    totals,
                    series,
                })
            })
            .collect()
    }

    fn totals(
        &self,
        evaluator: &Evaluator<'_>,
        place: (usize, &Cohort<'_>, usize),
    ) -> Result<MetricTotals> {
        let format = self.plan.format;
        let Some(pair) = self.ranges.total() else {
            let nothing = RawFigure::missing(None);
            let compared = self.ranges.compared;
            return Ok(MetricTotals {
                current: nothing.write(format),
                previous: compared.then(|| nothing.write(format)),
                change: compared.then(|| compare(&nothing, &nothing, Obstacles::default())),
            });
        };
        let (current, previous, change) = self.pair(evaluator, place, pair)?;
        Ok(MetricTotals {
            current: current.write(format),
            previous: previous.map(|figure| figure.write(format)),
            change,
        })
    }

    fn series(
        &self,
        evaluator: &Evaluator<'_>,
        place: (usize, &Cohort<'_>, usize),
        buckets: &[Pair],
    ) -> Result<MetricSeries> {
        let format = self.plan.format;
        let (mut currents, mut previouses, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        for pair in buckets {
            let (current, previous, change) = self.pair(evaluator, place, *pair)?;
            currents.push(current.write(format));
            previouses.push(previous.map(|figure| figure.write(format)));
            changes.push(change);
        }
        Ok(MetricSeries {
            current: currents,
            previous: self.ranges.compared.then_some(previouses),
            change: self.ranges.compared.then_some(changes),
        })
    }

    #[allow(clippy::type_complexity)] // three parts of one pair, taken apart at once
    fn pair(
        &self,
        evaluator: &Evaluator<'_>,
        (at, cohort, metric): (usize, &Cohort<'_>, usize),
        pair: Pair,
    ) -> Result<(RawFigure, Option<RawFigure>, Option<super::Change>)> {
        let current = evaluator.figure(at, metric, pair.current)?;
        let Some(other) = pair.previous else {
            return Ok((current, None, None));
        };
        let previous = evaluator.figure(at, metric, other)?;
        let obstacles = Obstacles {
            definition_break: self.breaks.between(
                metric,
                &cohort.accounts,
                self.ranges.days[pair.current],
                self.ranges.days[other],
            ),
            unequal_length: !pair.comparable,
        };
        let change = compare(&current, &previous, obstacles);
        Ok((current, Some(previous), Some(change)))
    }
}

/// Whether a residual row says anything: some value that is not zero.
fn holds_something(group: &Group) -> bool {
    group.totals.values().any(|totals| {
        [Some(&totals.current), totals.previous.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|figure| figure.value.as_ref())
            .any(|value| value.to_f64() != 0.0)
    })
}

fn not_offered(dataset: &Dataset, plan: &Plan<'_>) -> Vec<Warning> {
    let lacks = |metric: &MetricPlan<'_>| -> Vec<usize> {
        plan.accounts
            .iter()
            .copied()
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
            let of = |value: fn(&super::dataset::AccountInfo) -> String| -> Vec<String> {
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

fn info(metric: &MetricPlan<'_>, defaults: &ReportDefaults) -> MetricInfo {
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
    }
}

fn understood(
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
        range: ranges.resolved.range.map(|range| ResolvedRange {
            preset: ranges.resolved.preset.clone(),
            start: range.start,
            end: range.end,
            days: range.days(),
        }),
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

impl Group {
    /// Whether the group is an entity rather than a remainder.
    #[must_use]
    pub fn is_entity(&self) -> bool {
        self.kind == GroupKind::Entity
    }
}
