//! `analytics accounts`

use std::process::ExitCode;

use clap::Args;

use super::{CommandError, InWorkspace, open, output};
use crate::{config::Settings, views};

/// Flags of `accounts`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics accounts\n  analytics accounts --json | jq '.accounts[].id'"
)]
pub(crate) struct AccountsArgs {
    #[command(flatten)]
    common: InWorkspace,
}

pub(crate) async fn run(args: AccountsArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let app = open::app_offline(settings).await?;
    let shared = app.shared();
    let workspace = open::workspace(&*shared.store, args.common.workspace.as_deref()).await?;
    let stored = shared.store.accounts(workspace.id).await?;
    let list = views::accounts(shared, workspace.id, &stored).await?;
    app.shut_down().await;
    if args.common.json {
        output::print_json(&list)?;
        return Ok(ExitCode::SUCCESS);
    }
    if list.accounts.is_empty() {
        output::print("No account is linked yet. Open the app and choose \"Add account\".\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    let day =
        |day: Option<chrono::NaiveDate>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
    let rows: Vec<Vec<String>> = list
        .accounts
        .iter()
        .map(|account| {
            vec![
                account.id.clone(),
                format!("{}:{}", account.platform, account.external_id),
                account.name.clone(),
                account.currency.clone().unwrap_or_default(),
                account.time_zone.clone(),
                account.state.to_owned(),
                account.sync.phase.to_owned(),
                day(account.covered_from),
                day(account.complete_through),
            ]
        })
        .collect();
    output::print(&output::table(
        &[
            "id",
            "account",
            "name",
            "currency",
            "time zone",
            "state",
            "sync",
            "from",
            "through",
        ],
        &rows,
    ))?;
    Ok(ExitCode::SUCCESS)
}
