//! How the accounts of all workspaces fare, read from the database when somebody asks.

use std::time::{Duration, Instant};

use analytics_core::{
    Result,
    model::{BudgetUse, Platform, PlatformHealth},
};
use chrono::{DateTime, Utc};
use metrics::{describe_gauge, gauge};

use crate::app::Shared;

/// Answers this old are given again: several may scrape, and the queries touch every account.
const FRESH: Duration = Duration::from_secs(15);
/// Longest wait for the database: a scrape that hangs tells less than one without these figures.
const PATIENCE: Duration = Duration::from_secs(5);
/// A process that did not report for this long is not counted.
pub(crate) const ALIVE: Duration = Duration::from_secs(60);

/// Brings the gauges up to date, unless they are.
pub(crate) async fn refresh(app: &Shared) {
    let metrics = &app.metrics;
    let connections = app.store.connections();
    metrics.record(|| {
        let used = connections.open.saturating_sub(connections.idle);
        for (state, count) in [
            ("used", used),
            ("idle", connections.idle),
            ("most", connections.most),
        ] {
            gauge!("analytics_database_connections", "state" => state).set(f64::from(count));
        }
    });
    let mut looked_at = metrics.0.looked_at.lock().await;
    if looked_at.is_some_and(|at| at.elapsed() < FRESH) {
        return;
    }
    *looked_at = Some(Instant::now());
    let up = match tokio::time::timeout(PATIENCE, look(app)).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(error = %crate::error::chain(&error), "cannot read how the accounts fare");
            false
        }
        Err(_) => {
            tracing::warn!("the database takes too long to say how the accounts fare");
            false
        }
    };
    metrics.record(|| gauge!("analytics_database_up").set(f64::from(u8::from(up))));
}

async fn look(app: &Shared) -> Result<()> {
    let now = app.clock.now();
    let health = app.store.platform_health(now).await?;
    let occupied = app.store.occupied().await?;
    let pauses = app.store.pauses(now).await?;
    let budgets = app.store.budgets(now).await?;
    let workers = app.store.workers(ALIVE).await?;
    let registered = app.registry.connectors();
    let registered = registered
        .iter()
        .map(|connector| connector.descriptor().platform().clone());
    let mut platforms: Vec<Platform> = registered
        .chain(health.iter().map(|health| health.platform.clone()))
        .collect();
    platforms.sort();
    platforms.dedup();
    app.metrics.record(|| {
        for platform in &platforms {
            let name = platform.as_str().to_owned();
            let occupied = occupied.get(platform).copied().unwrap_or_default();
            for (gauge, count) in [
                (
                    gauge!("analytics_accounts_running", "platform" => name.clone()),
                    occupied.running,
                ),
                (
                    gauge!("analytics_accounts_handed_over", "platform" => name.clone()),
                    occupied.handed_over,
                ),
                (
                    gauge!("analytics_platform_paused", "platform" => name.clone()),
                    u64::from(pauses.contains_key(platform)),
                ),
            ] {
                gauge.set(as_number(count));
            }
            // A platform whose last account went has none, instead of those it had.
            let fares = health.iter().find(|health| health.platform == *platform);
            show(&name, fares, now);
            show_budget(&name, &budgets, platform);
        }
        for role in ["all", "web", "worker", "scheduler"] {
            let of_role = || workers.iter().filter(|worker| worker.report.role == role);
            let sum = |of: fn(&analytics_core::model::WorkerReport) -> u32| {
                f64::from(of_role().map(|worker| of(&worker.report)).sum::<u32>())
            };
            gauge!("analytics_processes", "role" => role).set(as_number(of_role().count() as u64));
            gauge!("analytics_process_capacity", "role" => role).set(sum(|report| report.capacity));
            gauge!("analytics_process_running", "role" => role).set(sum(|report| report.running));
        }
    });
    Ok(())
}

fn show(platform: &str, health: Option<&PlatformHealth>, now: DateTime<Utc>) {
    let of = |count: fn(&PlatformHealth) -> u64| as_number(health.map_or(0, count));
    let name = || platform.to_owned();
    gauge!("analytics_accounts", "platform" => name()).set(of(|health| health.accounts));
    gauge!("analytics_accounts_due", "platform" => name()).set(of(|health| health.due));
    gauge!("analytics_accounts_failing", "platform" => name()).set(of(|health| health.failing));
    gauge!("analytics_accounts_needing_relink", "platform" => name())
        .set(of(|health| health.needs_relink));
    let oldest = health.and_then(|health| health.oldest_due);
    gauge!("analytics_oldest_due_seconds", "platform" => name())
        .set(oldest.map_or(0.0, |at| as_number(seconds(now, at))));
    // Not a number while an account has no covered day yet: nobody knows how far it is behind.
    let lag = health.and_then(|health| lag_days(health, now));
    gauge!("analytics_lag_days", "platform" => name()).set(lag.map_or(f64::NAN, as_number));
}

/// Whole days from the last covered day of the account furthest behind until today in UTC: 1 where
/// yesterday is complete.
pub(crate) fn lag_days(health: &PlatformHealth, now: DateTime<Utc>) -> Option<u64> {
    let through = health.complete_through?;
    Some(u64::try_from((now.date_naive() - through).num_days()).unwrap_or_default())
}

fn show_budget(name: &str, budgets: &[BudgetUse], platform: &Platform) {
    let own = || budgets.iter().filter(|budget| budget.platform == *platform);
    let shares = || {
        own().filter_map(|budget| {
            let allowed = budget.allowed.filter(|allowed| *allowed > 0)?;
            Some((budget.used, allowed))
        })
    };
    let fullest = shares()
        .map(|(used, allowed)| as_number(used) / as_number(allowed))
        .fold(0.0, f64::max);
    let left = shares()
        .map(|(used, allowed)| allowed.saturating_sub(used))
        .min();
    let parked = own().filter(|budget| budget.parked_until.is_some()).count();
    gauge!("analytics_vendor_budget_used_ratio", "platform" => name.to_owned()).set(fullest);
    gauge!("analytics_vendor_budget_calls_left", "platform" => name.to_owned())
        .set(left.map_or(f64::NAN, as_number));
    gauge!("analytics_vendor_scopes_parked", "platform" => name.to_owned())
        .set(as_number(parked as u64));
}

fn seconds(now: DateTime<Utc>, since: DateTime<Utc>) -> u64 {
    u64::try_from((now - since).num_seconds()).unwrap_or_default()
}

/// Counts stay far below where a float skips one.
fn as_number(count: u64) -> f64 {
    count as f64
}

pub(super) fn describe() {
    for (name, what) in [
        ("analytics_build_info", "The running version; always 1."),
        (
            "analytics_database_up",
            "Whether the database answered the last time it was asked: 1 or 0.",
        ),
        (
            "analytics_database_connections",
            "Connections of this process to the database: used, idle, and at most.",
        ),
        (
            "analytics_accounts",
            "Accounts that are kept up to date, in all workspaces.",
        ),
        (
            "analytics_accounts_due",
            "Accounts that are due and that nobody works on.",
        ),
        (
            "analytics_oldest_due_seconds",
            "For how long the account that waits longest has been due.",
        ),
        (
            "analytics_accounts_failing",
            "Accounts whose last attempt failed.",
        ),
        (
            "analytics_accounts_needing_relink",
            "Accounts that their users must link again.",
        ),
        (
            "analytics_accounts_running",
            "Accounts that are being worked on.",
        ),
        (
            "analytics_accounts_handed_over",
            "Accounts that were handed to a worker which has not begun yet.",
        ),
        (
            "analytics_lag_days",
            "Days from the last complete day of the account furthest behind until today (UTC); 1 is up to date, NaN while an account has no day yet.",
        ),
        (
            "analytics_platform_paused",
            "Whether a platform rests because it refuses this service: 1 or 0.",
        ),
        (
            "analytics_processes",
            "Processes of this service that live, by role.",
        ),
        (
            "analytics_process_capacity",
            "Accounts that the living processes can work on at the same time.",
        ),
        (
            "analytics_process_running",
            "Accounts that the living processes work on.",
        ),
        (
            "analytics_vendor_budget_used_ratio",
            "How far the fullest of a platform's shared limits is used, 0 to 1.",
        ),
        (
            "analytics_vendor_budget_calls_left",
            "Calls left in the scarcest of a platform's shared limits; NaN without any.",
        ),
        (
            "analytics_vendor_scopes_parked",
            "Accounts or apps of a platform that rest because a limit is used up.",
        ),
    ] {
        describe_gauge!(name, what);
    }
}
