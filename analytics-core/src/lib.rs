//! The heart of Analytics: one normalized model for marketing metrics, and everything that is
//! said about it.
//!
//! * [`model`]: platforms, accounts, entities, metrics, facts, coverage. No I/O, no clock.
//! * [`analysis`] (feature `analysis`): ranges, comparisons, buckets, statuses and the report.
//! * [`storage`] (feature `storage`): the storage traits and their databases.
//!
//! Numbers are integers in millionths everywhere; a missing number is never zero.

#[cfg(feature = "analysis")]
pub mod analysis;
mod error;
pub mod model;
#[cfg(feature = "storage")]
pub mod storage;
#[cfg(all(feature = "testing", unix))]
pub mod testing;

#[cfg(feature = "analysis")]
pub use analysis::{Query, Report};
pub use error::{Error, Result, nearest};
#[cfg(feature = "storage")]
pub use storage::{Store, connect};
