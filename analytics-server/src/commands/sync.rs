//! `analytics sync`

use std::process::ExitCode;

use analytics_connectors::sync::{Ended, SyncEventKind};
use clap::Args;
use serde_json::json;

use super::{CommandError, InWorkspace, open, output};
use crate::config::Settings;

/// Flags of `sync`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics sync facebook_ads:1234567890\n  analytics sync acc_… --json"
)]
pub(crate) struct SyncArgs {
    /// Account, `acc_…` or `platform:external_id`
    account: String,
    #[command(flatten)]
    common: InWorkspace,
}

pub(crate) async fn run(args: SyncArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let app = open::app_offline(settings).await?;
    let store = app.shared().store.clone();
    let workspace = open::workspace(&*store, args.common.workspace.as_deref()).await?;
    let account = open::account(&*store, workspace.id, "ACCOUNT", &args.account).await?;
    let engine = app.engine().clone();
    let mut events = engine.subscribe();
    let mut progress = output::Progress::new(&account.name, 1);
    let mut work = std::pin::pin!(engine.reconcile(workspace.id, account.id));
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            event = events.recv() => if let Ok(event) = event
                && let Some(now) = &event.progress
                && event.account == account.id
            {
                let message = match &event.kind {
                    SyncEventKind::SliceSaved { level, range, .. } => {
                        format!("days ({} {range})", level.as_str())
                    }
                    _ => "days".to_owned(),
                };
                progress.set(now.days_done, now.days_total, &message);
            },
            () = super::stop::requested() => {
                app.shut_down().await;
                return Err(CommandError::failed("stopped; what was fetched is kept"));
            }
        }
    };
    progress.finish();
    let outcome = outcome?;
    app.shut_down().await;
    let complete = outcome.ended == Ended::Complete;
    if args.common.json {
        output::print_json(&json!({
            "account": account.public_id,
            "complete": complete,
            "slices_saved": outcome.slices_saved,
            "slices_failed": outcome.slices_failed,
            "windows_saved": outcome.windows_saved,
            "windows_failed": outcome.windows_failed,
            "facts": outcome.facts,
            "revisions": outcome.revisions,
            "error": outcome.error,
            "next_attempt_at": outcome.next_attempt_at,
        }))?;
    } else {
        output::print(&format!(
            "{}: {} slices with {} values, {} restated.\n",
            account.name, outcome.slices_saved, outcome.facts, outcome.revisions
        ))?;
    }
    match outcome.error {
        Some(error) if !complete => Err(CommandError::failed(format!(
            "{}: {}{}",
            error.operation,
            error.message,
            outcome
                .next_attempt_at
                .map(|at| format!("; tried again at {}", at.format("%Y-%m-%d %H:%M UTC")))
                .unwrap_or_default()
        ))),
        _ => Ok(ExitCode::SUCCESS),
    }
}
