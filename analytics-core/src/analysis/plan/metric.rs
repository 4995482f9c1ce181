//! The metrics of a query, resolved against the catalogue.

use crate::{
    error::{Error, Result},
    model::{Catalogue, Metric, MetricId, MetricKind, Unit},
};

/// How values of a stored metric combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) enum PartKind {
    Additive,
    Stock,
    Unique,
}

/// A metric asked for.
#[derive(Debug, Clone)]
pub(in crate::analysis) struct MetricPlan<'a> {
    pub(in crate::analysis) metric: &'a Metric,
    pub(in crate::analysis) formula: Formula<'a>,
    /// Its value, or a part of it, is an amount of money.
    pub(in crate::analysis) money: bool,
}

/// How its value is made.
#[derive(Debug, Clone, Copy)]
pub(in crate::analysis) enum Formula<'a> {
    Stored(PartKind),
    Ratio {
        numerator: &'a MetricId,
        numerator_kind: PartKind,
        denominators: &'a [MetricId],
        denominator_kind: PartKind,
        scale: i64,
    },
}

impl Formula<'_> {
    /// Whether it is made from sums alone.
    pub(in crate::analysis) fn additive(&self) -> bool {
        match self {
            Self::Stored(kind) => *kind == PartKind::Additive,
            Self::Ratio {
                numerator_kind,
                denominator_kind,
                ..
            } => (*numerator_kind, *denominator_kind) == (PartKind::Additive, PartKind::Additive),
        }
    }
}

impl<'a> MetricPlan<'a> {
    /// The metric that `field` names.
    pub(in crate::analysis) fn new(
        catalogue: &'a Catalogue,
        field: &str,
        id: &str,
    ) -> Result<Self> {
        let metric = catalogue.require(field, id)?;
        let (formula, money) = match &metric.kind {
            MetricKind::Ratio(ratio) => {
                let numerator = part(catalogue, metric, &ratio.numerator)?;
                let denominators = ratio
                    .denominators
                    .iter()
                    .map(|id| part(catalogue, metric, id))
                    .collect::<Result<Vec<_>>>()?;
                let Some((denominator_kind, _)) = denominators.first().copied() else {
                    return Err(bad_ratio(metric, "it has no denominator"));
                };
                if denominators
                    .iter()
                    .any(|(kind, _)| *kind != denominator_kind)
                {
                    return Err(bad_ratio(metric, "its denominators are of different kinds"));
                }
                let formula = Formula::Ratio {
                    numerator: &ratio.numerator,
                    numerator_kind: numerator.0,
                    denominators: &ratio.denominators,
                    denominator_kind,
                    scale: ratio.scale,
                };
                (
                    formula,
                    numerator.1 || denominators.iter().any(|(_, money)| *money),
                )
            }
            MetricKind::Additive => (Formula::Stored(PartKind::Additive), false),
            MetricKind::Stock => (Formula::Stored(PartKind::Stock), false),
            MetricKind::Unique => (Formula::Stored(PartKind::Unique), false),
        };
        Ok(Self {
            metric,
            formula,
            money: money || metric.unit == Unit::Currency,
        })
    }

    /// The stored metrics it is made from.
    pub(in crate::analysis) fn parts(&self) -> Vec<&'a MetricId> {
        match self.formula {
            Formula::Stored(_) => vec![&self.metric.id],
            Formula::Ratio {
                numerator,
                denominators,
                ..
            } => std::iter::once(numerator).chain(denominators).collect(),
        }
    }
}

/// Kind of a ratio's part, and whether it is money.
fn part(catalogue: &Catalogue, ratio: &Metric, id: &MetricId) -> Result<(PartKind, bool)> {
    let metric = catalogue
        .metric(id)
        .ok_or_else(|| bad_ratio(ratio, &format!("its part `{id}` is not in the catalogue")))?;
    let kind = match metric.kind {
        MetricKind::Additive => PartKind::Additive,
        MetricKind::Stock => PartKind::Stock,
        MetricKind::Unique => PartKind::Unique,
        MetricKind::Ratio(_) => {
            return Err(bad_ratio(
                ratio,
                &format!("its part `{id}` is a ratio itself"),
            ));
        }
    };
    Ok((kind, metric.unit == Unit::Currency))
}

fn bad_ratio(metric: &Metric, why: &str) -> Error {
    Error::invalid(
        "metrics",
        &metric.id,
        format!("the catalogue's definition cannot be calculated: {why}"),
    )
}
