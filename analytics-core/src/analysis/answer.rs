//! The report itself: plan, cohorts, figures, order and page.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Query, Report, ReportDefaults,
    cohort::{Cohort, Cohorts, Splitting, totals},
    dataset::Dataset,
    delta::{Breaks, Obstacles, compare},
    echo::{info, not_offered, understood},
    evaluate::Evaluator,
    figure::RawFigure,
    grouping::{groups, residuals},
    labels, order,
    plan::Plan,
    ranges::{Pair, Ranges},
    report::{Group, MetricSeries, MetricTotals},
    selection::members,
    since::since,
    through::{Through, through},
    wishes::Wishes,
};
use crate::{
    error::{Error, Result},
    model::{Catalogue, MetricId},
};

/// More figures than this are not put into one answer.
const MAX_FIGURES: usize = 1_000_000;

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
    answer(dataset, catalogue, query, &plan, defaults, None)
}

/// The answer once the plan is made and its facts are in the dataset. Exact values that it lacks
/// are put into `wishes`, if anybody will fetch them.
pub(super) fn answer(
    dataset: &Dataset,
    catalogue: &Catalogue,
    query: &Query,
    plan: &Plan<'_>,
    defaults: &ReportDefaults,
    wishes: Option<&Wishes>,
) -> Result<Report> {
    let selected = members(dataset, plan, plan.level)?;
    let complete = match query.complete_through {
        Some(date) => Through {
            date: Some(date),
            warning: None,
        },
        None => through(dataset, catalogue, plan, &selected),
    };
    let ranges = Ranges::new(query, plan, complete.date)?;
    let writer = Writer {
        dataset,
        plan,
        ranges: &ranges,
        breaks: Breaks::new(dataset, catalogue, plan),
        wishes,
    };
    let splitting = Splitting::new(dataset, plan, &selected);
    let whole = writer.write(&totals(dataset, plan.level, &selected, &splitting))?;
    let (groups, total_groups) = if plan.dimensions.is_empty() {
        (whole.clone(), whole.len())
    } else {
        let all = groups(dataset, plan, &selected, &splitting, &ranges.sides());
        let page = order::page(dataset, plan, &ranges, &all)?;
        refuse_too_many(page.shown.len(), plan, &ranges)?;
        let mut written = writer.write(&all.only(&page.shown))?;
        let rest = writer.write(&all.together(&page.beyond))?;
        written.extend(rest.into_iter().filter(holds_something));
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
    warnings.extend(not_offered(dataset, plan, &selected));
    Ok(Report {
        query: understood(dataset, query, plan, &ranges, complete.date),
        metrics: plan
            .metrics
            .iter()
            .map(|metric| info(metric, defaults, since(dataset, plan, &selected, metric)))
            .collect(),
        buckets: ranges.pairs.current.clone(),
        comparison_buckets: ranges.pairs.comparison.clone(),
        totals: whole,
        groups,
        total_groups: total_groups as u64,
        warnings,
    })
}

/// Refuses a page whose figures would fill the memory.
fn refuse_too_many(groups: usize, plan: &Plan<'_>, ranges: &Ranges) -> Result<()> {
    let figures = groups
        .saturating_mul(plan.metrics.len())
        .saturating_mul(ranges.days.len());
    if figures > MAX_FIGURES {
        let limit = MAX_FIGURES / plan.metrics.len() / ranges.days.len();
        return Err(Error::invalid(
            "limit",
            plan.limit
                .map_or_else(|| "null".to_owned(), |limit| limit.to_string()),
            format!(
                "{groups} groups would make {figures} figures, more than {MAX_FIGURES}; take a limit of at most {limit}, a coarser grain or fewer metrics"
            ),
        ));
    }
    Ok(())
}

/// Turns cohorts into groups of figures.
struct Writer<'a> {
    dataset: &'a Dataset,
    plan: &'a Plan<'a>,
    ranges: &'a Ranges,
    breaks: Breaks,
    wishes: Option<&'a Wishes>,
}

impl Writer<'_> {
    fn write(&self, cohorts: &Cohorts<'_>) -> Result<Vec<Group>> {
        let evaluator = Evaluator::new(
            self.dataset,
            self.plan.level,
            cohorts,
            &self.plan.metrics,
            &self.ranges.days,
        )?
        .wishing(self.wishes);
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

/// Whether a row of what remains says anything: some value that is not zero.
fn holds_something(group: &Group) -> bool {
    group.totals.values().any(|totals| {
        [Some(&totals.current), totals.previous.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|figure| figure.value.as_ref())
            .any(|value| value.to_f64() != 0.0)
    })
}
