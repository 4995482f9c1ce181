//! Linking: from a consent to accounts that fill up, and back to life after a new consent.

use std::sync::Arc;

use analytics_core::{
    Store,
    model::{
        Account, AccountState, FoundAccount, Grant, NewAccount, NewGrant, Platform, Priority,
        WorkspaceId,
    },
};
use chrono::{DateTime, Utc};

use super::{renewal::GrantLocks, tokens::StoredTokens};
use crate::{
    clock::SharedClock,
    error::{Error, Result},
    oauth::{Consent, flow::missing_scopes},
    registry::Registry,
};

/// What a grant reaches.
#[derive(Debug, Default)]
pub struct Reached {
    /// Accounts of every platform of the provider, in the registry's order.
    pub accounts: Vec<FoundAccount>,
    /// Platforms that could not be asked, and why.
    pub failed: Vec<(Platform, Error)>,
}

/// What a consent brought.
#[derive(Debug)]
pub struct Linked {
    /// The grant, stored.
    pub grant: Grant,
    /// What it reaches; to choose from.
    pub reached: Reached,
    /// Accounts that are due now by this consent: those that needed it, active again, and those
    /// that its grant opens already.
    pub revived: Vec<Account>,
}

/// Stores a consent, finds what it reaches and revives accounts that waited for it.
///
/// A platform that cannot be asked is reported in [`Reached::failed`]; the grant is stored anyway.
///
/// # Errors
/// If the store fails.
pub async fn link(
    store: &Arc<dyn Store>,
    registry: &Registry,
    clock: &SharedClock,
    locks: &GrantLocks,
    workspace: WorkspaceId,
    provider: &str,
    consent: Consent,
) -> analytics_core::Result<Linked> {
    let now = clock.now();
    keep_the_one_grant(store, registry, workspace, provider, &consent).await?;
    let grant = store
        .save_grant(
            workspace,
            &NewGrant {
                provider: provider.to_owned(),
                subject: consent.subject,
                subject_name: consent.subject_name,
                scopes: consent.scopes,
                tokens: consent.tokens,
                granted_at: now,
            },
        )
        .await?;
    let reached = reachable(store, registry, clock, locks, &grant).await;
    let revived = revive(store, &grant, &reached.accounts, now).await?;
    Ok(Linked {
        grant,
        reached,
        revived,
    })
}

/// Where a provider has one grant of a user, a consent replaces the one that another workspace lives
/// by. That workspace keeps its accounts, with the new tokens, and this one is refused.
async fn keep_the_one_grant(
    store: &Arc<dyn Store>,
    registry: &Registry,
    workspace: WorkspaceId,
    provider: &str,
    consent: &Consent,
) -> analytics_core::Result<()> {
    let connector = registry.provider(provider);
    if connector.is_none_or(|connector| !connector.oauth().one_grant_per_user()) {
        return Ok(());
    }
    let elsewhere = store
        .grants_elsewhere(provider, &consent.subject, workspace)
        .await?;
    let Some((other, id)) = elsewhere.first().copied() else {
        return Ok(());
    };
    // Whoever renews the old tokens right now fails: these count.
    loop {
        let version = store.grant(other, id).await?.version;
        let tokens = &consent.tokens;
        if store
            .renew_grant(other, id, version, tokens)
            .await?
            .is_some()
        {
            break;
        }
    }
    Err(analytics_core::Error::Conflict {
        message: format!(
            "`{}` is linked in another workspace already, and {provider} lets a user authorize the \
             service once; unlink it there first",
            consent.subject_name.as_deref().unwrap_or(&consent.subject),
        ),
    })
}

/// Lists the accounts a grant reaches, of every configured platform of its provider whose required
/// scopes were granted.
pub async fn reachable(
    store: &Arc<dyn Store>,
    registry: &Registry,
    clock: &SharedClock,
    locks: &GrantLocks,
    grant: &Grant,
) -> Reached {
    let mut reached = Reached::default();
    for connector in registry.of_provider(&grant.provider) {
        let descriptor = connector.descriptor();
        if !descriptor.configured || !missing_scopes(descriptor, &grant.scopes).is_empty() {
            continue;
        }
        let tokens = StoredTokens::new(
            Arc::clone(store),
            Arc::clone(&connector),
            Arc::clone(clock),
            locks,
            grant.workspace,
            grant.id,
        );
        let listed: Result<Vec<FoundAccount>> = connector.list_accounts(&tokens.source()).await;
        match listed {
            Ok(accounts) => reached.accounts.extend(accounts),
            Err(error) => reached.failed.push((descriptor.platform().clone(), error)),
        }
    }
    reached
}

/// Links the chosen accounts and asks for their history. Linking one again keeps its data.
///
/// # Errors
/// If the store fails; accounts before the failure are linked.
pub async fn choose(
    store: &Arc<dyn Store>,
    grant: &Grant,
    chosen: impl IntoIterator<Item = FoundAccount>,
    now: DateTime<Utc>,
) -> analytics_core::Result<Vec<Account>> {
    let mut linked = Vec::new();
    for found in chosen {
        let account = NewAccount {
            found,
            grant: grant.id,
            linked_at: now,
        };
        let account = store.link_account(grant.workspace, &account).await?;
        store
            .request_sync(grant.workspace, account.id, Priority::Linking, now)
            .await?;
        linked.push(account);
    }
    Ok(linked)
}

/// Brings accounts back that the grant reaches and that no other grant opened any more, and makes
/// those due that it opens already: it may open more of them than before.
///
/// # Errors
/// If the store fails.
pub async fn revive(
    store: &Arc<dyn Store>,
    grant: &Grant,
    reached: &[FoundAccount],
    now: DateTime<Utc>,
) -> analytics_core::Result<Vec<Account>> {
    let accounts = store.accounts(grant.workspace).await?;
    let is_reached = |account: &Account| {
        reached.iter().any(|found| {
            account.platform == found.platform && account.external_id == found.external_id
        })
    };
    let mut due = Vec::new();
    for account in &accounts {
        if account.state == AccountState::Active && is_reached(account) {
            let opened = store.grants_of_account(grant.workspace, account.id).await?;
            if opened.iter().any(|one| one.id == grant.id) {
                store
                    .request_sync(grant.workspace, account.id, Priority::Refresh, now)
                    .await?;
                due.push(account.clone());
            }
        }
    }
    let waiting: Vec<&Account> = accounts
        .iter()
        .filter(|account| {
            matches!(
                account.state,
                AccountState::NeedsRelink | AccountState::Error
            )
        })
        .collect();
    // Collected, because a borrowing iterator across an await would keep the future from being Send.
    let back: Vec<FoundAccount> = reached
        .iter()
        .filter(|found| found.is_linkable())
        .filter(|found| {
            waiting.iter().any(|account| {
                account.platform == found.platform && account.external_id == found.external_id
            })
        })
        .cloned()
        .collect();
    let mut revived = choose(store, grant, back, now).await?;
    revived.extend(due);
    Ok(revived)
}
