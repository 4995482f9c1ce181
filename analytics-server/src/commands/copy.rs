//! `analytics copy`

use std::process::ExitCode;

use analytics_core::storage::copy;
use clap::Args;

use super::{CommandError, moving, output};

/// Flags of `copy`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  analytics copy --from sqlite://analytics.db --to postgresql://analytics:…@db.example.com/analytics\n  analytics copy --from postgresql://…/analytics --to sqlite://laptop.db --json\n\nThe target must be new or empty. The source may be in use: one state of it is copied; stop the service first, so that nothing it collects afterwards stays behind. Run again after an interruption, the command goes on where it stopped. In the end counts and sums of every table are compared on both sides.\n\nSecrets are copied sealed: give the target the same master key. Leases of running work stay behind."
)]
pub(crate) struct CopyArgs {
    /// Database to copy, sqlite://… or postgresql://…
    #[arg(long, value_name = "URL")]
    from: String,
    /// New or empty database to copy it to
    #[arg(long, value_name = "URL")]
    to: String,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: CopyArgs) -> Result<ExitCode, CommandError> {
    let moved = moving::watched(
        async |progress| copy::copy(&args.from, &args.to, progress).await,
        "stopped; run the same command again to go on",
    )
    .await?;
    moved.print(args.json)?;
    output::note(
        "Secrets were copied as they are sealed: the new database opens them with the same master key only (ANALYTICS_MASTER_KEY, ANALYTICS_MASTER_KEY_FILE, or the file FILE.db.key beside a SQLite database).",
    );
    Ok(ExitCode::SUCCESS)
}
