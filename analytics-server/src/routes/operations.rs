//! The instance as its operators see it, across workspaces: processes, lag, pauses, failures.

use analytics_core::model::{AccountState, FailedAccount, Platform, Priority};
use axum::{Json, extract::State, http::StatusCode};

use crate::{
    app::{AppState, Shared},
    auth::Operator,
    error::Problem,
    http::Path,
    metrics::ALIVE,
    views::{FailureView, OperationsView, platform_states},
};

/// Failures that are shown at once.
const SHOWN: u32 = 100;
/// Failures that are looked through for an account, or hurried when a pause is lifted.
const KNOWN: u32 = 10_000;

/// Processes, platforms, limits and failures, for operators.
#[utoipa::path(get, path = "/operations", operation_id = "read_operations", tag = "operations",
    responses((status = 200, body = OperationsView), (status = 403, description = "`forbidden`: operators only")))]
pub(crate) async fn read(
    State(app): State<AppState>,
    _: Operator,
) -> Result<Json<OperationsView>, Problem> {
    let now = app.clock.now();
    let store = &app.store;
    let health = store.platform_health(now).await?;
    let occupied = store.occupied().await?;
    let pauses = store.pauses(now).await?;
    let mut failures = store.failed_accounts(SHOWN + 1).await?;
    let more_failures = failures.len() > SHOWN as usize;
    failures.truncate(SHOWN as usize);
    Ok(Json(OperationsView {
        at: now,
        version: env!("CARGO_PKG_VERSION"),
        workers: each(store.workers(ALIVE).await?),
        platforms: platform_states(health, &occupied, pauses, now),
        budgets: each(store.budgets(now).await?),
        failures: each(failures),
        more_failures,
    }))
}

fn each<A, B: From<A>>(all: Vec<A>) -> Vec<B> {
    all.into_iter().map(B::from).collect()
}

/// Tries a failed account again now, of whatever workspace it is.
#[utoipa::path(post, path = "/operations/failures/{id}/retry", operation_id = "retry_failure", tag = "operations",
    params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 202, body = FailureView), (status = 403, description = "`forbidden`: operators only"),
    (status = 404, description = "`not_found`: it did not fail, or is well again"), (status = 409, description = "`needs_relink`")))]
pub(crate) async fn retry(
    State(app): State<AppState>,
    _: Operator,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<FailureView>), Problem> {
    let failed = find(&app, &id).await?;
    if failed.state == AccountState::NeedsRelink {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "needs_relink",
            "The platform no longer accepts this account's consent. Only its users can link it again.",
        )
        .with("account", id));
    }
    app.sync_now(failed.workspace, failed.account, Priority::Refresh)
        .await?;
    tracing::info!(
        account = failed.account.0,
        "an operator has a failed account tried again"
    );
    // As it stands now; gone from the list only if the work was that fast.
    let now = find(&app, &id).await.unwrap_or(failed);
    Ok((StatusCode::ACCEPTED, Json(now.into())))
}

async fn find(app: &Shared, id: &str) -> Result<FailedAccount, Problem> {
    let failures = app.store.failed_accounts(KNOWN).await?;
    failures
        .into_iter()
        .find(|failed| failed.public_id.as_str() == id)
        .ok_or_else(|| Problem::not_found("failed account", id))
}

/// Ends a platform's pause: accounts that it made fail are tried again now, the others when they are
/// due. One more refusal pauses the platform again.
#[utoipa::path(delete, path = "/operations/pauses/{platform}", operation_id = "lift_pause", tag = "operations",
    params(("platform" = String, Path, description = "For example `x`")),
    responses((status = 204, description = "Lifted"), (status = 403, description = "`forbidden`: operators only"),
    (status = 404, description = "`not_found`: it is not paused")))]
pub(crate) async fn lift(
    State(app): State<AppState>,
    _: Operator,
    Path(platform): Path<String>,
) -> Result<StatusCode, Problem> {
    let platform = Platform::from(platform.as_str());
    if !app.store.lift_pause(&platform).await? {
        return Err(Problem::not_found("pause", platform.as_str()));
    }
    tracing::info!(%platform, "an operator lifted a pause");
    let now = app.clock.now();
    for failed in app.store.failed_accounts(KNOWN).await? {
        let waits = failed.platform == platform
            && failed.state == AccountState::Active
            && failed
                .row
                .last_error
                .is_some_and(|error| error.code == "unavailable");
        if waits {
            app.store
                .request_sync(failed.workspace, failed.account, Priority::Refresh, now)
                .await?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
