//! Inclusive ranges of calendar days.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// An inclusive, never empty range of calendar days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct DateRange {
    /// First day.
    pub start: NaiveDate,
    /// Last day, not before `start`.
    pub end: NaiveDate,
}

#[derive(Deserialize)]
struct Unchecked {
    start: NaiveDate,
    end: NaiveDate,
}

impl TryFrom<Unchecked> for DateRange {
    type Error = Error;

    fn try_from(raw: Unchecked) -> Result<Self> {
        Self::new(raw.start, raw.end)
    }
}

impl DateRange {
    /// The range from `start` to `end`, both included.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `end` lies before `start`.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self> {
        if end < start {
            return Err(Error::invalid(
                "range",
                format!("{start}..{end}"),
                "the end lies before the start",
            ));
        }
        Ok(Self { start, end })
    }

    /// A single day.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self {
            start: date,
            end: date,
        }
    }

    /// Number of days, at least 1.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }

    /// Whether `date` lies inside.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.start <= date && date <= self.end
    }

    /// The days both ranges share.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start <= end).then_some(Self { start, end })
    }

    /// Every day, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = NaiveDate> + use<> {
        let start = self.start;
        // A day between two valid dates is valid, so nothing is ever dropped here.
        (0..self.days()).filter_map(move |n| start.checked_add_days(Days::new(n.unsigned_abs())))
    }
}

impl std::fmt::Display for DateRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
