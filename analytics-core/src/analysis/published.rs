//! What posts have collected so far, by the day they were published: the only view of the time
//! before an account was linked where a platform tells no daily amounts. It is no amount of those
//! days, and is never added to one or compared with one.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    Bucket, Grain, MetricInfo, Query, RangeSpec, ReportDefaults, ResolvedRange, Status, Warning,
    dataset::Dataset,
    days::day_number,
    echo,
    number::{Amount, Number, NumberFormat},
    plan::{MetricPlan, Plan},
    ranges::Ranges,
    selection::members,
    through::through,
};
use crate::{
    error::{Error, Result},
    model::{Catalogue, DateRange, MetricId, MetricKind, WeekStart},
};

/// A request for what posts have collected. Only `metrics` and `range` are required.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedQuery {
    /// Accounts by outside id; none: every account of the workspace that is not archived.
    #[serde(default)]
    pub accounts: Option<Vec<String>>,
    /// Additive metrics that posts have lifetime totals of, in the order wanted.
    pub metrics: Vec<String>,
    /// Days of publication: a preset's name or an explicit range.
    pub range: RangeSpec,
    /// Bucket size of the series; none: totals only.
    #[serde(default)]
    pub grain: Option<Grain>,
    /// First day of a week; none: the workspace's.
    #[serde(default)]
    pub week_start: Option<WeekStart>,
    /// First month of the fiscal year, 1 to 12; none: the workspace's.
    #[serde(default)]
    pub fiscal_year_start: Option<u32>,
    /// The workspace's day; none: worked out by the caller.
    #[serde(default)]
    pub today: Option<NaiveDate>,
    /// `decimal`: values are exact decimal text instead of JSON numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<String>,
}

/// The answer to a [`PublishedQuery`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublishedReport {
    /// The question as understood.
    pub query: PublishedRange,
    /// The metrics asked for, in the order asked.
    pub metrics: Vec<MetricInfo>,
    /// Buckets of the range; empty without a grain.
    pub buckets: Vec<Bucket>,
    /// Metric → what all posts of the range have collected.
    pub totals: BTreeMap<MetricId, Collected>,
    /// Metric → the same by bucket of their publication; null without a grain.
    pub series: Option<BTreeMap<MetricId, Vec<Collected>>>,
    /// The day on which the oldest known post was published; null without any.
    pub since: Option<NaiveDate>,
    /// The day of the newest reading; null before the first one.
    pub as_of: Option<NaiveDate>,
    /// What a reader should know about the figures.
    pub warnings: Vec<Warning>,
}

/// The range of a [`PublishedReport`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedRange {
    /// Days of publication; null if nothing of the range has been read.
    pub range: Option<ResolvedRange>,
}

/// What posts have collected so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collected {
    /// The sum of their lifetime totals, each as it was last read; null where none was read.
    pub value: Option<Number>,
    /// `partial` where some of the posts have no total: it is told for a while only, or not of every
    /// post.
    pub status: Status,
    /// How many posts were published.
    pub posts: u64,
}

impl PublishedQuery {
    /// The query of the lifetime totals behind it.
    ///
    /// # Errors
    /// [`Error::Unknown`] and [`Error::Invalid`] for a metric that posts have no total of.
    pub(super) fn of_totals(&self, catalogue: &Catalogue) -> Result<Query> {
        let mut totals = Vec::new();
        for (at, id) in self.metrics.iter().enumerate() {
            let field = format!("metrics[{at}]");
            let metric = catalogue.require(&field, id)?;
            let total = metric.id.lifetime();
            if metric.kind != MetricKind::Additive || catalogue.metric(&total).is_none() {
                let what = "posts have no lifetime total of it; take a metric such as `likes`";
                return Err(Error::invalid(field, id, what));
            }
            totals.push(total.to_string());
        }
        Ok(Query {
            accounts: self.accounts.clone(),
            metrics: totals,
            grain: self.grain,
            level: Some("post".to_owned()),
            week_start: self.week_start,
            fiscal_year_start: self.fiscal_year_start,
            today: self.today,
            numbers: self.numbers.clone(),
            ..Query::new(&[], self.range.clone())
        })
    }
}

/// The answer once the totals and posts are in the dataset.
pub(super) fn published(
    dataset: &Dataset,
    catalogue: &Catalogue,
    query: &Query,
    plan: &Plan<'_>,
    defaults: &ReportDefaults,
) -> Result<PublishedReport> {
    let selected = members(dataset, plan, plan.level)?;
    let complete = through(dataset, catalogue, plan, &selected);
    let as_of = complete.date;
    let ranges = Ranges::new(query, plan, as_of)?;
    let mut warnings = ranges.resolved.warnings.clone();
    warnings.extend(complete.warning);
    warnings.extend(echo::not_offered(dataset, plan, &selected));
    let posts = Posts::of(dataset, plan);
    let buckets = ranges.pairs.current.clone();
    let mut totals = BTreeMap::new();
    let mut series = query.grain.map(|_| BTreeMap::new());
    let mut metrics = Vec::new();
    for metric in &plan.metrics {
        let base = metric
            .metric
            .id
            .of_lifetime()
            .unwrap_or_else(|| metric.metric.id.clone());
        let read = posts.read(dataset, plan, metric);
        let sum = |range: Option<DateRange>| posts.sum(&read, range, plan.format, metric);
        totals.insert(base.clone(), sum(ranges.resolved.range)?);
        if let Some(series) = &mut series {
            let sums = buckets.iter().map(|bucket| sum(Some(bucket.range())));
            series.insert(base.clone(), sums.collect::<Result<Vec<_>>>()?);
        }
        let named = MetricPlan::new(catalogue, "metrics", base.as_str())?;
        metrics.push(echo::info(&named, defaults, posts.since));
    }
    Ok(PublishedReport {
        query: PublishedRange {
            range: echo::resolved_range(&ranges),
        },
        metrics,
        buckets,
        totals,
        series,
        since: posts.since,
        as_of,
        warnings,
    })
}

/// Posts of the selection: (account, entity) with the day of publication in the account's own zone.
struct Posts {
    published: Vec<(usize, crate::model::EntityId, NaiveDate)>,
    since: Option<NaiveDate>,
}

impl Posts {
    fn of(dataset: &Dataset, plan: &Plan<'_>) -> Self {
        let mut published = Vec::new();
        for account in &plan.accounts {
            let zone = dataset.accounts[*account].zone;
            let entities = dataset.entities(*account, plan.level);
            for entity in entities.into_iter().flat_map(|table| table.iter()) {
                if let Some(post) = &entity.post {
                    let day = post.published_at.with_timezone(&zone).date_naive();
                    published.push((*account, entity.id, day));
                }
            }
        }
        let since = published.iter().map(|(.., day)| *day).min();
        Self { published, since }
    }

    /// The day of each post's publication with its last known total, if it has one.
    fn read(
        &self,
        dataset: &Dataset,
        plan: &Plan<'_>,
        metric: &MetricPlan<'_>,
    ) -> Vec<(NaiveDate, Option<i64>)> {
        let last = day_number(plan.today);
        let total = |account: usize, entity| {
            let facts = dataset.level(account, plan.level)?;
            let series = facts.metric(&metric.metric.id)?.one(entity)?;
            let (_, value) = series.last_known(last, i32::MIN)?;
            Some(value)
        };
        let posts = self.published.iter();
        posts
            .map(|(account, entity, day)| (*day, total(*account, *entity)))
            .collect()
    }

    /// What those published in the range have collected. Before the oldest known post nothing is
    /// known, after it nothing is nothing.
    fn sum(
        &self,
        read: &[(NaiveDate, Option<i64>)],
        range: Option<DateRange>,
        format: NumberFormat,
        metric: &MetricPlan<'_>,
    ) -> Result<Collected> {
        let within: Vec<Option<i64>> = read
            .iter()
            .filter(|(day, _)| range.is_some_and(|range| range.contains(*day)))
            .map(|(_, total)| *total)
            .collect();
        let is_known = |range: DateRange| self.since.is_some_and(|since| since <= range.end);
        let known = within.iter().flatten().count();
        let status = match (within.len(), known) {
            (0, _) if range.is_some_and(is_known) => Status::Final,
            (0, _) | (_, 0) => Status::Missing,
            (posts, known) if known < posts => Status::Partial,
            _ => Status::Final,
        };
        let sum: i128 = within
            .iter()
            .flatten()
            .map(|value| i128::from(*value))
            .sum();
        let sum = i64::try_from(sum).map_err(|_| Error::Overflow {
            metric: metric.metric.id.to_string(),
        })?;
        Ok(Collected {
            value: (status != Status::Missing).then(|| Amount::Exact(sum).write(format)),
            status,
            posts: within.len() as u64,
        })
    }
}
