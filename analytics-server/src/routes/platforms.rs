//! What can be linked.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::AppState, auth::Caller, views::PlatformView};

/// Every platform, configured or not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatformList {
    platforms: Vec<PlatformView>,
}

/// What can be linked: scopes asked and why, metrics, how far back.
#[utoipa::path(get, path = "/platforms", operation_id = "list_platforms", tag = "linking", responses((status = 200, body = PlatformList)))]
pub(crate) async fn list(State(app): State<AppState>, _caller: Caller) -> Json<PlatformList> {
    Json(PlatformList {
        platforms: app
            .registry
            .connectors()
            .iter()
            .map(|connector| PlatformView::new(connector.descriptor(), &app.catalogue))
            .collect(),
    })
}
