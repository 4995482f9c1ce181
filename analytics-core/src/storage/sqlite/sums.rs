//! The account's own amounts where a platform tells only those of its posts: what all posts rose by
//! on a day, added up.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use sqlx::SqliteConnection;

use super::{
    account::Owner,
    convert::{During, corrupt, day, json, level_id, micros},
    slice::metric_ids,
};
use crate::{
    error::{Error, Result},
    model::{FactRecord, Level, MetricGap, MetricId, Millionths, Slice},
};

/// The slice at account level that follows from a snapshot of posts just stored; none where nothing
/// is added up, or the day still runs.
///
/// # Errors
/// [`Error::Overflow`] for a sum that does not fit.
pub(super) async fn of_posts(
    connection: &mut SqliteConnection,
    owner: &Owner,
    slice: &Slice,
) -> Result<Option<Slice>> {
    if slice.sums.is_empty() || slice.partial {
        return Ok(None);
    }
    let ids = metric_ids(connection, slice.sums.iter()).await?;
    let amounts: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT f.metric, f.value
         FROM entities e INDEXED BY entities_by_level CROSS JOIN facts f
           ON f.entity = e.id AND f.metric IN (SELECT value FROM json_each($3)) AND f.date = $4
         WHERE e.account_id = $1 AND e.level = $2 AND ($5 IS NULL OR e.published_at >= $5)",
    )
    .bind(owner.account.0)
    .bind(level_id(slice.level))
    .bind(json(&ids.values().collect::<Vec<_>>())?)
    .bind(day(slice.range.end))
    .bind(
        slice
            .sums_since
            .map(|since| micros(first_moment(owner, since))),
    )
    .fetch_all(connection)
    .await
    .during("adding up the amounts of posts")?;
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
    Ok(Some(Slice {
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
    }))
}

/// When a day begins where the account's days are counted; with the clocks changing at midnight, an
/// hour later at most.
fn first_moment(owner: &Owner, date: NaiveDate) -> DateTime<Utc> {
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
