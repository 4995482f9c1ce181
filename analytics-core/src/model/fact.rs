//! Facts and the slices they arrive in.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, DateRange, EntityId, EntityRecord, FeedId, Level, MetricId, Millionths};

/// One value as a connector delivers it, by the platform's id of its entity.
///
/// A zero of an additive or unique metric is not delivered: on a covered day, absence is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRecord {
    /// The platform's id of the entity; the account's own id at level account.
    pub entity: Arc<str>,
    /// Stored metric.
    pub metric: MetricId,
    /// Day in the account's own time zone.
    pub date: NaiveDate,
    /// Value.
    pub value: Millionths,
}

/// An exact value of a unique metric for a whole range, as a connector delivers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowRecord {
    /// The platform's id of the entity.
    pub entity: Arc<str>,
    /// Unique metric.
    pub metric: MetricId,
    /// Exactly this range.
    pub range: DateRange,
    /// Value.
    pub value: Millionths,
}

/// A lifetime total of a post, as a connector delivers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterRecord {
    /// The platform's id of the post.
    pub entity: Arc<str>,
    /// The metric whose lifetime total it is: `likes` is kept as `likes_lifetime`.
    pub metric: MetricId,
    /// The total so far.
    pub value: Millionths,
}

/// Days a platform gives no figure of a metric for, though it answered for the rest of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricGap {
    /// The metric.
    pub metric: MetricId,
    /// The days.
    pub range: DateRange,
    /// Why, for people; no secrets.
    pub reason: String,
}

/// A stored gap, with the level it is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRun {
    /// Level.
    pub level: Level,
    /// The gap.
    pub gap: MetricGap,
}

/// A stored window value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowValue {
    /// Entity.
    pub entity: EntityId,
    /// Unique metric.
    pub metric: MetricId,
    /// Exactly this range.
    pub range: DateRange,
    /// Value.
    pub value: Millionths,
    /// When it was fetched.
    pub fetched_at: DateTime<Utc>,
}

/// An exact value for a range that a report lacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowRequest {
    /// Level.
    pub level: Level,
    /// Unique metric.
    pub metric: MetricId,
    /// Exactly this range.
    pub range: DateRange,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When the platform was asked: what it gave is among the windows. None while it waits.
    pub answered_at: Option<DateTime<Utc>>,
}

/// What one fetch of (account, level, feed, range) delivered. Saving it replaces the slice whole.
///
/// A slice with counters is the snapshot of one day: what each counter rose by since the last
/// snapshot of its post becomes an amount of that day. The first snapshot of a feed is a baseline
/// and gives none; a post published after it starts from zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Account.
    pub account: AccountId,
    /// Level of every fact in it.
    pub level: Level,
    /// Feed.
    pub feed: FeedId,
    /// Days it covers, completely.
    pub range: DateRange,
    /// It tells of some posts only, within a day that may still run: totals of those it names, and
    /// nothing of the others. The day is not covered by it.
    pub partial: bool,
    /// The metrics it replaces within the range: what the feed delivers at this level.
    pub metrics: Vec<MetricId>,
    /// When the platform answered.
    pub fetched_at: DateTime<Utc>,
    /// Entities with their attributes as of now, parents before or after children alike.
    pub entities: Vec<EntityRecord>,
    /// Facts; unique by (entity, metric, date).
    pub facts: Vec<FactRecord>,
    /// Lifetime totals as of the slice's only day; unique by (entity, metric).
    pub counters: Vec<CounterRecord>,
    /// Exact values of unique metrics for ranges that came with the days.
    pub windows: Vec<WindowRecord>,
    /// Days for which the platform refused a metric. What is known of such a day stays.
    pub gaps: Vec<MetricGap>,
    /// Metrics whose amounts of posts, added up, are the account's own of the slice's only day.
    pub sums: Vec<MetricId>,
    /// Only posts published on this day or later are added up: those that are read every day. What
    /// older ones collected over weeks is no amount of one day. None: all.
    pub sums_since: Option<NaiveDate>,
    /// Whether it holds every text that may be kept: posts that it does not name, or names without
    /// a text, lose theirs.
    pub all_texts: bool,
}

impl Slice {
    /// An empty slice that replaces no metric yet.
    #[must_use]
    pub fn new(
        account: AccountId,
        level: Level,
        feed: FeedId,
        range: DateRange,
        fetched_at: DateTime<Utc>,
    ) -> Self {
        Self {
            account,
            level,
            feed,
            range,
            partial: false,
            metrics: Vec::new(),
            fetched_at,
            entities: Vec::new(),
            facts: Vec::new(),
            counters: Vec::new(),
            windows: Vec::new(),
            gaps: Vec::new(),
            sums: Vec::new(),
            sums_since: None,
            all_texts: false,
        }
    }
}

/// What saving a slice did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SliceReceipt {
    /// Facts now stored in the slice.
    pub facts: u64,
    /// Revisions written: values that changed, appeared after first coverage, or vanished.
    pub revisions: u64,
    /// The account's data version after the save.
    pub data_version: i64,
}

/// One stored series, packed: `dates[i]` (days since 1970-01-01, ascending) has `values[i]` (millionths).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSeries {
    /// Entity.
    pub entity: EntityId,
    /// Stored metric.
    pub metric: MetricId,
    /// Days since 1970-01-01, strictly ascending.
    pub dates: Vec<i32>,
    /// Values in millionths, as many as dates.
    pub values: Vec<i64>,
}

/// How a stored value changed on a refetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    /// Had another value before.
    Changed,
    /// Was absent from a covered day before.
    Appeared,
    /// Is gone now.
    Vanished,
}

/// The former state of a value, kept when a refetch superseded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Entity.
    pub entity: EntityId,
    /// Metric.
    pub metric: MetricId,
    /// Day.
    pub date: NaiveDate,
    /// What happened.
    pub kind: RevisionKind,
    /// The value before; none if it was absent.
    pub former: Option<Millionths>,
    /// When the new state was fetched.
    pub superseded_at: DateTime<Utc>,
}
