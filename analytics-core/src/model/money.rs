//! Exact decimals: signed 64-bit integers in millionths, and ISO 4217 codes.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A value in millionths of its unit: 1.5 is 1 500 000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millionths(pub i64);

impl Millionths {
    /// Millionths in one whole unit.
    pub const SCALE: i64 = 1_000_000;

    /// A whole number of units.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the number does not fit.
    pub fn from_whole(units: i64) -> Result<Self> {
        units
            .checked_mul(Self::SCALE)
            .map(Self)
            .ok_or_else(|| Error::invalid("value", units, "too large for a number in millionths"))
    }

    /// The exact value of decimal text such as `12.34`; never passes through floating point.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the text is no decimal number, is finer than a millionth, or does not fit.
    pub fn parse_exact(text: &str) -> Result<Self> {
        let decimal = parse_decimal(text)?;
        let scaled = scale_up(decimal, text)?;
        if !scaled.fract().is_zero() {
            return Err(Error::invalid(
                "value",
                text,
                "finer than a millionth, but declared exact",
            ));
        }
        to_millionths(scaled, text)
    }

    /// Decimal text rounded half to even at the millionth, for fields a vendor declares as doubles.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the text is no decimal number or does not fit.
    pub fn parse_rounded(text: &str) -> Result<Self> {
        let scaled = scale_up(parse_decimal(text)?, text)?;
        to_millionths(
            scaled.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven),
            text,
        )
    }

    /// A double rounded half to even at the millionth.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is not finite or does not fit.
    pub fn from_f64(value: f64) -> Result<Self> {
        if !value.is_finite() {
            return Err(Error::invalid("value", value, "not a finite number"));
        }
        // The shortest decimal text that names this double is what its author wrote.
        Self::parse_rounded(&format!("{value:e}"))
    }

    /// The value in whole units, for display and JSON numbers only; never for sums.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // the caller asked for the nearest double
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Self::SCALE as f64
    }
}

impl fmt::Display for Millionths {
    /// Exact decimal text without trailing zeros: `12.34`, `-0.5`, `7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let (whole, rest) = (magnitude / 1_000_000, magnitude % 1_000_000);
        if rest == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let rest = format!("{rest:06}");
            write!(f, "{sign}{whole}.{}", rest.trim_end_matches('0'))
        }
    }
}

/// Decimal text, plain or in scientific notation, as an exact decimal.
///
/// # Errors
/// [`Error::Invalid`] if the text is no decimal number.
pub fn parse_decimal(text: &str) -> Result<Decimal> {
    let text = text.trim();
    let parsed = if text.contains(['e', 'E']) {
        Decimal::from_scientific(text)
    } else {
        Decimal::from_str_exact(text)
    };
    parsed.map_err(|_| Error::invalid("value", text, "not a decimal number"))
}

fn scale_up(decimal: Decimal, text: &str) -> Result<Decimal> {
    decimal
        .checked_mul(Decimal::from(Millionths::SCALE))
        .ok_or_else(|| Error::invalid("value", text, "too large for a number in millionths"))
}

fn to_millionths(scaled: Decimal, text: &str) -> Result<Millionths> {
    scaled
        .to_i64()
        .map(Millionths)
        .ok_or_else(|| Error::invalid("value", text, "too large for a number in millionths"))
}

/// An ISO 4217 currency code in upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

impl Currency {
    /// The currency with this code.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless the code is three letters.
    pub fn new(code: &str) -> Result<Self> {
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic()) {
            Ok(Self(code.to_ascii_uppercase()))
        } else {
            Err(Error::invalid(
                "currency",
                code,
                "expected a three-letter ISO 4217 code",
            ))
        }
    }

    /// The code, for example `JPY`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Currency {
    type Error = Error;

    fn try_from(code: String) -> Result<Self> {
        Self::new(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_text_is_exact_to_the_millionth() -> Result<()> {
        for (text, expected) in [
            ("11.01", 11_010_000),
            ("-0.000001", -1),
            ("1250", 1_250_000_000),
            ("0", 0),
        ] {
            assert_eq!(Millionths::parse_exact(text)?, Millionths(expected));
            assert_eq!(Millionths(expected).to_string(), text);
        }
        Ok(())
    }

    #[test]
    fn finer_than_a_millionth_is_refused_when_exact_and_rounded_half_to_even_otherwise()
    -> Result<()> {
        assert!(Millionths::parse_exact("0.0000005").is_err());
        assert_eq!(Millionths::parse_rounded("0.0000005")?, Millionths(0));
        assert_eq!(Millionths::parse_rounded("0.0000015")?, Millionths(2));
        assert_eq!(Millionths::from_f64(0.1)?, Millionths(100_000));
        assert_eq!(Millionths::from_f64(1e-9)?, Millionths(0));
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        for text in ["9223372036855", "1e30", "abc", "", "NaN"] {
            assert!(Millionths::parse_rounded(text).is_err(), "{text}");
        }
        assert!(Millionths::from_f64(f64::INFINITY).is_err());
    }
}
