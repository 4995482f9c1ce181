//! `analytics fetch`

mod print;
mod reach;
mod rows;
mod slices;

use std::{process::ExitCode, sync::Arc};

use analytics_connectors::{
    Connector, Registry,
    clock::{SharedClock, SystemClock},
};
use analytics_core::{
    Error,
    model::{DateRange, Feed, Level, Platform},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::Args;

use self::{print::Format, reach::reach, rows::Fetching};
use super::{CommandError, output};
use crate::config::Settings;

/// Flags of `fetch`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ANALYTICS_TOKEN=… analytics fetch facebook_ads --account 1234567890 --from 2026-10-01 --to 2026-10-31 --level campaign --format jsonl\n\nWhat a platform tells only as it is now (lifetime totals of posts, followers) is printed for the last day that has ended; --from and --to choose posts by the day they were published.\n\nThe token comes from ANALYTICS_TOKEN (and ANALYTICS_TOKEN_SECRET), or from the stored consent of a linked account."
)]
pub(crate) struct FetchArgs {
    /// Platform, for example facebook_ads
    platform: String,
    /// The platform's id of the account (or `acc_…` or `platform:external_id` of a linked one)
    #[arg(long, value_name = "ID")]
    account: String,
    /// First day, in the account's time zone; of posts, the day they were published
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
    /// Where days begin and end, for a platform whose accounts have no time zone [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    time_zone: Option<Tz>,
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

fn zone(text: &str) -> Result<Tz, String> {
    text.parse()
        .map_err(|_| "no time zone; expected one like Asia/Tokyo".to_owned())
}

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
    let (account, tokens) = reach(&args, settings, &connector, clock.clone()).await?;
    let format = if args.json {
        Format::Jsonl
    } else {
        args.format
    };
    let fetching = Fetching {
        connector: &*connector,
        account: &account,
        level,
        feed: &feed.id,
        tokens: &tokens,
    };
    let found = if feed.is_daily() {
        fetching.days(range).await?
    } else {
        fetching.snapshot(range, clock.now()).await?
    };
    for gap in &found.gaps {
        output::note(&format!(
            "not given: {} from {} to {}: {}",
            gap.metric, gap.range.start, gap.range.end, gap.reason
        ));
    }
    output::print(&print::render(format, level, &found.facts)?)?;
    Ok(ExitCode::SUCCESS)
}

fn choose_feed(
    connector: &dyn Connector,
    level: Level,
    wanted: Option<&str>,
) -> Result<Feed, CommandError> {
    let feeds = &connector.descriptor().profile.feeds;
    let at_level = || feeds.iter().filter(|feed| feed.levels.contains(&level));
    if let Some(wanted) = wanted {
        return Ok(at_level()
            .find(|feed| feed.id.as_str() == wanted)
            .cloned()
            .ok_or_else(|| {
                Error::unknown(
                    "feed",
                    "--feed",
                    wanted,
                    at_level().map(|feed| feed.id.as_str()),
                )
            })?);
    }
    Ok(at_level().next().cloned().ok_or_else(|| {
        let levels = feeds
            .iter()
            .flat_map(|feed| feed.levels.iter().map(|level| level.as_str()));
        Error::unknown("level", "--level", level.as_str(), levels)
    })?)
}
