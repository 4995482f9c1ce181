//! Two workers beside one, where both wait for a slow platform.

use std::time::{Duration, Instant};

use chrono::Utc;
use serde_json::{Value, json};

use crate::{
    Arguments, Failure,
    crowd::Place,
    fleet::Fleet,
    rounded,
    servers::Servers,
    standin::{self, StandIn},
};

const PATIENCE: Duration = Duration::from_secs(1800);

pub(crate) async fn run(arguments: &Arguments) -> Result<Value, Failure> {
    let one = once(arguments, 1).await?;
    let two = once(arguments, 2).await?;
    Ok(json!({
        "accounts": arguments.accounts,
        "setup": arguments.setup.name(),
        "latency_ms": arguments.latency,
        "one_worker_seconds": rounded(one),
        "two_workers_seconds": rounded(two),
        "ratio": rounded(one / two),
    }))
}

async fn once(arguments: &Arguments, workers: usize) -> Result<f64, Failure> {
    let platform = StandIn::start(Duration::from_millis(arguments.latency)).await?;
    let servers = Servers::start(arguments.setup)?;
    let place = Place::open(arguments, &servers, platform.env(), &[]).await?;
    standin::link(
        &*place.store,
        place.workspace,
        arguments.accounts,
        Utc::now(),
    )
    .await?;
    let fleet = Fleet::start(
        arguments.setup,
        workers,
        servers.folder.path(),
        place.env.clone(),
    )?;
    // What starting takes is no work.
    while platform.door.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begun = Instant::now();
    place.until_done(PATIENCE).await?;
    let seconds = begun.elapsed().as_secs_f64();
    fleet.stop()?;
    Ok(seconds)
}
