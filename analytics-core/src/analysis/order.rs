//! Which groups are shown, and in which order.

use std::cmp::Ordering;

use super::{
    cohort::{Cohort, Cohorts},
    dataset::Dataset,
    evaluate::Evaluator,
    plan::{Dimension, Order, Plan},
    ranges::Ranges,
    selection::ancestor,
};
use crate::error::Result;

/// Positions of cohorts, in the order asked for.
#[derive(Debug)]
pub(super) struct Page {
    /// On the page.
    pub(super) shown: Vec<usize>,
    /// After it, beyond the limit.
    pub(super) beyond: Vec<usize>,
}

/// Which cohorts are on the page asked for, ordered by the current total of a metric, by a
/// dimension, else by key. Nulls come last either way; ties are settled by key.
pub(super) fn page(
    dataset: &Dataset,
    plan: &Plan<'_>,
    ranges: &Ranges,
    cohorts: &Cohorts<'_>,
) -> Result<Page> {
    let mut order: Vec<usize> = (0..cohorts.cohorts.len()).collect();
    let by_key = |a: usize, b: usize| key_order(&cohorts.cohorts[a], &cohorts.cohorts[b]);
    match plan.order {
        Order::Key => order.sort_by(|a, b| by_key(*a, *b)),
        Order::Dimension {
            dimension,
            descending,
        } => {
            let names: Vec<Option<&str>> = cohorts
                .cohorts
                .iter()
                .map(|cohort| name(dataset, plan, cohort, dimension))
                .collect();
            order.sort_by(|a, b| {
                nulls_last(names[*a], names[*b], descending, Ord::cmp).then_with(|| by_key(*a, *b))
            });
        }
        Order::Published { descending } => {
            let moments: Vec<_> = cohorts
                .cohorts
                .iter()
                .map(|cohort| Some(cohort.labelled?.post.as_ref()?.published_at))
                .collect();
            order.sort_by(|a, b| {
                nulls_last(moments[*a], moments[*b], descending, Ord::cmp)
                    .then_with(|| by_key(*a, *b))
            });
        }
        Order::Metric { index, descending } => {
            let values = current_totals(dataset, plan, ranges, cohorts, index)?;
            order.sort_by(|a, b| {
                nulls_last(values[*a], values[*b], descending, f64::total_cmp)
                    .then_with(|| by_key(*a, *b))
            });
        }
    }
    let mut shown = order.split_off(order.len().min(plan.offset as usize));
    let limit = plan.limit.map_or(usize::MAX, |limit| limit as usize);
    let beyond = shown.split_off(shown.len().min(limit));
    Ok(Page { shown, beyond })
}

/// The metric's current total in every cohort; just this one is computed for all of them.
fn current_totals(
    dataset: &Dataset,
    plan: &Plan<'_>,
    ranges: &Ranges,
    cohorts: &Cohorts<'_>,
    metric: usize,
) -> Result<Vec<Option<f64>>> {
    let Some(total) = ranges.total() else {
        return Ok(vec![None; cohorts.cohorts.len()]);
    };
    let metrics = &plan.metrics[metric..=metric];
    let days = &ranges.days[total.current..=total.current];
    let evaluator = Evaluator::new(dataset, plan.level, cohorts, metrics, days)?;
    (0..cohorts.cohorts.len())
        .map(|at| {
            let figure = evaluator.figure(at, 0, 0)?;
            Ok(figure.value.map(super::number::Amount::to_f64))
        })
        .collect()
}

/// What a group is called in a dimension: people order campaigns by name, not by id.
fn name<'a>(
    dataset: &'a Dataset,
    plan: &Plan<'_>,
    cohort: &Cohort<'a>,
    dimension: Dimension,
) -> Option<&'a str> {
    let account = cohort.accounts.first().copied();
    match (dimension.level(), cohort.labelled, account) {
        (Some(level), Some(entity), Some(account)) => {
            ancestor(dataset, account, entity, level)?.name.as_deref()
        }
        (None, _, Some(account)) if dimension == Dimension::Account => {
            Some(dataset.accounts[account].name.as_str())
        }
        _ => plan
            .dimensions
            .iter()
            .position(|known| *known == dimension)
            .and_then(|at| cohort.key[at]),
    }
}

fn nulls_last<T: Copy>(
    a: Option<T>,
    b: Option<T>,
    descending: bool,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => compare(&b, &a),
        (Some(a), Some(b)) => compare(&a, &b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn key_order(a: &Cohort<'_>, b: &Cohort<'_>) -> Ordering {
    let keys = a.key.iter().zip(&b.key);
    keys.map(|(a, b)| nulls_last(*a, *b, false, Ord::cmp))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
        .then_with(|| a.split.cmp(&b.split))
}
