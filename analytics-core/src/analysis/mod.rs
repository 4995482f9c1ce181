//! What the numbers mean: ranges, comparisons, buckets, statuses and the report.
//!
//! Nothing here reads a clock or calls a vendor: today is always an argument.

mod query;

pub use query::{CompareSpec, Filter, Grain, Query, RangeSpec};

/// Placeholder.
#[derive(Debug)]
pub struct Report;
