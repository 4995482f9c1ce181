//! Dates, ranges and comparisons from text, as tests spell them.

use analytics_core::{
    analysis::{CompareSpec, RangeSpec},
    model::DateRange,
};
use chrono::NaiveDate;

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn days(start: &str, end: &str) -> DateRange {
    DateRange::new(day(start), day(end)).unwrap()
}

pub(crate) fn preset(name: &str) -> RangeSpec {
    RangeSpec::Preset(name.to_owned())
}

pub(crate) fn mode(name: &str) -> CompareSpec {
    CompareSpec::Mode(name.to_owned())
}
