//! One entity's daily values of one metric, sorted, with prefix sums.

use super::{day_runs::DayRuns, days::Days};
use crate::model::EntityId;

/// Sorted days with the running total of their values, exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub(super) entity: EntityId,
    days: Box<[i32]>,
    totals: Totals,
}

/// `totals[i]` is the sum of the first `i` values.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Totals {
    /// The usual case: no running total leaves 64 bits, so no difference of two does either.
    Narrow(Box<[i64]>),
    /// Some running total needs more.
    Wide(Box<[i128]>),
}

impl Series {
    /// From ascending days and their values in millionths; days that are not covered say nothing
    /// and are left out.
    pub(super) fn new(
        entity: EntityId,
        values: impl IntoIterator<Item = (i32, i64)>,
        covered: &DayRuns,
    ) -> Self {
        let mut days = Vec::new();
        let mut totals = vec![0_i128];
        let mut total = 0_i128;
        for (day, value) in values {
            if covered.state(day).is_some() {
                total += i128::from(value);
                days.push(day);
                totals.push(total);
            }
        }
        // Half the range of 64 bits keeps the difference of any two totals inside it.
        let narrow = totals
            .iter()
            .all(|total| total.unsigned_abs() < 1 << (i64::BITS - 2));
        let totals = if narrow {
            #[expect(clippy::cast_possible_truncation, reason = "checked just above")]
            Totals::Narrow(totals.iter().map(|total| *total as i64).collect())
        } else {
            Totals::Wide(totals.into())
        };
        Self {
            entity,
            days: days.into(),
            totals,
        }
    }

    fn total_before(&self, index: usize) -> i128 {
        match &self.totals {
            Totals::Narrow(totals) => i128::from(totals[index]),
            Totals::Wide(totals) => totals[index],
        }
    }

    fn index_range(&self, days: Days) -> (usize, usize) {
        let from = self.days.partition_point(|day| *day < days.first);
        let to = from + self.days[from..].partition_point(|day| *day <= days.last);
        (from, to)
    }

    /// Whether it has a value in `days`.
    pub(super) fn any_in(&self, days: Days) -> bool {
        let (from, to) = self.index_range(days);
        from < to
    }

    /// Exact sum over `days`.
    pub(super) fn sum(&self, days: Days) -> i128 {
        let (from, to) = self.index_range(days);
        self.total_before(to) - self.total_before(from)
    }

    /// Exact sum over those of `days` that `only` covers.
    pub(super) fn sum_within(&self, days: Days, only: &DayRuns) -> i128 {
        only.covered_in(days).map(|days| self.sum(days)).sum()
    }

    /// Largest value in `days`; none if it has none.
    pub(super) fn max(&self, days: Days) -> Option<i64> {
        let (from, to) = self.index_range(days);
        (from..to).map(|index| self.value(index)).max()
    }

    /// The last day at or before `day`, but not before `oldest`, with its value.
    pub(super) fn last_known(&self, day: i32, oldest: i32) -> Option<(i32, i64)> {
        let index = self
            .days
            .partition_point(|known| *known <= day)
            .checked_sub(1)?;
        let known = self.days[index];
        (known >= oldest).then(|| (known, self.value(index)))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the difference of neighbouring totals is the 64-bit value they were made from"
    )]
    fn value(&self, index: usize) -> i64 {
        (self.total_before(index + 1) - self.total_before(index)) as i64
    }

    /// Bytes it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        let width = match &self.totals {
            Totals::Narrow(_) => size_of::<i64>(),
            Totals::Wide(_) => size_of::<i128>(),
        };
        size_of::<Self>() + self.days.len() * (size_of::<i32>() + width) + width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[(i32, i64)]) -> Series {
        let covered = DayRuns::new([(Days { first: 0, last: 99 }, false)]);
        Series::new(EntityId(1), values.iter().copied(), &covered)
    }

    #[test]
    fn sums_and_maxima_look_at_just_the_days_asked_for() {
        let series = series(&[(1, 10), (3, -4), (7, 6), (120, 9)]);
        assert_eq!(series.sum(Days { first: 2, last: 7 }), 2);
        assert_eq!(
            series.sum(Days {
                first: 0,
                last: 500
            }),
            12
        );
        assert_eq!(series.max(Days { first: 2, last: 3 }), Some(-4));
        assert_eq!(series.max(Days { first: 4, last: 6 }), None);
        assert_eq!(series.last_known(6, 0), Some((3, -4)));
        assert_eq!(series.last_known(6, 4), None);
    }

    #[test]
    fn running_totals_beyond_64_bits_stay_exact() {
        let series = series(&[(1, i64::MAX), (2, i64::MAX), (3, i64::MIN)]);
        assert_eq!(
            series.sum(Days { first: 1, last: 2 }),
            2 * i128::from(i64::MAX)
        );
        assert_eq!(
            series.sum(Days { first: 1, last: 3 }),
            i128::from(i64::MAX) - 1
        );
        assert_eq!(series.max(Days { first: 3, last: 3 }), Some(i64::MIN));
    }
}
