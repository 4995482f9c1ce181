//! Reports.

use analytics_core::{Query, Report};
use axum::{Json, extract::State};

use crate::{app::AppState, auth::Caller, error::Problem, http::Body};

/// The answer to a query: totals, groups and series with their comparison. Exact values of unique
/// metrics that it lacks are queued: their figures say `pending`, and a `data` event tells when
/// they are there.
#[utoipa::path(post, path = "/report", operation_id = "create_report", tag = "reports",
    request_body(content = serde_json::Value, description = "A query; see the schema `Query`"),
    responses((status = 200, body = serde_json::Value, description = "See the schema `Report`"),
    (status = 422, description = "`unknown_metric`, `unknown_account`, `unknown_preset`, `unknown_dimension`, `invalid_date`, `not_supported` or `invalid_query`, with `field`, `value` and `nearest`")))]
pub(crate) async fn create(
    State(app): State<AppState>,
    caller: Caller,
    Body(query): Body<Query>,
) -> Result<Json<Report>, Problem> {
    let (report, asked) = app
        .reports
        .report_and_request(&caller.workspace, &query, app.clock.now())
        .await?;
    // Exact values that are pending now are fetched at once; the event stream tells when.
    for account in asked {
        app.wake(caller.workspace_id(), account).await;
    }
    Ok(Json(report))
}
