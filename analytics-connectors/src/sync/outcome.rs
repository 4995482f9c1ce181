//! How a reconciliation ended.

use std::any::Any;

use analytics_core::model::SyncError;
use chrono::{DateTime, Utc};

/// How the platform let it end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ended {
    /// Everything planned is stored.
    Complete,
    /// Some slices failed by themselves; the rest is stored.
    WithFailures,
    /// The platform asks to wait, or fails for the moment.
    Waiting,
    /// No grant opens the account any more; its data is kept.
    NeedsRelink,
    /// The platform refuses this account; its data is kept.
    Refused,
}

/// What a reconciliation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub ended: Ended,
    /// Slices stored.
    pub slices_saved: u64,
    /// Slices that failed; their stored days are kept.
    pub slices_failed: u64,
    /// Window ranges stored.
    pub windows_saved: u64,
    /// Window ranges that failed.
    pub windows_failed: u64,
    /// Facts stored.
    pub facts: u64,
    /// Values that were restated.
    pub revisions: u64,
    /// Why it stopped, or the first slice's failure.
    pub error: Option<SyncError>,
    /// When the account is due again; none: not before somebody links it again.
    pub next_attempt_at: Option<DateTime<Utc>>,
}

/// Why a reconciliation could not be carried out; the account is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncFailure {
    /// Somebody else works on the account.
    #[error("somebody else is synchronizing this account")]
    Busy,
    /// The account's lease was lost midway; what had been saved is saved, nothing was written since.
    #[error("the account's lease was lost; somebody else goes on")]
    LeaseLost,
    /// The account was unlinked.
    #[error("the account is archived; link it again to refresh it")]
    Archived,
    /// The store failed, or does not have the account.
    #[error(transparent)]
    Store(analytics_core::Error),
    /// A defect of this program: the run ended where it was, and waits before it is tried again.
    #[error("a defect of this program stopped the synchronization: {0}")]
    Panicked(String),
}

impl SyncFailure {
    /// From what a panic carries.
    pub(super) fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::Panicked(text.unwrap_or("it says nothing").to_owned())
    }
}

impl From<analytics_core::Error> for SyncFailure {
    fn from(error: analytics_core::Error) -> Self {
        match error {
            analytics_core::Error::LeaseLost { .. } => Self::LeaseLost,
            other => Self::Store(other),
        }
    }
}

/// Counts while it runs.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) slices_saved: u64,
    pub(super) slices_failed: u64,
    pub(super) windows_saved: u64,
    pub(super) windows_failed: u64,
    pub(super) facts: u64,
    pub(super) revisions: u64,
    pub(super) first_failure: Option<crate::error::Error>,
    /// When it was last looked at what is lacking: of what came later nobody knows yet.
    pub(super) planned_at: Option<DateTime<Utc>>,
}

impl Tally {
    pub(super) fn outcome(
        self,
        ended: Ended,
        error: Option<SyncError>,
        next_attempt_at: Option<DateTime<Utc>>,
    ) -> Outcome {
        Outcome {
            ended,
            slices_saved: self.slices_saved,
            slices_failed: self.slices_failed,
            windows_saved: self.windows_saved,
            windows_failed: self.windows_failed,
            facts: self.facts,
            revisions: self.revisions,
            error,
            next_attempt_at,
        }
    }
}
