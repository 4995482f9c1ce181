//! The difference between two values, and why there is none.

use serde::{Deserialize, Serialize};

/// Share of account-days below which a side is too incomplete to be compared.
pub const COMPARABLE_COVERAGE: f64 = 0.95;

/// Why a value or a change is missing or has to be read with care.
///
/// Ordered: of several reasons the least one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Parts of a unique metric do not add up, and no exact value is known.
    NotAdditive,
    /// One side or both are missing.
    NoData,
    /// The previous side's history as of the wanted moment was not kept.
    NoHistory,
    /// The metric's definition changed between the two sides.
    NotComparable,
    /// The two sides of a pair have different numbers of days.
    UnequalLength,
    /// Some account-days are not covered.
    Incomplete,
    /// There was nothing before, so that no relative change exists.
    New,
    /// None of the accounts offers the metric.
    NotOffered,
    /// A ratio's denominator is zero.
    ZeroDenominator,
}

impl Reason {
    /// The name as JSON carries it, for example `unequal_length`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAdditive => "not_additive",
            Self::NoData => "no_data",
            Self::NoHistory => "no_history",
            Self::NotComparable => "not_comparable",
            Self::UnequalLength => "unequal_length",
            Self::Incomplete => "incomplete",
            Self::New => "new",
            Self::NotOffered => "not_offered",
            Self::ZeroDenominator => "zero_denominator",
        }
    }
}

/// How a value moved against its previous one. Nothing is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Current minus previous, in the metric's own unit.
    pub absolute: Option<f64>,
    /// `absolute` as a share of the previous value's magnitude; 0.1 is an increase by 10 %.
    pub relative: Option<f64>,
    /// Why a figure is missing or has to be read with care.
    pub reason: Option<Reason>,
}

impl Change {
    /// No figures, for this reason.
    #[must_use]
    pub fn withheld(reason: Reason) -> Self {
        Self {
            absolute: None,
            relative: None,
            reason: Some(reason),
        }
    }

    /// The same change between sides that cover these shares (0 to 1) of their account-days.
    ///
    /// Below [`COMPARABLE_COVERAGE`] on either side both figures are withheld; short of 1 they
    /// stay, and the reason says so unless a weightier one already stands there.
    #[must_use]
    pub fn covering(mut self, current: f64, previous: f64) -> Self {
        let covered = current.min(previous);
        if covered >= 1.0 {
            return self;
        }
        self.reason = Some(
            self.reason
                .map_or(Reason::Incomplete, |given| given.min(Reason::Incomplete)),
        );
        if covered < COMPARABLE_COVERAGE {
            self.absolute = None;
            self.relative = None;
        }
        self
    }
}

/// The change between two values whose sides are complete. A value that is not finite counts as
/// missing.
#[must_use]
pub fn change(current: Option<f64>, previous: Option<f64>) -> Change {
    let finite = |value: Option<f64>| value.filter(|v| v.is_finite());
    let (Some(current), Some(previous)) = (finite(current), finite(previous)) else {
        return Change::withheld(Reason::NoData);
    };
    if previous == 0.0 {
        let appeared = current != 0.0;
        return Change {
            absolute: Some(if appeared { current } else { 0.0 }),
            relative: (!appeared).then_some(0.0),
            reason: appeared.then_some(Reason::New),
        };
    }
    let absolute = current - previous;
    Change {
        absolute: finite(Some(absolute)),
        relative: finite(Some(absolute / previous.abs())),
        reason: None,
    }
}
