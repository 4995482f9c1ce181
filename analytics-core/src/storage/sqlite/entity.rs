//! Writing entities: attributes that are known are never overwritten by unknown ones, and a
//! parent that nobody described yet gets a row of its own to hang from.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{
    convert::{During, corrupt, day, json, level_id},
    packed::integers,
};
use crate::storage::rows::{
    account::Owner,
    entity::{EntityRow, TOP_DOWN},
};
use crate::{
    error::Result,
    model::{AccountId, EntityRecord, Level, Platform, Slice},
};

/// `uuid, external id, parent's external id, name, folded name, status, permalink, thumbnail,
/// published at, kind, text, ends at`.
type JsonRow<'a> = (
    String,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<i64>,
    Option<&'a str>,
    Option<&'a str>,
    Option<i64>,
);

fn json_row<'a>(row: &'a EntityRow<'_>) -> JsonRow<'a> {
    (
        Uuid::now_v7().simple().to_string(),
        row.external_id,
        row.parent,
        row.name.as_deref(),
        row.name_folded.as_deref(),
        row.status.as_deref(),
        row.permalink.as_deref(),
        row.thumbnail_url.as_deref(),
        row.published_at,
        row.kind.as_deref(),
        row.text.as_deref(),
        row.ends_at,
    )
}

/// Creates and updates entities; how many rows changed.
///
/// # Errors
/// [`Error::Invalid`] for an empty id, or an entity of level account that is not the account.
pub(super) async fn upsert(
    connection: &mut SqliteConnection,
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
    connection: &mut SqliteConnection,
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
    connection: &mut SqliteConnection,
    owner: &Owner,
    level: Level,
    rows: &[EntityRow<'_>],
) -> Result<u64> {
    let rows: Vec<JsonRow<'_>> = rows.iter().map(json_row).collect();
    let parent_level = level.parent();
    // Campaigns and posts hang from the account; deeper ones from whom they name, if anybody.
    let fixed_parent = (parent_level == Some(Level::Account)).then_some(owner.entity);
    sqlx::query(
        "INSERT INTO entities (uuid, account_id, level, external_id, parent_id, name, name_folded,
           status, permalink, thumbnail_url, published_at, kind, text, ends_at)
         SELECT unhex(j.value ->> 0), $1, $2, j.value ->> 1,
           COALESCE($3, (SELECT p.id FROM entities p WHERE p.account_id = $1 AND p.level = $4
                          AND p.external_id = j.value ->> 2)),
           j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6, j.value ->> 7,
           j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11
         FROM json_each($5) j WHERE true
         ON CONFLICT (account_id, level, external_id) DO UPDATE SET
           parent_id = COALESCE(excluded.parent_id, parent_id),
           name = COALESCE(excluded.name, name),
           name_folded = COALESCE(excluded.name_folded, name_folded),
           status = COALESCE(excluded.status, status),
           permalink = COALESCE(excluded.permalink, permalink),
           thumbnail_url = COALESCE(excluded.thumbnail_url, thumbnail_url),
           published_at = COALESCE(excluded.published_at, published_at),
           kind = COALESCE(excluded.kind, kind),
           text = COALESCE(excluded.text, text),
           ends_at = COALESCE(excluded.ends_at, ends_at)
         WHERE (excluded.parent_id IS NOT NULL AND excluded.parent_id IS NOT parent_id)
            OR (excluded.name IS NOT NULL AND excluded.name IS NOT name)
            OR (excluded.status IS NOT NULL AND excluded.status IS NOT status)
            OR (excluded.permalink IS NOT NULL AND excluded.permalink IS NOT permalink)
            OR (excluded.thumbnail_url IS NOT NULL AND excluded.thumbnail_url IS NOT thumbnail_url)
            OR (excluded.published_at IS NOT NULL AND excluded.published_at IS NOT published_at)
            OR (excluded.kind IS NOT NULL AND excluded.kind IS NOT kind)
            OR (excluded.text IS NOT NULL AND excluded.text IS NOT text)
            OR (excluded.ends_at IS NOT NULL AND excluded.ends_at IS NOT ends_at)",
    )
    .bind(owner.account.0)
    .bind(level_id(level))
    .bind(fixed_parent)
    .bind(parent_level.map(level_id))
    .bind(json(&rows)?)
    .execute(connection)
    .await
    .during("saving entities")
    .map(|done| done.rows_affected())
}

/// Erases the texts of posts that a slice with all of them does not tell: of those taken down, and
/// of those that are not looked at any more.
pub(super) async fn erase_other_texts(
    connection: &mut SqliteConnection,
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
           AND external_id NOT IN (SELECT value FROM json_each($3))",
    )
    .bind(owner.account.0)
    .bind(level_id(slice.level))
    .bind(json(&told)?)
    .execute(connection)
    .await
    .during("erasing texts of posts")
    .map(drop)
}

/// Erases the texts of a platform's posts whose account has no reading of posts since a day.
pub(super) async fn erase_unread_texts(
    connection: &mut SqliteConnection,
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
    connection: &mut SqliteConnection,
    account: AccountId,
    level: Level,
    external_ids: &[&'a str],
) -> Result<HashMap<&'a str, i64>> {
    let (positions, ids): (Option<String>, Option<String>) = sqlx::query_as(
        "SELECT group_concat(j.key), group_concat(e.id)
         FROM json_each($3) j CROSS JOIN entities e
         WHERE e.account_id = $1 AND e.level = $2 AND e.external_id = j.value",
    )
    .bind(account.0)
    .bind(level_id(level))
    .bind(json(&external_ids)?)
    .fetch_one(connection)
    .await
    .during("looking up entities")?;
    let positions = integers(&positions.unwrap_or_default())?;
    let ids = integers(&ids.unwrap_or_default())?;
    positions
        .into_iter()
        .zip(ids)
        .map(|(position, id)| {
            usize::try_from(position)
                .ok()
                .and_then(|position| external_ids.get(position))
                .map(|external_id| (*external_id, id))
                .ok_or_else(|| corrupt("an entity was found that was not asked for"))
        })
        .collect()
}
