//! Ids as X makes them: the milliseconds of a moment, and a few bits more.

use chrono::{DateTime, Utc};

use crate::simulator::world::Dice;

/// When counting began.
const EPOCH: i64 = 1_288_834_974_657;
/// Bits below the milliseconds.
const LOW: u32 = 22;

/// An id of something made within a second.
pub(super) fn snowflake(at: DateTime<Utc>, dice: Dice) -> u64 {
    let moment = at.timestamp_millis() + dice.of("millisecond").days(0, 999);
    let milliseconds = (moment - EPOCH).max(0).unsigned_abs();
    (milliseconds << LOW) | dice.of("id").below(1 << LOW)
}

/// The moment of an id, to the millisecond.
pub(super) fn moment_of(id: u64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis((id >> LOW).cast_signed() + EPOCH)
}

/// An id as it is written: only digits.
pub(super) fn parse(text: &str) -> Option<u64> {
    let digits = (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
