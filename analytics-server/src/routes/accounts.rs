//! Linked accounts.

use std::collections::HashSet;

use analytics_connectors::sync::choose;
use analytics_core::model::{Account, AccountState, FoundAccount, Priority, PublicId, Role};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{grants, setup::required};
use crate::{
    app::{AppState, Shared},
    auth::Caller,
    error::Problem,
    http::{Body, Params, Path},
    views::{self, AccountList, AccountView, ContentsView, PurgedView},
};

/// Accounts to link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkRequest {
    /// The consent that reaches them, `gr_…`.
    grant: String,
    accounts: Vec<ChosenAccount>,
}

/// An account by the platform's id.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChosenAccount {
    platform: String,
    external_id: String,
}

/// A new name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenameRequest {
    name: String,
}

/// Every account of the workspace, archived ones included, in the order of linking.
#[utoipa::path(get, path = "/accounts", operation_id = "list_accounts", tag = "accounts", responses((status = 200, body = AccountList)))]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller,
) -> Result<Json<AccountList>, Problem> {
    let workspace = caller.workspace_id();
    let stored = app.store.accounts(workspace).await?;
    Ok(Json(views::accounts(&app, workspace, &stored).await?))
}

/// Links the chosen accounts; their history starts to arrive at once.
#[utoipa::path(post, path = "/accounts", operation_id = "link_accounts", tag = "accounts", request_body = LinkRequest, responses(
    (status = 201, body = AccountList), (status = 422, description = "`unknown_account`, with the nearest one the consent reaches")))]
pub(crate) async fn link(
    State(app): State<AppState>,
    caller: Caller,
    Body(request): Body<LinkRequest>,
) -> Result<(StatusCode, Json<AccountList>), Problem> {
    caller.require(Role::Editor, "Linking accounts")?;
    if request.accounts.is_empty() {
        return Err(Problem::invalid_field(
            "accounts",
            "choose at least one account",
        ));
    }
    let grant = grants::find(&app, &caller, &request.grant).await?;
    let reached = grants::reached(&app, &grant).await?.accounts;
    let chosen = request
        .accounts
        .iter()
        .enumerate()
        .map(|(at, wanted)| pick(&reached, at, wanted))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some((at, found)) = chosen
        .iter()
        .enumerate()
        .find(|(_, found)| !found.is_linkable())
    {
        return Err(Problem::invalid_field(
            &format!("accounts[{at}].external_id"),
            format!(
                "your role on `{}` does not include reading its figures; ask its administrator for access",
                found.name
            ),
        ));
    }
    // An account named twice is linked, and answered, once.
    let mut named = HashSet::new();
    let chosen: Vec<FoundAccount> = chosen
        .into_iter()
        .filter(|found| named.insert((found.platform.clone(), found.external_id.clone())))
        .collect();
    let linked = choose(&app.store, &grant, chosen, app.clock.now()).await?;
    let workspace = caller.workspace_id();
    for account in &linked {
        app.wake(workspace, account.id).await;
    }
    let view = views::accounts(&app, workspace, &linked).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

fn pick(
    reached: &[FoundAccount],
    at: usize,
    wanted: &ChosenAccount,
) -> Result<FoundAccount, Problem> {
    let of_platform: Vec<&FoundAccount> = reached
        .iter()
        .filter(|found| found.platform.as_str() == wanted.platform)
        .collect();
    if of_platform.is_empty() {
        let platforms = reached.iter().map(|found| found.platform.as_str());
        let field = format!("accounts[{at}].platform");
        return Err(Problem::unknown(
            "platform",
            &field,
            &wanted.platform,
            platforms,
        ));
    }
    of_platform
        .iter()
        .find(|found| found.external_id == wanted.external_id)
        .map(|found| (*found).clone())
        .ok_or_else(|| {
            Problem::unknown(
                "account",
                &format!("accounts[{at}].external_id"),
                &wanted.external_id,
                of_platform.iter().map(|found| found.external_id.as_str()),
            )
        })
}

/// One account.
#[utoipa::path(get, path = "/accounts/{id}", operation_id = "read_account", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, body = AccountView), (status = 404, description = "`not_found`")))]
pub(crate) async fn read(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AccountView>, Problem> {
    let account = find(&app, &caller, &id).await?;
    answer(&app, &caller, &account).await
}

/// Gives an account a name of one's own.
#[utoipa::path(patch, path = "/accounts/{id}", operation_id = "rename_account", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    request_body = RenameRequest, responses((status = 200, body = AccountView), (status = 404, description = "`not_found`")))]
pub(crate) async fn rename(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<RenameRequest>,
) -> Result<Json<AccountView>, Problem> {
    caller.require(Role::Editor, "Renaming accounts")?;
    let name = required("name", &request.name)?;
    let workspace = caller.workspace_id();
    let account = find(&app, &caller, &id).await?;
    app.store
        .rename_account(workspace, account.id, &name)
        .await?;
    app.account_changed(workspace, account.id);
    let account = app.store.account(workspace, account.id).await?;
    answer(&app, &caller, &account).await
}

/// What is stored of an account: what purging it would remove.
#[utoipa::path(get, path = "/accounts/{id}/contents", operation_id = "read_account_contents", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 200, body = ContentsView), (status = 404, description = "`not_found`")))]
pub(crate) async fn contents(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ContentsView>, Problem> {
    let account = find(&app, &caller, &id).await?;
    let contents = app
        .store
        .account_contents(caller.workspace_id(), account.id)
        .await?;
    Ok(Json(contents.into()))
}

/// Unlinks an account: `keep` archives it with its data, `purge` removes everything.
#[utoipa::path(delete, path = "/accounts/{id}", operation_id = "unlink_account", tag = "accounts", params(("id" = String, Path, description = "`acc_…`"),
    ("mode" = String, Query, description = "`keep` (archived, out of default selections) or `purge` (owners only)")),
    responses((status = 204, description = "Unlinked, its data kept"), (status = 200, body = PurgedView, description = "Unlinked, everything removed"),
    (status = 404, description = "`not_found`")))]
pub(crate) async fn unlink(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, Problem> {
    let params = params.only(&["mode"])?;
    caller.require(Role::Editor, "Unlinking accounts")?;
    let workspace = caller.workspace_id();
    let account = find(&app, &caller, &id).await?;
    let purged = match params.text("mode") {
        Some("keep") => {
            app.store
                .set_account_state(workspace, account.id, AccountState::Archived)
                .await?;
            None
        }
        Some("purge") => {
            caller.require(Role::Owner, "Removing an account's data")?;
            Some(app.store.purge_account(workspace, account.id).await?)
        }
        Some(other) => {
            return Err(Problem::unknown("mode", "mode", other, ["keep", "purge"]));
        }
        None => {
            return Err(Problem::invalid_field(
                "mode",
                "say what becomes of the data: `keep` or `purge`",
            ));
        }
    };
    tracing::info!(
        account = account.id.0,
        mode = params.text("mode"),
        "unlinked an account"
    );
    if purged.is_some() {
        app.account_removed(&account);
    } else {
        app.account_changed(workspace, account.id);
    }
    Ok(match purged {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(removed) => Json(PurgedView::new(removed)).into_response(),
    })
}

/// Refreshes an account now. Asked by an owner, it also ends a pause of the account's platform.
#[utoipa::path(post, path = "/accounts/{id}/sync", operation_id = "refresh_account", tag = "accounts", params(("id" = String, Path, description = "`acc_…`")),
    responses((status = 202, body = AccountView), (status = 404, description = "`not_found`"),
    (status = 409, description = "`needs_relink` or `archived`: link it again first")))]
pub(crate) async fn sync(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<AccountView>), Problem> {
    caller.require(Role::Editor, "Refreshing accounts")?;
    let workspace = caller.workspace_id();
    let account = find(&app, &caller, &id).await?;
    let refused = |code: &'static str, detail: &str| {
        Err(Problem::new(StatusCode::CONFLICT, code, detail).with("account", id.as_str()))
    };
    match account.state {
        AccountState::NeedsRelink => {
            return refused(
                "needs_relink",
                "The platform no longer accepts this account's consent. Link it again first.",
            );
        }
        AccountState::Archived => {
            return refused("archived", "This account is unlinked. Link it again first.");
        }
        AccountState::Active | AccountState::Error => {}
    }
    if caller.require(Role::Owner, "Ending a pause").is_ok() {
        app.engine.lift_pause(&account.platform).await?;
    }
    app.sync_now(workspace, account.id, Priority::Refresh)
        .await?;
    let view = views::account(&app, workspace, &account).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn answer(
    app: &Shared,
    caller: &Caller,
    account: &Account,
) -> Result<Json<AccountView>, Problem> {
    Ok(Json(
        views::account(app, caller.workspace_id(), account).await?,
    ))
}

/// The account with this outside id, in the caller's workspace.
pub(crate) async fn find(app: &Shared, caller: &Caller, id: &str) -> Result<Account, Problem> {
    Ok(app
        .store
        .account_by_public_id(caller.workspace_id(), &PublicId::from(id))
        .await?)
}

/// The account that a field of a request names: by our id, or as `platform:external_id`.
pub(crate) fn by_public_id<'a>(
    accounts: &'a [Account],
    field: &str,
    id: &str,
) -> Result<&'a Account, Problem> {
    accounts
        .iter()
        .find(|account| account.public_id.as_str() == id)
        .ok_or_else(|| {
            Problem::unknown(
                "account",
                field,
                id,
                accounts.iter().map(|account| account.public_id.as_str()),
            )
        })
}
