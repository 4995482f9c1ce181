//! The buckets of a series, and which bucket of the comparison each is set against.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    Grain, ResolvedRanges, Warning,
    calendar::{Calendar, days_back, is_month_end, month_end, months_back, whole_months},
    compare::Shift,
    warning::day_count,
};
use crate::{
    error::{Error, Result},
    model::DateRange,
};

/// More buckets than this are refused by [`check_bucket_count`]: a century of days.
pub const MAX_BUCKETS: i64 = 36_600;

/// A run of days that a series shows as one. It is identified by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bucket {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// Whether it is a whole unit of its grain, or stands for one without anything cut away.
    pub whole: bool,
}

impl Bucket {
    /// Its days.
    #[must_use]
    pub fn range(&self) -> DateRange {
        DateRange {
            start: self.start,
            end: self.end,
        }
    }

    /// Number of its days, at least 1.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.range().days()
    }
}

/// The buckets of a range beside those they are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketPairs {
    /// Buckets of the effective range; empty if there is none.
    pub current: Vec<Bucket>,
    /// For each of `current` the bucket it is compared with, if any. Empty without a comparison.
    pub comparison: Vec<Option<Bucket>>,
    /// Days of the comparison range that are in none of its buckets.
    pub unpaired_days: i64,
}

impl BucketPairs {
    /// Says how many days only totals count, if there are any.
    #[must_use]
    pub fn warning(&self) -> Option<Warning> {
        (self.unpaired_days > 0).then(|| {
            Warning::new(
                Warning::UNPAIRED_DAYS,
                format!(
                    "{} of the comparison stand against no bucket and count in totals only",
                    day_count(self.unpaired_days)
                ),
            )
        })
    }
}

/// Refuses a grain that would cut `range` into more than [`MAX_BUCKETS`] buckets.
///
/// # Errors
/// [`Error::Invalid`] for the field `grain`.
pub fn check_bucket_count(range: DateRange, grain: Grain) -> Result<()> {
    let at_least_days = match grain {
        Grain::Day => 1,
        Grain::Week => 7,
        Grain::Month => 28,
        Grain::Quarter => 90,
        Grain::Year => 365,
    };
    let count = range.days() / at_least_days;
    if count > MAX_BUCKETS {
        return Err(Error::invalid(
            "grain",
            grain.as_str(),
            format!(
                "would make about {count} buckets, more than {MAX_BUCKETS}; take a coarser grain or a shorter range"
            ),
        ));
    }
    Ok(())
}

/// The buckets that tile `range`, from the unit that holds its first day. The first and the last
/// are cut to the range.
#[must_use]
pub fn buckets(range: DateRange, grain: Grain, calendar: Calendar) -> Vec<Bucket> {
    let mut buckets = Vec::new();
    let mut next = Some(range.start);
    while let Some(start) = next.filter(|day| *day <= range.end) {
        let unit = calendar.unit(start, grain);
        let end = unit.end.min(range.end);
        buckets.push(Bucket {
            start,
            end,
            whole: unit == DateRange { start, end },
        });
        next = end.succ_opt();
    }
    buckets
}

/// The buckets of the effective range, each with its bucket in the comparison range.
#[must_use]
pub fn pair_buckets(resolved: &ResolvedRanges, grain: Grain, calendar: Calendar) -> BucketPairs {
    let current = resolved
        .range
        .map(|range| buckets(range, grain, calendar))
        .unwrap_or_default();
    let (Some(range), Some(into)) = (resolved.range, resolved.comparison) else {
        return BucketPairs {
            current,
            comparison: Vec::new(),
            unpaired_days: 0,
        };
    };
    let pairing = Pairing {
        into,
        distance: (range.start - into.start).num_days(),
        shift: resolved.shift,
        grain,
        calendar,
    };
    let comparison: Vec<_> = current.iter().map(|bucket| pairing.pair(bucket)).collect();
    let paired: i64 = comparison.iter().flatten().map(Bucket::days).sum();
    BucketPairs {
        current,
        comparison,
        unpaired_days: into.days() - paired,
    }
}

struct Pairing {
    into: DateRange,
    /// Days between the two starts.
    distance: i64,
    shift: Shift,
    grain: Grain,
    calendar: Calendar,
}

impl Pairing {
    fn pair(&self, bucket: &Bucket) -> Option<Bucket> {
        let moved = self.moved(bucket)?;
        let cut = moved.intersection(&self.into)?;
        let whole = if self.of_months() {
            self.calendar.unit(cut.start, self.grain) == cut
        } else {
            bucket.whole && cut == moved
        };
        Some(Bucket {
            start: cut.start,
            end: cut.end,
            whole,
        })
    }

    fn of_months(&self) -> bool {
        matches!(self.grain, Grain::Month | Grain::Quarter | Grain::Year)
    }

    /// Where the bucket lands before it is cut; none outside the representable dates, or where
    /// nothing but a 29 February was in it.
    fn moved(&self, bucket: &Bucket) -> Option<DateRange> {
        let (start, end) = match self.shift {
            Shift::Year if self.of_months() => by_months(bucket, 12)?,
            Shift::Months(months) if self.of_months() => by_months(bucket, months)?,
            Shift::Year => (
                year_earlier(bucket.start, 3, 1)?,
                year_earlier(bucket.end, 2, 28)?,
            ),
            Shift::Days | Shift::Months(_) => (
                days_back(bucket.start, self.distance)?,
                days_back(bucket.end, self.distance)?,
            ),
        };
        (start <= end).then_some(DateRange { start, end })
    }
}

fn by_months(bucket: &Bucket, months: i32) -> Option<(NaiveDate, NaiveDate)> {
    let end = months_back(bucket.end, months)?;
    Some((
        months_back(bucket.start, months)?,
        // Month ends go to month ends, so that 28 February lands on 31 January.
        if is_month_end(bucket.end) {
            month_end(end)
        } else {
            end
        },
    ))
}

/// The same calendar date a year earlier, where a 29 February becomes the given day: 1 March for a
/// start and 28 February for an end, so that the day drops out of what lies between.
fn year_earlier(date: NaiveDate, leap_month: u32, leap_day: u32) -> Option<NaiveDate> {
    let year = date.year().checked_sub(1)?;
    if (date.month(), date.day()) == (2, 29) {
        NaiveDate::from_ymd_opt(year, leap_month, leap_day)
    } else {
        date.with_year(year)
    }
}

/// Whether a pair may be compared although its day counts may differ: they are equal, or both
/// consist of equally many whole calendar months, or both are their entire ranges, as totals are.
/// Otherwise the change is withheld as [`UnequalLength`](super::Reason::UnequalLength).
#[must_use]
pub fn lengths_comparable(current: Bucket, previous: Bucket, resolved: &ResolvedRanges) -> bool {
    let months = whole_months(current.range());
    current.days() == previous.days()
        || (months.is_some() && months == whole_months(previous.range()))
        || (resolved.range == Some(current.range())
            && resolved.comparison == Some(previous.range()))
}
