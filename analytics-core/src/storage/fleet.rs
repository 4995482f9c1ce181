//! What the processes of one service agree on through their database.

use std::{collections::BTreeMap, fmt::Debug, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{
    error::Result,
    model::{
        AccountId, AccountMark, BudgetShare, BudgetUse, FailedAccount, Occupied, Platform,
        PlatformHealth, PlatformPause, Priority, Worker, WorkerReport, WorkspaceId,
    },
};

/// Which due accounts to claim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Of this platform.
    pub platform: Platform,
    /// Only as urgent as this, or more.
    pub up_to: Priority,
    /// Due at this moment, by the caller's clock.
    pub now: DateTime<Utc>,
    /// At most this many.
    pub limit: u32,
    /// For how long nobody else gets them, by the database's clock, unless work on them begins.
    pub hold: Duration,
}

/// Claims of due accounts, living processes, platforms that rest, and limits that are shared.
///
/// This store is for schedulers, workers and operators: it looks across workspaces.
#[async_trait]
pub trait FleetStore: Debug + Send + Sync {
    /// Hands accounts that are due, or have exact values to fetch, to this caller and nobody else:
    /// most urgent first. One that nobody has begun with when the hold ends is claimed again; taking
    /// its lease ends the hold.
    async fn claim_due(&self, claim: &Claim) -> Result<Vec<(WorkspaceId, AccountId)>>;
    /// Ends holds, for accounts that could not be handed over after all.
    async fn unclaim(&self, accounts: &[AccountId]) -> Result<()>;
    /// Platforms that have linked accounts, and how many of them somebody is busy with.
    async fn occupied(&self) -> Result<BTreeMap<Platform, Occupied>>;

    /// What each account of a workspace looks like from outside, cheap enough to be asked every
    /// second: two answers differ where another process changed an account.
    async fn account_marks(
        &self,
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<AccountId, AccountMark>>;

    /// Says that a process lives, at the database's time.
    async fn report_worker(&self, report: &WorkerReport) -> Result<()>;
    /// Processes that reported within `within`, longest-lived first; older ones are forgotten.
    async fn workers(&self, within: Duration) -> Result<Vec<Worker>>;
    /// Forgets a process that ends.
    async fn remove_worker(&self, id: &str) -> Result<()>;

    /// Lets a platform rest, in place of a pause it may have already.
    async fn pause_platform(&self, platform: &Platform, pause: &PlatformPause) -> Result<()>;
    /// Ends a platform's pause; whether there was one.
    async fn lift_pause(&self, platform: &Platform) -> Result<bool>;
    /// The platforms that rest at `now`.
    async fn pauses(&self, now: DateTime<Utc>) -> Result<BTreeMap<Platform, PlatformPause>>;

    /// Takes up to `wanted` calls out of a limit of `allowed` calls in every `period` of the
    /// database's time, that everybody who names the same platform and scope keeps.
    async fn take_budget(
        &self,
        platform: &Platform,
        scope: &str,
        wanted: u32,
        allowed: u32,
        period: Duration,
    ) -> Result<BudgetShare>;
    /// Lets a scope rest until a moment; a longer rest stays.
    async fn park(&self, platform: &Platform, scope: &str, until: DateTime<Utc>) -> Result<()>;
    /// Limits in use, and scopes that rest at `now`.
    async fn budgets(&self, now: DateTime<Utc>) -> Result<Vec<BudgetUse>>;

    /// How the accounts of each platform fare at `now`.
    async fn platform_health(&self, now: DateTime<Utc>) -> Result<Vec<PlatformHealth>>;
    /// Accounts whose last attempt failed or that need linking again, latest failure first.
    async fn failed_accounts(&self, limit: u32) -> Result<Vec<FailedAccount>>;
}
