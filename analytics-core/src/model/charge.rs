//! What platforms charge for reading.

use chrono::NaiveDate;

use super::Millionths;

/// What was read of an account on a day, where the platform bills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The day in UTC, as platforms bill.
    pub day: NaiveDate,
    /// What was read, for example `post`.
    pub kind: String,
    /// How many of them.
    pub count: u64,
    /// What they cost, in US dollars.
    pub amount: Millionths,
}
