//! What the numbers mean: ranges, comparisons, buckets, statuses and the report.
//!
//! Nothing here reads a clock or calls a vendor: today is always an argument.
//!
//! A report goes through these stages: the query is checked ([`report_on`], `plan`), entities are
//! selected (`selection`), grouped into cohorts (`cohort`, `grouping`), their facts summed (`basis`, `cells`,
//! `rollup`), turned into figures with a status (`evaluate`), compared (`delta`), ordered
//! (`order`) and written (`answer`).
//!
//! # Residual rows
//!
//! Grouping by campaign, ad group or ad adds one row of kind `residual` for each value of the
//! other dimensions, unless all of its values are zero. It holds what the level above has beyond
//! the lower level: the account's own facts, or, where the query filters by a coarser entity
//! (`group_by: ["ad_group"]` with a filter on `campaign`), the own facts of the entities that pass.
//! It counts the days both levels cover, keeps negatives, has no stock and unique values, stands
//! outside `limit`, and is absent where the filter is on the level itself.
//!
//! # Rows beyond the limit
//!
//! Groups after the page are added up in one row of kind `other` (one a currency and family where
//! these split the answer), whose dimensions are null. It has no stock and unique values either.

mod answer;
mod basis;
mod bucket;
mod calendar;
mod cells;
mod change;
mod cohort;
mod compare;
mod coverage;
mod dataset;
mod day_runs;
mod days;
mod delta;
mod echo;
#[cfg(feature = "storage")]
mod engine;
mod evaluate;
mod figure;
mod frames;
mod grouping;
mod labels;
mod number;
mod order;
mod period;
mod plan;
mod published;
mod query;
mod ranges;
mod report;
mod rollup;
mod selection;
mod series;
mod since;
mod through;
mod warning;
mod wishes;

pub use answer::report_on;
pub use bucket::{
    Bucket, BucketPairs, MAX_BUCKETS, buckets, check_bucket_count, lengths_comparable, pair_buckets,
};
pub use calendar::Calendar;
pub use change::{COMPARABLE_COVERAGE, Change, Reason, change};
pub use compare::COMPARE_MODES;
pub use coverage::{CoverageStateRun, DayState, complete_through, coverage_runs};
pub use dataset::{Dataset, LevelData};
#[cfg(feature = "storage")]
pub use engine::ReportEngine;
pub use figure::{Figure, Status};
pub use number::Number;
pub use period::{PRESETS, ResolvedRanges, resolve};
pub use published::{Collected, PublishedQuery, PublishedRange, PublishedReport};
pub use query::{CompareSpec, Filter, Grain, Query, RangeSpec};
pub use report::{
    Group, GroupKind, MetricInfo, MetricSeries, MetricTotals, RangeDays, Report, ReportDefaults,
    ResolvedQuery, ResolvedRange,
};
pub use warning::Warning;
