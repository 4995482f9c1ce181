//! Days that pass for accounts which are up to date: does everything get done before the next one?

use std::time::{Duration, Instant};

use chrono::Utc;
use serde_json::{Value, json};

use crate::{
    Arguments, Failure,
    crowd::Place,
    fleet::Fleet,
    number, rounded,
    servers::Servers,
    standin::{self, FACTS_A_DAY, StandIn},
};

const PATIENCE: Duration = Duration::from_secs(3600);
/// Days that pass.
const DAYS: i64 = 3;

pub(crate) async fn run(arguments: &Arguments) -> Result<Value, Failure> {
    let platform = StandIn::start(Duration::from_millis(arguments.latency)).await?;
    let servers = Servers::start(arguments.setup)?;
    let place = Place::open(arguments, &servers, platform.env(), &[]).await?;
    let started_at = Utc::now();
    let accounts = standin::link(
        &*place.store,
        place.workspace,
        arguments.accounts,
        started_at,
    )
    .await?;
    let (mut days, mut peak) = (Vec::new(), 0);
    for day in 0..=DAYS {
        let offset = chrono::Duration::days(day);
        platform.door.clear();
        let mut env = place.env.clone();
        if day > 0 {
            env.extend(faketime(offset.num_seconds())?);
        }
        let mut fleet = Fleet::start(
            arguments.setup,
            arguments.workers,
            servers.folder.path(),
            env,
        )?;
        let begun = Instant::now();
        while !place.is_done(Utc::now() + offset).await? {
            if begun.elapsed() > PATIENCE {
                return Err("not done within an hour".into());
            }
            fleet.peak_memory()?;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        let seconds = begun.elapsed().as_secs_f64();
        peak = peak.max(fleet.stop()?);
        days.push(json!({
            "day": day,
            "seconds": rounded(seconds),
            "accounts_per_second": rounded(number(accounts.len() as u64) / seconds),
            "calls": platform.door.calls(),
            "doubled": platform.door.doubled(),
        }));
    }
    let covered = u64::from(arguments.days) + DAYS.unsigned_abs();
    let mut lost = 0;
    for account in &accounts {
        let contents = place
            .store
            .account_contents(place.workspace, account.id)
            .await?;
        lost += (covered * FACTS_A_DAY).saturating_sub(contents.facts);
    }
    Ok(json!({
        "accounts": accounts.len(),
        "setup": arguments.setup.name(),
        "workers": arguments.workers,
        "days": days,
        "lost": lost,
        "peak_rss_mb": peak / (1 << 20),
    }))
}

/// Lets a process live so many seconds later.
fn faketime(seconds: i64) -> Result<[(String, String); 3], Failure> {
    let library = std::fs::read_dir("/usr/lib")?
        .flatten()
        .map(|folder| folder.path().join("faketime/libfaketime.so.1"))
        .find(|path| path.exists())
        .ok_or("`faketime` is not installed; install it with: apt-get install faketime")?;
    Ok([
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME", format!("+{seconds}")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value)))
}
