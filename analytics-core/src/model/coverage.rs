//! Coverage: which days are known, and since when.

use chrono::{DateTime, Utc};

use super::{DateRange, FeedId, Level};

/// Days fetched completely, with one history of fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredRun {
    /// The days.
    pub range: DateRange,
    /// When they were first fetched completely.
    pub first_fetched_at: DateTime<Utc>,
    /// When they were last fetched completely; decides whether they are provisional.
    pub last_fetched_at: DateTime<Utc>,
}

/// Days whose last fetch failed. Never fetched and failed is `failed`; fetched before stays covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRun {
    /// The days.
    pub range: DateRange,
    /// When the fetch failed.
    pub failed_at: DateTime<Utc>,
    /// What kind of failure it was: the code of an error, for example `rate_limited`.
    pub code: String,
    /// Why, in words without secrets.
    pub reason: String,
}

/// Coverage of one feed at one level of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedCoverage {
    /// Level.
    pub level: Level,
    /// Feed.
    pub feed: FeedId,
    /// Covered runs, ascending, not overlapping.
    pub covered: Vec<CoveredRun>,
    /// Failed runs, ascending, not overlapping; a later successful fetch removes them.
    pub failed: Vec<FailedRun>,
}
