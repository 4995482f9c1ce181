//! The answer: a report, with the names of its JSON form.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Bucket, Calendar, Change, CompareSpec, Figure, Filter, Grain, Warning};
use crate::model::{DateRange, Direction, Level, MetricId, Unit, WeekStart, Workspace};

/// What a report falls back to where its query says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDefaults {
    /// Week start and fiscal year.
    pub calendar: Calendar,
    /// Language of metric labels: `en` or `ja`.
    pub language: String,
}

impl ReportDefaults {
    /// The workspace's own.
    #[must_use]
    pub fn of(workspace: &Workspace) -> Self {
        Self {
            calendar: Calendar::from(&workspace.settings),
            language: workspace.settings.language.clone(),
        }
    }
}

impl Default for ReportDefaults {
    /// Mondays, calendar years, English.
    fn default() -> Self {
        Self {
            calendar: Calendar {
                week_start: WeekStart::default(),
                fiscal_year_start: 1,
            },
            language: "en".to_owned(),
        }
    }
}

/// The answer to a [`Query`](super::Query).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The query as understood, every default filled in.
    pub query: ResolvedQuery,
    /// The metrics asked for, in the order asked.
    pub metrics: Vec<MetricInfo>,
    /// Buckets of the range; empty without a grain.
    pub buckets: Vec<Bucket>,
    /// The comparison's bucket for each bucket; null where it has none. Empty without comparison.
    pub comparison_buckets: Vec<Option<Bucket>>,
    /// The whole selection from facts, before order and limit: one entry, or one per currency
    /// and family where these must not be added.
    pub totals: Vec<Group>,
    /// The groups asked for; without `group_by` the same as `totals`.
    pub groups: Vec<Group>,
    /// Groups of kind `entity` before limit and offset.
    pub total_groups: u64,
    /// What a reader should know about the figures.
    pub warnings: Vec<Warning>,
}

/// A query with every default filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolvedQuery {
    /// Outside ids of the accounts in scope, before filters.
    pub accounts: Vec<String>,
    /// Metric ids.
    pub metrics: Vec<MetricId>,
    /// The effective range; null if nothing of it is complete.
    pub range: Option<ResolvedRange>,
    /// Bucket size.
    pub grain: Option<Grain>,
    /// The comparison asked for.
    pub compare: Option<CompareSpec>,
    /// The effective comparison range.
    pub comparison: Option<RangeDays>,
    /// Always null so far.
    pub compare_at: Option<String>,
    /// Dimensions split by.
    pub group_by: Vec<String>,
    /// Filters.
    pub filters: Vec<Filter>,
    /// Level of the facts.
    pub level: Level,
    /// First day of a week.
    pub week_start: WeekStart,
    /// First month of the fiscal year.
    pub fiscal_year_start: u32,
    /// Always null so far.
    pub currency: Option<String>,
    /// Always null so far.
    pub as_of: Option<String>,
    /// The day it was asked on.
    pub today: NaiveDate,
    /// Last complete day of the selection; null if nothing is covered.
    pub complete_through: Option<NaiveDate>,
    /// Order of the groups.
    pub order_by: Option<String>,
    /// At most this many groups of kind `entity`.
    pub limit: Option<u32>,
    /// Skipped groups.
    pub offset: u32,
    /// `decimal` if numbers are exact text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<String>,
}

/// The effective range of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedRange {
    /// The preset it came from; null for a custom range.
    pub preset: Option<String>,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// Number of days.
    pub days: i64,
}

/// A range with its number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeDays {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// Number of days.
    pub days: i64,
}

impl From<DateRange> for RangeDays {
    fn from(range: DateRange) -> Self {
        Self {
            start: range.start,
            end: range.end,
            days: range.days(),
        }
    }
}

/// A metric of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricInfo {
    /// Id.
    pub id: MetricId,
    /// Name for people.
    pub label: String,
    /// Unit of its values.
    pub unit: Unit,
    /// `additive`, `ratio`, `stock` or `unique`.
    pub kind: String,
    /// Which direction is good.
    pub better: Direction,
    /// The first day for which every account of the selection that offers it has a figure; null if
    /// one of them has none yet.
    #[serde(default)]
    pub since: Option<NaiveDate>,
}

/// What a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// A value of the dimensions, or the whole selection.
    Entity,
    /// What the lower level lacks against the level above: additive parts only, over the days the
    /// lower level covers, negatives kept.
    Residual,
    /// Groups beyond the limit.
    Other,
}

/// Figures of one key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// What it is.
    pub kind: GroupKind,
    /// Dimension → value. `currency` and `family` also appear where they had to split the answer.
    pub key: BTreeMap<String, Option<String>>,
    /// For entities: `name`, `external_id`, `account`, `status`, `permalink`.
    pub labels: BTreeMap<String, Option<String>>,
    /// Metric → figures of the whole range.
    pub totals: BTreeMap<MetricId, MetricTotals>,
    /// Metric → figures by bucket; null without a grain.
    pub series: Option<BTreeMap<MetricId, MetricSeries>>,
}

impl Group {
    /// Whether the group is an entity rather than a remainder.
    #[must_use]
    pub fn is_entity(&self) -> bool {
        self.kind == GroupKind::Entity
    }
}

/// A metric over the whole range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricTotals {
    /// Over the range.
    pub current: Figure,
    /// Over the comparison; null without one.
    pub previous: Option<Figure>,
    /// From previous to current; null without a comparison.
    pub change: Option<Change>,
}

/// A metric by bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricSeries {
    /// One figure a bucket.
    pub current: Vec<Figure>,
    /// One figure a bucket; null where the bucket has no pair. Null without a comparison.
    pub previous: Option<Vec<Option<Figure>>>,
    /// One change a bucket; null where the bucket has no pair. Null without a comparison.
    pub change: Option<Vec<Option<Change>>>,
}
