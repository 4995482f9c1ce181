//! What providers tell of their users: that they took an authorization back, or want to be
//! forgotten. No session is involved; the provider's own signature is the proof.

use analytics_connectors::oauth::Notice;
use analytics_core::model::{AccountId, PublicId, WorkspaceId};
use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{AppState, Shared},
    error::Problem,
    http::{Form, Path},
};

/// A notice, as a form.
#[derive(Deserialize, ToSchema)]
#[schema(as = Notice)]
pub(crate) struct SignedNotice {
    /// Proof and payload, as the provider makes them.
    signed_request: String,
}

/// Where a deletion can be looked up.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletionStarted {
    url: String,
    confirmation_code: String,
}

/// A deletion that a provider's user asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = Deletion)]
pub(crate) struct DeletionView {
    code: String,
    provider: String,
    deleted_at: DateTime<Utc>,
    /// Authorizations removed, with everything of the user in them.
    grants: u64,
    /// Accounts that nobody else's authorization opens: not refreshed any more.
    accounts: u64,
}

/// A provider's user took the authorization back.
#[utoipa::path(post, path = "/connect/{provider}/deauthorize", operation_id = "deauthorize", tag = "linking", params(("provider" = String, Path, description = "For example `meta`")),
    request_body(content = SignedNotice, content_type = "application/x-www-form-urlencoded"),
    responses((status = 204, description = "Done"), (status = 403, description = "`bad_signature`")))]
pub(crate) async fn deauthorize(
    State(app): State<AppState>,
    Path(provider): Path<String>,
    Form(notice): Form<SignedNotice>,
) -> Result<StatusCode, Problem> {
    let notice = verify(&app, &provider, &notice)?;
    let until = meant_until(&app, &notice);
    let closed = app
        .store
        .revoke_subject(&provider, &notice.subject, until)
        .await?;
    tell(&app, &closed);
    tracing::info!(
        provider,
        accounts = closed.len(),
        "a user took the authorization back"
    );
    Ok(StatusCode::NO_CONTENT)
}

/// A provider's user wants to be forgotten.
#[utoipa::path(post, path = "/connect/{provider}/data-deletion", operation_id = "delete_user_data", tag = "linking", params(("provider" = String, Path, description = "For example `meta`")),
    request_body(content = SignedNotice, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = DeletionStarted), (status = 403, description = "`bad_signature`")))]
pub(crate) async fn data_deletion(
    State(app): State<AppState>,
    Path(provider): Path<String>,
    Form(notice): Form<SignedNotice>,
) -> Result<Json<DeletionStarted>, Problem> {
    let notice = verify(&app, &provider, &notice)?;
    let (until, now) = (meant_until(&app, &notice), app.clock.now());
    let (deletion, closed) = app
        .store
        .delete_subject(&provider, &notice.subject, until, now)
        .await?;
    tell(&app, &closed);
    tracing::info!(provider, grants = deletion.grants, "a user was forgotten");
    let url = app.address(&format!("/deletion/{}", deletion.code));
    Ok(Json(DeletionStarted {
        url: url.into(),
        confirmation_code: deletion.code.to_string(),
    }))
}

/// What became of a deletion; whoever has its code may ask.
#[utoipa::path(get, path = "/deletions/{code}", operation_id = "read_deletion", tag = "linking", params(("code" = String, Path, description = "`del_…`")),
    responses((status = 200, body = DeletionView), (status = 404, description = "`not_found`")))]
pub(crate) async fn read(
    State(app): State<AppState>,
    Path(code): Path<String>,
) -> Result<Json<DeletionView>, Problem> {
    let deletion = app
        .store
        .deletion(&PublicId::from(code))
        .await?
        .ok_or_else(|| {
            Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "There is no deletion with this code.",
            )
        })?;
    Ok(Json(DeletionView {
        code: deletion.code.to_string(),
        provider: deletion.provider,
        deleted_at: deletion.deleted_at,
        grants: deletion.grants,
        accounts: deletion.accounts,
    }))
}

/// What a notice says. Who signed it wrongly learns nothing else.
fn verify(app: &Shared, provider: &str, notice: &SignedNotice) -> Result<Notice, Problem> {
    app.registry
        .provider(provider)
        .ok_or(())
        .and_then(|connector| {
            connector
                .oauth()
                .verify_notice(&notice.signed_request)
                .map_err(|error| tracing::warn!(provider, %error, "a notice was refused"))
        })
        .map_err(|()| {
            Problem::new(
                StatusCode::FORBIDDEN,
                "bad_signature",
                "The notice was not signed by the provider.",
            )
        })
}

/// Consents given later than this are not meant: a notice may come late, or again. It names whole
/// seconds.
fn meant_until(app: &Shared, notice: &Notice) -> DateTime<Utc> {
    let now = app.clock.now();
    notice
        .issued_at
        .map_or(now, |at| (at + Duration::seconds(1)).min(now))
}

fn tell(app: &Shared, closed: &[(WorkspaceId, AccountId)]) {
    for (workspace, account) in closed {
        app.account_changed(*workspace, *account);
    }
}
