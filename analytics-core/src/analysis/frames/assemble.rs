//! What was read from a user's frames, put together as a dataset.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::input::{Reader, Values};
use crate::{
    analysis::{
        coverage::DayState,
        dataset::{Dataset, EntityTable, LevelFacts, MetricFacts, Window},
        day_runs::DayRuns,
        days::Days,
        series::Series,
    },
    error::{Error, Result},
    model::{Entity, Level, MetricId, MetricKind},
};

impl Reader<'_> {
    /// The dataset; without a coverage frame every date of the facts is covered and final.
    pub(super) fn finish(mut self, with_coverage: bool) -> Result<Dataset> {
        let days: Vec<Arc<DayRuns>> = if with_coverage {
            self.covered
                .iter()
                .map(|days| Arc::new(covered_days(days)))
                .collect()
        } else {
            let all_final = |dates: &BTreeSet<i32>| {
                DayRuns::new(dates.iter().map(|day| (one_day(*day), false)))
            };
            self.dates
                .iter()
                .map(|dates| Arc::new(all_final(dates)))
                .collect()
        };
        let levels: BTreeSet<Level> = self.values.keys().map(|(_, level)| *level).collect();
        let mut dataset = Dataset::default();
        let mut tables: BTreeMap<(usize, Level), Vec<Entity>> = BTreeMap::new();
        for ((account, level, _), at) in &self.entity_at {
            let entity = self.entities[*at].clone();
            tables.entry((*account, *level)).or_default().push(entity);
        }
        for (account, days) in days.iter().enumerate() {
            for level in levels.iter().copied().chain([Level::Account]) {
                let values = self.values.remove(&(account, level)).unwrap_or_default();
                if dataset.level(account, level).is_none() {
                    let facts = self.facts(account, level, values, days)?;
                    dataset.put_level(account, level, Arc::new(facts));
                }
            }
            for level in Level::ALL {
                let entities = tables.remove(&(account, level)).unwrap_or_default();
                dataset.put_entities(account, level, Arc::new(EntityTable::new(entities)));
            }
        }
        dataset.accounts = self.accounts;
        Ok(dataset)
    }

    fn facts(
        &self,
        account: usize,
        level: Level,
        values: Values,
        days: &Arc<DayRuns>,
    ) -> Result<LevelFacts> {
        let mut series: BTreeMap<usize, Vec<Series>> = BTreeMap::new();
        for ((metric, entity), mut values) in values {
            values.sort_unstable_by_key(|(day, _)| *day);
            let merged = self.merged(metric, values)?;
            series
                .entry(metric)
                .or_default()
                .push(Series::new(entity, merged, days));
        }
        let mut windows: BTreeMap<usize, Vec<Window>> = BTreeMap::new();
        if level == Level::Account {
            for (_, metric, window) in self.windows.iter().filter(|(of, ..)| *of == account) {
                windows.entry(*metric).or_default().push(*window);
                series.entry(*metric).or_default();
            }
        }
        let metrics = series
            .into_iter()
            .map(|(metric, series)| {
                MetricFacts::new(
                    self.metrics[metric].clone(),
                    days.clone(),
                    series,
                    windows.remove(&metric).unwrap_or_default(),
                )
            })
            .collect();
        let nothing = MetricFacts::new(MetricId::from(""), days.clone(), Vec::new(), Vec::new());
        Ok(LevelFacts::new(metrics, Some(nothing)))
    }

    /// Values of one day each: duplicates add up where the metric is additive.
    fn merged(&self, metric: usize, values: Vec<(i32, i64)>) -> Result<Vec<(i32, i64)>> {
        let id = &self.metrics[metric];
        let additive = self
            .catalogue
            .metric(id)
            .is_some_and(|metric| metric.kind == MetricKind::Additive);
        let mut merged: Vec<(i32, i64)> = Vec::with_capacity(values.len());
        for (day, value) in values {
            match merged.last_mut() {
                Some((last, sum)) if *last == day => {
                    if !additive {
                        return Err(Error::Frame {
                            message: format!(
                                "`{id}` has two values for the same account, entity and date; only additive metrics add up"
                            ),
                        });
                    }
                    *sum = sum.checked_add(value).ok_or_else(|| Error::Overflow {
                        metric: id.to_string(),
                    })?;
                }
                _ => merged.push((day, value)),
            }
        }
        Ok(merged)
    }
}

fn one_day(day: i32) -> Days {
    Days {
        first: day,
        last: day,
    }
}

fn covered_days(states: &BTreeMap<i32, DayState>) -> DayRuns {
    DayRuns::new(states.iter().filter_map(|(day, state)| match state {
        DayState::Final => Some((one_day(*day), false)),
        DayState::Provisional => Some((one_day(*day), true)),
        DayState::Missing | DayState::Failed => None,
    }))
}
