//! Reports.

use std::time::Instant;

use analytics_core::{
    Query, Report,
    analysis::{PublishedQuery, PublishedReport},
};
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
    let started = Instant::now();
    let (report, asked) = app
        .reports
        .report_and_request(&caller.workspace, &query, app.clock.now())
        .await?;
    app.metrics.report_made(started.elapsed());
    // Exact values that are pending now are fetched at once; the event stream tells when.
    for account in asked {
        app.wake(caller.workspace_id(), account).await;
    }
    Ok(Json(report))
}

/// What posts have collected so far, by the day they were published: the view of the time before
/// linking where a platform tells no daily amounts. It is never to be added to amounts per day, or
/// compared with them.
#[utoipa::path(post, path = "/report/published", operation_id = "create_published_report", tag = "reports",
    request_body(content = serde_json::Value, description = "See the schema `PublishedQuery`"),
    responses((status = 200, body = serde_json::Value, description = "See the schema `PublishedReport`"),
    (status = 422, description = "As for a report; `invalid_query` for a metric that posts have no lifetime total of")))]
pub(crate) async fn published(
    State(app): State<AppState>,
    caller: Caller,
    Body(query): Body<PublishedQuery>,
) -> Result<Json<PublishedReport>, Problem> {
    let (now, started) = (app.clock.now(), Instant::now());
    let report = app
        .reports
        .published(&caller.workspace, &query, now)
        .await?;
    app.metrics.report_made(started.elapsed());
    Ok(Json(report))
}
