//! `analytics version`

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{CommandError, output};

/// Flags of `version`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  analytics version --json")]
pub(crate) struct VersionArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &VersionArgs) -> Result<ExitCode, CommandError> {
    let version = env!("CARGO_PKG_VERSION");
    if args.json {
        output::print_json(&json!({"name": "analytics", "version": version}))?;
    } else {
        output::print(&format!("analytics {version}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
