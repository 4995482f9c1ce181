//! Requests → calls → batches.

use std::sync::{Arc, atomic::AtomicBool};

use analytics_core::model::{DateRange, FactRecord, FeedId, Level, MetricId, WindowRecord};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};

use super::{
    Config, INSIGHTS, PLATFORM, POSTS, PROFILE, PUBLICATIONS, days,
    error::refused_metrics,
    media,
    metrics::{ENGAGED, REACH},
    profile::LONGEST_WINDOW,
    totals, wire,
};
use crate::{
    connector::{Batch, FetchRequest},
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
    platforms::meta::{Graph, GraphCall, Insights, PageSize, Unsupported, posts_per_day},
};

/// One fetch: who asks, about which profile.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) graph: Graph,
    pub(super) config: Arc<Config>,
    pub(super) unsupported: Unsupported,
    /// The platform said that the profile has too few followers for some figures.
    pub(super) too_small: AtomicBool,
    pub(super) tokens: TokenSource,
    pub(super) profile: String,
}

/// Fetches `request`, newest days first.
pub(super) fn fetch(session: Session, request: FetchRequest) -> BoxStream<'static, Result<Batch>> {
    async_stream::try_stream! {
        session.check()?;
        match request {
            FetchRequest::Daily { level, feed, range } => {
                if level != Level::Account {
                    Err(invalid(format!(
                        "no daily values at level `{}`; there are those of `account`",
                        level.as_str()
                    )))?;
                }
                if feed == FeedId::from(INSIGHTS) {
                    let mut days = std::pin::pin!(days::daily(&session, range));
                    while let Some(day) = days.try_next().await? {
                        yield day;
                    }
                } else if feed == FeedId::from(PUBLICATIONS) {
                    yield session.posts_per_day(range).await?;
                } else {
                    Err(unknown_feed(&feed, "days"))?;
                }
            }
            FetchRequest::Window { level, metrics, range } => {
                yield window(&session, level, &metrics, range).await?;
            }
            FetchRequest::Fleeting { feed, date } => {
                if feed != FeedId::from(POSTS) {
                    Err(unknown_feed(&feed, "posts that soon are gone"))?;
                }
                let mut batches = std::pin::pin!(media::stories(&session, date));
                while let Some(batch) = batches.next().await {
                    yield batch?;
                }
            }
            FetchRequest::Snapshot { feed, date, since } => {
                if feed == FeedId::from(PROFILE) {
                    yield followers(&session, date).await?;
                } else if feed == FeedId::from(POSTS) {
                    let mut batches = std::pin::pin!(media::snapshot(&session, date, since));
                    while let Some(batch) = batches.next().await {
                        yield batch?;
                    }
                } else {
                    Err(unknown_feed(&feed, "snapshots"))?;
                }
            }
        }
    }
    .boxed()
}

/// Exact values of unique metrics for one whole range; none of one that the platform does not
/// answer for.
async fn window(
    session: &Session,
    level: Level,
    metrics: &[MetricId],
    range: DateRange,
) -> Result<Batch> {
    if let Some(other) = metrics
        .iter()
        .find(|metric| level != Level::Account || ![REACH, ENGAGED].contains(&metric.as_str()))
    {
        return Err(invalid(format!(
            "`{other}` has no exact value for a range at level `{}`; `{REACH}` and `{ENGAGED}` of the account have",
            level.as_str()
        )));
    }
    if range.days() > i64::from(LONGEST_WINDOW) {
        return Ok(Batch::default());
    }
    let told = totals::ask(session, range, |row| {
        metrics.iter().any(|metric| metric.as_str() == row.metric)
    })
    .await?;
    Ok(Batch {
        windows: told
            .into_iter()
            .filter_map(|(metric, value)| {
                Some(WindowRecord {
                    entity: session.profile.as_str().into(),
                    metric,
                    range,
                    value: value.ok()?,
                })
            })
            .collect(),
        ..Batch::default()
    })
}

/// Followers as of now: of earlier days the platform does not tell them.
async fn followers(session: &Session, date: NaiveDate) -> Result<Batch> {
    const OPERATION: &str = "followers";
    let call = GraphCall::get(OPERATION, &session.profile, &session.profile)
        .param("fields", "followers_count");
    let profile: wire::Profile = session.graph.call(&call, &session.tokens).await?;
    let wrong = |what: String| {
        Error::new(
            ErrorKind::Decode,
            PLATFORM,
            OPERATION,
            format!("`followers_count` {what}"),
        )
    };
    let count = profile
        .followers_count
        .ok_or_else(|| wrong("is missing".to_owned()))?;
    let value = count
        .exact()
        .map_err(|shown| wrong(format!("is no exact number: `{shown}`")))?;
    Ok(Batch {
        facts: vec![FactRecord {
            entity: session.profile.as_str().into(),
            metric: MetricId::from("followers"),
            date,
            value,
        }],
        ..Batch::default()
    })
}

impl Session {
    fn check(&self) -> Result<()> {
        if self.profile.is_empty() || !self.profile.bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid(format!(
                "`{}` is no profile id; expected digits",
                self.profile
            )));
        }
        Ok(())
    }

    async fn posts_per_day(&self, range: DateRange) -> Result<Batch> {
        let call = GraphCall::get("count posts", &self.profile, &self.edge("media"))
            .param("fields", wire::PUBLICATION_FIELDS);
        let (graph, tokens, size) = (&self.graph, &self.tokens, self.page_size());
        posts_per_day(graph, call, tokens, size, &self.profile, range).await
    }

    /// Media a page of a list has.
    pub(super) fn page_size(&self) -> PageSize {
        PageSize {
            first: self.config.page_size,
            least: self.config.min_page_size,
        }
    }

    /// The path of an edge of the profile.
    pub(super) fn edge(&self, name: &str) -> String {
        format!("{}/{name}", self.profile)
    }

    /// Calls that may be made at once.
    pub(super) fn at_once(&self) -> usize {
        self.config.graph.concurrency.max(1) as usize
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.graph.api().clock().now()
    }

    /// Asks for those of `fields` that the platform does not refuse.
    pub(super) async fn supported<F: Future<Output = Result<Insights>>>(
        &self,
        fields: &[&'static str],
        key: impl Fn(&str) -> String,
        ask: impl Fn(String) -> F,
    ) -> Result<Insights> {
        let clock = self.graph.api().clock();
        let key = |field: &str| self.key(&key(field));
        self.unsupported
            .ask(clock, fields, key, refused_metrics, ask)
            .await
    }

    /// What is refused is refused for this profile.
    fn key(&self, name: &str) -> String {
        format!("{} {name}", self.profile)
    }

    pub(super) fn is_unsupported(&self, name: &str) -> bool {
        self.unsupported.contains(&self.key(name), self.now())
    }
}

fn unknown_feed(feed: &FeedId, what: &str) -> Error {
    invalid(format!(
        "feed `{feed}` has no {what}; `{INSIGHTS}` and `{PUBLICATIONS}` have days, `{PROFILE}` and `{POSTS}` have snapshots"
    ))
}

fn invalid(context: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, PLATFORM, "insights", context)
}
