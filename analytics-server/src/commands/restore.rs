//! `analytics restore`

use std::{path::PathBuf, process::ExitCode};

use analytics_core::storage::copy;
use clap::Args;

use super::{CommandError, moving, output};
use crate::config::Settings;

/// Flags of `restore`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  analytics restore /var/backups/analytics-2026-11-23.db\n  DATABASE_URL=postgresql://… analytics restore nightly.db\n\nInto the configured database, which must be new or empty: a store is never overwritten. To replace one, stop the service, move its file away (or create another database and name that in DATABASE_URL), and restore. A backup of an older version is brought up to date on the way. Run again after an interruption, the command goes on where it stopped.\n\nThe master key is not in a backup: put the one back that the accounts were linked with."
)]
pub(crate) struct RestoreArgs {
    /// Backup to read
    file: PathBuf,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: RestoreArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let url = settings.database_url();
    let moved = moving::watched(
        async |progress| copy::restore(&args.file, &url, progress).await,
        "stopped; run the same command again to go on",
    )
    .await?;
    moved.print(args.json)?;
    output::note(&format!(
        "The master key was not in the backup: put the one that the accounts were linked with back ({}).",
        moving::key_place(settings)
    ));
    Ok(ExitCode::SUCCESS)
}
