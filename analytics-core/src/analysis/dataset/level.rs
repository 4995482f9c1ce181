//! Facts of an account at one level: per metric its covered days, series and exact windows.

use std::{collections::BTreeMap, sync::Arc};

use chrono_tz::Tz;

use crate::{
    analysis::{
        coverage::last_final_day,
        day_runs::DayRuns,
        days::{Days, day_number},
        series::Series,
    },
    model::{
        Catalogue, EntityId, FactSeries, FeedCoverage, FeedId, Level, MetricId, Platform,
        WindowValue,
    },
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
}

/// An exact value of a unique metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analysis) struct Window {
    pub(in crate::analysis) entity: EntityId,
    pub(in crate::analysis) days: Days,
    pub(in crate::analysis) value: i64,
    /// Its fetch is younger than the metric settles.
    pub(in crate::analysis) provisional: bool,
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
        }
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
        self.metrics
            .binary_search_by(|known| known.metric.cmp(id))
            .ok()
            .map(|at| &self.metrics[at])
    }

    /// Facts as a store holds them: covered days follow from the feeds' coverage, from the day
    /// each metric is available, and settle as the platform says. A platform without description
    /// offers what it has stored, on the days any of its feeds covers.
    pub(in crate::analysis) fn from_store(
        catalogue: &Catalogue,
        platform: &Platform,
        zone: Tz,
        level: Level,
        series: Vec<FactSeries>,
        coverage: &[FeedCoverage],
        windows: &[WindowValue],
    ) -> Self {
        let mut stored: BTreeMap<MetricId, Vec<FactSeries>> = BTreeMap::new();
        for one in series {
            stored.entry(one.metric.clone()).or_default().push(one);
        }
        let offers: Vec<Offer> = match catalogue.platform(platform) {
            Some(profile) => profile
                .feeds
                .iter()
                .flat_map(|feed| feed.metrics.iter().map(move |offered| (feed, offered)))
                .filter(|(_, offered)| offered.levels.contains(&level))
                .map(|(feed, offered)| Offer {
                    metric: offered.metric.clone(),
                    feed: Some(feed.id.clone()),
                    settles: offered.settles_after_days,
                    since: offered.available_from.map(day_number),
                })
                .collect(),
            None => stored
                .keys()
                .map(|metric| Offer {
                    metric: metric.clone(),
                    feed: None,
                    settles: 0,
                    since: None,
                })
                .collect(),
        };
        let mut shared: BTreeMap<(Option<FeedId>, u16, Option<i32>), Arc<DayRuns>> =
            BTreeMap::new();
        let mut metrics: Vec<MetricFacts> = Vec::with_capacity(offers.len());
        for offer in offers {
            // Of two feeds that deliver a metric the first one counts, as when it is fetched.
            if metrics.iter().any(|known| known.metric == offer.metric) {
                continue;
            }
            let days = shared
                .entry((offer.feed.clone(), offer.settles, offer.since))
                .or_insert_with(|| Arc::new(offer.covered(coverage, level, zone)))
                .clone();
            let series = stored
                .remove(&offer.metric)
                .unwrap_or_default()
                .into_iter()
                .map(|one| Series::new(one.entity, one.dates.into_iter().zip(one.values), &days))
                .collect();
            let windows = windows
                .iter()
                .filter(|window| window.metric == offer.metric)
                .map(|window| offer.window(window, zone))
                .collect();
            metrics.push(MetricFacts::new(offer.metric, days, series, windows));
        }
        Self::new(metrics, None)
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
            })
            .sum()
    }
}

/// How a metric is offered at the level.
struct Offer {
    metric: MetricId,
    /// None: any feed.
    feed: Option<FeedId>,
    settles: u16,
    since: Option<i32>,
}

impl Offer {
    fn covered(&self, coverage: &[FeedCoverage], level: Level, zone: Tz) -> DayRuns {
        let runs = coverage
            .iter()
            .filter(|feed| feed.level == level)
            .filter(|feed| self.feed.as_ref().is_none_or(|id| *id == feed.feed))
            .flat_map(|feed| &feed.covered)
            .flat_map(|run| {
                let days = Days::from(run.range);
                let last_final = last_final_day(run, zone, self.settles);
                [
                    (Days::new(days.first, days.last.min(last_final)), false),
                    (
                        Days::new(days.first.max(last_final.saturating_add(1)), days.last),
                        true,
                    ),
                ]
            })
            .filter_map(|(days, provisional)| Some((days?, provisional)));
        let runs = DayRuns::new(runs);
        match self.since {
            Some(first) => runs.since(first),
            None => runs,
        }
    }

    fn window(&self, window: &WindowValue, zone: Tz) -> Window {
        let fetched = day_number(window.fetched_at.with_timezone(&zone).date_naive());
        let days = Days::from(window.range);
        Window {
            entity: window.entity,
            days,
            value: window.value.0,
            provisional: fetched < days.last + i32::from(self.settles),
        }
    }
}
