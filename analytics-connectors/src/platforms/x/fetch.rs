//! Requests → calls → batches.

use std::sync::Arc;

use analytics_core::model::{FactRecord, FeedId, Level, MetricId};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::{FutureExt, StreamExt, stream, stream::BoxStream};

use super::{
    Config, PLATFORM, POSTS, PROFILE, PUBLICATIONS, api::Api, error::invalid, metrics::STOCKS,
    posts, publications,
};
use crate::{
    clock::day_start,
    connector::{Batch, FetchRequest},
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
};

/// One fetch: who asks, about which user.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) api: Api,
    pub(super) config: Arc<Config>,
    pub(super) tokens: TokenSource,
    pub(super) user: String,
    /// Where its days are counted.
    pub(super) zone: Tz,
}

/// Fetches `request`.
pub(super) fn fetch(session: Session, request: FetchRequest) -> BoxStream<'static, Result<Batch>> {
    let answer = async move { answer(&session, request).await };
    stream::once(answer.boxed()).boxed()
}

async fn answer(session: &Session, request: FetchRequest) -> Result<Batch> {
    session.check()?;
    match request {
        FetchRequest::Daily { level, feed, range } => match feed.as_str() {
            PUBLICATIONS if level == Level::Account => publications::per_day(session, range).await,
            _ => Err(unknown(
                &feed,
                &format!("days at level `{}`", level.as_str()),
            )),
        },
        FetchRequest::Snapshot { feed, date, since } => match feed.as_str() {
            PROFILE => stocks(session, date).await,
            POSTS => posts::snapshot(session, date, since).await,
            _ => Err(unknown(&feed, "snapshots")),
        },
        FetchRequest::Fleeting { feed, .. } => Err(unknown(&feed, "posts that soon are gone")),
        FetchRequest::Window { .. } => Err(invalid("windows", "X counts no people")),
    }
}

fn unknown(feed: &FeedId, what: &str) -> Error {
    invalid(
        "fetch",
        format!(
            "feed `{feed}` has no {what}; `{PUBLICATIONS}` has days of the account, `{PROFILE}` \
             and `{POSTS}` have snapshots"
        ),
    )
}

/// What the profile is now, as of the end of `date`.
async fn stocks(session: &Session, date: NaiveDate) -> Result<Batch> {
    let operation = "profile";
    let wrong = |what: String| Error::new(ErrorKind::Decode, PLATFORM, operation, what);
    let user = session
        .api
        .user(operation, Some(&session.user), &session.tokens)
        .await?;
    let metrics = user
        .public_metrics
        .ok_or_else(|| wrong("`public_metrics` is missing".to_owned()))?;
    let facts = STOCKS
        .iter()
        .map(|row| {
            let number = (row.value)(&metrics)
                .ok_or_else(|| wrong(format!("`{}` is missing", row.field)))?;
            let value = number
                .exact()
                .map_err(|found| wrong(format!("`{}` is no whole number: `{found}`", row.field)))?;
            Ok(FactRecord {
                entity: session.user.as_str().into(),
                metric: MetricId::from(row.metric),
                date,
                value,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Batch {
        facts,
        ..Batch::default()
    })
}

impl Session {
    fn check(&self) -> Result<()> {
        if self.user.is_empty() || !self.user.bytes().all(|byte| byte.is_ascii_digit()) {
            let what = format!("`{}` is no id of a user of X: digits only", self.user);
            return Err(invalid("fetch", what));
        }
        Ok(())
    }

    /// When a day begins where the account's days are counted.
    pub(super) fn day_start(&self, date: NaiveDate) -> DateTime<Utc> {
        day_start(self.zone, date)
    }
}
