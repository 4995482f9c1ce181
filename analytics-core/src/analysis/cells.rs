//! Sums, maxima and last values of every cohort, metric part and range.

use super::{
    basis::{Bases, Parts},
    cohort::Source,
    dataset::Entities,
    days::Days,
    plan::{MetricPlan, PartKind},
    rollup,
};
use crate::error::Result;

/// How many days old a carried stock value may be.
const STOCK_CARRY_DAYS: i32 = 7;

/// What is known of one part of a metric in one cohort over one range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// Exact sum in millionths; of a stock, of its last known values.
    pub(super) sum: i128,
    /// Largest daily part of a unique metric; a covered day without a row is zero.
    pub(super) max: i64,
    /// Largest exact window inside the range; `i64::MIN` if there is none.
    pub(super) window: i64,
    /// Stock: entities with a known value.
    pub(super) known: i64,
    /// Stock: those whose value is of the range's last day, or cannot change any more.
    pub(super) fresh: i64,
}

impl Cell {
    pub(super) const EMPTY: Self = Self {
        sum: 0,
        max: 0,
        window: i64::MIN,
        known: 0,
        fresh: 0,
    };

    pub(super) fn merge(&mut self, other: Self) {
        self.sum += other.sum;
        self.max = self.max.max(other.max);
        self.window = self.window.max(other.window);
        self.known += other.known;
        self.fresh += other.fresh;
    }
}

/// Cells by (cohort, metric, part, range).
#[derive(Debug)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    metrics: usize,
    ranges: usize,
}

impl Cells {
    fn index(&self, cohort: usize, metric: usize, part: usize, range: usize) -> usize {
        ((cohort * self.metrics + metric) * 2 + part) * self.ranges + range
    }

    pub(super) fn get(&self, cohort: usize, metric: usize, part: usize, range: usize) -> &Cell {
        &self.cells[self.index(cohort, metric, part, range)]
    }

    /// The cells of `cohorts` cohorts over `ranges`. Accounts go straight from their prefix sums
    /// into the cells; with `by_frame` (many entities) the parts are grouped as a frame.
    pub(super) fn new(
        cohorts: usize,
        metrics: &[MetricPlan<'_>],
        sources: &[Source<'_>],
        bases: &Bases,
        ranges: &[Days],
        by_frame: bool,
    ) -> Result<Self> {
        let mut made = Self {
            cells: vec![Cell::EMPTY; cohorts * metrics.len() * 2 * ranges.len()],
            metrics: metrics.len(),
            ranges: ranges.len(),
        };
        if by_frame {
            let mut rows = rollup::Rows::default();
            made.visit(metrics, sources, bases, ranges, |at, cell| {
                rows.push(at, cell)
            });
            rows.group_into(&mut made.cells)?;
        } else {
            let mut cells = std::mem::take(&mut made.cells);
            made.visit(metrics, sources, bases, ranges, |at, cell| {
                cells[at].merge(cell)
            });
            made.cells = cells;
        }
        Ok(made)
    }

    /// Shows `put` what each entity contributes to each cell.
    fn visit(
        &self,
        metrics: &[MetricPlan<'_>],
        sources: &[Source<'_>],
        bases: &Bases,
        ranges: &[Days],
        mut put: impl FnMut(usize, Cell),
    ) {
        for source in sources {
            for (at, metric) in metrics.iter().enumerate() {
                let (Some(basis), Some(parts)) = (
                    bases.get(&(source.account, at)),
                    Parts::of(metric, source.facts),
                ) else {
                    continue;
                };
                for (part, facts, kind) in parts.iter() {
                    let days = &basis.parts[part].days;
                    // Facts of days that are not covered are not kept, so that only days beyond
                    // the metric's own have to be left out here.
                    let only = (**days != *facts.days).then_some(days.as_ref());
                    for series in &facts.series {
                        let Some(cohort) = source.assign.cohort(series.entity) else {
                            continue;
                        };
                        for (range_at, range) in ranges.iter().enumerate() {
                            let mut cell = Cell::EMPTY;
                            match kind {
                                PartKind::Additive => {
                                    cell.sum = match only {
                                        Some(only) => series.sum_within(*range, only),
                                        None => series.sum(*range),
                                    };
                                    if source.negative {
                                        cell.sum = -cell.sum;
                                    }
                                }
                                PartKind::Unique => {
                                    cell.sum = series.sum(*range);
                                    cell.max = series.max(*range).unwrap_or_default();
                                }
                                PartKind::Stock => {
                                    let oldest = match facts.entities {
                                        // What a post came to stays true when nobody looks.
                                        Entities::Totals(_) => i32::MIN,
                                        _ => range.last.saturating_sub(STOCK_CARRY_DAYS),
                                    };
                                    if let Some((day, value)) =
                                        series.last_known(range.last, oldest)
                                    {
                                        let fresh = day == range.last
                                            || facts.ended_by(series.entity, range.last);
                                        cell.sum = i128::from(value);
                                        cell.known = 1;
                                        cell.fresh = i64::from(fresh);
                                    }
                                }
                            }
                            if cell != Cell::EMPTY {
                                put(self.index(cohort, at, part, range_at), cell);
                            }
                        }
                    }
                    if kind == PartKind::Unique {
                        for window in &facts.windows {
                            let Some(cohort) = source.assign.cohort(window.entity) else {
                                continue;
                            };
                            for (range_at, range) in ranges.iter().enumerate() {
                                if window.days.lies_in(*range) {
                                    let cell = Cell {
                                        window: window.value,
                                        ..Cell::EMPTY
                                    };
                                    put(self.index(cohort, at, part, range_at), cell);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
