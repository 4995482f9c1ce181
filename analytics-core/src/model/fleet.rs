//! What the processes of one service know of each other.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use super::{AccountId, AccountState, Platform, PublicId, SyncError, SyncRow, WorkspaceId};

/// What shows that another process changed an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountMark {
    /// The account's outside id.
    pub public_id: PublicId,
    /// Rises with its data.
    pub data_version: i64,
    /// Differs when its state or its synchronization does.
    pub state: String,
}

/// What a process tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerReport {
    /// New with every start, so that a restarted process is nobody's successor.
    pub id: String,
    /// Name of its machine.
    pub host: String,
    /// What it does: `all`, `web`, `worker` or `scheduler`.
    pub role: String,
    /// Version of the program.
    pub version: String,
    /// Accounts it works on at the same time; 0 for one that does not work on any.
    pub capacity: u32,
    /// Accounts it works on right now.
    pub running: u32,
}

/// A process as it last told of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// What it said.
    pub report: WorkerReport,
    /// When it first did, by the database's clock.
    pub started_at: DateTime<Utc>,
    /// When it last did, by the database's clock.
    pub seen_at: DateTime<Utc>,
}

/// Why no account of a platform is asked for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformPause {
    /// Until when.
    pub until: DateTime<Utc>,
    /// What the platform said, for the operator.
    pub error: SyncError,
}

/// Accounts of a platform that somebody is busy with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Occupied {
    /// Handed to a worker that has not begun yet.
    pub handed_over: u64,
    /// Being worked on.
    pub running: u64,
}

/// How the accounts of a platform fare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformHealth {
    /// Which.
    pub platform: Platform,
    /// Accounts that are kept up to date.
    pub accounts: u64,
    /// Of them due, and not being worked on.
    pub due: u64,
    /// Since when the one that waits longest is due.
    pub oldest_due: Option<DateTime<Utc>>,
    /// Of them with a failed last attempt.
    pub failing: u64,
    /// Accounts that need linking again.
    pub needs_relink: u64,
    /// The last covered day of the account that is furthest behind, in its own time; none while an
    /// account has no covered day yet.
    pub complete_through: Option<NaiveDate>,
    /// The last covered day of the account that is furthest ahead.
    pub newest_day: Option<NaiveDate>,
}

/// An account whose last attempt failed, or that waits for its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedAccount {
    /// Workspace.
    pub workspace: WorkspaceId,
    /// Its name.
    pub workspace_name: String,
    /// Account.
    pub account: AccountId,
    /// The account's outside id.
    pub public_id: PublicId,
    /// Its platform.
    pub platform: Platform,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: AccountState,
    /// How its synchronization stands, with the error.
    pub row: SyncRow,
}

/// A share of a limit that all processes keep together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetShare {
    /// Calls that may be made now; none once the limit is used up.
    pub granted: u32,
    /// How long until the limit starts anew.
    pub renews_in: Duration,
}

/// How far a limit that all processes keep together is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetUse {
    /// Platform.
    pub platform: Platform,
    /// What the limit counts by: an account's external id, or empty for the operator's app.
    pub scope: String,
    /// Calls used of the current period; none for a scope that is only parked.
    pub used: u64,
    /// Calls allowed in a period.
    pub allowed: Option<u64>,
    /// Until when nothing is asked.
    pub parked_until: Option<DateTime<Utc>>,
}
