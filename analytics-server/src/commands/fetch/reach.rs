//! The account that is fetched, and what opens it.

use std::sync::Arc;

use analytics_connectors::{
    AccountRef, Connector,
    clock::SharedClock,
    oauth::TokenSource,
    sync::{GrantLocks, StoredTokens},
};
use analytics_core::Error;
use secrecy::ExposeSecret;

use super::{
    super::{CommandError, open},
    FetchArgs,
};
use crate::config::Settings;

/// The account and tokens that read it.
pub(super) async fn reach(
    args: &FetchArgs,
    settings: &Settings,
    connector: &Arc<dyn Connector>,
    clock: SharedClock,
) -> Result<(AccountRef, TokenSource), CommandError> {
    let bare = args
        .account
        .strip_prefix(&format!("{}:", args.platform))
        .unwrap_or(&args.account);
    if let Some(token) = settings.secret("ANALYTICS_TOKEN") {
        let tokens = match settings.secret("ANALYTICS_TOKEN_SECRET") {
            Some(secret) => TokenSource::fixed_pair(token.expose_secret(), &secret),
            None => TokenSource::fixed(token),
        };
        let reached = connector.list_accounts(&tokens).await?;
        let via = |access: &serde_json::Value| {
            args.via.as_deref().is_none_or(|via| mentions(access, via))
        };
        let found = reached
            .iter()
            .find(|found| found.external_id == bare && via(&found.access));
        let found = found.ok_or_else(|| {
            let ids = reached.iter().map(|found| found.external_id.as_str());
            Error::unknown("account", "--account", &args.account, ids)
        })?;
        let mut account = AccountRef::from(found);
        if let Some(zone) = args.time_zone.filter(|_| found.time_zone.is_none()) {
            account.time_zone = zone;
        }
        return Ok((account, tokens));
    }
    let (store, _) = open::store(settings).await?;
    let workspace = open::workspace(&*store, args.workspace.as_deref()).await?;
    let all = store.accounts(workspace.id).await?;
    let name = if args.account.starts_with("acc_") {
        args.account.clone()
    } else {
        format!("{}:{bare}", args.platform)
    };
    let account = open::find_account(&all, "--account", &name)?;
    let grants = store.grants_of_account(workspace.id, account.id).await?;
    let grant = grants.first().ok_or_else(|| {
        CommandError::failed(
            "the account has no consent any more: link it again, or set ANALYTICS_TOKEN",
        )
    })?;
    let tokens = StoredTokens::new(
        store,
        connector.clone(),
        clock,
        &GrantLocks::default(),
        workspace.id,
        grant.id,
    );
    Ok((AccountRef::from(account), tokens.source()))
}

/// Whether what an account's calls go through names this id.
fn mentions(access: &serde_json::Value, via: &str) -> bool {
    match access {
        serde_json::Value::String(text) => text == via,
        serde_json::Value::Array(items) => items.iter().any(|item| mentions(item, via)),
        serde_json::Value::Object(members) => members.values().any(|value| mentions(value, via)),
        _ => false,
    }
}
