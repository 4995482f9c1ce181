//! `analytics migrate`

use std::process::ExitCode;

use analytics_core::{Store as _, storage::sqlite::SqliteStore};
use clap::Args;
use serde_json::json;

use super::{CommandError, output};
use crate::{config::Settings, master_key};

/// Flags of `migrate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  DATABASE_URL=sqlite://analytics.db analytics migrate\n\n`analytics serve` does the same when it starts."
)]
pub(crate) struct MigrateArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: MigrateArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let url = settings.database_url();
    if !url.starts_with("sqlite:") {
        return Err(CommandError::usage(
            "this build knows SQLite only: set DATABASE_URL to sqlite://path/to/file.db",
        ));
    }
    let keys = master_key::load(settings)?;
    let store = SqliteStore::open(&url, keys.cipher).await?;
    let applied = store.migrate().await?;
    store.close().await;
    if args.json {
        output::print_json(&json!({"applied": applied}))?;
    } else if applied == 0 {
        output::print("The schema is up to date.\n")?;
    } else {
        output::print(&format!("Applied {applied} migrations.\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
