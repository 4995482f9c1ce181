//! Campaigns, ad groups, ads and posts.

use std::collections::BTreeMap;

use analytics_core::{
    model::{Entity, EntityId, PublicId},
    storage::EntityFilter,
};
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::by_public_id;
use crate::{app::AppState, auth::Caller, error::Problem, http::Params, views::EntityView};

/// Entities returned when no limit is asked for.
const DEFAULT_LIMIT: u32 = 100;
/// Most entities returned at once.
const MAX_LIMIT: u32 = 1000;

/// A page of entities.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityList {
    entities: Vec<EntityView>,
    /// How many match, without the limit.
    total: u64,
}

/// Entities by account, level, parent and part of their name.
#[utoipa::path(get, path = "/entities", operation_id = "list_entities", tag = "reports", params(
    ("account" = Option<String>, Query, description = "Only of this account, `acc_…`"),
    ("level" = Option<String>, Query, description = "`campaign`, `ad_group`, `ad` or `post`"),
    ("parent" = Option<String>, Query, description = "Only right below this entity, `ent_…`"),
    ("search" = Option<String>, Query, description = "Only names that contain this text"),
    ("limit" = Option<u32>, Query, description = "At most this many; 100 by default, 1000 at most"),
    ("offset" = Option<u32>, Query, description = "Skip this many")),
    responses((status = 200, body = EntityList)))]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    params: Params,
) -> Result<Json<EntityList>, Problem> {
    let params = params.only(&["account", "level", "parent", "search", "limit", "offset"])?;
    let workspace = caller.workspace_id();
    let mut filter = EntityFilter {
        level: params.level("level")?,
        search: params.text("search").map(str::to_owned),
        limit: Some(params.number("limit", MAX_LIMIT)?.unwrap_or(DEFAULT_LIMIT)),
        offset: params.number("offset", u32::MAX >> 1)?.unwrap_or(0),
        ..EntityFilter::default()
    };
    let accounts = app.store.accounts(workspace).await?;
    if let Some(id) = params.text("account") {
        filter.accounts = vec![by_public_id(&accounts, "account", id)?.id];
    }
    if let Some(id) = params.text("parent") {
        let found = app
            .store
            .entities_by_public_id(workspace, &[PublicId::from(id)])
            .await?;
        let Some(parent) = found.first() else {
            return Err(Problem::unknown("entity", "parent", id, []));
        };
        filter.parent = Some(parent.id);
    }
    let (entities, total) = app.store.entities(workspace, &filter).await?;
    let accounts = accounts
        .into_iter()
        .map(|account| (account.id, account.public_id))
        .collect();
    let parents = parents(&app, &caller, &filter, &entities).await?;
    Ok(Json(EntityList {
        entities: entities
            .iter()
            .map(|entity| EntityView::new(entity, &accounts, &parents))
            .collect(),
        total,
    }))
}

/// Outside ids of the entities' parents, as far as they are not the account itself.
async fn parents(
    app: &AppState,
    caller: &Caller,
    filter: &EntityFilter,
    entities: &[Entity],
) -> Result<BTreeMap<EntityId, PublicId>, Problem> {
    let levels: std::collections::BTreeSet<_> = entities
        .iter()
        .filter_map(|entity| entity.level.parent())
        .filter(|level| level.depth() > 0)
        .collect();
    let mut parents = BTreeMap::new();
    for level in levels {
        let above = EntityFilter {
            accounts: filter.accounts.clone(),
            level: Some(level),
            ..EntityFilter::default()
        };
        let (found, _) = app.store.entities(caller.workspace_id(), &above).await?;
        parents.extend(found.into_iter().map(|one| (one.id, one.public_id)));
    }
    Ok(parents)
}
