//! Synchronization: reconcile, do not remember.
//!
//! The truth is coverage in the database. [`plan()`] derives from it what an account lacks, what may
//! have been restated and what failed; [`SyncEngine::reconcile`] takes the account's lease, fetches
//! slice by slice, newest first, and saves each with its coverage. A crash costs the slice in flight;
//! a lost or doubled request costs nothing.

mod backoff;
pub mod calendar;
mod charges;
mod collect;
mod delivery;
mod ending;
mod engine;
mod event;
mod grants;
mod grid;
mod lease;
pub mod link;
mod outcome;
mod pace;
mod pauses;
pub mod plan;
pub mod progress;
mod readings;
pub mod refresh;
mod renewal;
mod run;
mod settings;
mod shared_limits;
pub mod snapshots;
mod texts;
pub mod tokens;
pub mod windows;
mod work;

pub use analytics_core::model::PlatformPause;
pub use charges::{AccountCost, PlatformCost};
pub use engine::SyncEngine;
pub use event::{SyncEvent, SyncEventKind};
pub use link::{Linked, Reached, choose, link};
pub use outcome::{Ended, Outcome, SyncFailure};
pub use plan::{PlanInput, PlannedSlice, Reason, plan};
pub use progress::Progress;
pub use renewal::GrantLocks;
pub use settings::SyncSettings;
pub use shared_limits::StoreLimits;
pub use snapshots::{PlannedFleeting, PlannedSnapshot, plan_fleeting, plan_snapshots};
pub use tokens::StoredTokens;
pub use windows::{PlannedWindow, WindowSpec, plan_requests, plan_windows};

#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod refused_tests;
#[cfg(test)]
mod snapshots_tests;
#[cfg(test)]
mod weekly_tests;
#[cfg(test)]
mod windows_tests;
