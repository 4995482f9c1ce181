//! The change between two figures, with the reasons why there is none.

use super::{
    Change, Reason, change,
    dataset::Dataset,
    days::{Days, day_number},
    figure::{RawFigure, Status},
    number::Amount,
    plan::{MetricPlan, Plan},
};
use crate::model::Catalogue;

/// What stands between two figures beside their values.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Obstacles {
    /// The metric's meaning changed between the two sides.
    pub(super) definition_break: bool,
    /// The pair's day counts differ.
    pub(super) unequal_length: bool,
}

/// The change from `previous` to `current`; of several reasons the weightiest is given.
pub(super) fn compare(current: &RawFigure, previous: &RawFigure, obstacles: Obstacles) -> Change {
    if [current.status, previous.status].contains(&Status::Bounded) {
        return Change::withheld(Reason::NotAdditive);
    }
    let (Some(now), Some(before)) = (current.value, previous.value) else {
        return Change::withheld(Reason::NoData);
    };
    if obstacles.definition_break {
        return Change::withheld(Reason::NotComparable);
    }
    if obstacles.unequal_length {
        return Change::withheld(Reason::UnequalLength);
    }
    exactly(now, before).covering(current.covered, previous.covered)
}

/// The change of two values; from exact ones without rounding in between.
#[allow(clippy::cast_precision_loss)] // only the final figures become doubles
fn exactly(now: Amount, before: Amount) -> Change {
    let plain = change(Some(now.to_f64()), Some(before.to_f64()));
    let (Amount::Exact(now), Amount::Exact(before)) = (now, before) else {
        return plain;
    };
    let Some(difference) = now.checked_sub(before) else {
        return plain;
    };
    Change {
        absolute: plain.absolute.map(|_| Amount::Exact(difference).to_f64()),
        relative: plain.relative.map(|relative| {
            if before == 0 {
                relative
            } else {
                difference as f64 / before.unsigned_abs() as f64
            }
        }),
        reason: plain.reason,
    }
}

/// Dated breaks of the asked metrics on the platforms of accounts.
#[derive(Debug)]
pub(super) struct Breaks {
    /// (metric's position, account, day number of the new meaning's first day).
    breaks: Vec<(usize, usize, i32)>,
}

impl Breaks {
    pub(super) fn new(dataset: &Dataset, catalogue: &Catalogue, plan: &Plan<'_>) -> Self {
        let of_metric = |metric: &MetricPlan<'_>, account: usize| -> Vec<i32> {
            let platform = &dataset.accounts[account].platform;
            metric
                .parts()
                .into_iter()
                .chain([&metric.metric.id])
                .flat_map(|id| catalogue.breaks(platform, id))
                .map(|at| day_number(at.date))
                .collect()
        };
        let mut breaks = Vec::new();
        for (at, metric) in plan.metrics.iter().enumerate() {
            for account in &plan.accounts {
                let days = of_metric(metric, *account);
                breaks.extend(days.into_iter().map(|day| (at, *account, day)));
            }
        }
        Self { breaks }
    }

    /// Whether a break of the metric lies between two ranges or inside them.
    pub(super) fn between(&self, metric: usize, accounts: &[usize], a: Days, b: Days) -> bool {
        let (first, last) = (a.first.min(b.first), a.last.max(b.last));
        self.breaks.iter().any(|(of, account, day)| {
            *of == metric && accounts.contains(account) && first < *day && *day <= last
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Millionths;

    fn figure(value: Option<i64>, status: Status, covered: f64) -> RawFigure {
        RawFigure {
            value: value.map(|whole| Amount::Exact(whole * Millionths::SCALE)),
            status,
            covered,
            reason: None,
            bounds: None,
            pending: false,
            as_of: None,
        }
    }

    fn reason(current: &RawFigure, previous: &RawFigure, obstacles: Obstacles) -> Option<Reason> {
        compare(current, previous, obstacles).reason
    }

    #[test]
    fn of_several_reasons_the_weightiest_is_given() {
        let all = Obstacles {
            definition_break: true,
            unequal_length: true,
        };
        let whole = figure(Some(2), Status::Final, 1.0);
        let zero = figure(Some(0), Status::Final, 1.0);
        let partial = figure(Some(2), Status::Partial, 0.5);
        let bounded = figure(None, Status::Bounded, 1.0);
        let missing = figure(None, Status::Missing, 0.0);
        let unequal = Obstacles {
            unequal_length: true,
            ..Obstacles::default()
        };
        assert_eq!(reason(&bounded, &missing, all), Some(Reason::NotAdditive));
        assert_eq!(reason(&whole, &missing, all), Some(Reason::NoData));
        assert_eq!(reason(&partial, &whole, all), Some(Reason::NotComparable));
        assert_eq!(
            reason(&partial, &whole, unequal),
            Some(Reason::UnequalLength)
        );
        assert_eq!(
            reason(&partial, &zero, Obstacles::default()),
            Some(Reason::Incomplete)
        );
        assert_eq!(
            reason(&whole, &zero, Obstacles::default()),
            Some(Reason::New)
        );
        assert_eq!(reason(&whole, &whole, Obstacles::default()), None);
    }

    #[test]
    fn nearly_complete_sides_are_compared_with_a_reason_and_others_not() {
        let before = figure(Some(10), Status::Final, 1.0);
        let nearly = figure(Some(12), Status::Partial, 0.95);
        let change = compare(&nearly, &before, Obstacles::default());
        assert_eq!((change.absolute, change.relative), (Some(2.0), Some(0.2)));
        assert_eq!(change.reason, Some(Reason::Incomplete));
        let less = figure(Some(12), Status::Partial, 0.9499);
        assert_eq!(
            compare(&less, &before, Obstacles::default()),
            Change::withheld(Reason::Incomplete)
        );
    }

    #[test]
    fn differences_of_exact_values_are_not_rounded_on_the_way() {
        let change = exactly(Amount::Exact(12_340_000), Amount::Exact(10_100_000));
        assert_eq!(change.absolute, Some(2.24));
    }
}
