//! Saving a slice: one transaction from lease to data version.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;

use super::{
    PostgresStore,
    account::{self, bump},
    bulk, commit,
    convert::{During, corrupt, micros},
    counter, coverage, entity, gap, series, sums,
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
    model::{AccountId, Lease, Level, MetricId, Slice, SliceReceipt, WorkspaceId},
    storage::diff::{self},
};

impl PostgresStore {
    /// Gives unknown metrics of a slice their keys, in a transaction of their own: within that of the
    /// slice, every other account with the same new metrics would wait until it ends.
    pub(super) async fn prepare_slice(&self, slice: &Slice) -> Result<()> {
        slices::check(slice)?;
        let totals = counters::metrics(slice).totals;
        let mut names: Vec<&str> = (slice.metrics.iter())
            .chain(&totals)
            .chain(&slice.sums)
            .chain(slice.windows.iter().map(|window| &window.metric))
            .map(MetricId::as_str)
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut connection = self.pool.acquire().await.during("looking up metrics")?;
        let known = known_metrics(&mut connection, &names).await?;
        if known.len() < names.len() {
            create_metrics(&mut connection, &names).await?;
        }
        Ok(())
    }

    pub(super) async fn replace_slice(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        slice: &Slice,
    ) -> Result<SliceReceipt> {
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
async fn put(connection: &mut PgConnection, owner: &Owner, slice: &Slice) -> Result<SliceReceipt> {
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
            series::stored_cells(
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
    connection: &mut PgConnection,
    owner: &Owner,
    slice: &'a Slice,
) -> Result<HashMap<&'a str, i64>> {
    resolve(connection, owner, slice.level, &slices::entities(slice)).await
}

/// Ids of entities by the platform's ids; unknown ones are created as placeholders.
pub(super) async fn resolve<'a>(
    connection: &mut PgConnection,
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
    connection: &mut PgConnection,
    metrics: impl Iterator<Item = &'a MetricId>,
) -> Result<HashMap<&'a str, i64>> {
    let names: Vec<&str> = metrics.map(MetricId::as_str).collect();
    let mut known = known_metrics(connection, &names).await?;
    if names.iter().any(|name| !known.contains_key(name)) {
        create_metrics(connection, &names).await?;
        known = known_metrics(connection, &names).await?;
    }
    Ok(known)
}

async fn create_metrics(connection: &mut PgConnection, names: &[&str]) -> Result<()> {
    // In order, so that two accounts with the same new metrics wait for each other one way.
    sqlx::query(
        "INSERT INTO metrics (name)
         SELECT n.name FROM (SELECT DISTINCT name COLLATE \"C\" AS name
                             FROM UNNEST($1::text[]) AS u (name)) n
         WHERE NOT EXISTS (SELECT 1 FROM metrics m WHERE m.name = n.name)
         ORDER BY n.name ON CONFLICT DO NOTHING",
    )
    .bind(names)
    .execute(connection)
    .await
    .during("saving metrics")
    .map(drop)
}

async fn known_metrics<'a>(
    connection: &mut PgConnection,
    names: &[&'a str],
) -> Result<HashMap<&'a str, i64>> {
    let rows: Vec<(i64, i32)> = sqlx::query_as(
        "SELECT n.position, m.id FROM UNNEST($1::text[]) WITH ORDINALITY AS n (name, position)
         JOIN metrics m ON m.name = n.name",
    )
    .bind(names)
    .fetch_all(connection)
    .await
    .during("looking up metrics")?;
    rows.into_iter()
        .map(|(position, id)| {
            // Positions count from one.
            usize::try_from(position - 1)
                .ok()
                .and_then(|position| names.get(position))
                .map(|name| (*name, i64::from(id)))
                .ok_or_else(|| corrupt("a metric was found that was not asked for"))
        })
        .collect()
}

/// Remembers which metrics the account has.
pub(super) async fn remember_metrics(
    connection: &mut PgConnection,
    account: AccountId,
    metrics: impl Iterator<Item = i64>,
) -> Result<()> {
    let metrics: BTreeSet<i64> = metrics.collect();
    let metrics: Vec<i64> = metrics.into_iter().collect();
    sqlx::query(
        "INSERT INTO account_metrics (account_id, metric)
         SELECT $1, u.metric FROM UNNEST($2::int[]) AS u (metric)
         WHERE NOT EXISTS (SELECT 1 FROM account_metrics o
                           WHERE o.account_id = $1 AND o.metric = u.metric)",
    )
    .bind(account.0)
    .bind(metrics)
    .execute(connection)
    .await
    .during("saving the account's metrics")
    .map(drop)
}
