//! Remarks that stand beside the figures of an answer.

use serde::{Deserialize, Serialize};

/// Something the reader of an answer should know; never an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Stable machine-readable code, for example [`Warning::UNEQUAL_LENGTH`].
    pub code: String,
    /// One English sentence with the figures that matter.
    pub message: String,
    /// Outside ids of the accounts it is about; empty if it concerns the whole answer.
    pub accounts: Vec<String>,
}

impl Warning {
    /// The two ranges of a comparison have different numbers of days.
    pub const UNEQUAL_LENGTH: &str = "unequal_length";
    /// The two ranges of a comparison share days.
    pub const OVERLAP: &str = "overlap";
    /// The comparison range reaches past today.
    pub const FUTURE: &str = "future";
    /// Days of the comparison range that no bucket pairs with, so that only totals count them.
    pub const UNPAIRED_DAYS: &str = "unpaired_days";

    /// A warning about the whole answer.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            accounts: Vec::new(),
        }
    }

    /// The same warning about these accounts.
    #[must_use]
    pub fn about(mut self, accounts: Vec<String>) -> Self {
        self.accounts = accounts;
        self
    }
}

/// `1 day`, `28 days`.
pub(super) fn day_count(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    }
}
