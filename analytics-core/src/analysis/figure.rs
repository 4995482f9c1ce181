//! A figure: a value that never comes without its status.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    change::Reason,
    number::{Amount, Number, NumberFormat},
};

/// How settled a figure is; of several, the worst that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing is known; the value is null.
    Missing,
    /// A de-duplicated count that does not add up and has no exact value; null, with bounds.
    Bounded,
    /// Some (account, day) is not covered.
    Partial,
    /// All covered, but some day may still be restated.
    Provisional,
    /// All covered and settled.
    Final,
}

impl Status {
    /// The name as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Bounded => "bounded",
            Self::Partial => "partial",
            Self::Provisional => "provisional",
            Self::Final => "final",
        }
    }
}

/// A value with its status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The value in whole units; null where there is none (see `status` and `reason`).
    pub value: Option<Number>,
    /// How settled it is.
    pub status: Status,
    /// Share of its account-days that is covered, 0 to 1. A stock's account-days are the last
    /// days of its accounts; an exact window value covers all of its own.
    pub covered: f64,
    /// Why there is no value, where the status alone does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// On bounded values only: the least it can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// On bounded values only: the most it can be, or `Some(None)` where a day is missing.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub upper: Option<Option<Number>>,
    /// An exact window value has been queued for fetching.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pending: bool,
    /// On a stock of one account or entity: the day its value is of, where that is before the
    /// range's last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_false(flag: &bool) -> bool {
    !flag
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Number>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A figure while it is computed: exact, not yet written as numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RawFigure {
    pub(super) value: Option<Amount>,
    pub(super) status: Status,
    pub(super) covered: f64,
    pub(super) reason: Option<Reason>,
    /// Lower and, unless a day is missing, upper bound in millionths.
    pub(super) bounds: Option<(i64, Option<i64>)>,
    /// An exact value has been queued for fetching.
    pub(super) pending: bool,
    /// The earlier day that a stock is of.
    pub(super) as_of: Option<NaiveDate>,
}

impl RawFigure {
    pub(super) fn missing(reason: Option<Reason>) -> Self {
        Self {
            value: None,
            status: Status::Missing,
            covered: 0.0,
            reason,
            bounds: None,
            pending: false,
            as_of: None,
        }
    }

    pub(super) fn write(&self, format: NumberFormat) -> Figure {
        let exact = |millionths| Amount::Exact(millionths).write(format);
        Figure {
            value: self.value.map(|value| value.write(format)),
            status: self.status,
            covered: self.covered,
            reason: self.reason,
            lower: self.bounds.map(|(lower, _)| exact(lower)),
            upper: self.bounds.map(|(_, upper)| upper.map(exact)),
            pending: self.pending,
            as_of: self.as_of,
        }
    }
}
