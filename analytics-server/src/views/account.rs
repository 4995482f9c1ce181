//! A linked account with its state and progress.

use std::collections::BTreeMap;

use analytics_core::{
    Error,
    model::{Account, AccountState, CostTerms, MetricId, SyncRow, WorkspaceId},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    catalogue::ids,
    cost_terms::CostTermSchema,
    offers::{self, NotOfferedView},
};
use crate::{app::Shared, error::Problem};

/// A linked account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct AccountView {
    pub(crate) id: String,
    pub(crate) platform: String,
    provider: String,
    /// `ads` or `media`.
    family: &'static str,
    pub(crate) external_id: String,
    pub(crate) name: String,
    pub(crate) currency: Option<String>,
    pub(crate) time_zone: String,
    picture_url: Option<String>,
    /// `active`, `needs_relink`, `error` or `archived`.
    pub(crate) state: &'static str,
    /// Why the last attempt failed; null after a success.
    error: Option<ErrorView>,
    pub(crate) sync: SyncView,
    /// First day that is known.
    pub(crate) covered_from: Option<NaiveDate>,
    /// Last day that is complete.
    pub(crate) complete_through: Option<NaiveDate>,
    linked_at: DateTime<Utc>,
    /// Rises with every stored change of its data.
    pub(crate) data_version: i64,
    levels: Vec<&'static str>,
    /// Metrics it can show, ratios included.
    metrics: Vec<String>,
    /// Metrics whose history begins with linking, because the platform tells them only as they are
    /// now, with the first day known.
    since: BTreeMap<String, NaiveDate>,
    /// The first day for which daily amounts of posts are known; null before.
    posts_since: Option<NaiveDate>,
    /// Figures that this account does not get, and why.
    not_offered: Vec<NotOfferedView>,
    /// The permission whose absence keeps the figures of single posts away.
    posts_withheld: Option<&'static str>,
    /// When the platform stops answering unless somebody consents again.
    access_ends_at: Option<DateTime<Utc>>,
    /// What is billed beside the cost of its ads, ascending by day.
    #[schema(value_type = Vec<CostTermSchema>)]
    cost_terms: CostTerms,
}

/// Accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountList {
    pub(crate) accounts: Vec<AccountView>,
}

/// Why an account could not be refreshed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AccountError)]
struct ErrorView {
    /// `auth_expired`, `permission_denied`, `rate_limited`, `transient`, `unavailable`, …
    code: String,
    message: String,
    /// What was being done.
    operation: String,
    since: DateTime<Utc>,
    retry_at: Option<DateTime<Utc>>,
}

/// What synchronization is doing.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SyncState)]
pub(crate) struct SyncView {
    /// `queued`, `running`, `waiting` (for a retry) or `idle`.
    pub(crate) phase: &'static str,
    /// Whether history is still missing.
    pub(crate) backfilling: bool,
    /// Share of the planned account-days covered, 0 to 1.
    pub(crate) progress: f64,
    eta_seconds: Option<u64>,
    days_done: u64,
    days_total: u64,
    last_success_at: Option<DateTime<Utc>>,
    next_attempt_at: Option<DateTime<Utc>>,
}

/// An account as the API shows it.
pub(crate) async fn account(
    app: &Shared,
    workspace: WorkspaceId,
    account: &Account,
) -> Result<AccountView, Problem> {
    let row = match app.store.sync_row(workspace, account.id).await {
        Ok(row) => Some(row),
        Err(Error::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let progress = app.engine.progress(workspace, account.id).await?;
    let profile = app.catalogue.platform(&account.platform);
    let coverage = app.store.coverage(workspace, account.id).await?;
    let gaps = app.store.gaps(workspace, account.id).await?;
    let grants = app.store.grants_of_account(workspace, account.id).await?;
    let connector = app.registry.connector(&account.platform);
    let connector = connector.as_deref();
    Ok(AccountView {
        since: profile.map_or_else(BTreeMap::new, |profile| offers::since(profile, &coverage)),
        posts_since: profile.and_then(|profile| offers::posts_since(profile, &coverage)),
        not_offered: connector.map_or_else(Vec::new, |connector| {
            offers::not_offered(connector, &grants, &coverage, &gaps)
        }),
        posts_withheld: connector.and_then(|connector| offers::posts_withheld(connector, &grants)),
        access_ends_at: connector.and_then(|connector| offers::access_ends_at(connector, &grants)),
        id: account.public_id.to_string(),
        platform: account.platform.to_string(),
        provider: profile.map_or_else(String::new, |profile| profile.provider.clone()),
        family: profile.map_or("ads", |profile| profile.family.as_str()),
        external_id: account.external_id.clone(),
        name: account.name.clone(),
        currency: account.currency.as_ref().map(ToString::to_string),
        time_zone: account.time_zone.to_string(),
        picture_url: account.picture_url.clone(),
        state: account.state.as_str(),
        error: row.as_ref().and_then(error_view),
        sync: SyncView {
            phase: phase(account, row.as_ref(), app.clock.now()),
            backfilling: progress.backfilling,
            progress: progress.fraction.clamp(0.0, 1.0),
            eta_seconds: progress.eta_seconds,
            days_done: progress.days_done,
            days_total: progress.days_total,
            last_success_at: row.as_ref().and_then(|row| row.last_success_at),
            next_attempt_at: row.as_ref().and_then(|row| row.next_attempt_at),
        },
        covered_from: progress.covered_from,
        complete_through: progress.complete_through,
        linked_at: account.linked_at,
        data_version: account.data_version,
        levels: profile.map_or_else(Vec::new, |profile| {
            profile.levels.iter().map(|level| level.as_str()).collect()
        }),
        metrics: ids(&shown_metrics(app, account)),
        cost_terms: account.cost_terms.clone(),
    })
}

/// Several accounts, in their order.
pub(crate) async fn accounts(
    app: &Shared,
    workspace: WorkspaceId,
    stored: &[Account],
) -> Result<AccountList, Problem> {
    let mut accounts = Vec::with_capacity(stored.len());
    for one in stored {
        accounts.push(account(app, workspace, one).await?);
    }
    Ok(AccountList { accounts })
}

fn phase(account: &Account, row: Option<&SyncRow>, now: DateTime<Utc>) -> &'static str {
    let Some(row) = row else { return "idle" };
    if row.running_since.is_some() {
        return "running";
    }
    if account.state == AccountState::Archived {
        return "idle";
    }
    match row.next_attempt_at {
        Some(at) if at <= now => "queued",
        Some(_) if row.last_error.is_some() => "waiting",
        _ => "idle",
    }
}

fn error_view(row: &SyncRow) -> Option<ErrorView> {
    row.last_error.as_ref().map(|error| ErrorView {
        code: error.code.clone(),
        message: error.message.clone(),
        operation: error.operation.clone(),
        since: error.at,
        retry_at: row.next_attempt_at,
    })
}

/// What the platform offers, and what is billed once there are terms for it.
fn shown_metrics(app: &Shared, account: &Account) -> Vec<MetricId> {
    let mut metrics = app.catalogue.shown_metrics(&account.platform);
    let spend = metrics.iter().position(|id| id.as_str() == MetricId::SPEND);
    if let Some(at) = spend.filter(|_| !account.cost_terms.is_empty()) {
        metrics.insert(at + 1, MetricId::from(MetricId::BILLED_SPEND));
    }
    metrics
}
