//! Writing entities: attributes that are known are never overwritten by unknown ones, and a
//! parent that nobody described yet gets a row of its own to hang from.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    account::Owner,
    convert::{During, corrupt, day, get, json, level, level_id, micros, moment, public_id},
    packed::integers,
};
use crate::{
    error::{Error, Result},
    model::{AccountId, Entity, EntityId, EntityRecord, Level, Platform, PostDetails, Slice},
};

/// Parents come before their children.
const TOP_DOWN: [Level; 5] = [
    Level::Account,
    Level::Campaign,
    Level::Post,
    Level::AdGroup,
    Level::Ad,
];

/// `uuid, external id, parent's external id, name, folded name, status, permalink, thumbnail,
/// published at, kind, text, ends at`.
type JsonRow<'a> = (
    String,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    Option<String>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<i64>,
    Option<&'a str>,
    Option<&'a str>,
    Option<i64>,
);

pub(super) fn fold(name: &str) -> String {
    name.to_lowercase()
}

fn new_uuid_hex() -> String {
    Uuid::now_v7().simple().to_string()
}

/// A row with nothing but its identity.
fn placeholder<'a>(external_id: &'a str, parent: Option<&'a str>) -> JsonRow<'a> {
    (
        new_uuid_hex(),
        external_id,
        parent,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
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
        let mut rows: Vec<JsonRow<'_>> = Vec::new();
        for record in of_level() {
            check(owner, record)?;
            // The account's own name is set by linking and renaming alone.
            let name = record.name.as_deref().filter(|_| at != Level::Account);
            let post = record.post.as_ref();
            rows.push((
                new_uuid_hex(),
                &record.external_id,
                record.parent_external_id.as_deref(),
                name,
                name.map(fold),
                record.status.as_deref(),
                record.permalink.as_deref(),
                record.thumbnail_url.as_deref(),
                post.map(|post| micros(post.published_at)),
                post.and_then(|post| post.kind.as_deref()),
                post.and_then(|post| post.text.as_deref()),
                post.and_then(|post| post.ends_at).map(micros),
            ));
        }
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
        .map(|external_id| placeholder(external_id, None))
        .collect();
    if rows.is_empty() {
        return Ok(0);
    }
    write(connection, owner, level, &rows).await
}

fn check(owner: &Owner, record: &EntityRecord) -> Result<()> {
    if record.external_id.is_empty() {
        return Err(Error::invalid(
            "entities",
            record.level.as_str(),
            "an entity without the platform's id",
        ));
    }
    if record.level == Level::Account && record.external_id != owner.external_id {
        return Err(Error::invalid(
            "entities",
            &record.external_id,
            format!("the account's own entity is `{}`", owner.external_id),
        ));
    }
    Ok(())
}

async fn write(
    connection: &mut SqliteConnection,
    owner: &Owner,
    level: Level,
    rows: &[JsonRow<'_>],
) -> Result<u64> {
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

/// An entity from its row.
pub(super) fn entity(row: &SqliteRow) -> Result<Entity> {
    Ok(Entity {
        id: EntityId(get(row, "id")?),
        public_id: public_id("ent", get(row, "uuid")?)?,
        account: AccountId(get(row, "account_id")?),
        level: level(get(row, "level")?)?,
        external_id: get(row, "external_id")?,
        parent: get::<Option<i64>>(row, "parent_id")?.map(EntityId),
        name: get(row, "name")?,
        status: get(row, "status")?,
        permalink: get(row, "permalink")?,
        thumbnail_url: get(row, "thumbnail_url")?,
        post: get::<Option<i64>>(row, "published_at")?
            .map(|published_at| {
                Ok::<_, Error>(PostDetails {
                    published_at: moment(published_at)?,
                    kind: get(row, "kind")?,
                    text: get(row, "text")?,
                    ends_at: get::<Option<i64>>(row, "ends_at")?
                        .map(moment)
                        .transpose()?,
                })
            })
            .transpose()?,
    })
}
