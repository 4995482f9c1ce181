//! What is in a slice and what it changes, the same for every database.

use std::collections::HashMap;

use super::{
    convert::{corrupt, day},
    counters::Counted,
    diff::{self, Cell, Changes},
    gaps::Kept,
};
use crate::{
    error::{Error, Result},
    model::{CoveredRun, DateRange, MetricId, Slice, WindowRecord},
};

/// What can be judged without the database. Errors: [`Error::Invalid`].
pub(crate) fn check(slice: &Slice) -> Result<()> {
    for fact in &slice.facts {
        if !slice.range.contains(fact.date) {
            return Err(Error::invalid(
                "facts",
                fact.date,
                format!("the day lies outside the slice {}", slice.range),
            ));
        }
    }
    for gap in &slice.gaps {
        if !slice.metrics.contains(&gap.metric) {
            return Err(Error::invalid(
                "gaps",
                &gap.metric,
                format!("feed `{}` does not deliver this metric", slice.feed),
            ));
        }
    }
    Ok(())
}

/// The platform's ids of the entities that the facts name, sorted.
pub(crate) fn entities(slice: &Slice) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let mut last = "";
    for fact in &slice.facts {
        // Facts usually come entity by entity.
        if &*fact.entity != last {
            last = &fact.entity;
            names.push(last);
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The slice's facts by surrogate keys. Errors: [`Error::Invalid`] for a metric that the slice does
/// not replace.
pub(crate) fn cells(
    slice: &Slice,
    entities: &HashMap<&str, i64>,
    metrics: &HashMap<&str, i64>,
) -> Result<Vec<Cell>> {
    let mut cells = Vec::with_capacity(slice.facts.len());
    for fact in &slice.facts {
        let metric = *metrics.get(fact.metric.as_str()).ok_or_else(|| {
            Error::invalid(
                "facts",
                &fact.metric,
                format!(
                    "the slice of feed `{}` does not replace this metric",
                    slice.feed
                ),
            )
        })?;
        let entity = *entities
            .get(&*fact.entity)
            .ok_or_else(|| corrupt("an entity is missing that was just created"))?;
        cells.push(Cell {
            entity,
            metric,
            date: fact.date.to_epoch_days(),
            value: fact.value.0,
        });
    }
    Ok(cells)
}

/// The writes that make what is `stored` of a slice's days equal to what was `fetched`; `before` are
/// the feed's runs before this slice.
pub(crate) fn changes(
    mut stored: Vec<Cell>,
    fetched: &[Cell],
    counted: Option<&Counted>,
    kept: &[Kept],
    before: &[CoveredRun],
) -> Changes {
    if let Some(counted) = counted {
        // A post that is not told of keeps its amount, as it keeps its total.
        stored.retain(|cell| counted.posts.contains(&cell.entity));
    }
    stored.retain(|cell| {
        !kept.iter().any(|kept| {
            kept.metric == cell.metric && (kept.first..=kept.last).contains(&i64::from(cell.date))
        })
    });
    diff::compare(&stored, fetched, |date| {
        let date = i64::from(date);
        before
            .iter()
            .any(|run| day(run.range.start) <= date && date <= day(run.range.end))
    })
}

/// One exact value by its surrogate keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowRow {
    pub(crate) entity: i64,
    pub(crate) metric: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) value: i64,
}

/// Exact values by surrogate keys. Errors: [`Error::Invalid`] for two of one key.
pub(crate) fn window_rows(
    windows: &[WindowRecord],
    entities: &HashMap<&str, i64>,
    metrics: &HashMap<&str, i64>,
) -> Result<Vec<WindowRow>> {
    let mut keys = std::collections::BTreeSet::new();
    let mut rows = Vec::with_capacity(windows.len());
    for window in windows {
        let entity = entities.get(&*window.entity);
        let metric = metrics.get(window.metric.as_str());
        let (Some(entity), Some(metric)) = (entity, metric) else {
            return Err(corrupt(
                "an entity or metric is missing that was just created",
            ));
        };
        let DateRange { start, end } = window.range;
        if !keys.insert((entity, metric, start, end)) {
            return Err(Error::invalid(
                "windows",
                window.range,
                format!("two values of `{}` for one entity and range", window.metric),
            ));
        }
        rows.push(WindowRow {
            entity: *entity,
            metric: *metric,
            first: day(start),
            last: day(end),
            value: window.value.0,
        });
    }
    Ok(rows)
}

/// The metrics that exact values are of, sorted.
pub(crate) fn window_metrics(windows: &[WindowRecord]) -> Vec<&MetricId> {
    let metrics: std::collections::BTreeSet<&MetricId> =
        windows.iter().map(|window| &window.metric).collect();
    metrics.into_iter().collect()
}
