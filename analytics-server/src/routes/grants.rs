//! What a consent reaches.

use analytics_connectors::sync::Reached;
use analytics_core::model::{Account, FoundAccount, Grant, Platform, PublicId, Role};
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{AppState, Shared},
    auth::Caller,
    error::Problem,
    http::Path,
    views::TextView,
};

/// The accounts of every platform that a consent reached.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantAccounts {
    grant: GrantView,
    accounts: Vec<FoundAccountView>,
    /// The provider's platforms, and what keeps their accounts or figures away.
    platforms: Vec<ReachedPlatform>,
}

/// How far a consent opens a platform.
#[derive(Debug, Serialize, ToSchema)]
struct ReachedPlatform {
    platform: String,
    /// Permissions that were not given. Without a required one its accounts are not listed.
    missing_scopes: Vec<&'static str>,
    /// Why its accounts could not be listed; null if they were, or were not asked for.
    error: Option<String>,
}

/// A consent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
struct GrantView {
    id: String,
    provider: String,
}

/// An account that can be linked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundAccount)]
struct FoundAccountView {
    platform: String,
    external_id: String,
    name: String,
    currency: Option<String>,
    /// Its days are days there; null where the platform has none, and the workspace's counts.
    time_zone: Option<String>,
    picture_url: Option<String>,
    /// `active`, `disabled`, `closed`, `unsettled`, `pending` or `no_role`.
    status: String,
    /// Whether its figures can be read at all.
    linkable: bool,
    /// Our id, if the workspace already has it.
    linked: Option<String>,
    /// What is special about linking it.
    note: Option<TextView>,
}

/// The accounts a consent reaches, of every platform of its provider.
#[utoipa::path(get, path = "/grants/{id}/accounts", operation_id = "list_grant_accounts", tag = "linking", params(("id" = String, Path, description = "`gr_…`")),
    responses((status = 200, body = GrantAccounts), (status = 404, description = "`not_found`"),
    (status = 409, description = "`auth_expired`: the consent is no longer valid"),
    (status = 503, description = "`rate_limited`, `transient` or `unavailable`, with `retry_after`")))]
pub(crate) async fn accounts(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<GrantAccounts>, Problem> {
    caller.require(Role::Editor, "Linking accounts")?;
    let grant = find(&app, &caller, &id).await?;
    let Reached { accounts, failed } = reached(&app, &grant).await?;
    let linked = app.store.accounts(caller.workspace_id()).await?;
    Ok(Json(GrantAccounts {
        grant: GrantView {
            id: grant.public_id.to_string(),
            provider: grant.provider.clone(),
        },
        accounts: accounts.iter().map(|found| view(found, &linked)).collect(),
        platforms: platforms(&app, &grant, &failed),
    }))
}

fn platforms(
    app: &Shared,
    grant: &Grant,
    failed: &[(Platform, analytics_connectors::Error)],
) -> Vec<ReachedPlatform> {
    app.registry
        .of_provider(&grant.provider)
        .filter(|connector| connector.descriptor().configured)
        .map(|connector| {
            let descriptor = connector.descriptor();
            let error = failed.iter().find(|(of, _)| of == descriptor.platform());
            ReachedPlatform {
                platform: descriptor.platform().to_string(),
                missing_scopes: descriptor
                    .missing(&grant.scopes)
                    .map(|scope| scope.id)
                    .collect(),
                error: error.map(|(_, error)| error.to_string()),
            }
        })
        .collect()
}

/// The grant with this outside id, in the caller's workspace.
pub(crate) async fn find(app: &Shared, caller: &Caller, id: &str) -> Result<Grant, Problem> {
    Ok(app
        .store
        .grant_by_public_id(caller.workspace_id(), &PublicId::from(id))
        .await?)
}

/// What a grant reaches now; an error only if no platform could be asked.
pub(crate) async fn reached(app: &Shared, grant: &Grant) -> Result<Reached, Problem> {
    let mut reached = app.engine.reachable(grant).await;
    for (platform, error) in &reached.failed {
        tracing::warn!(%platform, %error, "cannot list the accounts of a grant");
    }
    if reached.accounts.is_empty()
        && let Some((_, error)) = reached.failed.pop()
    {
        return Err(error.into());
    }
    Ok(reached)
}

fn view(found: &FoundAccount, linked: &[Account]) -> FoundAccountView {
    FoundAccountView {
        platform: found.platform.to_string(),
        external_id: found.external_id.clone(),
        name: found.name.clone(),
        currency: found.currency.as_ref().map(ToString::to_string),
        time_zone: found.time_zone.map(|zone| zone.to_string()),
        picture_url: found.picture_url.clone(),
        status: found.status.clone(),
        linkable: found.is_linkable(),
        linked: linked
            .iter()
            .find(|account| {
                account.platform == found.platform && account.external_id == found.external_id
            })
            .map(|account| account.public_id.to_string()),
        note: note(&found.status),
    }
}

fn note(status: &str) -> Option<TextView> {
    let (en, ja) = match status {
        "disabled" => (
            "The platform has disabled this account. Its past figures can still be read.",
            "このアカウントは媒体側で無効化されています。過去の数値は引き続き取得できます。",
        ),
        "closed" => (
            "This account is closed. Its past figures can still be read.",
            "このアカウントは閉鎖されています。過去の数値は引き続き取得できます。",
        ),
        "unsettled" => (
            "This account has an unpaid balance. Its figures can still be read.",
            "このアカウントには未払いの残高があります。数値は引き続き取得できます。",
        ),
        "pending" => (
            "The platform is reviewing this account. Figures may come late.",
            "このアカウントは媒体側で審査中です。数値の反映が遅れることがあります。",
        ),
        FoundAccount::NO_ROLE => (
            "Your role there does not include reading its figures. Ask an administrator for access to Insights.",
            "このアカウントの数値を閲覧する権限がありません。管理者に「インサイト」へのアクセスを依頼してください。",
        ),
        _ => return None,
    };
    Some(TextView::new(en, ja))
}
