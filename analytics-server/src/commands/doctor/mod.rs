//! `analytics doctor`

mod checks;
mod database;
mod fleet;
mod key;
mod settings;

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use self::checks::{Checks, State, as_text};
use super::{CommandError, output};
use crate::config::Settings;

/// Flags of `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics doctor\n  analytics doctor --json | jq '.checks[] | select(.state != \"ok\")'\n\nExit code 1 if something fails. Changes nothing."
)]
pub(crate) struct DoctorArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: DoctorArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let mut checks = Checks::default();
    settings::configuration(settings, &mut checks);
    settings::address(settings, &mut checks);
    settings::platforms(settings, &mut checks);
    fleet::queue(settings, &mut checks).await;
    if key::master_key(settings, &mut checks) {
        database::database(settings, &mut checks).await;
    }
    let failed = checks.0.iter().any(|check| check.state == State::Failed);
    if args.json {
        output::print_json(&json!({"ok": !failed, "checks": checks.0}))?;
    } else {
        output::print(&as_text(&checks.0))?;
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
