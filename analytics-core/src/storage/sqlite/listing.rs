//! Lists of entities.

use super::{
    SqliteStore,
    convert::{During, json, level_id},
};
use crate::storage::{convert::fold, rows::entity};
use crate::{
    error::Result,
    model::{Entity, PublicId, WorkspaceId},
    storage::EntityFilter,
};

impl SqliteStore {
    pub(super) async fn list_entities(
        &self,
        workspace: WorkspaceId,
        filter: &EntityFilter,
    ) -> Result<(Vec<Entity>, u64)> {
        macro_rules! matching {
            ($columns:literal, $rest:literal) => {
                concat!(
                    "SELECT ",
                    $columns,
                    " FROM entities e WHERE e.account_id IN (
                       SELECT a.id FROM accounts a WHERE a.workspace_id = $1
                         AND (json_array_length($2) = 0
                              OR a.id IN (SELECT value FROM json_each($2))))
                     AND ($3 IS NULL OR e.level = $3)
                     AND ($4 IS NULL OR e.parent_id = $4)
                     AND ($5 IS NULL OR instr(e.name_folded, $5) > 0)",
                    $rest
                )
            };
        }
        macro_rules! bound {
            ($query:expr) => {
                $query
                    .bind(workspace.0)
                    .bind(json(&filter.accounts)?)
                    .bind(filter.level.map(level_id))
                    .bind(filter.parent.map(|parent| parent.0))
                    .bind(filter.search.as_deref().map(fold))
            };
        }
        let rows = bound!(sqlx::query(matching!(
            "e.*",
            " ORDER BY e.name_folded IS NULL, e.name_folded, e.id LIMIT $6 OFFSET $7"
        )))
        .bind(filter.limit.map_or(-1, i64::from))
        .bind(i64::from(filter.offset))
        .fetch_all(&self.readers)
        .await
        .during("listing entities")?;
        let entities: Vec<Entity> = rows.iter().map(entity::entity).collect::<Result<_>>()?;
        if filter.limit.is_none() && filter.offset == 0 {
            let count = entities.len() as u64;
            return Ok((entities, count));
        }
        let count: (i64,) = bound!(sqlx::query_as(matching!("count(*)", "")))
            .fetch_one(&self.readers)
            .await
            .during("counting entities")?;
        Ok((entities, count.0.unsigned_abs()))
    }

    pub(super) async fn find_entities(
        &self,
        workspace: WorkspaceId,
        ids: &[PublicId],
    ) -> Result<Vec<Entity>> {
        let uuids: Vec<String> = ids
            .iter()
            .filter_map(|id| id.uuid("ent").ok())
            .map(|uuid| uuid.simple().to_string())
            .collect();
        sqlx::query(
            "SELECT e.* FROM json_each($2) j CROSS JOIN entities e ON e.uuid = unhex(j.value)
             JOIN accounts a ON a.id = e.account_id
             WHERE a.workspace_id = $1 ORDER BY j.key",
        )
        .bind(workspace.0)
        .bind(json(&uuids)?)
        .fetch_all(&self.readers)
        .await
        .during("reading entities")?
        .iter()
        .map(entity::entity)
        .collect()
    }
}
