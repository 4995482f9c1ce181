//! `analytics fetch`

use std::{process::ExitCode, sync::Arc};

use analytics_connectors::{
    AccountRef, Connector, ErrorKind, FetchRequest, Registry,
    clock::{SharedClock, SystemClock},
    oauth::TokenSource,
    sync::{GrantLocks, StoredTokens},
};
use analytics_core::{
    Error,
    model::{DateRange, FactRecord, FeedId, Level, Platform},
};
use chrono::{Days, NaiveDate};
use clap::{Args, ValueEnum};
use futures_util::StreamExt as _;
use serde_json::json;

use super::{CommandError, open, output};
use crate::config::Settings;

/// Flags of `fetch`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ANALYTICS_TOKEN=… analytics fetch facebook_ads --account 1234567890 --from 2026-10-01 --to 2026-10-31 --level campaign --format jsonl\n\nThe token comes from ANALYTICS_TOKEN (and ANALYTICS_TOKEN_SECRET), or from the stored consent of a linked account."
)]
pub(crate) struct FetchArgs {
    /// Platform, for example facebook_ads
    platform: String,
    /// The platform's id of the account (or `acc_…` or `platform:external_id` of a linked one)
    #[arg(long, value_name = "ID")]
    account: String,
    /// First day, in the account's time zone
    #[arg(long, value_name = "DAY")]
    from: NaiveDate,
    /// Last day, included
    #[arg(long, value_name = "DAY")]
    to: NaiveDate,
    /// account, campaign, ad_group, ad or post
    #[arg(long, default_value = "account")]
    level: String,
    /// Feed [default: the first one of the level]
    #[arg(long)]
    feed: Option<String>,
    /// Manager or base account to go through, where the platform needs one
    #[arg(long, value_name = "ID")]
    via: Option<String>,
    /// How rows are printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The same as --format jsonl
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Workspace by name or id, for a stored consent [default: the only one]
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns
    Table,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated
    Csv,
}

const COLUMNS: [&str; 5] = ["level", "entity", "metric", "date", "value"];

pub(crate) async fn run(args: FetchArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let level = Level::parse("--level", &args.level)?;
    let range = DateRange::new(args.from, args.to).map_err(|_| {
        Error::invalid("--to", args.to, format!("lies before --from {}", args.from))
    })?;
    let clock: SharedClock = Arc::new(SystemClock);
    let registry = Registry::new(&settings.connectors()?, clock.clone())?;
    let connector = registry
        .connector(&Platform::from(args.platform.as_str()))
        .ok_or_else(|| {
            let known = registry
                .connectors()
                .iter()
                .map(|connector| connector.descriptor().platform().as_str());
            Error::unknown("platform", "PLATFORM", &args.platform, known)
        })?;
    let feed = choose_feed(&*connector, level, args.feed.as_deref())?;
    let (account, tokens) = reach(&args, settings, &connector, clock).await?;
    let format = if args.json {
        Format::Jsonl
    } else {
        args.format
    };
    let facts = fetch(&*connector, &account, level, &feed, range, &tokens).await?;
    output::print(&render(format, level, &facts)?)?;
    Ok(ExitCode::SUCCESS)
}

fn choose_feed(
    connector: &dyn Connector,
    level: Level,
    wanted: Option<&str>,
) -> Result<FeedId, CommandError> {
    let feeds = &connector.descriptor().profile.feeds;
    let at_level = || feeds.iter().filter(|feed| feed.levels.contains(&level));
    if let Some(wanted) = wanted {
        return Ok(at_level()
            .find(|feed| feed.id.as_str() == wanted)
            .map(|feed| feed.id.clone())
            .ok_or_else(|| {
                Error::unknown(
                    "feed",
                    "--feed",
                    wanted,
                    at_level().map(|feed| feed.id.as_str()),
                )
            })?);
    }
    Ok(at_level()
        .next()
        .map(|feed| feed.id.clone())
        .ok_or_else(|| {
            let levels = feeds
                .iter()
                .flat_map(|feed| feed.levels.iter().map(|level| level.as_str()));
            Error::unknown("level", "--level", level.as_str(), levels)
        })?)
}

/// The account and tokens that read it.
async fn reach(
    args: &FetchArgs,
    settings: &Settings,
    connector: &Arc<dyn Connector>,
    clock: SharedClock,
) -> Result<(AccountRef, TokenSource), CommandError> {
    let bare = args
        .account
        .strip_prefix(&format!("{}:", args.platform))
        .unwrap_or(&args.account);
    if let Some(token) = settings.secret("ANALYTICS_TOKEN") {
        let tokens = TokenSource::fixed(token);
        let reached = connector.list_accounts(&tokens).await?;
        let via = |access: &serde_json::Value| {
            args.via.as_deref().is_none_or(|via| mentions(access, via))
        };
        let found = reached
            .iter()
            .find(|found| found.external_id == bare && via(&found.access));
        let found = found.ok_or_else(|| {
            let ids = reached.iter().map(|found| found.external_id.as_str());
            Error::unknown("account", "--account", &args.account, ids)
        })?;
        return Ok((AccountRef::from(found), tokens));
    }
    let (store, _) = open::store(settings).await?;
    let workspace = open::workspace(&*store, args.workspace.as_deref()).await?;
    let all = store.accounts(workspace.id).await?;
    let name = if args.account.starts_with("acc_") {
        args.account.clone()
    } else {
        format!("{}:{bare}", args.platform)
    };
    let account = open::find_account(&all, "--account", &name)?;
    let grants = store.grants_of_account(workspace.id, account.id).await?;
    let grant = grants.first().ok_or_else(|| {
        CommandError::failed(
            "the account has no consent any more: link it again, or set ANALYTICS_TOKEN",
        )
    })?;
    let tokens = StoredTokens::new(
        store,
        connector.clone(),
        clock,
        &GrantLocks::default(),
        workspace.id,
        grant.id,
    );
    Ok((AccountRef::from(account), tokens.source()))
}

/// Whether what an account's calls go through names this id.
fn mentions(access: &serde_json::Value, via: &str) -> bool {
    match access {
        serde_json::Value::String(text) => text == via,
        serde_json::Value::Array(items) => items.iter().any(|item| mentions(item, via)),
        serde_json::Value::Object(members) => members.values().any(|value| mentions(value, via)),
        _ => false,
    }
}

/// Every fact of the range, slice by slice, oldest first; a slice that is too much is halved.
async fn fetch(
    connector: &dyn Connector,
    account: &AccountRef,
    level: Level,
    feed: &FeedId,
    range: DateRange,
    tokens: &TokenSource,
) -> Result<Vec<FactRecord>, CommandError> {
    let limits = &connector.descriptor().limits;
    let days = if level.depth() <= 1 {
        limits.upper_slice_days
    } else {
        limits.lower_slice_days
    };
    let mut waiting = slices(range, days.max(1));
    waiting.reverse();
    let total = range.days().unsigned_abs();
    let mut progress = output::Progress::new("fetching", total);
    let (mut facts, mut done) = (Vec::new(), 0);
    while let Some(slice) = waiting.pop() {
        let request = FetchRequest::Daily {
            level,
            feed: feed.clone(),
            range: slice,
        };
        let mut found = Vec::new();
        let mut batches = connector.fetch(account, request, tokens.clone());
        let mut failure = None;
        while let Some(batch) = batches.next().await {
            match batch {
                Ok(batch) => found.extend(batch.facts),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        match failure {
            None => {
                facts.append(&mut found);
                done += slice.days().unsigned_abs();
                progress.set(done, total, "days");
            }
            Some(error) if error.kind == ErrorKind::TooMuchData && slice.days() > 1 => {
                let mut halves = slices(slice, u32::try_from(slice.days() / 2).unwrap_or(1));
                halves.reverse();
                waiting.append(&mut halves);
            }
            Some(error) => return Err(error.into()),
        }
    }
    progress.finish();
    Ok(facts)
}

fn slices(range: DateRange, days: u32) -> Vec<DateRange> {
    let mut slices = Vec::new();
    let mut start = range.start;
    while start <= range.end {
        let end = start
            .checked_add_days(Days::new(u64::from(days) - 1))
            .unwrap_or(range.end)
            .min(range.end);
        slices.push(DateRange { start, end });
        match end.succ_opt() {
            Some(next) => start = next,
            None => break,
        }
    }
    slices
}

fn render(format: Format, level: Level, facts: &[FactRecord]) -> Result<String, CommandError> {
    if format == Format::Jsonl {
        let mut text = String::new();
        for fact in facts {
            let row = json!({
                "level": level, "entity": fact.entity, "metric": fact.metric,
                "date": fact.date, "value": fact.value.to_string(),
            });
            text.push_str(&serde_json::to_string(&row)?);
            text.push('\n');
        }
        return Ok(text);
    }
    let rows: Vec<Vec<String>> = facts
        .iter()
        .map(|fact| {
            vec![
                level.as_str().to_owned(),
                fact.entity.to_string(),
                fact.metric.to_string(),
                fact.date.to_string(),
                fact.value.to_string(),
            ]
        })
        .collect();
    Ok(match format {
        Format::Csv => output::csv(&COLUMNS, &rows),
        _ => output::table(&COLUMNS, &rows),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_cover_the_range_once() -> Result<(), CommandError> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
        let range = DateRange::new(day("2026-01-01"), day("2026-03-31"))?;
        for size in [1, 7, 90, 365] {
            let days: Vec<NaiveDate> = slices(range, size)
                .iter()
                .flat_map(DateRange::iter)
                .collect();
            assert_eq!(days, range.iter().collect::<Vec<_>>(), "{size}");
        }
        Ok(())
    }
}
