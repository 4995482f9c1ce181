//! Columns packed by `group_concat` into one text of integers.
//!
//! A row costs sqlx microseconds, a packed integer nanoseconds: bulk reads come as few rows with
//! long columns.

use super::convert::corrupt;
use crate::error::Result;

/// The integers of a packed column.
pub(super) fn integers(text: &str) -> Result<Vec<i64>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut integers = Vec::with_capacity(text.len() / 6 + 1);
    for part in text.as_bytes().split(|byte| *byte == b',') {
        integers.push(integer(part).ok_or_else(|| corrupt("a packed column holds no integers"))?);
    }
    Ok(integers)
}

/// The integers of a packed column of days.
pub(super) fn days(text: &str) -> Result<Vec<i32>> {
    let mut days = Vec::with_capacity(text.len() / 6 + 1);
    for part in text.as_bytes().split(|byte| *byte == b',') {
        days.push(
            integer(part)
                .and_then(|day| i32::try_from(day).ok())
                .ok_or_else(|| corrupt("a packed column holds no days"))?,
        );
    }
    Ok(days)
}

fn integer(digits: &[u8]) -> Option<i64> {
    let (negative, digits) = match digits {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, digits),
    };
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    // At most 19 digits stay below 10^19, which fits into 64 unsigned bits.
    let mut magnitude: u64 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        magnitude = magnitude * 10 + u64::from(digit);
    }
    if negative {
        0i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_integers_are_read_exactly_to_the_limits() -> Result<()> {
        let text = format!("0,-1,{},{},42", i64::MAX, i64::MIN);
        assert_eq!(integers(&text)?, [0, -1, i64::MAX, i64::MIN, 42]);
        assert!(integers("")?.is_empty());
        Ok(())
    }

    #[test]
    fn what_is_no_integer_is_refused() {
        for text in [
            "1,,2",
            "1.5",
            "x",
            "-",
            "9223372036854775808",
            "99999999999999999999",
        ] {
            assert!(integers(text).is_err(), "{text}");
        }
        assert!(days("2147483648").is_err());
    }
}
