//! The account's own amounts, added up of its posts' amounts, the same for every database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};

use super::{convert::corrupt, rows::account::Owner};
use crate::{
    error::{Error, Result},
    model::{FactRecord, Level, MetricGap, MetricId, Millionths, Slice},
};

/// The slice at account level that the posts' amounts (metric, value) of one day make.
///
/// # Errors
/// [`Error::Overflow`] for a sum that does not fit.
pub(crate) fn slice_of(
    owner: &Owner,
    slice: &Slice,
    ids: &HashMap<&str, i64>,
    amounts: Vec<(i64, i64)>,
) -> Result<Slice> {
    // A sum of many may pass through what one value cannot hold.
    let mut sums: HashMap<i64, i128> = HashMap::new();
    for (metric, value) in amounts {
        *sums.entry(metric).or_default() += i128::from(value);
    }
    let mut facts = Vec::new();
    for metric in &slice.sums {
        let id = ids
            .get(metric.as_str())
            .ok_or_else(|| corrupt("a metric is missing that was just created"))?;
        let sum = sums.get(id).copied().unwrap_or_default();
        if sum != 0 {
            facts.push(fact(owner, slice, metric, sum)?);
        }
    }
    // What is not told of the posts is not known of the account.
    let is_summed = |gap: &&MetricGap| slice.sums.contains(&gap.metric);
    let gaps: Vec<MetricGap> = slice.gaps.iter().filter(is_summed).cloned().collect();
    facts.retain(|fact: &FactRecord| gaps.iter().all(|gap| gap.metric != fact.metric));
    Ok(Slice {
        metrics: slice.sums.clone(),
        facts,
        gaps,
        ..Slice::new(
            slice.account,
            Level::Account,
            slice.feed.clone(),
            slice.range,
            slice.fetched_at,
        )
    })
}

/// When a day begins where the account's days are counted; with the clocks changing at midnight, an
/// hour later at most.
pub(crate) fn first_moment(owner: &Owner, date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    let local = owner.time_zone.from_local_datetime(&midnight).earliest();
    local.map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

fn fact(owner: &Owner, slice: &Slice, metric: &MetricId, sum: i128) -> Result<FactRecord> {
    let value = i64::try_from(sum).map_err(|_| Error::Overflow {
        metric: metric.to_string(),
    })?;
    Ok(FactRecord {
        entity: owner.external_id.as_str().into(),
        metric: metric.clone(),
        date: slice.range.end,
        value: Millionths(value),
    })
}
