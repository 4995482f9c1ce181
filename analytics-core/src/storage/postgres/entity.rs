//! Writing entities: attributes that are known are never overwritten by unknown ones, and a
//! parent that nobody described yet gets a row of its own to hang from.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::convert::{During, corrupt, day, get, level_id, new_uuid};
use crate::storage::rows::{
    account::Owner,
    entity::{EntityRow, TOP_DOWN},
};
use crate::{
    error::Result,
    model::{AccountId, EntityRecord, Level, Platform, Slice},
};

/// Creates and updates entities; how many rows changed.
///
/// # Errors
/// [`Error::Invalid`] for an empty id, or an entity of level account that is not the account.
pub(super) async fn upsert(
    connection: &mut PgConnection,
    owner: &Owner,
    records: &[EntityRecord],
) -> Result<u64> {
    let mut changed = 0;
    for at in TOP_DOWN {
        let of_level = || records.iter().filter(move |record| record.level == at);
        let rows: Vec<EntityRow<'_>> = of_level()
            .map(|record| EntityRow::new(owner, record))
            .collect::<Result<_>>()?;
        if rows.is_empty() {
            continue;
        }
        if let Some(parent_level) = at.parent().filter(|parent| *parent != Level::Account) {
            let parents: BTreeSet<&str> = of_level()
                .filter_map(|record| record.parent_external_id.as_deref())
                .collect();
            changed += ensure(connection, owner, parent_level, parents).await?;
        }
        changed += write(connection, owner, at, &rows).await?;
    }
    Ok(changed)
}

/// Creates placeholders for those of `external_ids` that are not known; how many.
pub(super) async fn ensure(
    connection: &mut PgConnection,
    owner: &Owner,
    level: Level,
    external_ids: impl IntoIterator<Item = &str>,
) -> Result<u64> {
    let rows: Vec<_> = external_ids
        .into_iter()
        .map(EntityRow::placeholder)
        .collect();
    if rows.is_empty() {
        return Ok(0);
    }
    write(connection, owner, level, &rows).await
}

async fn write(
    connection: &mut PgConnection,
    owner: &Owner,
    level: Level,
    rows: &[EntityRow<'_>],
) -> Result<u64> {
    // A statement may touch a row once: of two records of one entity, the later wins where it knows.
    let rows = merged(rows);
    let parent_level = level.parent();
    // Campaigns and posts hang from the account; deeper ones from whom they name, if anybody.
    let fixed_parent = (parent_level == Some(Level::Account)).then_some(owner.entity);
    macro_rules! column {
        ($field:ident) => {
            rows.iter()
                .map(|row| row.$field.as_deref())
                .collect::<Vec<Option<&str>>>()
        };
    }
    // Known ones are updated, others inserted: `ON CONFLICT` alone would take a number for every row.
    let done = sqlx::query(
        "WITH told AS (
           SELECT r.*, COALESCE($3, (SELECT p.id FROM entities p
                                     WHERE p.account_id = $1 AND p.level = $4
                                       AND p.external_id = r.parent)) AS parent_id
           FROM UNNEST($5::bytea[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                       $11::text[], $12::text[], $13::bigint[], $14::text[], $15::text[],
                       $16::bigint[])
             AS r (uuid, external_id, parent, name, name_folded, status, permalink, thumbnail_url,
                   published_at, kind, text, ends_at)
         ), updated AS (
           UPDATE entities e SET
             parent_id = COALESCE(t.parent_id, e.parent_id),
             name = COALESCE(t.name, e.name),
             name_folded = COALESCE(t.name_folded, e.name_folded),
             status = COALESCE(t.status, e.status),
             permalink = COALESCE(t.permalink, e.permalink),
             thumbnail_url = COALESCE(t.thumbnail_url, e.thumbnail_url),
             published_at = COALESCE(t.published_at, e.published_at),
             kind = COALESCE(t.kind, e.kind),
             text = COALESCE(t.text, e.text),
             ends_at = COALESCE(t.ends_at, e.ends_at)
           FROM told t
           WHERE e.account_id = $1 AND e.level = $2 AND e.external_id = t.external_id
             AND (t.parent_id <> e.parent_id OR (t.parent_id IS NOT NULL AND e.parent_id IS NULL)
               OR (t.name IS NOT NULL AND t.name IS DISTINCT FROM e.name)
               OR (t.status IS NOT NULL AND t.status IS DISTINCT FROM e.status)
               OR (t.permalink IS NOT NULL AND t.permalink IS DISTINCT FROM e.permalink)
               OR (t.thumbnail_url IS NOT NULL
                   AND t.thumbnail_url IS DISTINCT FROM e.thumbnail_url)
               OR (t.published_at IS NOT NULL
                   AND t.published_at IS DISTINCT FROM e.published_at)
               OR (t.kind IS NOT NULL AND t.kind IS DISTINCT FROM e.kind)
               OR (t.text IS NOT NULL AND t.text IS DISTINCT FROM e.text)
               OR (t.ends_at IS NOT NULL AND t.ends_at IS DISTINCT FROM e.ends_at))
           RETURNING 1
         ), inserted AS (
           INSERT INTO entities (uuid, account_id, level, external_id, parent_id, name,
             name_folded, status, permalink, thumbnail_url, published_at, kind, text, ends_at)
           SELECT t.uuid, $1, $2, t.external_id, t.parent_id, t.name, t.name_folded, t.status,
                  t.permalink, t.thumbnail_url, t.published_at, t.kind, t.text, t.ends_at
           FROM told t
           WHERE NOT EXISTS (SELECT 1 FROM entities e
                             WHERE e.account_id = $1 AND e.level = $2
                               AND e.external_id = t.external_id)
           RETURNING 1
         )
         SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM inserted) AS changed",
    )
    .bind(owner.account.0)
    .bind(level_id(level))
    .bind(fixed_parent)
    .bind(parent_level.map(level_id))
    .bind(rows.iter().map(|_| new_uuid()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.external_id).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.parent).collect::<Vec<_>>())
    .bind(column!(name))
    .bind(column!(name_folded))
    .bind(column!(status))
    .bind(column!(permalink))
    .bind(column!(thumbnail_url))
    .bind(rows.iter().map(|row| row.published_at).collect::<Vec<_>>())
    .bind(column!(kind))
    .bind(column!(text))
    .bind(rows.iter().map(|row| row.ends_at).collect::<Vec<_>>())
    .fetch_one(connection)
    .await
    .during("saving entities")?;
    get::<i64>(&done, "changed").map(i64::unsigned_abs)
}

/// Rows with one for each entity.
fn merged<'a>(rows: &[EntityRow<'a>]) -> Vec<EntityRow<'a>> {
    let mut merged: Vec<EntityRow<'a>> = Vec::with_capacity(rows.len());
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    for row in rows {
        match places
            .get(row.external_id)
            .and_then(|at| merged.get_mut(*at))
        {
            Some(known) => known.learn(row),
            None => {
                places.insert(row.external_id, merged.len());
                merged.push(row.clone());
            }
        }
    }
    merged
}

/// Erases the texts of posts that a slice with all of them does not tell: of those taken down, and
/// of those that are not looked at any more.
pub(super) async fn erase_other_texts(
    connection: &mut PgConnection,
    owner: &Owner,
    slice: &Slice,
) -> Result<()> {
    let told: Vec<&str> = slice
        .entities
        .iter()
        .filter(|record| record.post.as_ref().is_some_and(|post| post.text.is_some()))
        .map(|record| record.external_id.as_str())
        .collect();
    sqlx::query(
        "UPDATE entities SET text = NULL, name = NULL, name_folded = NULL
         WHERE account_id = $1 AND level = $2 AND (text IS NOT NULL OR name IS NOT NULL)
           AND external_id <> ALL($3)",
    )
    .bind(owner.account.0)
    .bind(level_id(slice.level))
    .bind(told)
    .execute(connection)
    .await
    .during("erasing texts of posts")
    .map(drop)
}

/// Erases the texts of a platform's posts whose account has no reading of posts since a day.
pub(super) async fn erase_unread_texts(
    connection: &mut PgConnection,
    platform: &Platform,
    since: NaiveDate,
) -> Result<u64> {
    sqlx::query(
        "UPDATE entities SET text = NULL, name = NULL, name_folded = NULL
         WHERE level = $2 AND (text IS NOT NULL OR name IS NOT NULL)
           AND account_id IN (
             SELECT a.id FROM accounts a
             WHERE a.platform = $1 AND NOT EXISTS (
               SELECT 1 FROM coverage c
               WHERE c.account_id = a.id AND c.level = $2 AND c.last_day >= $3))",
    )
    .bind(platform.as_str())
    .bind(level_id(Level::Post))
    .bind(day(since))
    .execute(connection)
    .await
    .during("erasing texts of posts")
    .map(|done| done.rows_affected())
}

/// Internal ids of the known ones of `external_ids`.
pub(super) async fn ids<'a>(
    connection: &mut PgConnection,
    account: AccountId,
    level: Level,
    external_ids: &[&'a str],
) -> Result<HashMap<&'a str, i64>> {
    let (positions, ids): (Vec<i64>, Vec<i64>) = sqlx::query_as(
        "SELECT COALESCE(array_agg(n.position), '{}'), COALESCE(array_agg(e.id), '{}')
         FROM UNNEST($3::text[]) WITH ORDINALITY AS n (name, position)
         JOIN entities e ON e.account_id = $1 AND e.level = $2 AND e.external_id = n.name",
    )
    .bind(account.0)
    .bind(level_id(level))
    .bind(external_ids)
    .fetch_one(connection)
    .await
    .during("looking up entities")?;
    positions
        .into_iter()
        .zip(ids)
        .map(|(position, id)| {
            // Positions count from one.
            usize::try_from(position - 1)
                .ok()
                .and_then(|position| external_ids.get(position))
                .map(|external_id| (*external_id, id))
                .ok_or_else(|| corrupt("an entity was found that was not asked for"))
        })
        .collect()
}
