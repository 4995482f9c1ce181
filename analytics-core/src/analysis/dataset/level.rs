//! Facts of an account at one level: per metric its covered days, series and exact windows.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::snapshot::{EntityDays, Watched};
use crate::{
    analysis::{
        day_runs::{DayRuns, Known},
        days::Days,
        series::Series,
    },
    model::{EntityId, MetricId},
};

/// Everything known of an account at one level.
#[derive(Debug, Clone, Default)]
pub(in crate::analysis) struct LevelFacts {
    /// Sorted by id; every metric the account offers here.
    metrics: Vec<MetricFacts>,
    /// In a user's frame every metric is offered: this one stands for those without rows.
    fallback: Option<MetricFacts>,
}

/// One metric of an account at one level.
#[derive(Debug, Clone)]
pub(in crate::analysis) struct MetricFacts {
    pub(in crate::analysis) metric: MetricId,
    /// Days covered for this metric.
    pub(in crate::analysis) days: Arc<DayRuns>,
    /// Sorted by entity.
    pub(in crate::analysis) series: Vec<Series>,
    /// Sorted by entity, then days.
    pub(in crate::analysis) windows: Vec<Window>,
    /// How its entities are known where that differs from one to the next.
    pub(in crate::analysis) entities: Entities,
    /// Last day its feed was fetched for, whether or not that gave this metric.
    pub(in crate::analysis) fetched_to: Option<i32>,
    /// Exact values that can be asked for.
    pub(in crate::analysis) askable: Askable,
}

/// How the entities of a metric are known.
#[derive(Debug, Clone, Default)]
pub(in crate::analysis) enum Entities {
    /// As the metric: a fetch answers for all of them at once.
    #[default]
    Alike,
    /// By their snapshots: the days on which each one's amounts are known.
    Amounts(EntityDays),
    /// By their snapshots: each has a total on the days it was looked at. With the days on which
    /// those ended that the platform takes down by itself: their totals do not change any more.
    Totals(Arc<HashMap<EntityId, i32>>),
}

impl Entities {
    /// Bytes it takes in memory; days that posts share are counted once.
    #[cfg(feature = "storage")]
    fn bytes(&self) -> usize {
        match self {
            Self::Alike => 0,
            Self::Totals(ended) => ended.len() * size_of::<(EntityId, i32)>(),
            Self::Amounts(days) => {
                let mut counted: HashSet<*const DayRuns> = HashSet::new();
                let shared = days.values().map(|watched| &watched.days);
                let runs = shared.filter(|days| counted.insert(Arc::as_ptr(days)));
                let runs: usize = runs.map(|days| days.bytes()).sum();
                days.len() * size_of::<(EntityId, Watched)>() + runs
            }
        }
    }
}

/// Which exact values a platform can be asked for.
#[derive(Debug, Clone, Default)]
pub(in crate::analysis) struct Askable {
    /// Up to this many days long; 0: none.
    pub(in crate::analysis) longest: u32,
    /// That many days back at most.
    pub(in crate::analysis) history_days: u32,
    /// Not before this day.
    pub(in crate::analysis) since: Option<i32>,
    /// Asked for lately, and nothing came.
    pub(in crate::analysis) refused: Vec<Days>,
}

impl Askable {
    /// Whether it is worth asking for just these days.
    pub(in crate::analysis) fn allows(&self, days: Days, today: i32) -> bool {
        days.len() <= i64::from(self.longest)
            && i64::from(days.first) >= i64::from(today) - i64::from(self.history_days)
            && self.since.is_none_or(|since| since <= days.first)
            && !self.refused.contains(&days)
    }
}

/// An exact value of a unique metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) struct Window {
    pub(in crate::analysis) entity: EntityId,
    pub(in crate::analysis) days: Days,
    pub(in crate::analysis) value: i64,
    /// Its fetch is younger than the metric settles.
    pub(in crate::analysis) provisional: bool,
    /// The day from which on a fetch tells the settled value.
    pub(in crate::analysis) settled: i32,
}

impl MetricFacts {
    pub(in crate::analysis) fn new(
        metric: MetricId,
        days: Arc<DayRuns>,
        mut series: Vec<Series>,
        mut windows: Vec<Window>,
    ) -> Self {
        series.sort_by_key(|series| series.entity);
        windows.sort_unstable_by_key(|window| (window.entity, window.days));
        Self {
            metric,
            days,
            series,
            windows,
            fetched_to: None,
            entities: Entities::Alike,
            askable: Askable::default(),
        }
    }

    /// The days on which this entity's amounts are known; none where that does not differ from the
    /// metric's, or the platform does not give it for this entity.
    pub(in crate::analysis) fn days_of(&self, entity: EntityId) -> Option<&Arc<DayRuns>> {
        match &self.entities {
            Entities::Amounts(days) => days.get(&entity).map(|watched| &watched.days),
            Entities::Alike | Entities::Totals(_) => None,
        }
    }

    /// Whether the platform gives it for this entity.
    pub(in crate::analysis) fn offered_for(&self, entity: EntityId) -> bool {
        match &self.entities {
            Entities::Alike => true,
            Entities::Amounts(days) => days.contains_key(&entity),
            Entities::Totals(_) => self.one(entity).is_some(),
        }
    }

    /// Whether the entity had ended by that day.
    pub(in crate::analysis) fn ended_by(&self, entity: EntityId, day: i32) -> bool {
        match &self.entities {
            Entities::Totals(ended) => ended.get(&entity).is_some_and(|ended| *ended <= day),
            Entities::Alike | Entities::Amounts(_) => false,
        }
    }

    /// The series of an entity.
    pub(in crate::analysis) fn one(&self, entity: EntityId) -> Option<&Series> {
        self.series
            .binary_search_by_key(&entity, |series| series.entity)
            .ok()
            .map(|at| &self.series[at])
    }

    /// Whether a stock is known on that very day, and if so whether it is provisional.
    pub(in crate::analysis) fn known_on(&self, day: i32) -> Option<bool> {
        let that_day = Days {
            first: day,
            last: day,
        };
        let known = self.series.iter().any(|series| series.any_in(that_day));
        self.days
            .state(day)
            .filter(|_| known)
            .map(|known| known == Known::Provisional)
    }

    /// The exact value of just these days; without an entity, of the account's only one.
    pub(in crate::analysis) fn exact(
        &self,
        entity: Option<EntityId>,
        days: Days,
    ) -> Option<Window> {
        self.windows
            .iter()
            .find(|window| {
                window.days == days && entity.is_none_or(|entity| entity == window.entity)
            })
            .copied()
    }
}

impl LevelFacts {
    pub(in crate::analysis) fn new(
        mut metrics: Vec<MetricFacts>,
        fallback: Option<MetricFacts>,
    ) -> Self {
        metrics.sort_by(|a, b| a.metric.cmp(&b.metric));
        Self { metrics, fallback }
    }

    /// The metric, if the account offers it at this level.
    pub(in crate::analysis) fn metric(&self, id: &MetricId) -> Option<&MetricFacts> {
        self.own(id).or(self.fallback.as_ref())
    }

    /// The first of `ids` the account offers at this level.
    pub(in crate::analysis) fn first_of(&self, ids: &[MetricId]) -> Option<&MetricFacts> {
        ids.iter()
            .find_map(|id| self.own(id))
            .or(self.fallback.as_ref())
    }

    /// Whether it stands for a level of a user's frame that has no rows, so that its zeros mean
    /// nothing.
    pub(in crate::analysis) fn says_nothing(&self) -> bool {
        self.fallback.is_some() && self.metrics.iter().all(|metric| metric.series.is_empty())
    }

    fn own(&self, id: &MetricId) -> Option<&MetricFacts> {
        let find = |id: &str| {
            self.metrics
                .binary_search_by(|known| known.metric.as_str().cmp(id))
                .ok()
                .map(|at| &self.metrics[at])
        };
        find(id.as_str()).or_else(|| {
            // Without terms nothing but the cost is billed.
            let is_billed = id.as_str() == MetricId::BILLED_SPEND;
            is_billed.then(|| find(MetricId::SPEND)).flatten()
        })
    }

    /// Bytes it takes in memory.
    #[cfg(feature = "storage")]
    pub(in crate::analysis) fn bytes(&self) -> usize {
        self.metrics
            .iter()
            .map(|metric| {
                size_of::<MetricFacts>()
                    + metric.days.bytes()
                    + metric.series.iter().map(Series::bytes).sum::<usize>()
                    + metric.windows.len() * size_of::<Window>()
                    + metric.entities.bytes()
            })
            .sum()
    }
}
