//! Lifetime totals of posts: kept as they are, and turned into daily amounts.

use std::collections::{BTreeSet, HashMap, HashSet};

use sqlx::SqliteConnection;

use super::{
    account::Owner,
    convert::{During, corrupt, day, get, json, moment},
    coverage::Place,
    slice::{metric_ids, remember_metrics, resolve},
};
use crate::{
    error::{Error, Result},
    model::{MetricId, Slice},
    storage::diff::Cell,
};

/// One counter by its surrogate keys.
struct Counter {
    entity: i64,
    /// The lifetime total's own key.
    total: i64,
    /// Key of the metric that the daily amounts belong to; none where there are none of it.
    amount: Option<i64>,
    value: i64,
}

/// What saving a slice's counters came to.
#[derive(Default)]
pub(super) struct Counted {
    /// The posts it tells of.
    pub(super) posts: HashSet<i64>,
    /// The amounts that the totals make of its day.
    pub(super) amounts: Vec<Cell>,
}

/// Whether a slice tells lifetime totals.
pub(super) fn counts(slice: &Slice) -> bool {
    let mut metrics = slice.metrics.iter();
    !slice.counters.is_empty() || metrics.any(|metric| metric.of_lifetime().is_some())
}

/// Stores a slice's counters, and works out what they rose by.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    owner: &Owner,
    place: Place,
    slice: &Slice,
) -> Result<Counted> {
    let date = day(slice.range.end);
    let first_snapshot = first_snapshot(connection, place, slice, date).await?;
    if slice.counters.is_empty() {
        return Ok(Counted::default());
    }
    let counters = keyed(connection, owner, slice).await?;
    let mut before = previous(connection, &counters, date).await?;
    // Of a post published after the first snapshot it is known that it started from nothing.
    let born = published(connection, owner, &counters, date).await?;
    if let Some(first) = first_snapshot.filter(|first| *first < date) {
        for one in &counters {
            if born.get(&one.entity).is_some_and(|born| *born > first) {
                before.entry((one.entity, one.total)).or_insert(0);
            }
        }
    }
    let rows: Vec<_> = counters
        .iter()
        .map(|one| (one.entity, one.total, date, one.value))
        .collect();
    put(connection, &rows).await?;
    let totals = counters.iter().map(|one| one.total);
    remember_metrics(connection, owner.account, totals).await?;
    let mut counted = Counted::default();
    for one in &counters {
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

/// The first day that has a snapshot; none before the first one.
///
/// # Errors
/// [`Error::Invalid`] for a slice of several days, or one older than a stored snapshot: what was
/// taken from it as a difference would be counted twice.
async fn first_snapshot(
    connection: &mut SqliteConnection,
    place: Place,
    slice: &Slice,
    date: i64,
) -> Result<Option<i64>> {
    if slice.range.start != slice.range.end {
        return Err(Error::invalid(
            "counters",
            slice.range,
            "a snapshot is of one day",
        ));
    }
    let (first, last): (Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT min(first_day), max(last_day) FROM coverage
         WHERE account_id = $1 AND level = $2 AND feed_id = $3",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(place.feed)
    .fetch_one(connection)
    .await
    .during("reading the days of snapshots")?;
    if last.is_some_and(|last| last > date) {
        return Err(Error::invalid(
            "counters",
            slice.range.end,
            "a later snapshot is stored already",
        ));
    }
    Ok(first)
}

async fn keyed(
    connection: &mut SqliteConnection,
    owner: &Owner,
    slice: &Slice,
) -> Result<Vec<Counter>> {
    let names: BTreeSet<&str> = slice.counters.iter().map(|one| &*one.entity).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let entities = resolve(connection, owner, slice.level, &names).await?;
    let bases: BTreeSet<&MetricId> = slice.counters.iter().map(|one| &one.metric).collect();
    let totals: Vec<MetricId> = bases.iter().map(|base| base.lifetime()).collect();
    let total_ids = metric_ids(connection, totals.iter()).await?;
    let amounts = bases
        .into_iter()
        .filter(|base| slice.metrics.contains(base));
    let amount_ids = metric_ids(connection, amounts).await?;
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

/// The last total of each counter before `date`.
async fn previous(
    connection: &mut SqliteConnection,
    counters: &[Counter],
    date: i64,
) -> Result<HashMap<(i64, i64), i64>> {
    let keys: Vec<(i64, i64)> = counters.iter().map(|one| (one.entity, one.total)).collect();
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT c.entity, c.metric, c.value FROM json_each($1) j CROSS JOIN counters c
         WHERE c.entity = j.value ->> 0 AND c.metric = j.value ->> 1
           AND c.date = (SELECT max(p.date) FROM counters p
                         WHERE p.entity = c.entity AND p.metric = c.metric AND p.date < $2)",
    )
    .bind(json(&keys)?)
    .bind(date)
    .fetch_all(connection)
    .await
    .during("reading the last snapshot")?;
    Ok(rows
        .into_iter()
        .map(|(entity, total, value)| ((entity, total), value))
        .collect())
}

/// The days on which the posts were published, by entity, in the account's own zone.
///
/// # Errors
/// [`Error::Invalid`] for one that was published after the snapshot's day.
async fn published(
    connection: &mut SqliteConnection,
    owner: &Owner,
    counters: &[Counter],
    date: i64,
) -> Result<HashMap<i64, i64>> {
    let entities: BTreeSet<i64> = counters.iter().map(|one| one.entity).collect();
    let rows = sqlx::query(
        "SELECT e.id, e.external_id, e.published_at
         FROM json_each($1) j CROSS JOIN entities e ON e.id = j.value
         WHERE e.published_at IS NOT NULL",
    )
    .bind(json(&entities)?)
    .fetch_all(connection)
    .await
    .during("reading when posts were published")?;
    let mut days = HashMap::with_capacity(rows.len());
    for row in &rows {
        let moment = moment(get(row, "published_at")?)?;
        let born = day(moment.with_timezone(&owner.time_zone).date_naive());
        if born > date {
            return Err(Error::invalid(
                "counters",
                get::<&str>(row, "external_id")?,
                "the post was published after the snapshot's day",
            ));
        }
        days.insert(get(row, "id")?, born);
    }
    Ok(days)
}

async fn put(connection: &mut SqliteConnection, rows: &[(i64, i64, i64, i64)]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO counters (entity, metric, date, value)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($1) WHERE true
         ON CONFLICT (entity, metric, date) DO UPDATE SET value = excluded.value",
    )
    .bind(json(&rows)?)
    .execute(connection)
    .await
    .during("saving a snapshot")
    .map(drop)
}
