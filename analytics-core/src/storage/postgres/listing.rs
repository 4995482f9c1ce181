//! Lists of entities.

use super::{
    PostgresStore,
    convert::{During, level_id},
};
use crate::storage::{convert::fold, rows::entity};
use crate::{
    error::Result,
    model::{Entity, PublicId, WorkspaceId},
    storage::EntityFilter,
};

/// The columns of an entity. By name: a statement that is kept with a connection fails for good when
/// `*` comes to mean more, as a newer version's migration makes it.
macro_rules! columns {
    () => {
        "e.id, e.uuid, e.account_id, e.level, e.external_id, e.parent_id, e.name, e.status,
         e.permalink, e.thumbnail_url, e.published_at, e.kind, e.text, e.ends_at"
    };
}

impl PostgresStore {
    pub(super) async fn list_entities(
        &self,
        workspace: WorkspaceId,
        filter: &EntityFilter,
    ) -> Result<(Vec<Entity>, u64)> {
        let accounts: Vec<i64> = filter.accounts.iter().map(|id| id.0).collect();
        macro_rules! matching {
            ($columns:expr, $rest:literal) => {
                concat!(
                    "SELECT ",
                    $columns,
                    " FROM entities e WHERE e.account_id IN (
                       SELECT a.id FROM accounts a WHERE a.workspace_id = $1
                         AND (cardinality($2::bigint[]) = 0 OR a.id = ANY($2)))
                     AND ($3::bigint IS NULL OR e.level = $3)
                     AND ($4::bigint IS NULL OR e.parent_id = $4)
                     AND ($5::text IS NULL OR strpos(e.name_folded, $5) > 0)",
                    $rest
                )
            };
        }
        macro_rules! bound {
            ($query:expr) => {
                $query
                    .bind(workspace.0)
                    .bind(&accounts)
                    .bind(filter.level.map(level_id))
                    .bind(filter.parent.map(|parent| parent.0))
                    .bind(filter.search.as_deref().map(fold))
            };
        }
        let rows = bound!(sqlx::query(matching!(
            columns!(),
            " ORDER BY e.name_folded IS NULL, e.name_folded, e.id LIMIT $6 OFFSET $7"
        )))
        .bind(filter.limit.map(i64::from))
        .bind(i64::from(filter.offset))
        .fetch_all(&self.pool)
        .await
        .during("listing entities")?;
        let entities: Vec<Entity> = rows.iter().map(entity::entity).collect::<Result<_>>()?;
        if filter.limit.is_none() && filter.offset == 0 {
            let count = entities.len() as u64;
            return Ok((entities, count));
        }
        let count: (i64,) = bound!(sqlx::query_as(matching!("count(*)", "")))
            .fetch_one(&self.pool)
            .await
            .during("counting entities")?;
        Ok((entities, count.0.unsigned_abs()))
    }

    pub(super) async fn find_entities(
        &self,
        workspace: WorkspaceId,
        ids: &[PublicId],
    ) -> Result<Vec<Entity>> {
        let uuids: Vec<Vec<u8>> = ids
            .iter()
            .filter_map(|id| id.uuid("ent").ok())
            .map(|uuid| uuid.as_bytes().to_vec())
            .collect();
        sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM UNNEST($2::bytea[]) WITH ORDINALITY AS n (uuid, position)
             JOIN entities e ON e.uuid = n.uuid
             JOIN accounts a ON a.id = e.account_id
             WHERE a.workspace_id = $1 ORDER BY n.position",
        ))
        .bind(workspace.0)
        .bind(uuids)
        .fetch_all(&self.pool)
        .await
        .during("reading entities")?
        .iter()
        .map(entity::entity)
        .collect()
    }
}
