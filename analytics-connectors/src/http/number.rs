//! Numbers as vendors spell them: JSON numbers, or numbers as text.

use std::fmt;

use analytics_core::model::Millionths;
use serde::{Deserialize, Deserializer, de};

/// Digits of an unreadable number that a message repeats.
const SHOWN: usize = 40;

/// A number as its text; nothing of it passes through floating point but what was a double already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(pub String);

impl Number {
    /// The number, if millionths hold it exactly.
    ///
    /// # Errors
    /// What stood there, cut short.
    pub fn exact(&self) -> Result<Millionths, String> {
        Millionths::parse_exact(&self.0).map_err(|_| self.shown())
    }

    /// The number to the millionth, half to even, as for what a vendor computes in doubles.
    ///
    /// # Errors
    /// What stood there, cut short.
    pub fn rounded(&self) -> Result<Millionths, String> {
        Millionths::parse_rounded(&self.0).map_err(|_| self.shown())
    }

    /// The text as messages repeat it, cut short.
    #[must_use]
    pub fn shown(&self) -> String {
        self.0.chars().take(SHOWN).collect()
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a number as text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                Ok(Number(text.to_owned()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Number, E> {
                Ok(Number(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number.to_string()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Number, E> {
                // The shortest text that names the double is what the platform wrote.
                Ok(Number(number.to_string()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
