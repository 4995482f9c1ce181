//! The processes of the service and what they have to do.

use std::time::Duration;

use analytics_core::{Store, model::PlatformHealth};
use chrono::Utc;

use super::checks::Checks;
use crate::{config::Settings, jobs::open_transport, metrics::ALIVE};

/// An account that has been due for longer is stuck: usually it takes seconds.
const STUCK: chrono::Duration = chrono::Duration::hours(1);
/// Processes that were last seen earlier than this are nobody's business any more.
const REMEMBERED: Duration = Duration::from_secs(365 * 86_400);

/// The queue, where processes share one.
pub(super) async fn queue(settings: &Settings, checks: &mut Checks) {
    let name = "queue";
    let Some(url) = settings.get("ANALYTICS_QUEUE_URL") else {
        checks.ok(name, "none: jobs stay in the process that finds them");
        return;
    };
    let answer = match open_transport(&url, 1).await {
        Ok(transport) => transport.ping().await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(()) => checks.ok(name, "answers"),
        Err(error) => checks.fail(
            name,
            error.to_string(),
            "is ANALYTICS_QUEUE_URL right, and is the server running? Accounts stay due until it is back",
        ),
    }
}

pub(super) async fn fleet(store: &dyn Store, checks: &mut Checks) -> analytics_core::Result<()> {
    let now = Utc::now();
    let health = store.platform_health(now).await?;
    let working = workers(store, checks).await?;
    for platform in &health {
        stuck(platform, now, working, checks);
        if platform.failing > 0 {
            checks.warn(
                "accounts",
                format!("{}: {} failed at the last attempt", platform.platform, platform.failing),
                "the page Operations, or `analytics accounts`, shows the errors; they are tried again by themselves",
            );
        }
    }
    for (platform, pause) in store.pauses(now).await? {
        checks.warn(
            "pauses",
            format!(
                "{platform} rests until {}: {}",
                pause.until.format("%Y-%m-%d %H:%M UTC"),
                pause.error.message
            ),
            "put right what it says, then end the pause on the page Operations",
        );
    }
    Ok(())
}

/// Who lives; whether anybody works on accounts.
async fn workers(store: &dyn Store, checks: &mut Checks) -> analytics_core::Result<bool> {
    let now = store.database_time().await?;
    let alive = chrono::Duration::from_std(ALIVE).unwrap_or_default();
    let mut living = store.workers(REMEMBERED).await?;
    living.retain(|worker| now - worker.seen_at < alive);
    if living.is_empty() {
        checks.ok("processes", "none runs");
        return Ok(false);
    }
    for worker in &living {
        let report = &worker.report;
        let found = format!(
            "{} on {}, version {}, works on {} of {} accounts",
            report.role, report.host, report.version, report.running, report.capacity
        );
        if report.version == env!("CARGO_PKG_VERSION") {
            checks.ok("processes", found);
        } else {
            checks.warn(
                "processes",
                format!("{found}; this program is {}", env!("CARGO_PKG_VERSION")),
                "restart it with this version, unless an upgrade is under way",
            );
        }
    }
    Ok(living.iter().any(|worker| worker.report.capacity > 0))
}

fn stuck(
    platform: &PlatformHealth,
    now: chrono::DateTime<Utc>,
    working: bool,
    checks: &mut Checks,
) {
    let Some(since) = platform.oldest_due.filter(|since| now - *since > STUCK) else {
        return;
    };
    checks.warn(
        "due accounts",
        format!(
            "{}: {} are due, the first since {}",
            platform.platform,
            platform.due,
            since.format("%Y-%m-%d %H:%M UTC")
        ),
        if working {
            "is there a scheduler, and are there enough workers? More of them: ANALYTICS_WORKERS, or another `analytics serve --role worker`"
        } else {
            "nothing works on them: start `analytics serve`, or `analytics serve --role worker` beside a scheduler"
        },
    );
}
