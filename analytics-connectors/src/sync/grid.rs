//! A fixed grid over the calendar, so that planning twice cuts the same days into the same slices.

use analytics_core::model::DateRange;
use chrono::{Datelike, NaiveDate};

use super::calendar::shift;

/// Days that a month lasts on the longest.
const LONGEST_MONTH: u32 = 31;

/// The cell of the grid that holds `date`, at most `limit` days long: whole months, as many as
/// fit, or a month in pieces as equal as can be.
#[must_use]
pub(super) fn cell(date: NaiveDate, limit: u32) -> DateRange {
    let limit = limit.max(1);
    let month = month_of(date);
    let days = u32::try_from(month.days()).unwrap_or(LONGEST_MONTH);
    if limit < days {
        return piece(month, date, days, days.div_ceil(limit));
    }
    let months = (limit / LONGEST_MONTH).max(1);
    if months == 1 {
        return month;
    }
    let index = date.year() * 12 + date.month0().cast_signed();
    let first = index - index.rem_euclid(months.cast_signed());
    DateRange {
        start: month_start(first),
        end: shift(month_start(first + months.cast_signed()), -1),
    }
}

/// The calendar month that holds `date`.
#[must_use]
pub(super) fn month_of(date: NaiveDate) -> DateRange {
    let index = date.year() * 12 + date.month0().cast_signed();
    DateRange {
        start: month_start(index),
        end: shift(month_start(index + 1), -1),
    }
}

/// First day of the month that is `index` months after January of the year 0.
pub(super) fn month_start(index: i32) -> NaiveDate {
    let month0 = index.rem_euclid(12).unsigned_abs();
    NaiveDate::from_ymd_opt(index.div_euclid(12), month0 + 1, 1).unwrap_or(NaiveDate::MAX)
}

/// The piece of `month` that holds `date` when its `days` are cut into `pieces`, the longer ones first.
fn piece(month: DateRange, date: NaiveDate, days: u32, pieces: u32) -> DateRange {
    let (short, longer) = (days / pieces, days % pieces);
    let mut start = 0;
    for n in 0..pieces {
        let length = short + u32::from(n < longer);
        if date.day0() < start + length {
            return DateRange {
                start: shift(month.start, i64::from(start)),
                end: shift(month.start, i64::from(start + length) - 1),
            };
        }
        start += length;
    }
    month
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn span(day: &str, limit: u32) -> String {
        cell(date(day), limit).to_string()
    }

    #[test]
    fn a_month_is_one_cell_when_the_limit_allows_it() {
        assert_eq!(span("2026-02-14", 31), "2026-02-01..2026-02-28");
        assert_eq!(span("2026-02-14", 28), "2026-02-01..2026-02-28");
    }

    #[test]
    fn a_longer_limit_takes_whole_months_from_a_fixed_start() {
        assert_eq!(span("2026-01-01", 93), "2026-01-01..2026-03-31");
        assert_eq!(span("2026-03-31", 93), "2026-01-01..2026-03-31");
        assert_eq!(span("2026-04-01", 93), "2026-04-01..2026-06-30");
    }

    #[test]
    fn a_shorter_limit_cuts_a_month_evenly() {
        assert_eq!(span("2026-03-01", 30), "2026-03-01..2026-03-16");
        assert_eq!(span("2026-03-17", 30), "2026-03-17..2026-03-31");
        assert_eq!(span("2026-03-31", 1), "2026-03-31..2026-03-31");
    }

    #[test]
    fn cells_tile_the_calendar_and_never_exceed_the_limit() {
        for limit in [1, 7, 10, 28, 30, 31, 61, 62, 90, 100, 366] {
            let mut day = date("2023-12-01");
            while day < date("2025-03-01") {
                let cell = cell(day, limit);
                assert!(cell.contains(day));
                assert!(cell.days() <= i64::from(limit), "{cell} is over {limit}");
                for inside in cell.iter() {
                    assert_eq!(super::cell(inside, limit), cell);
                }
                day = shift(cell.end, 1);
            }
        }
    }
}
