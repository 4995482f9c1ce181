//! What happens to accounts, for whoever shows it.

use analytics_core::model::{AccountId, DateRange, Level, WorkspaceId};

use super::Progress;

/// Something happened to an account.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncEvent {
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// The account.
    pub account: AccountId,
    /// What happened.
    pub kind: SyncEventKind,
    /// How far it is now; none where that could not be read.
    pub progress: Option<Progress>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncEventKind {
    /// Work on the account started.
    Started,
    /// A slice was stored.
    SliceSaved {
        /// Level.
        level: Level,
        /// Days.
        range: DateRange,
        /// Facts now stored in it.
        facts: u64,
        /// The account's data version since.
        data_version: i64,
    },
    /// An exact value of a whole range was fetched.
    WindowSaved {
        /// Level.
        level: Level,
        /// The range.
        range: DateRange,
    },
    /// Everything planned is stored.
    Finished,
    /// Work stopped, or some slices failed; the sync row says why and when it goes on.
    Failed {
        /// Stable code of the error.
        code: String,
    },
}
