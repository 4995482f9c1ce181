//! The in-memory input of one report.

/// Accounts, entities, series, coverage and windows of one report.
#[derive(Debug, Clone, Default)]
pub struct Dataset {}
