//! Which days are known, since when, and which are final.

use analytics_core::{
    analysis::{CoverageStateRun, DayState, complete_through, coverage_runs},
    model::{DateRange, Level},
};
use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::find;
use crate::{
    app::AppState,
    auth::Caller,
    error::Problem,
    http::{Params, Path},
    views,
};

/// Coverage of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Coverage {
    /// Last day that is complete at account level.
    complete_through: Option<NaiveDate>,
    feeds: Vec<FeedCoverageView>,
}

/// Coverage of one feed at one level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedCoverage)]
struct FeedCoverageView {
    level: &'static str,
    feed: String,
    /// `daily`, or `snapshot` where only the present is told.
    kind: &'static str,
    /// What it brings at this level.
    metrics: Vec<String>,
    runs: Vec<RunView>,
}

/// Days in the same state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CoverageRun)]
struct RunView {
    start: NaiveDate,
    end: NaiveDate,
    /// `final`, `provisional`, `failed` or `missing`.
    #[schema(value_type = String)]
    state: DayState,
    first_fetched_at: Option<DateTime<Utc>>,
    last_fetched_at: Option<DateTime<Utc>>,
    /// What kind of failure failed days had: the code of an error, for example `rate_limited`.
    code: Option<String>,
    /// Why failed days failed, in words.
    reason: Option<String>,
}

/// Coverage by level and feed, as runs of days in the same state.
#[utoipa::path(get, path = "/accounts/{id}/coverage", operation_id = "read_coverage", tag = "accounts", params(("id" = String, Path, description = "`acc_…`"),
    ("level" = Option<String>, Query, description = "Only this level"),
    ("start" = Option<NaiveDate>, Query, description = "First day; what is planned by default"),
    ("end" = Option<NaiveDate>, Query, description = "Last day; yesterday by default")),
    responses((status = 200, body = Coverage), (status = 404, description = "`not_found`")))]
pub(crate) async fn read(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json<Coverage>, Problem> {
    let params = params.only(&["level", "start", "end"])?;
    let level = params.level("level")?;
    let (start, end) = (params.date("start")?, params.date("end")?);
    let workspace = caller.workspace_id();
    let account = find(&app, &caller, &id).await?;
    let coverage = app.store.coverage(workspace, account.id).await?;
    let Some(profile) = app.catalogue.platform(&account.platform) else {
        return Ok(Json(Coverage {
            complete_through: None,
            feeds: Vec::new(),
        }));
    };
    let today = app.clock.today(account.time_zone);
    let end = end.unwrap_or(today.pred_opt().unwrap_or(today));
    let first_known = coverage
        .iter()
        .flat_map(|feed| {
            let covered = feed.covered.iter().map(|run| run.range.start);
            covered.chain(feed.failed.iter().map(|run| run.range.start))
        })
        .min();
    let start = start.unwrap_or(first_known.unwrap_or(end).min(end));
    let range = DateRange::new(start, end).map_err(|_| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_date",
            format!("`end`: {end} lies before the start {start}"),
        )
        .with("field", "end")
        .with("value", end.to_string())
        .with("nearest", start.to_string())
    })?;
    let feeds = coverage
        .iter()
        .filter(|feed| level.is_none_or(|level| feed.level == level))
        .map(|feed| {
            let offered = profile.feed(&feed.feed);
            FeedCoverageView {
                level: feed.level.as_str(),
                feed: feed.feed.to_string(),
                kind: offered.map_or("daily", views::feed_kind),
                metrics: offered
                    .into_iter()
                    .flat_map(|offered| &offered.metrics)
                    .filter(|offered| offered.levels.contains(&feed.level))
                    .map(|offered| offered.metric.to_string())
                    .collect(),
                runs: within(range, coverage_runs(profile, account.time_zone, feed, None)),
            }
        })
        .collect();
    Ok(Json(Coverage {
        complete_through: complete_through(profile, &coverage, level.unwrap_or(Level::Account)),
        feeds,
    }))
}

/// The runs cut to `range`, with the days before the first and after the last as missing.
fn within(range: DateRange, runs: Vec<CoverageStateRun>) -> Vec<RunView> {
    let mut views = Vec::with_capacity(runs.len() + 2);
    let mut next = Some(range.start);
    for run in runs {
        let Ok(days) = DateRange::new(run.start, run.end) else {
            continue;
        };
        let Some(days) = days.intersection(&range) else {
            continue;
        };
        if let Some(from) = next.filter(|from| *from < days.start) {
            views.extend(days.start.pred_opt().map(|until| missing(from, until)));
        }
        next = days.end.succ_opt();
        views.push(RunView {
            start: days.start,
            end: days.end,
            state: run.state,
            first_fetched_at: run.first_fetched_at,
            last_fetched_at: run.last_fetched_at,
            code: run.code,
            reason: run.reason,
        });
    }
    if let Some(from) = next.filter(|from| *from <= range.end) {
        views.push(missing(from, range.end));
    }
    views
}

fn missing(start: NaiveDate, end: NaiveDate) -> RunView {
    RunView {
        start,
        end,
        state: DayState::Missing,
        first_fetched_at: None,
        last_fetched_at: None,
        code: None,
        reason: None,
    }
}
