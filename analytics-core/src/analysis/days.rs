//! Days as small integers: days since 1970-01-01, as packed series hold them.

use chrono::{Datelike, NaiveDate};

use crate::model::DateRange;

/// Day number of 1970-01-01 in the count from the common era.
const EPOCH: i32 = 719_163;

/// Days since 1970-01-01.
pub(super) fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// The date of a day number, if it is one that can be represented.
pub(super) fn date_of(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH)?)
}

/// An inclusive, never empty run of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Days {
    pub(super) first: i32,
    pub(super) last: i32,
}

impl Days {
    pub(super) fn new(first: i32, last: i32) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    pub(super) fn len(self) -> i64 {
        i64::from(self.last) - i64::from(self.first) + 1
    }

    pub(super) fn contains(self, day: i32) -> bool {
        self.first <= day && day <= self.last
    }

    pub(super) fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    pub(super) fn lies_in(self, other: Self) -> bool {
        other.first <= self.first && self.last <= other.last
    }

    /// Both ends as dates, if they can be represented.
    pub(super) fn dates(self) -> Option<DateRange> {
        Some(DateRange {
            start: date_of(self.first)?,
            end: date_of(self.last)?,
        })
    }
}

impl From<DateRange> for Days {
    fn from(range: DateRange) -> Self {
        Self {
            first: day_number(range.start),
            last: day_number(range.end),
        }
    }
}
