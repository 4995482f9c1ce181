//! Which days a range is compared with.

use chrono::{Days, NaiveDate};

use super::{
    CompareSpec, Warning,
    calendar::{days_back, month_end, months_back, months_between, whole_months},
    period::{Current, Preset},
    warning::day_count,
};
use crate::{
    error::{Error, Result},
    model::DateRange,
};

/// The comparison modes by name.
pub const COMPARE_MODES: [&str; 5] = [
    "previous_period",
    "previous_period_same_length",
    "previous_period_match_weekday",
    "previous_year",
    "previous_year_match_weekday",
];

/// How buckets of the range move into the comparison range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    /// By the days between the two starts.
    Days,
    /// Back by that many months; days and weeks by the days between the two starts.
    Months(i32),
    /// To the same calendar dates a year earlier.
    Year,
}

/// What a range is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    PreviousPeriod,
    SameLength,
    MatchWeekday,
    PreviousYear,
    YearMatchWeekday,
    Custom(DateRange),
}

impl Comparison {
    /// The comparison that is asked for.
    pub(super) fn parse(spec: &CompareSpec) -> Result<Self> {
        let name = match spec {
            CompareSpec::Custom(range) => {
                return if range.start <= range.end {
                    Ok(Self::Custom(*range))
                } else {
                    Err(Error::invalid(
                        "compare",
                        range,
                        "the end lies before the start",
                    ))
                };
            }
            CompareSpec::Mode(name) => name.as_str(),
        };
        Ok(match name {
            "previous_period" => Self::PreviousPeriod,
            "previous_period_same_length" => Self::SameLength,
            "previous_period_match_weekday" => Self::MatchWeekday,
            "previous_year" => Self::PreviousYear,
            "previous_year_match_weekday" => Self::YearMatchWeekday,
            _ => {
                return Err(Error::unknown("comparison", "compare", name, COMPARE_MODES));
            }
        })
    }

    /// The range compared with and how buckets move there; none if it would leave the
    /// representable dates. Every shift starts from the original date.
    pub(super) fn apply(self, current: &Current) -> Option<(DateRange, Shift)> {
        let days = current.nominal.days();
        match self {
            Self::PreviousPeriod => previous_period(current),
            Self::SameLength => moved(current.effective, current.effective.days()),
            Self::MatchWeekday => moved(current.effective, whole_weeks(days)),
            Self::PreviousYear => previous_year(current),
            // Not less than the range's own length: a day is never compared with itself.
            Self::YearMatchWeekday => moved(current.effective, whole_weeks(days).max(364)),
            Self::Custom(range) => {
                let months = current
                    .whole_months()
                    .filter(|months| whole_months(range) == Some(*months))
                    .map(|_| months_between(range.start, current.nominal.start));
                Some((range, months.map_or(Shift::Days, Shift::Months)))
            }
        }
    }
}

/// The least multiple of 7 that is not below `days`.
fn whole_weeks(days: i64) -> i64 {
    (days + 6) / 7 * 7
}

fn moved(range: DateRange, days: i64) -> Option<(DateRange, Shift)> {
    Some((
        DateRange {
            start: days_back(range.start, days)?,
            end: days_back(range.end, days)?,
        },
        Shift::Days,
    ))
}

fn previous_period(current: &Current) -> Option<(DateRange, Shift)> {
    let DateRange { start, end } = current.effective;
    if let Some(months) = current.running_months() {
        let whole = current.whole_months().is_some() && !current.was_cut();
        let previous = DateRange {
            start: months_back(start, months)?,
            end: if whole {
                start.pred_opt()?
            } else {
                months_back(end, months)?
            },
        };
        return Some((previous, Shift::Months(months)));
    }
    if let Some(months) = current.whole_months() {
        let first = months_back(start, months)?;
        let last = start.pred_opt()?;
        let end = if current.was_cut() {
            let elapsed = current.effective.days().unsigned_abs();
            // As many days as have elapsed, but never into the current range.
            last.min(first.checked_add_days(Days::new(elapsed - 1))?)
        } else {
            last
        };
        return Some((DateRange { start: first, end }, Shift::Months(months)));
    }
    let distance = match current.preset {
        Some(Preset::This(_)) => 7,
        _ => current.nominal.days(),
    };
    moved(current.effective, distance)
}

fn previous_year(current: &Current) -> Option<(DateRange, Shift)> {
    let DateRange { start, end } = current.effective;
    let same_date = months_back(end, 12)?;
    let whole = current.whole_months().is_some() && !current.was_cut();
    let previous = DateRange {
        start: months_back(start, 12)?,
        end: if whole {
            month_end(same_date)
        } else {
            same_date
        },
    };
    Some((previous, Shift::Year))
}

/// What should be known about this comparison: different lengths, shared days, days to come.
pub(super) fn warnings(range: DateRange, previous: DateRange, today: NaiveDate) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if range.days() != previous.days() {
        warnings.push(Warning::new(
            Warning::UNEQUAL_LENGTH,
            format!(
                "the range has {}, its comparison {}",
                day_count(range.days()),
                day_count(previous.days())
            ),
        ));
    }
    if let Some(shared) = range.intersection(&previous) {
        warnings.push(Warning::new(
            Warning::OVERLAP,
            format!(
                "the range and its comparison share {} ({} to {})",
                day_count(shared.days()),
                shared.start,
                shared.end
            ),
        ));
    }
    if previous.end > today {
        warnings.push(Warning::new(
            Warning::FUTURE,
            format!(
                "the comparison ends on {}, after today ({today})",
                previous.end
            ),
        ));
    }
    warnings
}
