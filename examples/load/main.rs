//! The load tool: starts a platform, private servers and the service's processes, lets them work,
//! compares what was stored with the truth, and prints one JSON object.
//!
//! `load` fills accounts with their history: accounts, slices, seconds, lost (true values that are
//! missing or different), doubled (questions asked twice), peak_rss_mb (of the largest process),
//! budget_used (share of the calls that were allowed while accounts waited). Further modes measure a
//! part each: `load schedule`, `load ingest`, `load refresh`, `load scale`.

mod arguments;
mod backfill;
mod crowd;
mod fleet;
mod ingest;
mod platform;
mod refresh;
mod scale;
mod schedule;
mod servers;
mod standin;

pub(crate) use arguments::{Arguments, Faults, Mode, Setup};

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let report = match arguments.mode {
        Mode::Backfill => backfill::run(&arguments).await?,
        Mode::Schedule => schedule::run(&arguments).await?,
        Mode::Ingest => ingest::run(&arguments).await?,
        Mode::Refresh => refresh::run(&arguments).await?,
        Mode::Scale => scale::run(&arguments).await?,
    };
    println!("{report:#}");
    Ok(())
}

/// A count as a number that can be divided.
#[allow(clippy::cast_precision_loss)] // far below 2^53
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}

/// Rounded for reading.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
