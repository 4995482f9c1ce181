//! Accounts filled with their history by several workers, whatever goes wrong meanwhile.

use std::time::{Duration, Instant};

use analytics_connectors::{simulator::Fault, testing::compare_with_truth};
use chrono::Utc;
use serde_json::{Value, json};

use crate::{
    Arguments, Failure, Faults, crowd::Place, fleet::Fleet, number, platform::Platform, rounded,
    servers::Servers,
};

/// Nothing takes longer than this.
const PATIENCE: Duration = Duration::from_secs(3600);
/// Between one killed worker and the next.
const KILL_EVERY: Duration = Duration::from_secs(4);

pub(crate) async fn run(arguments: &Arguments) -> Result<Value, Failure> {
    let latency = Duration::from_millis(arguments.latency);
    let platform = Platform::start(arguments.accounts, latency).await?;
    let servers = Servers::start(arguments.setup)?;
    let name = arguments.platform.to_uppercase();
    let pace = format!("ANALYTICS_{name}_REQUESTS_PER_SECOND");
    let mut other = Vec::new();
    if let Some(per_second) = arguments.per_second {
        other.push((&*pace, per_second.to_string()));
    }
    if arguments.faults.kills() {
        other.push(("ANALYTICS_SYNC_LEASE_SECONDS", "3".to_owned()));
    }
    if arguments.faults != Faults::None {
        other.push(("ANALYTICS_SYNC_FIRST_BACKOFF_SECONDS", "2".to_owned()));
    }
    let place = Place::open(arguments, &servers, platform.env(), &other).await?;
    let accounts = place.link(arguments.accounts).await?;
    inject(arguments, &platform);

    platform.door.clear();
    let mut fleet = Fleet::start(
        arguments.setup,
        arguments.workers,
        servers.folder.path(),
        place.env.clone(),
    )?;
    let begun = Instant::now();
    let mut last_kill = Instant::now();
    // Calls and seconds while there was work for everybody: who comes last leaves the others idle.
    let mut busy = (0, 0.0);
    while !place.is_done(Utc::now()).await? {
        if begun.elapsed() > PATIENCE {
            return Err("not done within an hour".into());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
        fleet.peak_memory()?;
        if place.somebody_waits().await? {
            busy = (platform.door.calls(), platform.door.span().as_secs_f64());
        }
        if arguments.faults.kills() && fleet.killed() < 8 && last_kill.elapsed() > KILL_EVERY {
            fleet.kill_one()?;
            last_kill = Instant::now();
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let killed = fleet.killed();
    let peak = fleet.stop()?;

    let (mut lost, mut unexpected, mut facts) = (0, 0, 0);
    let mut lacking = 0;
    let mut examples = Vec::new();
    let world = platform.simulator.world();
    for account in &accounts {
        let compared = compare_with_truth(&*place.store, &world, &place.profile, account).await?;
        lost += compared.missing + compared.different;
        unexpected += compared.unexpected;
        facts += compared.facts;
        lacking += place.lacking(account).await?;
        examples.extend(compared.examples.into_iter().take(1));
    }
    examples.truncate(5);
    let (calls, span) = (platform.door.calls(), platform.door.span().as_secs_f64());
    let allowed = arguments.per_second.map(|per_second| {
        let at_once = arguments.workers * arguments.at_once;
        number(per_second.into()) * number(at_once as u64)
    });
    let mut report = json!({
        "accounts": accounts.len(),
        "slices": platform.door.questions(),
        "seconds": rounded(seconds),
        "lost": lost,
        "doubled": platform.door.doubled(),
        "peak_rss_mb": peak / (1 << 20),
        "budget_used": allowed.map(|allowed| rounded(number(busy.0) / (busy.1 * allowed))),
        "setup": arguments.setup.name(),
        "workers": arguments.workers,
        "facts": facts,
        "unexpected": unexpected,
        "lacking": lacking,
        "calls": calls,
        "calls_per_second": rounded(number(calls) / span),
    });
    if arguments.faults != Faults::None {
        report["killed"] = killed.into();
    }
    if !examples.is_empty() {
        report["examples"] = examples.into();
    }
    Ok(report)
}

fn inject(arguments: &Arguments, platform: &Platform) {
    let faults = platform.simulator.faults();
    let here = arguments.platform.as_str();
    let limits = matches!(arguments.faults, Faults::RateLimits | Faults::Mixed);
    if limits {
        for after in [40, 60, 90] {
            faults.inject(Fault::RateLimited, here, 2, after);
        }
    }
    if arguments.faults == Faults::Mixed {
        for (fault, after) in [
            (Fault::ServerError, 30),
            (Fault::ConnectionReset, 55),
            (Fault::TruncatedBody, 80),
            (Fault::MalformedJson, 120),
        ] {
            faults.inject(fault, here, 3, after);
        }
    }
}
