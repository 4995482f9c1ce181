//! `analytics backup`

use std::{path::PathBuf, process::ExitCode};

use analytics_core::storage::copy;
use clap::Args;

use super::{CommandError, moving, output};
use crate::config::Settings;

/// Flags of `backup`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  analytics backup /var/backups/analytics-$(date +%F).db\n  DATABASE_URL=postgresql://… analytics backup nightly.db --force --json\n\nThe service may go on running. The file is a SQLite database that only its owner may read; it appears when it is complete.\n\nThe master key is not in it. Keep the key apart from it: without the key every account must be linked again."
)]
pub(crate) struct BackupArgs {
    /// File to write
    file: PathBuf,
    /// Replaces a file that is there
    #[arg(long)]
    force: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: BackupArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let url = settings.database_url();
    let moved = moving::watched(
        async |progress| copy::backup(&url, &args.file, args.force, progress).await,
        "stopped; no backup was written",
    )
    .await?;
    moved.print(args.json)?;
    output::note(&format!(
        "The master key ({}) is not in the backup: keep it too, and apart. Without it every account must be linked again.",
        moving::key_place(settings)
    ));
    Ok(ExitCode::SUCCESS)
}
