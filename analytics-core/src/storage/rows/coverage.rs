//! Coverage.

use crate::{
    error::Result,
    model::{CoveredRun, FailedRun, FeedCoverage, FeedId},
    storage::{
        columns::{Columns, get},
        convert::{level, moment, range},
    },
};

/// A run from its first day, last day, first fetch and last fetch.
pub(crate) fn covered_run(
    (first, last, first_at, last_at): (i64, i64, i64, i64),
) -> Result<CoveredRun> {
    Ok(CoveredRun {
        range: range(first, last)?,
        first_fetched_at: moment(first_at)?,
        last_fetched_at: moment(last_at)?,
    })
}

/// Runs from packed columns, ascending.
pub(crate) fn covered_runs(
    first_days: &[i64],
    last_days: &[i64],
    firsts: &[i64],
    lasts: &[i64],
) -> Result<Vec<CoveredRun>> {
    let mut covered = (first_days.iter().zip(last_days))
        .zip(firsts.iter().zip(lasts))
        .map(|((first, last), (first_at, last_at))| {
            covered_run((*first, *last, *first_at, *last_at))
        })
        .collect::<Result<Vec<_>>>()?;
    covered.sort_by_key(|run| run.range.start);
    Ok(covered)
}

/// A failed run from its row.
pub(crate) fn failed_run(row: &impl Columns) -> Result<FailedRun> {
    Ok(FailedRun {
        range: range(get::<i64>(row, "first_day")?, get::<i64>(row, "last_day")?)?,
        failed_at: moment(get(row, "failed_at")?)?,
        code: get(row, "code")?,
        reason: get(row, "reason")?,
    })
}

/// Covered days with the rows of failed ones, by level and feed.
pub(crate) fn feeds(
    mut feeds: Vec<FeedCoverage>,
    failures: &[impl Columns],
) -> Result<Vec<FeedCoverage>> {
    for row in failures {
        let level = level(get::<i64>(row, "level")?)?;
        let feed = FeedId::from(get::<&str>(row, "feed")?);
        let run = failed_run(row)?;
        match feeds
            .iter_mut()
            .find(|known| known.level == level && known.feed == feed)
        {
            Some(known) => known.failed.push(run),
            None => feeds.push(FeedCoverage {
                level,
                feed,
                covered: Vec::new(),
                failed: vec![run],
            }),
        }
    }
    feeds.sort_by(|a, b| (a.level, &a.feed).cmp(&(b.level, &b.feed)));
    Ok(feeds)
}
