//! Facts as a store holds them: covered days follow from the feeds' coverage, from the day each
//! metric is available and from the days it was refused for, and settle as the platform says. A
//! platform without description offers what it has stored, on the days any of its feeds covers.

use std::{collections::BTreeMap, sync::Arc};

use chrono_tz::Tz;

use super::{
    Askable, Entities, LevelData, LevelFacts, MetricFacts, Window,
    snapshot::{self, Lives, Readings},
};
use crate::{
    analysis::{
        coverage::last_final_day,
        day_runs::DayRuns,
        days::{Days, date_of, day_number},
        series::Series,
    },
    error::Result,
    model::{
        Catalogue, CostTerms, CoveredRun, FactSeries, FeedCoverage, FeedId, FeedKind, Level,
        MetricId, Millionths, Platform, WindowOffer, WindowRequest, WindowValue,
    },
};

impl LevelFacts {
    /// The facts of `level` in what a store told of an account.
    pub(in crate::analysis) fn from_store(
        catalogue: &Catalogue,
        platform: &Platform,
        zone: Tz,
        level: Level,
        data: LevelData,
    ) -> Result<Self> {
        let mut stored: BTreeMap<MetricId, Vec<FactSeries>> = BTreeMap::new();
        for one in data.series {
            stored.entry(one.metric.clone()).or_default().push(one);
        }
        let billed = billed(&stored, &data.cost_terms)?;
        let mut shared: BTreeMap<(Option<FeedId>, u16, Option<i32>), Arc<DayRuns>> =
            BTreeMap::new();
        let lives = Lives::of(&data.entities, zone);
        let mut metrics: Vec<MetricFacts> = Vec::new();
        for offer in offers(catalogue, platform, level, &stored) {
            // Of two feeds that deliver a metric the first one counts, as when it is fetched.
            if metrics.iter().any(|known| known.metric == offer.metric) {
                continue;
            }
            let fetched = shared
                .entry((offer.feed.clone(), offer.settles, offer.since))
                .or_insert_with(|| Arc::new(offer.covered(&data.coverage, level, zone)))
                .clone();
            let gaps: Vec<Days> = data
                .gaps
                .iter()
                .filter(|run| run.level == level && run.gap.metric == offer.metric)
                .map(|run| Days::from(run.gap.range))
                .collect();
            let late = || snapshot::late(offer.runs(&data.coverage, level), zone);
            let (mut days, entities) = match &offer.totals {
                Some(totals) => {
                    let totals = stored.get(totals).map_or(&[][..], Vec::as_slice);
                    let readings = Readings {
                        days: &fetched,
                        late: &late(),
                    };
                    amounts_of(totals, &lives, readings)
                }
                None if offer.summed => {
                    // A day that lacks the metric is a hole between two readings of it.
                    let readings = Readings {
                        days: &fetched.without(&gaps),
                        late: &late(),
                    };
                    (Arc::new(readings.amounts()), Entities::Alike)
                }
                None => (fetched.clone(), offer.entities(&lives)),
            };
            if !gaps.is_empty() {
                days = Arc::new(days.without(&gaps));
                if days.is_empty() && !fetched.is_empty() {
                    // Refused for every day there is: this account does not offer it.
                    continue;
                }
            }
            let mut facts = MetricFacts::new(
                offer.metric.clone(),
                days.clone(),
                stored
                    .get(&offer.metric)
                    .into_iter()
                    .flatten()
                    .map(|one| series(one, &days, &entities))
                    .collect(),
                data.windows
                    .iter()
                    .filter(|window| window.metric == offer.metric)
                    .map(|window| offer.window(window, zone))
                    .collect(),
            );
            facts.fetched_to = fetched.last();
            facts.entities = entities;
            facts.askable = offer.askable(&data.requests, level);
            if let Some(billed) = billed
                .as_ref()
                .filter(|_| facts.metric.as_str() == MetricId::SPEND)
            {
                metrics.push(MetricFacts {
                    metric: MetricId::from(MetricId::BILLED_SPEND),
                    series: billed
                        .iter()
                        .map(|one| series(one, &days, &facts.entities))
                        .collect(),
                    ..facts.clone()
                });
            }
            metrics.push(facts);
        }
        Ok(Self::new(metrics, None))
    }
}

/// Costs with fee and tax, day by day; none where nothing but the cost is ever billed.
fn billed(
    stored: &BTreeMap<MetricId, Vec<FactSeries>>,
    terms: &CostTerms,
) -> Result<Option<Vec<FactSeries>>> {
    let spend = stored.get(&MetricId::from(MetricId::SPEND));
    let Some(spend) = spend.filter(|_| !terms.is_empty()) else {
        return Ok(None);
    };
    let bill = |one: &FactSeries| {
        let values = one.dates.iter().zip(&one.values);
        let values = values.map(|(day, cost)| {
            let cost = Millionths(*cost);
            Ok(match date_of(*day) {
                Some(date) => terms.billed(date, cost)?.0,
                None => cost.0,
            })
        });
        Ok(FactSeries {
            values: values.collect::<Result<_>>()?,
            ..one.clone()
        })
    };
    spend.iter().map(bill).collect::<Result<_>>().map(Some)
}

/// A series without the values of days on which nothing is known of its entity.
fn series(one: &FactSeries, days: &DayRuns, entities: &Entities) -> Series {
    let own = match entities {
        Entities::Amounts(entities) => entities
            .get(&one.entity)
            .map(|watched| watched.days.as_ref()),
        Entities::Alike | Entities::Totals(_) => None,
    };
    let values = one.dates.iter().copied().zip(one.values.iter().copied());
    Series::new(one.entity, values, own.unwrap_or(days))
}

/// The days with amounts of all posts together, and of each.
fn amounts_of(
    totals: &[FactSeries],
    lives: &Lives,
    readings: Readings<'_>,
) -> (Arc<DayRuns>, Entities) {
    let posts = readings.by_entity(totals, lives);
    let incomplete = readings.incomplete(totals, lives, &posts);
    let days = readings.amounts().lowered(&incomplete);
    (Arc::new(days), Entities::Amounts(posts))
}

/// How a metric is offered at the level.
struct Offer {
    metric: MetricId,
    /// None: any feed.
    feed: Option<FeedId>,
    settles: u16,
    since: Option<i32>,
    /// Set where its values are the differences of these.
    totals: Option<MetricId>,
    /// It is a lifetime total itself.
    total: bool,
    /// Its values are the amounts of all posts, added up.
    summed: bool,
    longest_window: u32,
    history_days: u32,
}

fn offers(
    catalogue: &Catalogue,
    platform: &Platform,
    level: Level,
    stored: &BTreeMap<MetricId, Vec<FactSeries>>,
) -> Vec<Offer> {
    let Some(profile) = catalogue.platform(platform) else {
        let any_feed = |metric: &MetricId| Offer {
            metric: metric.clone(),
            feed: None,
            settles: 0,
            since: None,
            totals: None,
            total: false,
            summed: false,
            longest_window: 0,
            history_days: 0,
        };
        return stored.keys().map(any_feed).collect();
    };
    profile
        .feeds
        .iter()
        .flat_map(|feed| feed.metrics.iter().map(move |offered| (feed, offered)))
        .filter(|(_, offered)| offered.levels.contains(&level))
        .map(|(feed, offered)| {
            let of_posts = level == Level::Post && matches!(feed.kind, FeedKind::Snapshot(_));
            let total = of_posts && offered.metric.of_lifetime().is_some();
            let summed = feed.sums_up && level == Level::Account;
            Offer {
                metric: offered.metric.clone(),
                feed: Some(feed.id.clone()),
                settles: offered.settles_after_days,
                since: offered.available_from.map(day_number),
                totals: (of_posts && !total).then(|| offered.metric.lifetime()),
                total,
                summed,
                longest_window: match offered.windows {
                    WindowOffer::UpTo(days) => days,
                    WindowOffer::None | WindowOffer::WithDays(_) => 0,
                },
                history_days: feed.history_days,
            }
        })
        .collect()
}

impl Offer {
    /// What is covered of its feed.
    fn runs<'a>(
        &'a self,
        coverage: &'a [FeedCoverage],
        level: Level,
    ) -> impl Iterator<Item = &'a CoveredRun> {
        coverage
            .iter()
            .filter(move |feed| feed.level == level)
            .filter(|feed| self.feed.as_ref().is_none_or(|id| *id == feed.feed))
            .flat_map(|feed| &feed.covered)
    }

    fn covered(&self, coverage: &[FeedCoverage], level: Level, zone: Tz) -> DayRuns {
        let runs = self
            .runs(coverage, level)
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

    fn entities(&self, lives: &Lives) -> Entities {
        if self.total {
            Entities::Totals(Arc::clone(&lives.ended))
        } else {
            Entities::Alike
        }
    }

    fn window(&self, window: &WindowValue, zone: Tz) -> Window {
        let fetched = day_number(window.fetched_at.with_timezone(&zone).date_naive());
        let days = Days::from(window.range);
        let settled = days.last + i32::from(self.settles);
        Window {
            entity: window.entity,
            days,
            value: window.value.0,
            provisional: fetched < settled,
            settled,
        }
    }

    fn askable(&self, requests: &[WindowRequest], level: Level) -> Askable {
        if self.longest_window == 0 {
            return Askable::default();
        }
        Askable {
            longest: self.longest_window,
            history_days: self.history_days,
            since: self.since,
            refused: requests
                .iter()
                .filter(|request| request.level == level && request.metric == self.metric)
                .filter(|request| request.answered_at.is_some())
                .map(|request| Days::from(request.range))
                .collect(),
        }
    }
}
