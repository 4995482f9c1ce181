//! Slices → queries → batches. A query that is too much is halved down to a day.

use std::sync::Arc;

use analytics_core::model::{DateRange, FeedId, Level, MetricId};
use chrono::Months;
use futures_util::{StreamExt, stream::BoxStream};

use super::{
    Config, FEED,
    accounts::login_customer,
    error::{about, invalid},
    gaql,
    metrics::{LEVELS, LONGEST_WINDOW, REACH},
    rows::Rows,
    search::{Place, Search},
    wire::FigureRow,
};
use crate::{
    connector::{AccountRef, Batch, FetchRequest},
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
};

/// Days are answered for so many months back.
const HISTORY: Months = Months::new(37);

/// One fetch: who asks, about which account.
struct Session {
    search: Search,
    tokens: TokenSource,
    account: AccountRef,
}

/// Fetches `request` of `account`, newest days first.
pub(super) fn fetch(
    search: Search,
    config: Arc<Config>,
    mut account: AccountRef,
    request: FetchRequest,
    tokens: TokenSource,
) -> BoxStream<'static, Result<Batch>> {
    account.external_id.retain(|character| character != '-');
    let session = Session {
        search,
        tokens,
        account,
    };
    async_stream::try_stream! {
        match request {
            FetchRequest::Daily { level, feed, range } => {
                check_level(level)?;
                if feed != FeedId::from(FEED) {
                    Err(invalid("fetch", format!("no feed `{feed}`; there is `{FEED}`")))?;
                }
                let range = session.within_history(range)?;
                // Oldest first: they are taken from the end.
                let mut open = range.parts(days_at_once(&config, level));
                open.reverse();
                while let Some(range) = open.pop() {
                    match session.daily(level, range).await {
                        Ok(batch) => yield batch,
                        Err(error) => open.extend(halves(range, error)?),
                    }
                }
            }
            FetchRequest::Window { level, metrics, range } => {
                yield session.window(level, &metrics, range).await?;
            }
            FetchRequest::Snapshot { feed, .. } | FetchRequest::Fleeting { feed, .. } => {
                Err(invalid("fetch", format!("feed `{feed}` has no snapshots; ask for days")))?;
            }
        }
    }
    .boxed()
}

fn days_at_once(config: &Config, level: Level) -> u32 {
    match level {
        Level::Account | Level::Campaign => config.upper_slice_days,
        _ => config.lower_slice_days,
    }
}

/// A range that is too much in two, oldest first; the error where it is a day already.
fn halves(range: DateRange, error: Error) -> Result<[DateRange; 2]> {
    match range.halves() {
        Some(halves) if error.kind == ErrorKind::TooMuchData => Ok(halves),
        _ => Err(error),
    }
}

fn check_level(level: Level) -> Result<()> {
    if LEVELS.contains(&level) {
        return Ok(());
    }
    let what = format!("there is no level `{}` here", level.as_str());
    Err(invalid("fetch", what))
}

impl Session {
    fn place(&self) -> Place<'_> {
        Place {
            customer: &self.account.external_id,
            login_customer: login_customer(&self.account.access),
        }
    }

    /// The part of `range` that the platform answers for by the day.
    fn within_history(&self, range: DateRange) -> Result<DateRange> {
        let today = self.search.api().clock().today(self.account.time_zone);
        let earliest = today.checked_sub_months(HISTORY).unwrap_or(range.start);
        DateRange::new(range.start.max(earliest), range.end).map_err(|_| {
            let what = format!("{}..{} is older than 37 months", range.start, range.end);
            invalid("fetch", what)
        })
    }

    async fn daily(&self, level: Level, range: DateRange) -> Result<Batch> {
        let operation = format!("report ({})", level.as_str());
        let query = gaql::daily(level, range);
        let mut rows = Rows::new(&self.account.external_id, level, range, &operation);
        for row in &self.ask(range, &operation, &query).await? {
            rows.push_day(row)?;
        }
        Ok(rows.into_batch())
    }

    async fn window(&self, level: Level, metrics: &[MetricId], range: DateRange) -> Result<Batch> {
        let operation = format!("reach ({})", level.as_str());
        let reach = MetricId::from(REACH.metric);
        if let Some(other) = metrics.iter().find(|metric| **metric != reach) {
            let what = format!("`{other}` has no exact value for a range; `reach` has");
            return Err(invalid(&operation, what));
        }
        if !matches!(level, Level::Account | Level::Campaign) {
            let what = "people are counted for accounts and campaigns only";
            return Err(invalid(&operation, what));
        }
        if range.days() > i64::from(LONGEST_WINDOW) {
            let what = format!("people are counted over at most {LONGEST_WINDOW} days");
            return Err(invalid(&operation, what));
        }
        let query = gaql::window(level, range);
        let mut rows = Rows::new(&self.account.external_id, level, range, &operation);
        for row in &self.ask(range, &operation, &query).await? {
            rows.push_window(row)?;
        }
        Ok(rows.into_batch())
    }

    /// The answer to a query.
    async fn ask(&self, range: DateRange, operation: &str, query: &str) -> Result<Vec<FigureRow>> {
        self.search
            .rows(operation, self.place(), query, &self.tokens)
            .await
            .map_err(|error| about(error, range))
    }
}
