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

    /// The range in parts of so many days (at least one), newest first; the oldest part may be
    /// shorter.
    #[must_use]
    pub fn parts(&self, days: u32) -> Vec<Self> {
        let before = Days::new(u64::from(days.max(1) - 1));
        let mut parts = Vec::new();
        let mut end = self.end;
        loop {
            let start = end
                .checked_sub_days(before)
                .unwrap_or(self.start)
                .max(self.start);
            parts.push(Self { start, end });
            match start.pred_opt() {
                Some(earlier) if start > self.start => end = earlier,
                _ => return parts,
            }
        }
    }

    /// The older and the newer half; none of a single day. Of an odd number of days the newer half
    /// has one more.
    #[must_use]
    pub fn halves(&self) -> Option<[Self; 2]> {
        let half = (self.days() / 2).unsigned_abs();
        if half == 0 {
            return None;
        }
        let middle = self.start.checked_add_days(Days::new(half))?;
        let (start, end) = (self.start, self.end);
        let older = middle.pred_opt()?;
        Some([Self { start, end: older }, Self { start: middle, end }])
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
