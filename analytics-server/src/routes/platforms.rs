//! What can be linked.

use analytics_core::model::Role;
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::AppState, auth::Caller, error::Problem, views::PlatformView};

/// Every platform, configured or not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatformList {
    platforms: Vec<PlatformView>,
}

/// What can be linked: scopes asked and why, metrics, how far back.
#[utoipa::path(get, path = "/platforms", operation_id = "list_platforms", tag = "linking", responses((status = 200, body = PlatformList)))]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<PlatformList>, Problem> {
    let paused = app.engine.paused_platforms().await?;
    let is_owner = caller
        .require(Role::Owner, "Reading what a platform said")
        .is_ok();
    Ok(Json(PlatformList {
        platforms: app
            .registry
            .connectors()
            .iter()
            .map(|connector| {
                let descriptor = connector.descriptor();
                let pause = paused.get(descriptor.platform());
                PlatformView::new(descriptor, &app.catalogue).paused(pause, is_owner)
            })
            .collect(),
    }))
}
