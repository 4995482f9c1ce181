//! Coverage: read packed, written only where a fetch touched it.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Row};

use super::convert::{During, corrupt, day, get, level, level_id, micros};
use crate::storage::rows::{account::Owner, coverage};
use crate::{
    error::Result,
    model::{CoveredRun, DateRange, FailedRun, FeedCoverage, FeedId, Level, Platform},
    storage::runs,
};

/// Where coverage is kept: one feed at one level of an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) account: i64,
    pub(super) level: i64,
    pub(super) feed: i64,
}

/// The place of a feed; the feed gets its surrogate key if it has none.
pub(super) async fn place(
    connection: &mut PgConnection,
    owner: &Owner,
    level: Level,
    feed: &FeedId,
) -> Result<Place> {
    Ok(Place {
        account: owner.account.0,
        level: level_id(level),
        feed: feed_id(connection, &owner.platform, feed).await?,
    })
}

async fn feed_id(connection: &mut PgConnection, platform: &Platform, feed: &FeedId) -> Result<i64> {
    // Another account may create the same one at the same time: then the second look finds it.
    for _ in 0..3 {
        let known: Option<(i32,)> =
            sqlx::query_as("SELECT id FROM feeds WHERE platform = $1 AND name = $2")
                .bind(platform.as_str())
                .bind(feed.as_str())
                .fetch_optional(&mut *connection)
                .await
                .during("looking up a feed")?;
        if let Some((id,)) = known {
            return Ok(i64::from(id));
        }
        sqlx::query("INSERT INTO feeds (platform, name) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(platform.as_str())
            .bind(feed.as_str())
            .execute(&mut *connection)
            .await
            .during("saving a feed")?;
    }
    Err(corrupt("a feed is missing that was just created"))
}

/// Whether any feed of the level ever covered a day of `range`: if not, no fact is stored there.
pub(super) async fn touches_any_feed(
    connection: &mut PgConnection,
    place: Place,
    days: DateRange,
) -> Result<bool> {
    let (touches,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM coverage WHERE account_id = $1 AND level = $2
                          AND first_day <= $4 AND last_day >= $3)",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(day(days.start))
    .bind(day(days.end))
    .fetch_one(connection)
    .await
    .during("reading coverage")?;
    Ok(touches)
}

/// Runs that overlap `days` or touch them, ascending.
pub(super) async fn covered(
    connection: &mut PgConnection,
    place: Place,
    days: DateRange,
) -> Result<Vec<CoveredRun>> {
    let rows: Vec<(i32, i32, i64, i64)> = sqlx::query_as(
        "SELECT first_day, last_day, first_fetched_at, last_fetched_at FROM coverage
         WHERE account_id = $1 AND level = $2 AND feed_id = $3
           AND first_day <= $5 + 1 AND last_day >= $4 - 1 ORDER BY first_day",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(place.feed)
    .bind(day(days.start))
    .bind(day(days.end))
    .fetch_all(connection)
    .await
    .during("reading coverage")?;
    rows.into_iter()
        .map(|(first, last, first_at, last_at)| {
            coverage::covered_run((first.into(), last.into(), first_at, last_at))
        })
        .collect()
}

async fn failed(
    connection: &mut PgConnection,
    place: Place,
    days: DateRange,
) -> Result<Vec<FailedRun>> {
    let rows = sqlx::query(
        "SELECT first_day, last_day, failed_at, code, reason FROM coverage_failures
         WHERE account_id = $1 AND level = $2 AND feed_id = $3
           AND first_day <= $5 + 1 AND last_day >= $4 - 1 ORDER BY first_day",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(place.feed)
    .bind(day(days.start))
    .bind(day(days.end))
    .fetch_all(connection)
    .await
    .during("reading coverage")?;
    rows.iter().map(coverage::failed_run).collect()
}

/// Records a complete fetch of `days`; `before` are the runs that [`covered`] told.
pub(super) async fn save_success(
    connection: &mut PgConnection,
    place: Place,
    before: &[CoveredRun],
    days: DateRange,
    at: DateTime<Utc>,
) -> Result<()> {
    let after = runs::cover(before, days, at);
    for run in before.iter().filter(|run| !after.contains(run)) {
        sqlx::query(
            "DELETE FROM coverage
             WHERE account_id = $1 AND level = $2 AND feed_id = $3 AND first_day = $4",
        )
        .bind(place.account)
        .bind(place.level)
        .bind(place.feed)
        .bind(day(run.range.start))
        .execute(&mut *connection)
        .await
        .during("saving coverage")?;
    }
    for run in after.iter().filter(|run| !before.contains(run)) {
        sqlx::query(
            "INSERT INTO coverage (account_id, level, feed_id, first_day, last_day,
               first_fetched_at, last_fetched_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(place.account)
        .bind(place.level)
        .bind(place.feed)
        .bind(day(run.range.start))
        .bind(day(run.range.end))
        .bind(micros(run.first_fetched_at))
        .bind(micros(run.last_fetched_at))
        .execute(&mut *connection)
        .await
        .during("saving coverage")?;
    }
    let failures = failed(connection, place, days).await?;
    if !failures.is_empty() {
        replace_failed(connection, place, &failures, &runs::clear(&failures, days)).await?;
    }
    remember(connection, place, days, at, None).await
}

/// Records a failed fetch of a range.
pub(super) async fn save_failure(
    connection: &mut PgConnection,
    place: Place,
    failure: FailedRun,
) -> Result<()> {
    let before = failed(connection, place, failure.range).await?;
    let after = runs::fail(&before, failure.clone());
    replace_failed(connection, place, &before, &after).await?;
    let reason = Some(failure.reason.as_str());
    remember(connection, place, failure.range, failure.failed_at, reason).await
}

async fn replace_failed(
    connection: &mut PgConnection,
    place: Place,
    before: &[FailedRun],
    after: &[FailedRun],
) -> Result<()> {
    for run in before {
        sqlx::query(
            "DELETE FROM coverage_failures
             WHERE account_id = $1 AND level = $2 AND feed_id = $3 AND first_day = $4",
        )
        .bind(place.account)
        .bind(place.level)
        .bind(place.feed)
        .bind(day(run.range.start))
        .execute(&mut *connection)
        .await
        .during("saving coverage")?;
    }
    for run in after {
        sqlx::query(
            "INSERT INTO coverage_failures (account_id, level, feed_id, first_day, last_day,
               failed_at, code, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(place.account)
        .bind(place.level)
        .bind(place.feed)
        .bind(day(run.range.start))
        .bind(day(run.range.end))
        .bind(micros(run.failed_at))
        .bind(&run.code)
        .bind(&run.reason)
        .execute(&mut *connection)
        .await
        .during("saving coverage")?;
    }
    Ok(())
}

async fn remember(
    connection: &mut PgConnection,
    place: Place,
    days: DateRange,
    at: DateTime<Utc>,
    failure: Option<&str>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO coverage_history (account_id, level, feed_id, first_day, last_day,
           fetched_at, failure) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(place.account)
    .bind(place.level)
    .bind(place.feed)
    .bind(day(days.start))
    .bind(day(days.end))
    .bind(micros(at))
    .bind(failure)
    .execute(connection)
    .await
    .during("saving the history of coverage")
    .map(drop)
}

/// Coverage of an account, by level and feed.
pub(super) async fn read(connection: &mut PgConnection, account: i64) -> Result<Vec<FeedCoverage>> {
    let mut feeds: Vec<FeedCoverage> = Vec::new();
    let rows = sqlx::query(
        "SELECT c.level, (SELECT name FROM feeds WHERE id = c.feed_id) AS feed,
                array_agg(c.first_day::bigint) AS first_days,
                array_agg(c.last_day::bigint) AS last_days,
                array_agg(c.first_fetched_at) AS firsts, array_agg(c.last_fetched_at) AS lasts
         FROM coverage c WHERE c.account_id = $1 GROUP BY c.level, c.feed_id",
    )
    .bind(account)
    .fetch_all(&mut *connection)
    .await
    .during("reading coverage")?;
    for row in &rows {
        let mut columns: [Vec<i64>; 4] = Default::default();
        for (column, name) in columns
            .iter_mut()
            .zip(["first_days", "last_days", "firsts", "lasts"])
        {
            *column = row.try_get(name).during("reading coverage")?;
        }
        let [first_days, last_days, firsts, lasts] = &columns;
        let covered = coverage::covered_runs(first_days, last_days, firsts, lasts)?;
        feeds.push(FeedCoverage {
            level: level(get::<i64>(row, "level")?)?,
            feed: get::<&str>(row, "feed")?.into(),
            covered,
            failed: Vec::new(),
        });
    }
    let failures = sqlx::query(
        "SELECT c.level, f.name AS feed, c.first_day, c.last_day, c.failed_at, c.code, c.reason
         FROM coverage_failures c JOIN feeds f ON f.id = c.feed_id
         WHERE c.account_id = $1 ORDER BY c.level, c.feed_id, c.first_day",
    )
    .bind(account)
    .fetch_all(connection)
    .await
    .during("reading coverage")?;
    coverage::feeds(feeds, &failures)
}
