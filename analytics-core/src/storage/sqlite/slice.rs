//! Saving a slice: one transaction from lease to data version.

use std::collections::{BTreeSet, HashMap};

use sqlx::SqliteConnection;

use super::{
    SqliteStore,
    account::{self, bump},
    bulk, commit,
    convert::{During, corrupt, day, get, json, level_id, micros},
    counter, coverage, entity, gap,
    packed::integers,
    sums,
    sync::verify_lease,
    window,
};
use crate::storage::{
    counters,
    rows::account::{Owner, check_entity},
    slices,
};
use crate::{
    error::Result,
    model::{AccountId, DateRange, Lease, Level, MetricId, Slice, SliceReceipt, WorkspaceId},
    storage::diff::{self, Cell},
};

impl SqliteStore {
    pub(super) async fn replace_slice(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        slice: &Slice,
    ) -> Result<SliceReceipt> {
        slices::check(slice)?;
        let mut transaction = self.begin().await?;
        let connection = &mut *transaction;
        let owner = account::owner(connection, workspace, slice.account).await?;
        verify_lease(connection, lease, workspace, slice.account).await?;
        let mut receipt = put(connection, &owner, slice).await?;
        if let Some(sums) = sums::of_posts(connection, &owner, slice).await? {
            receipt.revisions += put(connection, &owner, &sums).await?.revisions;
        }
        receipt.data_version = bump(connection, slice.account).await?;
        commit(transaction).await?;
        Ok(receipt)
    }
}

/// Stores a slice within a transaction.
async fn put(
    connection: &mut SqliteConnection,
    owner: &Owner,
    slice: &Slice,
) -> Result<SliceReceipt> {
    entity::upsert(connection, owner, &slice.entities).await?;
    if slice.all_texts {
        entity::erase_other_texts(connection, owner, slice).await?;
    }
    let entities = entity_ids(connection, owner, slice).await?;
    let metrics = metric_ids(connection, slice.metrics.iter()).await?;
    let mut fetched = slices::cells(slice, &entities, &metrics)?;

    let place = coverage::place(connection, owner, slice.level, &slice.feed).await?;
    let before = coverage::covered(connection, place, slice.range).await?;
    let counted = if counters::counts(slice) {
        Some(counter::save(connection, owner, place, slice).await?)
    } else {
        None
    };
    if let Some(counted) = &counted {
        fetched.extend(&counted.amounts);
    }
    diff::sort_unique(&mut fetched)?;
    let kept = if slice.partial {
        Vec::new()
    } else {
        gap::save(connection, place, slice, &metrics, &before).await?
    };
    let stored =
        if counted.is_some() || coverage::touches_any_feed(connection, place, slice.range).await? {
            let metrics: Vec<i64> = metrics.values().copied().collect();
            stored_cells(
                connection,
                slice.account,
                slice.level,
                &metrics,
                slice.range,
            )
            .await?
        } else {
            Vec::new()
        };
    let changes = slices::changes(stored, &fetched, counted.as_ref(), &kept, &before);

    bulk::delete(connection, &changes.vanished).await?;
    bulk::update(connection, &changes.changed).await?;
    bulk::insert(connection, &changes.added).await?;
    let superseded_at = micros(slice.fetched_at);
    bulk::remember(
        connection,
        slice.account.0,
        &changes.superseded,
        superseded_at,
    )
    .await?;
    if !changes.added.is_empty() {
        let metrics = changes.added.iter().map(|cell| cell.metric);
        remember_metrics(connection, slice.account, metrics).await?;
    }
    window::save(
        connection,
        owner,
        slice.level,
        &slice.windows,
        slice.fetched_at,
    )
    .await?;
    if !slice.partial {
        coverage::save_success(connection, place, &before, slice.range, slice.fetched_at).await?;
    }
    Ok(SliceReceipt {
        facts: fetched.len() as u64,
        revisions: changes.superseded.len() as u64,
        data_version: 0,
    })
}

/// Ids of the entities that the facts name; unknown ones are created.
async fn entity_ids<'a>(
    connection: &mut SqliteConnection,
    owner: &Owner,
    slice: &'a Slice,
) -> Result<HashMap<&'a str, i64>> {
    resolve(connection, owner, slice.level, &slices::entities(slice)).await
}

/// Ids of entities by the platform's ids; unknown ones are created as placeholders.
pub(super) async fn resolve<'a>(
    connection: &mut SqliteConnection,
    owner: &Owner,
    level: Level,
    names: &[&'a str],
) -> Result<HashMap<&'a str, i64>> {
    for name in names {
        check_entity(owner, level, name)?;
    }
    let known = entity::ids(connection, owner.account, level, names).await?;
    if known.len() == names.len() {
        return Ok(known);
    }
    let unknown = names
        .iter()
        .copied()
        .filter(|name| !known.contains_key(name));
    entity::ensure(connection, owner, level, unknown).await?;
    entity::ids(connection, owner.account, level, names).await
}

/// Surrogate keys of metrics; unknown ones get theirs.
pub(super) async fn metric_ids<'a>(
    connection: &mut SqliteConnection,
    metrics: impl Iterator<Item = &'a MetricId>,
) -> Result<HashMap<&'a str, i64>> {
    let names: Vec<&str> = metrics.map(MetricId::as_str).collect();
    let names_json = json(&names)?;
    let mut known = known_metrics(connection, &names, &names_json).await?;
    if names.iter().any(|name| !known.contains_key(name)) {
        sqlx::query(
            "INSERT INTO metrics (name) SELECT value FROM json_each($1) WHERE true
             ON CONFLICT DO NOTHING",
        )
        .bind(&names_json)
        .execute(&mut *connection)
        .await
        .during("saving metrics")?;
        known = known_metrics(connection, &names, &names_json).await?;
    }
    Ok(known)
}

async fn known_metrics<'a>(
    connection: &mut SqliteConnection,
    names: &[&'a str],
    names_json: &str,
) -> Result<HashMap<&'a str, i64>> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT j.key, m.id FROM json_each($1) j CROSS JOIN metrics m WHERE m.name = j.value",
    )
    .bind(names_json)
    .fetch_all(connection)
    .await
    .during("looking up metrics")?;
    rows.into_iter()
        .map(|(position, id)| {
            usize::try_from(position)
                .ok()
                .and_then(|position| names.get(position))
                .map(|name| (*name, id))
                .ok_or_else(|| corrupt("a metric was found that was not asked for"))
        })
        .collect()
}

/// What is stored of these metrics in a range of days, sorted.
async fn stored_cells(
    connection: &mut SqliteConnection,
    account: AccountId,
    level: Level,
    metrics: &[i64],
    days: DateRange,
) -> Result<Vec<Cell>> {
    let rows = sqlx::query(
        "SELECT e.id, group_concat(f.metric) AS metrics, group_concat(f.date) AS dates,
                group_concat(f.value) AS facts
         FROM entities e INDEXED BY entities_by_level CROSS JOIN facts f
           ON f.entity = e.id AND f.metric IN (SELECT value FROM json_each($3))
              AND f.date BETWEEN $4 AND $5
         WHERE e.account_id = $1 AND e.level = $2 GROUP BY e.id",
    )
    .bind(account.0)
    .bind(level_id(level))
    .bind(json(&metrics)?)
    .bind(day(days.start))
    .bind(day(days.end))
    .fetch_all(connection)
    .await
    .during("reading stored facts")?;
    let mut cells = Vec::new();
    for row in &rows {
        let entity = get(row, "id")?;
        let metrics = integers(get(row, "metrics")?)?;
        let dates = super::packed::days(get(row, "dates")?)?;
        let values = integers(get(row, "facts")?)?;
        cells.extend(
            metrics
                .into_iter()
                .zip(dates)
                .zip(values)
                .map(|((metric, date), value)| Cell {
                    entity,
                    metric,
                    date,
                    value,
                }),
        );
    }
    cells.sort_unstable();
    Ok(cells)
}

/// Remembers which metrics the account has.
pub(super) async fn remember_metrics(
    connection: &mut SqliteConnection,
    account: AccountId,
    metrics: impl Iterator<Item = i64>,
) -> Result<()> {
    let metrics: BTreeSet<i64> = metrics.collect();
    sqlx::query(
        "INSERT INTO account_metrics (account_id, metric)
         SELECT $1, value FROM json_each($2) WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(account.0)
    .bind(json(&metrics)?)
    .execute(connection)
    .await
    .during("saving the account's metrics")
    .map(drop)
}
