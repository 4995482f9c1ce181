//! Lifetime totals of posts and the amounts they make, the same for every database.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    convert::{corrupt, day, moment},
    diff::Cell,
    rows::account::Owner,
};
use crate::{
    error::{Error, Result},
    model::{MetricId, Slice},
};

/// One counter by its surrogate keys.
pub(crate) struct Counter {
    pub(crate) entity: i64,
    /// The lifetime total's own key.
    pub(crate) total: i64,
    /// Key of the metric that the daily amounts belong to; none where there are none of it.
    pub(crate) amount: Option<i64>,
    pub(crate) value: i64,
}

/// What saving a slice's counters came to.
#[derive(Default)]
pub(crate) struct Counted {
    /// The posts it tells of.
    pub(crate) posts: HashSet<i64>,
    /// The amounts that the totals make of its day.
    pub(crate) amounts: Vec<Cell>,
}

/// Whether a slice tells lifetime totals.
pub(crate) fn counts(slice: &Slice) -> bool {
    let mut metrics = slice.metrics.iter();
    !slice.counters.is_empty() || metrics.any(|metric| metric.of_lifetime().is_some())
}

/// The metrics that a slice's counters are of.
pub(crate) struct Metrics<'a> {
    /// As they are counted.
    pub(crate) bases: BTreeSet<&'a MetricId>,
    /// Their lifetime totals, in the same order.
    pub(crate) totals: Vec<MetricId>,
}

/// The metrics that a slice's counters are of.
pub(crate) fn metrics(slice: &Slice) -> Metrics<'_> {
    let bases: BTreeSet<&MetricId> = slice.counters.iter().map(|one| &one.metric).collect();
    let totals = bases.iter().map(|base| base.lifetime()).collect();
    Metrics { bases, totals }
}

/// The posts that a slice's counters are of, sorted.
pub(crate) fn posts(slice: &Slice) -> Vec<&str> {
    let names: BTreeSet<&str> = slice.counters.iter().map(|one| &*one.entity).collect();
    names.into_iter().collect()
}

/// Refuses what is no snapshot, or one older than the `last` stored: what was taken from it as a
/// difference would be counted twice.
///
/// # Errors
/// [`Error::Invalid`].
pub(crate) fn check_snapshot(slice: &Slice, last: Option<i64>) -> Result<()> {
    if slice.range.start != slice.range.end {
        return Err(Error::invalid(
            "counters",
            slice.range,
            "a snapshot is of one day",
        ));
    }
    if last.is_some_and(|last| last > day(slice.range.end)) {
        return Err(Error::invalid(
            "counters",
            slice.range.end,
            "a later snapshot is stored already",
        ));
    }
    Ok(())
}

/// A slice's counters by surrogate keys. Errors: [`Error::Invalid`] for two of one key.
pub(crate) fn keyed(
    slice: &Slice,
    entities: &HashMap<&str, i64>,
    total_ids: &HashMap<&str, i64>,
    amount_ids: &HashMap<&str, i64>,
) -> Result<Vec<Counter>> {
    let missing = || corrupt("an entity or metric is missing that was just created");
    let mut seen = BTreeSet::new();
    let mut counters = Vec::with_capacity(slice.counters.len());
    for one in &slice.counters {
        let counter = Counter {
            entity: *entities.get(&*one.entity).ok_or_else(missing)?,
            total: *total_ids
                .get(one.metric.lifetime().as_str())
                .ok_or_else(missing)?,
            amount: amount_ids.get(one.metric.as_str()).copied(),
            value: one.value.0,
        };
        if !seen.insert((counter.entity, counter.total)) {
            return Err(Error::invalid(
                "counters",
                &one.entity,
                format!("two totals of `{}` for one post", one.metric),
            ));
        }
        counters.push(counter);
    }
    Ok(counters)
}

/// The day on which a post was published, in the account's own zone.
///
/// # Errors
/// [`Error::Invalid`] if that is after the snapshot's day.
pub(crate) fn born(owner: &Owner, external_id: &str, published_at: i64, date: i64) -> Result<i64> {
    let moment = moment(published_at)?;
    let born = day(moment.with_timezone(&owner.time_zone).date_naive());
    if born > date {
        return Err(Error::invalid(
            "counters",
            external_id,
            "the post was published after the snapshot's day",
        ));
    }
    Ok(born)
}

/// Of a post published after the first snapshot it is known that it started from nothing.
pub(crate) fn start_from_nothing(
    before: &mut HashMap<(i64, i64), i64>,
    counters: &[Counter],
    born: &HashMap<i64, i64>,
    first_snapshot: Option<i64>,
    date: i64,
) {
    let Some(first) = first_snapshot.filter(|first| *first < date) else {
        return;
    };
    for one in counters {
        if born.get(&one.entity).is_some_and(|born| *born > first) {
            before.entry((one.entity, one.total)).or_insert(0);
        }
    }
}

/// What the totals rose by since those of `before`.
pub(crate) fn counted(
    slice: &Slice,
    counters: &[Counter],
    before: &HashMap<(i64, i64), i64>,
) -> Result<Counted> {
    let mut counted = Counted::default();
    for one in counters {
        counted.posts.insert(one.entity);
        let (Some(metric), Some(former)) = (one.amount, before.get(&(one.entity, one.total)))
        else {
            continue;
        };
        let value = one
            .value
            .checked_sub(*former)
            .ok_or_else(|| Error::Overflow {
                metric: "the difference of two counters".to_owned(),
            })?;
        if value != 0 {
            counted.amounts.push(Cell {
                entity: one.entity,
                metric,
                date: slice.range.end.to_epoch_days(),
                value,
            });
        }
    }
    Ok(counted)
}
