//! Calendar arithmetic: units of a calendar and shifts that never leave its dates.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::Grain;
use crate::{
    error::{Error, Result},
    model::{DateRange, WeekStart, WorkspaceSettings},
};

/// Where weeks and fiscal years start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// First day of a week.
    pub week_start: WeekStart,
    /// First month of the fiscal year, 1 to 12; quarters follow it.
    pub fiscal_year_start: u32,
}

impl Default for Calendar {
    /// Weeks from Monday, years from January.
    fn default() -> Self {
        Self {
            week_start: WeekStart::default(),
            fiscal_year_start: 1,
        }
    }
}

impl From<&WorkspaceSettings> for Calendar {
    fn from(settings: &WorkspaceSettings) -> Self {
        Self {
            week_start: settings.week_start,
            fiscal_year_start: settings.fiscal_year_start,
        }
    }
}

impl Calendar {
    /// The calendar itself, if its fiscal year starts in a month that exists.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a month outside 1 to 12.
    pub fn checked(self) -> Result<Self> {
        if (1..=12).contains(&self.fiscal_year_start) {
            Ok(self)
        } else {
            Err(Error::invalid(
                "fiscal_year_start",
                self.fiscal_year_start,
                "expected a month from 1 (January) to 12 (December)",
            ))
        }
    }

    /// The unit that holds `date`. At the ends of the representable dates it is cut to them.
    #[must_use]
    pub fn unit(self, date: NaiveDate, grain: Grain) -> DateRange {
        match grain {
            Grain::Day => DateRange::day(date),
            Grain::Week => {
                let offset = u64::from(date.weekday().days_since(self.week_start.0));
                DateRange {
                    start: earlier(date, offset),
                    end: later(date, 6 - offset),
                }
            }
            Grain::Month => months_around(date, 0, 1),
            Grain::Quarter => months_around(date, self.months_into_year(date) % 3, 3),
            Grain::Year => months_around(date, self.months_into_year(date), 12),
        }
    }

    /// Whole months between the fiscal year's first and `date`'s.
    fn months_into_year(self, date: NaiveDate) -> u32 {
        (date.month() + 12 - self.fiscal_year_start % 12) % 12
    }
}

/// The unit of `length` months that began `offset` months before `date`'s.
fn months_around(date: NaiveDate, offset: u32, length: u32) -> DateRange {
    let start = date
        .with_day(1)
        .and_then(|first| first.checked_sub_months(Months::new(offset)));
    let end = date.checked_add_months(Months::new(length - 1 - offset));
    DateRange {
        start: start.unwrap_or(NaiveDate::MIN),
        end: end.map_or(NaiveDate::MAX, month_end),
    }
}

/// `date` that many days earlier, or the earliest date there is.
fn earlier(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days))
        .unwrap_or(NaiveDate::MIN)
}

/// `date` that many days later, or the latest date there is.
fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

/// The last day of `date`'s month.
pub(super) fn month_end(date: NaiveDate) -> NaiveDate {
    date.with_day(u32::from(date.num_days_in_month()))
        .unwrap_or(date)
}

/// Whether `date` is its month's last day.
pub(super) fn is_month_end(date: NaiveDate) -> bool {
    date == month_end(date)
}

/// `date` moved back by `days` (forward if negative); none if there is no such date.
pub(super) fn days_back(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let distance = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_add_days(distance)
    } else {
        date.checked_sub_days(distance)
    }
}

/// `date` moved back by `months` (forward if negative), clamped to the month it lands in; none if
/// there is no such date.
pub(super) fn months_back(date: NaiveDate, months: i32) -> Option<NaiveDate> {
    let distance = Months::new(months.unsigned_abs());
    if months < 0 {
        date.checked_add_months(distance)
    } else {
        date.checked_sub_months(distance)
    }
}

/// Months from the month of `earlier` to that of `later`; negative the other way round.
pub(super) fn months_between(earlier: NaiveDate, later: NaiveDate) -> i32 {
    let index = |date: NaiveDate| date.year() * 12 + date.month0().cast_signed();
    index(later) - index(earlier)
}

/// How many calendar months `range` consists of; none unless it starts on a 1st and ends on a
/// month's last day.
pub(super) fn whole_months(range: DateRange) -> Option<i32> {
    (range.start.day() == 1 && is_month_end(range.end))
        .then(|| months_between(range.start, range.end) + 1)
}
