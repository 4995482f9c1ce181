//! What the numbers mean: ranges, comparisons, buckets, statuses and the report.
//!
//! Nothing here reads a clock or calls a vendor: today is always an argument.

mod bucket;
mod calendar;
mod change;
mod compare;
mod dataset;
#[cfg(feature = "storage")]
mod engine;
mod figure;
mod number;
mod period;
mod query;
mod report;
mod warning;

pub use bucket::{Bucket, BucketPairs, MAX_BUCKETS, buckets, check_bucket_count, lengths_comparable, pair_buckets};
pub use calendar::Calendar;
pub use change::{COMPARABLE_COVERAGE, Change, Reason, change};
pub use compare::COMPARE_MODES;
pub use dataset::Dataset;
#[cfg(feature = "storage")]
pub use engine::ReportEngine;
pub use figure::{Figure, Status};
pub use number::Number;
pub use period::{PRESETS, ResolvedRanges, resolve};
pub use query::{CompareSpec, Filter, Grain, Query, RangeSpec};
pub use report::{
    Group, GroupKind, MetricInfo, MetricSeries, MetricTotals, RangeDays, Report, ReportDefaults,
    ResolvedQuery, ResolvedRange,
};
pub use warning::Warning;
