//! The state of an account's synchronization, as the database keeps it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, WorkspaceId};

/// Which work goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Somebody is waiting for a new account.
    Linking,
    /// The daily refresh, or a refresh somebody asked for.
    Refresh,
    /// Re-reading old days.
    Deep,
}

/// Why the last attempt stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncError {
    /// Stable code of the error's kind, for example `rate_limited`.
    pub code: String,
    /// For people; no secrets.
    pub message: String,
    /// What was being done, for example `insights (campaign)`.
    pub operation: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The sync row of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRow {
    /// Account.
    pub account: AccountId,
    /// When it is due; none while it must not be tried (dead grant, archived).
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Priority of that attempt.
    pub priority: Priority,
    /// Failed attempts in a row.
    pub attempts: u32,
    /// Error of the last attempt, none after a success.
    pub last_error: Option<SyncError>,
    /// When everything planned was last fetched.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When work on it started, while somebody holds its lease.
    pub running_since: Option<DateTime<Utc>>,
}

/// The right to work on an account, until it expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Workspace.
    pub workspace: WorkspaceId,
    /// Account.
    pub account: AccountId,
    /// Who holds it.
    pub owner: String,
    /// Rises with every acquisition; a write with an older one is refused.
    pub fence: i64,
}
