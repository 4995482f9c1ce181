//! A query, checked: which metrics, accounts, level, dimensions and order are meant.

mod dimension;
mod filter;
mod metric;

use chrono::NaiveDate;

pub(super) use dimension::Dimension;
pub(super) use filter::{EntityCondition, property};
pub(super) use metric::{Formula, MetricPlan, PartKind};

use super::{Calendar, Query, ReportDefaults, dataset::Dataset, number::NumberFormat};
use crate::{
    error::{Error, Result},
    model::{AccountState, Catalogue, DateRange, Level},
};

/// What a query means.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) metrics: Vec<MetricPlan<'a>>,
    /// Positions of the accounts asked for, before filters.
    pub(super) scope: Vec<usize>,
    /// Positions of the accounts that pass the filters on accounts.
    pub(super) accounts: Vec<usize>,
    pub(super) conditions: Vec<EntityCondition>,
    /// Only posts published on these days, in each account's own zone.
    pub(super) published: Option<DateRange>,
    pub(super) dimensions: Vec<Dimension>,
    pub(super) level: Level,
    pub(super) order: Order,
    pub(super) limit: Option<u32>,
    pub(super) offset: u32,
    pub(super) format: NumberFormat,
    pub(super) calendar: Calendar,
    pub(super) today: NaiveDate,
}

/// How groups are ordered; ties and nulls are settled by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Key,
    Metric {
        index: usize,
        descending: bool,
    },
    Dimension {
        dimension: Dimension,
        descending: bool,
    },
    /// By when posts were published.
    Published {
        descending: bool,
    },
}

/// What orders posts by when they were published.
const PUBLISHED_AT: &str = "published_at";

impl<'a> Plan<'a> {
    /// The meaning of `query` on the dataset's accounts; entities are checked when the facts are
    /// there.
    pub(super) fn new(
        dataset: &Dataset,
        catalogue: &'a Catalogue,
        query: &Query,
        today: NaiveDate,
        defaults: &ReportDefaults,
    ) -> Result<Self> {
        refuse_unsupported(query)?;
        let metrics = metrics(catalogue, query)?;
        let dimensions = dimensions(query)?;
        let scope = scope(dataset, query)?;
        let conditions = filter::Conditions::new(&query.filters, catalogue, &dataset.accounts)?;
        let accounts = scope
            .iter()
            .copied()
            .filter(|at| conditions.admit(&dataset.accounts[*at]))
            .collect();
        let level = level(query, &dimensions, &conditions)?;
        let order = order(query, &metrics, &dimensions)?;
        let calendar = Calendar {
            week_start: query.week_start.unwrap_or(defaults.calendar.week_start),
            fiscal_year_start: query
                .fiscal_year_start
                .unwrap_or(defaults.calendar.fiscal_year_start),
        }
        .checked()?;
        Ok(Self {
            metrics,
            scope,
            accounts,
            conditions: conditions.entities,
            published: conditions.published,
            dimensions,
            level,
            order,
            limit: query.limit,
            offset: query.offset.unwrap_or_default(),
            format: number_format(query)?,
            calendar,
            today: query.today.unwrap_or(today),
        })
    }

    /// The level whose own facts the lower level is held against in residual rows: the deepest
    /// one filtered by above it, else the account. None where nothing would be left over: without
    /// entities in `group_by`, or where the level itself is filtered.
    pub(super) fn residual_base(&self) -> Option<Level> {
        self.dimensions
            .iter()
            .find_map(|dimension| dimension.level())?;
        let base = self
            .conditions
            .iter()
            .map(|condition| condition.level)
            .chain(self.published.map(|_| Level::Post))
            .max()
            .unwrap_or(Level::Account);
        (base < self.level).then_some(base)
    }

    /// Levels whose facts are read.
    pub(super) fn fact_levels(&self) -> Vec<Level> {
        std::iter::once(self.level)
            .chain(self.residual_base())
            .collect()
    }

    /// Levels whose entities are read: from the coarsest named one down to the facts' own.
    pub(super) fn entity_levels(&self) -> Vec<Level> {
        let named = self
            .dimensions
            .iter()
            .filter_map(|dimension| dimension.level())
            .chain(self.conditions.iter().map(|condition| condition.level))
            .chain(self.published.map(|_| Level::Post))
            .min();
        let Some(coarsest) = named else {
            return Vec::new();
        };
        if self.level == Level::Post {
            return vec![Level::Post];
        }
        [Level::Campaign, Level::AdGroup, Level::Ad]
            .into_iter()
            .filter(|level| (coarsest..=self.level).contains(level))
            .collect()
    }
}

fn refuse_unsupported(query: &Query) -> Result<()> {
    let refuse = |given: bool, field: &str, message: &str| {
        if given {
            return Err(Error::Unsupported {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        }
        Ok(())
    };
    refuse(
        query.as_of.is_some(),
        "as_of",
        "reports as of an earlier moment are not supported yet; leave it out for what is known now",
    )?;
    refuse(
        query.compare_at.is_some(),
        "compare_at",
        "comparing at equal age is not supported yet; leave it out to compare what is known now",
    )?;
    refuse(
        query.currency.is_some(),
        "currency",
        "converting currencies is not supported yet; leave it out for one answer per currency",
    )
}

fn metrics<'a>(catalogue: &'a Catalogue, query: &Query) -> Result<Vec<MetricPlan<'a>>> {
    if query.metrics.is_empty() {
        return Err(Error::invalid(
            "metrics",
            "[]",
            "expected at least one metric",
        ));
    }
    let mut metrics: Vec<MetricPlan<'a>> = Vec::with_capacity(query.metrics.len());
    for (at, id) in query.metrics.iter().enumerate() {
        let metric = MetricPlan::new(catalogue, &format!("metrics[{at}]"), id)?;
        if metrics
            .iter()
            .all(|known| known.metric.id != metric.metric.id)
        {
            metrics.push(metric);
        }
    }
    Ok(metrics)
}

fn dimensions(query: &Query) -> Result<Vec<Dimension>> {
    let mut dimensions = Vec::with_capacity(query.group_by.len());
    for (at, name) in query.group_by.iter().enumerate() {
        let dimension = Dimension::parse(&format!("group_by[{at}]"), name)?;
        if !dimensions.contains(&dimension) {
            dimensions.push(dimension);
        }
    }
    Ok(dimensions)
}

fn scope(dataset: &Dataset, query: &Query) -> Result<Vec<usize>> {
    let Some(ids) = &query.accounts else {
        let linked = |at: &usize| dataset.accounts[*at].state != AccountState::Archived;
        return Ok((0..dataset.accounts.len()).filter(linked).collect());
    };
    if ids.is_empty() {
        return Err(Error::invalid(
            "accounts",
            "[]",
            "expected at least one account; leave it out for all of them",
        ));
    }
    let mut scope = Vec::with_capacity(ids.len());
    for (at, id) in ids.iter().enumerate() {
        let position = filter::account_position(&format!("accounts[{at}]"), id, &dataset.accounts)?;
        if !scope.contains(&position) {
            scope.push(position);
        }
    }
    Ok(scope)
}

fn level(
    query: &Query,
    dimensions: &[Dimension],
    conditions: &filter::Conditions,
) -> Result<Level> {
    let named: Vec<Level> = dimensions
        .iter()
        .filter_map(|dimension| dimension.level())
        .chain(conditions.entities.iter().map(|condition| condition.level))
        .chain(conditions.published.map(|_| Level::Post))
        .collect();
    let deepest = named.iter().copied().max().unwrap_or(Level::Account);
    let level = match &query.level {
        Some(name) => Level::parse("level", name)?,
        None => deepest,
    };
    let (posts, others): (Vec<Level>, Vec<Level>) = named
        .into_iter()
        .chain([level])
        .filter(|level| *level != Level::Account)
        .partition(|level| *level == Level::Post);
    if let (Some(_), Some(other)) = (posts.first(), others.first()) {
        return Err(Error::invalid(
            "level",
            Level::Post.as_str(),
            format!("no account has both posts and {}s", other.as_str()),
        ));
    }
    let Some(name) = &query.level else {
        return Ok(level);
    };
    if level < deepest {
        return Err(Error::invalid(
            "level",
            name,
            format!(
                "coarser than `{0}`, which the query groups or filters by; use `{0}` or leave it out",
                deepest.as_str()
            ),
        ));
    }
    Ok(level)
}

fn order(query: &Query, metrics: &[MetricPlan<'_>], dimensions: &[Dimension]) -> Result<Order> {
    let Some(text) = &query.order_by else {
        return Ok(Order::Key);
    };
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text.as_str(), false),
    };
    if let Some(index) = metrics
        .iter()
        .position(|metric| metric.metric.id.as_str() == name)
    {
        return Ok(Order::Metric { index, descending });
    }
    if let Some(dimension) = dimensions
        .iter()
        .find(|dimension| dimension.as_str() == name)
    {
        return Ok(Order::Dimension {
            dimension: *dimension,
            descending,
        });
    }
    let of_posts = dimensions.contains(&Dimension::Post);
    if of_posts && name == PUBLISHED_AT {
        return Ok(Order::Published { descending });
    }
    let known = metrics
        .iter()
        .map(|metric| metric.metric.id.as_str())
        .chain(dimensions.iter().map(|dimension| dimension.as_str()))
        .chain(of_posts.then_some(PUBLISHED_AT));
    Err(Error::unknown(
        "metric or dimension of this query",
        "order_by",
        name,
        known,
    ))
}

fn number_format(query: &Query) -> Result<NumberFormat> {
    match query.numbers.as_deref() {
        None | Some("number") => Ok(NumberFormat::Float),
        Some("decimal") => Ok(NumberFormat::Decimal),
        Some(other) => Err(Error::unknown(
            "number format",
            "numbers",
            other,
            ["number", "decimal"],
        )),
    }
}
