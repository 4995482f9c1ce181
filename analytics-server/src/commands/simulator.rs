//! `analytics simulator`

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use analytics_connectors::{
    clock::SettableClock,
    simulator::{Simulator, SimulatorSettings},
};
use chrono::{DateTime, Utc};
use clap::Args;

use super::{CommandError, output, stop};

/// Flags of `simulator`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics simulator --port 9090 --seed 7\n  curl -s localhost:9090/_accounts\n\nBeside the vendors' routes: /_truth/{platform}/{account}, /_accounts, /_env, /_clock, /_faults, /_calls, /_signed_request."
)]
pub(crate) struct SimulatorArgs {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 9090)]
    port: u16,
    /// Everything in the world follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Accounts of every platform
    #[arg(long, default_value_t = 3, value_name = "N")]
    accounts: usize,
    /// Milliseconds that every answer of a vendor takes at least
    #[arg(long, default_value_t = 0, value_name = "MS")]
    latency: u64,
    /// The moment its clock starts at and runs on from [default: now]
    #[arg(long, value_name = "TIME")]
    now: Option<DateTime<Utc>>,
}

pub(crate) async fn run(args: SimulatorArgs) -> Result<ExitCode, CommandError> {
    let settings = SimulatorSettings {
        seed: args.seed,
        accounts: args.accounts,
        clock: Arc::new(SettableClock::running(args.now.unwrap_or_else(Utc::now))),
        latency: Duration::from_millis(args.latency),
    };
    let address = SocketAddr::from(([127, 0, 0, 1], args.port));
    let running = Simulator::start(settings, Some(address))
        .await
        .map_err(|error| {
            CommandError::failed(format!(
                "cannot listen on {address}: {error}; choose another --port"
            ))
        })?;
    let mut text = format!(
        "The simulator answers at {}\n\nPoint the connectors at it:\n",
        running.base_url()
    );
    for (name, value) in running.env() {
        text.push_str(&format!("export {name}={value}\n"));
    }
    output::print(&text)?;
    stop::requested().await;
    running.stop();
    Ok(ExitCode::SUCCESS)
}
