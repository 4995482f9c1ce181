//! Answers → sums by entity, day and metric. Placements and groups of figures come in answers of
//! their own, and are added up.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use analytics_core::model::{DateRange, FactRecord, MetricId, Millionths};
use chrono::NaiveDate;

use super::{
    PLATFORM,
    metrics::{Figures, Place, Row, Spelt, TABLE},
    wire::{EntityStats, Segment, Series, Stats},
};
use crate::{
    error::{Error, ErrorKind, Result},
    http::Number,
};

/// What an answer was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) range: DateRange,
    pub(super) figures: Figures,
    pub(super) ids: &'a [String],
    pub(super) operation: &'a str,
}

/// Figures so far.
#[derive(Debug, Default)]
pub(super) struct Sums {
    values: BTreeMap<(Arc<str>, usize, NaiveDate), i64>,
}

impl Sums {
    /// Adds an answer. Figures of `under` count for it instead of what they are told for.
    pub(super) fn add(
        &mut self,
        asked: Asked<'_>,
        stats: &Stats,
        under: Option<&Arc<str>>,
    ) -> Result<()> {
        let days = usize::try_from(asked.range.days()).unwrap_or_default();
        if stats
            .time_series_length
            .is_some_and(|length| length != days)
        {
            let length = stats.time_series_length.unwrap_or_default();
            let what = format!("`time_series_length` is {length}, not {days}");
            return Err(asked.wrong(&what));
        }
        let mut seen = BTreeSet::new();
        for entity in &stats.data {
            if !asked.ids.contains(&entity.id) {
                return Err(asked.wrong(&format!(
                    "`data` holds {}, which was not asked for",
                    entity.id
                )));
            }
            if !seen.insert(&entity.id) {
                return Err(asked.wrong(&format!("`data` holds {} twice", entity.id)));
            }
            let Some(segment) = asked.whole(entity)? else {
                continue;
            };
            let key = under.map_or_else(|| Arc::from(entity.id.as_str()), Arc::clone);
            let rows = TABLE.iter().enumerate();
            for (at, row) in rows.filter(|(_, row)| row.of == asked.figures) {
                for place in row.places {
                    self.add_series(asked, entity, segment, (at, row, *place), &key)?;
                }
            }
        }
        Ok(())
    }

    fn add_series(
        &mut self,
        asked: Asked<'_>,
        entity: &EntityStats,
        segment: &Segment,
        (at, row, place): (usize, &Row, Place),
        key: &Arc<str>,
    ) -> Result<()> {
        let field = match place.1 {
            Some(part) => format!("{}.{part}", place.0),
            None => place.0.to_owned(),
        };
        let bad = |what: &str| asked.wrong(&format!("`{field}` of {} {what}", entity.id));
        let Some(series) = series(segment, place).map_err(bad)? else {
            return Ok(());
        };
        let days = usize::try_from(asked.range.days()).unwrap_or_default();
        if series.len() != days {
            return Err(bad(&format!("has {} days, not {days}", series.len())));
        }
        for (date, number) in asked.range.iter().zip(series) {
            let Some(number) = number else { continue };
            let value = value(number, row.spelt)
                .map_err(|shown| bad(&format!("on {date} is no exact number: `{shown}`")))?;
            if value.0 == 0 {
                continue;
            }
            let sum = self.values.entry((Arc::clone(key), at, date)).or_default();
            *sum = sum
                .checked_add(value.0)
                .ok_or_else(|| bad(&format!("on {date} is too large")))?;
        }
        Ok(())
    }

    /// Everything with a figure.
    pub(super) fn entities(&self) -> BTreeSet<String> {
        let keys = self.values.keys();
        keys.map(|(entity, _, _)| entity.to_string()).collect()
    }

    /// Zeros are left out.
    pub(super) fn into_facts(self) -> Vec<FactRecord> {
        let ids: Vec<MetricId> = TABLE.iter().map(|row| MetricId::from(row.metric)).collect();
        let values = self.values.into_iter().filter(|(_, value)| *value != 0);
        values
            .map(|((entity, at, date), value)| FactRecord {
                entity,
                metric: ids[at].clone(),
                date,
                value: Millionths(value),
            })
            .collect()
    }
}

/// The days of a figure; none where the thing did not run at all.
fn series(segment: &Segment, place: Place) -> Result<Option<&Vec<Option<Number>>>, &'static str> {
    let known: &HashMap<String, Option<Series>> = &segment.metrics;
    match (known.get(place.0), place.1) {
        (None | Some(None), _) => Ok(None),
        (Some(Some(Series::Days(days))), None) => Ok(Some(days)),
        (Some(Some(Series::Parts(parts))), Some(part)) => {
            Ok(parts.get(part).and_then(Option::as_ref))
        }
        _ => Err("is not what was expected"),
    }
}

fn value(number: &Number, spelt: Spelt) -> Result<Millionths, String> {
    let shown = || number.0.chars().take(40).collect::<String>();
    match spelt {
        Spelt::Whole => {
            let value = number.exact()?;
            let whole = value.0 % Millionths::SCALE == 0;
            whole.then_some(value).ok_or_else(shown)
        }
        Spelt::Micros => number.0.parse().map(Millionths).map_err(|_| shown()),
    }
}

impl<'a> Asked<'a> {
    /// The figures of an entity as a whole.
    fn whole<'s>(&self, entity: &'s EntityStats) -> Result<Option<&'s Segment>> {
        match entity.id_data.as_slice() {
            [] => Ok(None),
            [only] if only.segment.is_none() => Ok(Some(only)),
            _ => Err(self.wrong(&format!("`id_data` of {} is in segments", entity.id))),
        }
    }

    fn wrong(&self, what: &str) -> Error {
        let what = format!("{}: {what}", self.range);
        Error::new(ErrorKind::Decode, PLATFORM, self.operation, what)
    }
}
