//! How a workspace reads its numbers.

use analytics_core::model::{Currency, Role, WeekStart, Workspace};
use axum::{Json, extract::State};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::setup::{language, required, time_zone};
use crate::{app::AppState, auth::Caller, error::Problem, http::Body, views::WorkspaceView};

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkspaceChange {
    name: Option<String>,
    /// IANA name, for example `Asia/Tokyo`.
    time_zone: Option<String>,
    /// First day of a week, `monday` to `sunday`.
    week_start: Option<String>,
    /// First month of the fiscal year, 1 to 12.
    fiscal_year_start: Option<u32>,
    /// Preferred ISO currency; null: none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    currency: Option<Option<String>>,
    /// `en` or `ja`.
    language: Option<String>,
}

/// Tells null, which is a value, from a field that is left out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Changes the workspace's name and settings.
#[utoipa::path(patch, path = "/workspace", operation_id = "change_workspace", tag = "session", request_body = WorkspaceChange, responses(
    (status = 200, body = WorkspaceView), (status = 403, description = "`forbidden`: owners only"),
    (status = 422, description = "`invalid_field`, with `field` and `message`")))]
pub(crate) async fn change(
    State(app): State<AppState>,
    caller: Caller,
    Body(change): Body<WorkspaceChange>,
) -> Result<Json<WorkspaceView>, Problem> {
    caller.require(Role::Owner, "Changing the workspace")?;
    let mut workspace = caller.workspace.clone();
    apply(&mut workspace, change)?;
    app.store.save_workspace(&workspace).await?;
    Ok(Json(WorkspaceView::from(&workspace)))
}

fn apply(workspace: &mut Workspace, change: WorkspaceChange) -> Result<(), Problem> {
    let settings = &mut workspace.settings;
    if let Some(name) = change.name {
        workspace.name = required("name", &name)?;
    }
    if let Some(zone) = change.time_zone {
        settings.time_zone = time_zone(&zone)?;
    }
    if let Some(day) = change.week_start {
        settings.week_start = WeekStart::parse(&day)
            .map_err(|_| Problem::invalid_field("week_start", "expected `monday` to `sunday`"))?;
    }
    if let Some(month) = change.fiscal_year_start {
        if !(1..=12).contains(&month) {
            return Err(Problem::invalid_field(
                "fiscal_year_start",
                "expected a month, 1 to 12",
            ));
        }
        settings.fiscal_year_start = month;
    }
    if let Some(currency) = change.currency {
        settings.currency = currency
            .map(|code| Currency::new(&code))
            .transpose()
            .map_err(|_| {
                Problem::invalid_field("currency", "expected a three-letter ISO 4217 code")
            })?;
    }
    if let Some(text) = change.language {
        settings.language = language(&text)?;
    }
    Ok(())
}
