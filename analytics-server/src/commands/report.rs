//! `analytics report`

use std::process::ExitCode;

use analytics_core::{
    Error, Query,
    analysis::{CompareSpec, Filter, Grain, RangeSpec},
    model::{DateRange, WeekStart},
};
use chrono::{NaiveDate, Utc};
use clap::{Args, ValueEnum};

use super::{CommandError, InWorkspace, open, output, report_table};
use crate::config::Settings;

/// Flags of `report`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics report --metrics spend,ctr --range last_30_days --grain week --compare previous_period\n  analytics report --metrics spend --range 2026-10-01..2026-10-31 --group-by campaign --order-by=-spend --limit 10 --format csv"
)]
pub(crate) struct ReportArgs {
    /// Metric ids, in order
    #[arg(long, value_delimiter = ',', required = true)]
    metrics: Vec<String>,
    /// A preset such as last_30_days, or START..END
    #[arg(long)]
    range: String,
    /// day, week, month, quarter or year
    #[arg(long)]
    grain: Option<String>,
    /// A mode such as previous_period, or START..END
    #[arg(long, value_name = "MODE")]
    compare: Option<String>,
    /// platform, family, account, currency, campaign, ad_group, ad
    #[arg(long, value_delimiter = ',', value_name = "DIMENSIONS")]
    group_by: Vec<String>,
    /// Only these accounts, `acc_…` or `platform:external_id`
    #[arg(long = "account", value_delimiter = ',', value_name = "ID")]
    accounts: Vec<String>,
    /// Only these values: DIMENSION=VALUE[,VALUE…] or DIMENSION!=VALUE[,VALUE…]
    #[arg(long = "filter", value_name = "FILTER")]
    filters: Vec<String>,
    /// Level of the facts [default: the deepest dimension]
    #[arg(long)]
    level: Option<String>,
    /// Metric or dimension to order by; a leading - for descending
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    order_by: Option<String>,
    /// At most this many groups
    #[arg(long)]
    limit: Option<u32>,
    /// First day of a week [default: the workspace's]
    #[arg(long, value_name = "DAY")]
    week_start: Option<String>,
    /// First month of the fiscal year [default: the workspace's]
    #[arg(long, value_name = "MONTH")]
    fiscal_year_start: Option<u32>,
    /// The workspace's day [default: today]
    #[arg(long, value_name = "DAY")]
    today: Option<NaiveDate>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    common: InWorkspace,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns for reading
    Table,
    /// The whole report
    Json,
    /// One row per group, metric and bucket
    Csv,
    /// Not available yet
    Parquet,
}

pub(crate) async fn run(args: ReportArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    if args.format == Format::Parquet {
        return Err(CommandError::usage(
            "this version does not write parquet yet; use --format csv or --format json",
        ));
    }
    let app = open::app_offline(settings).await?;
    let shared = app.shared();
    let workspace = open::workspace(&*shared.store, args.common.workspace.as_deref()).await?;
    let mut query = query(&args)?;
    if !args.accounts.is_empty() {
        let all = shared.store.accounts(workspace.id).await?;
        let ids = args
            .accounts
            .iter()
            .map(|id| {
                open::find_account(&all, "--account", id)
                    .map(|account| account.public_id.to_string())
            })
            .collect::<Result<Vec<_>, _>>()?;
        query.accounts = Some(ids);
    }
    let report = shared
        .reports
        .report(&workspace, &query, Utc::now())
        .await?;
    app.shut_down().await;
    let format = if args.common.json {
        Format::Json
    } else {
        args.format
    };
    match format {
        Format::Json => output::print_json(&report)?,
        Format::Csv => output::print(&report_table::csv(&report))?,
        Format::Table | Format::Parquet => output::print(&report_table::text(&report))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn query(args: &ReportArgs) -> Result<Query, CommandError> {
    let metrics: Vec<&str> = args.metrics.iter().map(String::as_str).collect();
    let range = match two_days("--range", &args.range)? {
        Some(range) => RangeSpec::Custom(range),
        None => RangeSpec::Preset(args.range.clone()),
    };
    let mut query = Query::new(&metrics, range);
    query.grain = args.grain.as_deref().map(Grain::parse).transpose()?;
    query.compare = args
        .compare
        .as_deref()
        .filter(|mode| *mode != "none")
        .map(|mode| {
            two_days("--compare", mode).map(|range| match range {
                Some(range) => CompareSpec::Custom(range),
                None => CompareSpec::Mode(mode.to_owned()),
            })
        })
        .transpose()?;
    query.group_by = args.group_by.clone();
    query.filters = args
        .filters
        .iter()
        .map(|text| filter(text))
        .collect::<Result<_, _>>()?;
    query.level = args.level.clone();
    query.order_by = args.order_by.clone();
    query.limit = args.limit;
    query.week_start = args
        .week_start
        .as_deref()
        .map(WeekStart::parse)
        .transpose()?;
    query.fiscal_year_start = args.fiscal_year_start;
    query.today = args.today;
    Ok(query)
}

/// `START..END`; nothing for a name.
fn two_days(field: &str, text: &str) -> Result<Option<DateRange>, CommandError> {
    let Some((start, end)) = text.split_once("..") else {
        return Ok(None);
    };
    let start = crate::http::dates::parse(field, start)?;
    let end = crate::http::dates::parse(field, end)?;
    Ok(Some(DateRange::new(start, end)?))
}

fn filter(text: &str) -> Result<Filter, CommandError> {
    let (dimension, op, values) = match text.split_once("!=") {
        Some((dimension, values)) => (dimension, "not in", values),
        None => match text.split_once('=') {
            Some((dimension, values)) => (dimension, "in", values),
            None => {
                return Err(Error::invalid(
                    "--filter",
                    text,
                    "expected DIMENSION=VALUE or DIMENSION!=VALUE",
                )
                .into());
            }
        },
    };
    Ok(Filter {
        dimension: Some(dimension.trim().to_owned()),
        metric: None,
        op: op.to_owned(),
        values: values
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect(),
        value: None,
    })
}
