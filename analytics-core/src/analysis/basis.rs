//! What a metric of one account rests on: its covered days, counted for every range asked about.

use std::{collections::HashMap, sync::Arc};

use super::{
    cohort::Source,
    dataset::{LevelFacts, MetricFacts},
    day_runs::{Counts, DayRuns},
    days::Days,
    plan::{Formula, MetricPlan, PartKind},
};

/// The stored parts of a metric on an account's facts: one, or numerator and denominator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) first: &'a MetricFacts,
    pub(super) first_kind: PartKind,
    pub(super) second: Option<(&'a MetricFacts, PartKind)>,
}

impl<'a> Parts<'a> {
    /// None if the account does not offer every part at this level.
    pub(super) fn of(metric: &MetricPlan<'_>, facts: &'a LevelFacts) -> Option<Self> {
        Some(match metric.formula {
            Formula::Stored(kind) => Self {
                first: facts.metric(&metric.metric.id)?,
                first_kind: kind,
                second: None,
            },
            Formula::Ratio {
                numerator,
                numerator_kind,
                denominators,
                denominator_kind,
                ..
            } => Self {
                first: facts.metric(numerator)?,
                first_kind: numerator_kind,
                second: Some((facts.first_of(denominators)?, denominator_kind)),
            },
        })
    }

    pub(super) fn iter(
        &self,
    ) -> impl Iterator<Item = (usize, &'a MetricFacts, PartKind)> + use<'a> {
        std::iter::once((0, self.first, self.first_kind))
            .chain(self.second.map(|(facts, kind)| (1, facts, kind)))
    }
}

/// Days that count for a metric of an account, and how many of them lie in each range.
#[derive(Debug)]
pub(super) struct Basis {
    /// Per part.
    pub(super) parts: Vec<PartBasis>,
}

#[derive(Debug)]
pub(super) struct PartBasis {
    /// The days that count.
    pub(super) days: Arc<DayRuns>,
    /// Per range: days, covered ones, provisional ones.
    pub(super) counts: Vec<Counts>,
    /// Per range, for a stock: whether its last day has a value, and whether that is provisional.
    pub(super) last: Vec<Option<bool>>,
}

/// Bases by (account, position of the metric).
pub(super) type Bases = HashMap<(usize, usize), Basis>;

/// The basis of every metric on every account that offers it.
///
/// Parts that are added up before they are divided count on the days both have; so do the two
/// levels of a residual row.
pub(super) fn bases(metrics: &[MetricPlan<'_>], sources: &[Source<'_>], ranges: &[Days]) -> Bases {
    let mut by_account: HashMap<usize, Vec<&Source<'_>>> = HashMap::new();
    for source in sources {
        by_account.entry(source.account).or_default().push(source);
    }
    let mut bases = Bases::new();
    for (account, sources) in by_account {
        for (at, metric) in metrics.iter().enumerate() {
            if let Some(basis) = basis(metric, &sources, ranges) {
                bases.insert((account, at), basis);
            }
        }
    }
    bases
}

fn basis(metric: &MetricPlan<'_>, sources: &[&Source<'_>], ranges: &[Days]) -> Option<Basis> {
    let parts: Vec<Parts<'_>> = sources
        .iter()
        .map(|source| Parts::of(metric, source.facts))
        .collect::<Option<_>>()?;
    let first = parts.first()?;
    let days_of: Vec<Arc<DayRuns>> = if metric.formula.additive() {
        let all = parts
            .iter()
            .flat_map(Parts::iter)
            .map(|(_, facts, _)| &facts.days);
        let shared = all.fold(first.first.days.clone(), |shared, days| {
            if Arc::ptr_eq(&shared, days) || shared == *days {
                shared
            } else {
                Arc::new(shared.intersect(days))
            }
        });
        first.iter().map(|_| shared.clone()).collect()
    } else {
        first
            .iter()
            .map(|(_, facts, _)| facts.days.clone())
            .collect()
    };
    let parts = first
        .iter()
        .zip(days_of)
        .map(|((_, facts, kind), days)| PartBasis {
            counts: ranges.iter().map(|range| days.count(*range)).collect(),
            last: if kind == PartKind::Stock {
                ranges
                    .iter()
                    .map(|range| facts.known_on(range.last))
                    .collect()
            } else {
                Vec::new()
            },
            days,
        })
        .collect();
    Some(Basis { parts })
}
