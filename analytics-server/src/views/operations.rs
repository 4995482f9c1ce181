//! What an operator sees of the whole instance.

use std::collections::BTreeMap;

use analytics_core::model::{
    BudgetUse, FailedAccount, Occupied, Platform, PlatformHealth, PlatformPause, SyncError, Worker,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::metrics::lag_days;

/// How the instance fares.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Operations)]
pub(crate) struct OperationsView {
    /// The moment of all this, by the server's clock.
    pub(crate) at: DateTime<Utc>,
    /// The version that answered.
    pub(crate) version: &'static str,
    /// Processes of the service that reported within the last minute.
    pub(crate) workers: Vec<WorkerView>,
    /// Platforms that have accounts or rest.
    pub(crate) platforms: Vec<PlatformStateView>,
    /// Shared limits in use, and accounts or apps that rest because one is used up.
    pub(crate) budgets: Vec<BudgetView>,
    /// Accounts whose last attempt failed or that need linking again, latest failure first.
    pub(crate) failures: Vec<FailureView>,
    /// Whether there are more failures than these.
    pub(crate) more_failures: bool,
}

/// A process.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Worker)]
pub(crate) struct WorkerView {
    id: String,
    host: String,
    /// `all`, `web`, `worker` or `scheduler`.
    role: String,
    version: String,
    /// Accounts it works on at the same time; 0 for one that does not work on any.
    capacity: u32,
    /// Accounts it works on now.
    running: u32,
    /// By the database's clock.
    started_at: DateTime<Utc>,
    /// By the database's clock.
    seen_at: DateTime<Utc>,
}

impl From<Worker> for WorkerView {
    fn from(worker: Worker) -> Self {
        let report = worker.report;
        Self {
            id: report.id,
            host: report.host,
            role: report.role,
            version: report.version,
            capacity: report.capacity,
            running: report.running,
            started_at: worker.started_at,
            seen_at: worker.seen_at,
        }
    }
}

/// An error as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordedError)]
pub(crate) struct RecordedErrorView {
    /// Stable code of its kind.
    code: String,
    message: String,
    operation: String,
    at: DateTime<Utc>,
}

impl From<SyncError> for RecordedErrorView {
    fn from(error: SyncError) -> Self {
        Self {
            code: error.code,
            message: error.message,
            operation: error.operation,
            at: error.at,
        }
    }
}

/// Why a platform is not asked for a while.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlatformPause)]
struct PauseView {
    until: DateTime<Utc>,
    /// What the platform said.
    error: RecordedErrorView,
}

/// How the accounts of a platform fare, over all workspaces.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlatformState)]
pub(crate) struct PlatformStateView {
    platform: String,
    /// Accounts that are kept up to date.
    accounts: u64,
    /// Of them due, and not being worked on.
    due: u64,
    /// Since when the one that waits longest is due.
    oldest_due: Option<DateTime<Utc>>,
    /// Handed to a worker that has not begun yet.
    handed_over: u64,
    /// Being worked on.
    running: u64,
    /// With a failed last attempt.
    failing: u64,
    needs_relink: u64,
    /// The last complete day of the account furthest behind; null while one has none.
    complete_through: Option<NaiveDate>,
    /// Days from that day until today in UTC.
    lag_days: Option<u64>,
    pause: Option<PauseView>,
}

/// Every platform that has accounts, work or a pause, by name.
pub(crate) fn platform_states(
    health: Vec<PlatformHealth>,
    occupied: &BTreeMap<Platform, Occupied>,
    pauses: BTreeMap<Platform, PlatformPause>,
    now: DateTime<Utc>,
) -> Vec<PlatformStateView> {
    let mut health: BTreeMap<_, _> = health
        .into_iter()
        .map(|health| (health.platform.clone(), health))
        .collect();
    let mut pauses = pauses;
    let mut names: Vec<Platform> = health.keys().chain(pauses.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|platform| {
            let health = health.remove(&platform);
            let of = |count: fn(&PlatformHealth) -> u64| health.as_ref().map_or(0, count);
            let occupied = occupied.get(&platform).copied().unwrap_or_default();
            PlatformStateView {
                accounts: of(|health| health.accounts),
                due: of(|health| health.due),
                failing: of(|health| health.failing),
                needs_relink: of(|health| health.needs_relink),
                oldest_due: health.as_ref().and_then(|health| health.oldest_due),
                complete_through: health.as_ref().and_then(|health| health.complete_through),
                lag_days: health.as_ref().and_then(|health| lag_days(health, now)),
                handed_over: occupied.handed_over,
                running: occupied.running,
                pause: pauses.remove(&platform).map(|pause| PauseView {
                    until: pause.until,
                    error: pause.error.into(),
                }),
                platform: platform.as_str().to_owned(),
            }
        })
        .collect()
}

/// How far a limit is used that all processes keep together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Budget)]
pub(crate) struct BudgetView {
    platform: String,
    /// What the limit counts by: an account's id at the platform, or empty for the app.
    scope: String,
    used: u64,
    allowed: Option<u64>,
    parked_until: Option<DateTime<Utc>>,
}

impl From<BudgetUse> for BudgetView {
    fn from(budget: BudgetUse) -> Self {
        Self {
            platform: budget.platform.as_str().to_owned(),
            scope: budget.scope,
            used: budget.used,
            allowed: budget.allowed,
            parked_until: budget.parked_until,
        }
    }
}

/// An account that could not be brought up to date.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Failure)]
pub(crate) struct FailureView {
    /// The account, `acc_…`.
    id: String,
    platform: String,
    name: String,
    /// The workspace's name.
    workspace: String,
    /// `active`, `needs_relink` or `error`.
    state: &'static str,
    error: Option<RecordedErrorView>,
    /// Failed attempts in a row.
    attempts: u32,
    /// When it is tried again; null: not before it is linked again.
    next_attempt_at: Option<DateTime<Utc>>,
    last_success_at: Option<DateTime<Utc>>,
    /// Whether somebody works on it right now.
    running: bool,
}

impl From<FailedAccount> for FailureView {
    fn from(failed: FailedAccount) -> Self {
        Self {
            id: failed.public_id.to_string(),
            platform: failed.platform.as_str().to_owned(),
            name: failed.name,
            workspace: failed.workspace_name,
            state: failed.state.as_str(),
            error: failed.row.last_error.map(RecordedErrorView::from),
            attempts: failed.row.attempts,
            next_attempt_at: failed.row.next_attempt_at,
            last_success_at: failed.row.last_success_at,
            running: failed.row.running_since.is_some(),
        }
    }
}
