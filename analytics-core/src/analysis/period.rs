//! Presets, and what a range and its comparison come to on a given day.

use chrono::{Datelike, NaiveDate};

use super::{
    CompareSpec, Grain, RangeSpec, Warning,
    calendar::{Calendar, days_back, months_back, whole_months},
    compare::{self, Comparison, Shift},
};
use crate::{
    error::{Error, Result},
    model::DateRange,
};

/// The presets by name. Besides these, `last_N_days` and `last_N_complete_days` with any N from 1.
pub const PRESETS: [&str; 20] = [
    "last_complete_day",
    "last_7_complete_days",
    "last_28_complete_days",
    "last_30_complete_days",
    "yesterday",
    "last_7_days",
    "last_14_days",
    "last_28_days",
    "last_30_days",
    "last_90_days",
    "last_365_days",
    "last_12_months",
    "this_week",
    "this_month",
    "this_quarter",
    "this_year",
    "last_week",
    "last_month",
    "last_quarter",
    "last_year",
];

/// What a preset's name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preset {
    LastCompleteDay,
    /// That many days up to the last complete one, at least 1: never cut, so that they are as many
    /// as those they are compared with, and as those that platforms count people over.
    LastCompleteDays(i64),
    /// That many days up to yesterday, at least 1.
    LastDays(i64),
    LastTwelveMonths,
    /// From the first day of today's unit to today.
    This(Grain),
    /// The whole unit before the one that holds today.
    Last(Grain),
}

/// A range and its comparison on a given day.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedRanges {
    /// Name of the preset, if the range was one.
    pub preset: Option<String>,
    /// The range as asked for, before it was cut to the days that are complete.
    pub nominal: DateRange,
    /// The effective range: what the figures cover. None if none of its days is complete.
    pub range: Option<DateRange>,
    /// The range compared with. None without a comparison or without an effective range.
    pub comparison: Option<DateRange>,
    /// What should be known about this comparison.
    pub warnings: Vec<Warning>,
    /// How buckets move into the comparison range.
    pub(super) shift: Shift,
}

impl ResolvedRanges {
    /// Whether completeness cut the range short (or left nothing of it).
    #[must_use]
    pub fn was_cut(&self) -> bool {
        self.range != Some(self.nominal)
    }
}

/// What `range` and `compare` come to on `today`, with data complete through `complete_through`.
///
/// Names are checked even when nothing is left of the range.
///
/// # Errors
/// * [`Error::Unknown`] for a preset or comparison mode nobody knows, with the nearest one.
/// * [`Error::Invalid`] for `last_0_days`, an inverted range, a fiscal year that starts in no
///   month, or a range that would reach past the dates that can be represented.
pub fn resolve(
    range: &RangeSpec,
    compare: Option<&CompareSpec>,
    today: NaiveDate,
    complete_through: Option<NaiveDate>,
    calendar: Calendar,
) -> Result<ResolvedRanges> {
    let calendar = calendar.checked()?;
    let comparison = compare.map(Comparison::parse).transpose()?;
    let (name, preset, nominal) = match range {
        RangeSpec::Preset(name) => {
            let preset = Preset::parse(name)?;
            let nominal = preset
                .nominal(today, complete_through, calendar)
                .ok_or_else(|| out_of_dates("range", name))?;
            (Some(name.clone()), Some(preset), nominal)
        }
        RangeSpec::Custom(days) => (None, None, DateRange::new(days.start, days.end)?),
    };
    let mut resolved = ResolvedRanges {
        preset: name,
        nominal,
        range: complete_through
            .filter(|through| nominal.start <= *through)
            .map(|through| DateRange {
                start: nominal.start,
                end: nominal.end.min(through),
            }),
        comparison: None,
        warnings: Vec::new(),
        shift: Shift::Days,
    };
    if let (Some(comparison), Some(effective)) = (comparison, resolved.range) {
        let current = Current {
            preset,
            nominal,
            effective,
        };
        let (previous, shift) = comparison.apply(&current).ok_or_else(|| {
            out_of_dates(
                "compare",
                compare.map(ToString::to_string).unwrap_or_default(),
            )
        })?;
        resolved.comparison = Some(previous);
        resolved.shift = shift;
        resolved.warnings = compare::warnings(effective, previous, today);
    }
    Ok(resolved)
}

fn out_of_dates(field: &str, value: impl ToString) -> Error {
    Error::invalid(
        field,
        value,
        "reaches past the dates that can be represented; take a shorter or nearer range",
    )
}

/// The current side, as comparison modes look at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Current {
    pub(super) preset: Option<Preset>,
    pub(super) nominal: DateRange,
    pub(super) effective: DateRange,
}

impl Current {
    /// Whether completeness cut the range.
    pub(super) fn was_cut(&self) -> bool {
        self.effective != self.nominal
    }

    /// How many whole calendar months were asked for: judged on the nominal range, and never true
    /// of days counted back from today, even where those happen to be months. A running unit is
    /// whole on its last day only.
    pub(super) fn whole_months(&self) -> Option<i32> {
        let months = whole_months(self.nominal);
        match self.preset {
            None | Some(Preset::LastTwelveMonths) => months,
            Some(Preset::Last(grain)) if months_in(grain).is_some() => months,
            Some(Preset::This(grain)) => months.filter(|_| months == months_in(grain)),
            Some(_) => None,
        }
    }

    /// Length in months of the running unit, if the range is one of months.
    pub(super) fn running_months(&self) -> Option<i32> {
        match self.preset {
            Some(Preset::This(grain)) => months_in(grain),
            _ => None,
        }
    }
}

fn months_in(grain: Grain) -> Option<i32> {
    match grain {
        Grain::Day | Grain::Week => None,
        Grain::Month => Some(1),
        Grain::Quarter => Some(3),
        Grain::Year => Some(12),
    }
}

impl Preset {
    fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "last_complete_day" => Self::LastCompleteDay,
            "yesterday" => Self::LastDays(1),
            "last_12_months" => Self::LastTwelveMonths,
            "this_week" => Self::This(Grain::Week),
            "this_month" => Self::This(Grain::Month),
            "this_quarter" => Self::This(Grain::Quarter),
            "this_year" => Self::This(Grain::Year),
            "last_week" => Self::Last(Grain::Week),
            "last_month" => Self::Last(Grain::Month),
            "last_quarter" => Self::Last(Grain::Quarter),
            "last_year" => Self::Last(Grain::Year),
            _ => return last_days(name),
        })
    }

    /// The range this preset names; none if it would leave the representable dates.
    fn nominal(
        self,
        today: NaiveDate,
        complete_through: Option<NaiveDate>,
        calendar: Calendar,
    ) -> Option<DateRange> {
        Some(match self {
            // Nothing is complete yet: yesterday is what would be, and no effective range follows.
            Self::LastCompleteDay => DateRange::day(complete_through.or(today.pred_opt())?),
            Self::LastCompleteDays(days) => {
                let end = complete_through.or(today.pred_opt())?;
                DateRange {
                    start: days_back(end, days - 1)?,
                    end,
                }
            }
            Self::LastDays(days) => DateRange {
                start: days_back(today, days)?,
                end: today.pred_opt()?,
            },
            Self::LastTwelveMonths => {
                let month = today.with_day(1)?;
                DateRange {
                    start: months_back(month, 12)?,
                    end: month.pred_opt()?,
                }
            }
            Self::This(grain) => DateRange {
                start: calendar.unit(today, grain).start,
                end: today,
            },
            Self::Last(grain) => {
                calendar.unit(calendar.unit(today, grain).start.pred_opt()?, grain)
            }
        })
    }
}

/// `last_N_days` or `last_N_complete_days`, or what is wrong with the name.
fn last_days(name: &str) -> Result<Preset> {
    let count = name
        .strip_prefix("last_")
        .and_then(|rest| rest.strip_suffix("_days"));
    let (count, preset): (_, fn(i64) -> Preset) =
        match count.and_then(|count| count.strip_suffix("_complete")) {
            Some(complete) => (Some(complete), Preset::LastCompleteDays),
            None => (count, Preset::LastDays),
        };
    let count =
        count.filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    match count {
        Some("0") => Err(Error::invalid(
            "range",
            name,
            format!(
                "there is at least one day; the nearest preset is `{}`",
                name.replacen('0', "1", 1)
            ),
        )),
        // Only as many digits as no number of days needs can fail to parse.
        Some(digits) if !digits.starts_with('0') => digits
            .parse()
            .map(preset)
            .map_err(|_| out_of_dates("range", name)),
        _ => Err(unknown_preset(name)),
    }
}

/// The error for a name nobody knows; a misspelt `last_45_day` is led to `last_45_days`.
fn unknown_preset(name: &str) -> Error {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let meant = digits
        .parse::<u32>()
        .ok()
        .filter(|days| *days > 0 && name.contains("day"))
        .map(|days| {
            let complete = if name.contains("complete") {
                "_complete"
            } else {
                ""
            };
            format!("last_{days}{complete}_days")
        });
    match meant.as_deref() {
        Some(meant) => Error::unknown("preset", "range", name, [meant]),
        None => Error::unknown("preset", "range", name, PRESETS),
    }
}
