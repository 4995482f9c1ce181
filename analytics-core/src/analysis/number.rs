//! Numbers of a report: JSON numbers in whole units, or exact decimal text when asked.

use serde::{Deserialize, Serialize};

use crate::model::Millionths;

/// How the numbers of a report are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum NumberFormat {
    /// JSON numbers in whole units.
    #[default]
    Float,
    /// Exact decimal text in whole units.
    Decimal,
}

/// A number in whole units (12.34, not micros).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// The nearest double.
    Float(f64),
    /// Exact decimal text (`"numbers": "decimal"`); of a quotient, the shortest text that names
    /// its nearest double.
    Decimal(String),
}

impl Number {
    /// The number as a double.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        match self {
            Self::Float(value) => *value,
            // The text was made from a number by this module or checked by whoever wrote it.
            Self::Decimal(text) => text.parse().unwrap_or(f64::NAN),
        }
    }
}

/// A value before it is written: exact where it was stored, a double where it is a quotient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Amount {
    /// Millionths.
    Exact(i64),
    /// A quotient.
    Quotient(f64),
}

impl Amount {
    pub(super) fn to_f64(self) -> f64 {
        match self {
            Self::Exact(millionths) => whole(millionths),
            Self::Quotient(value) => value,
        }
    }

    pub(super) fn write(self, format: NumberFormat) -> Number {
        match (format, self) {
            (NumberFormat::Float, amount) => Number::Float(amount.to_f64()),
            (NumberFormat::Decimal, Self::Exact(millionths)) => {
                Number::Decimal(Millionths(millionths).to_string())
            }
            (NumberFormat::Decimal, Self::Quotient(value)) => Number::Decimal(value.to_string()),
        }
    }
}

/// The double nearest to a number of millionths.
#[allow(clippy::cast_precision_loss)] // beyond 2^53 the decimal text decides
fn whole(millionths: i64) -> f64 {
    if millionths.unsigned_abs() < 1 << f64::MANTISSA_DIGITS {
        millionths as f64 / Millionths::SCALE as f64
    } else {
        // One rounding instead of two: from the exact text straight to the nearest double.
        Millionths(millionths)
            .to_string()
            .parse()
            .unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_double_its_decimal_text_names() {
        for millionths in [
            12_340_000,
            -1,
            0,
            9_007_199_254_740_993,
            i64::MAX,
            i64::MIN + 1,
        ] {
            let text = Millionths(millionths).to_string();
            assert_eq!(whole(millionths), text.parse::<f64>().unwrap_or(f64::NAN));
        }
    }

    #[test]
    fn decimal_numbers_are_exact_text() {
        let amount = Amount::Exact(9_007_199_254_740_993);
        assert_eq!(
            amount.write(NumberFormat::Decimal),
            Number::Decimal("9007199254.740993".to_owned())
        );
    }
}
