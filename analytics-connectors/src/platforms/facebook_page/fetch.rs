//! Requests → calls → batches.

use std::sync::Arc;

use analytics_core::model::{DateRange, FeedId, Level};
use futures_util::{StreamExt, stream::BoxStream};

use super::{Config, INSIGHTS, PLATFORM, POSTS, PUBLICATIONS, insights, posts, wire};
use crate::{
    connector::{Batch, FetchRequest},
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
    platforms::meta::{Graph, GraphCall, PageSize, Unsupported, posts_per_day},
};

/// One fetch: who asks, about which page.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) graph: Graph,
    pub(super) config: Arc<Config>,
    pub(super) unsupported: Unsupported,
    /// Tokens of the page itself.
    pub(super) tokens: TokenSource,
    pub(super) page: String,
}

/// Fetches `request`, newest days first.
pub(super) fn fetch(session: Session, request: FetchRequest) -> BoxStream<'static, Result<Batch>> {
    async_stream::try_stream! {
        session.check()?;
        match request {
            FetchRequest::Daily { level, feed, range } => {
                check_level(level, Level::Account)?;
                let is = |id| feed == FeedId::from(id);
                for part in range.parts(session.config.window_days) {
                    let batch = if is(INSIGHTS) {
                        insights::daily(&session, part).await?
                    } else if is(PUBLICATIONS) {
                        session.posts_per_day(part).await?
                    } else {
                        Err(unknown_feed(&feed, "days"))?
                    };
                    yield batch;
                }
            }
            FetchRequest::Fleeting { feed, .. } => Err(unknown_feed(&feed, "posts that soon are gone"))?,
            FetchRequest::Snapshot { feed, date, since } => {
                if feed != FeedId::from(POSTS) {
                    Err(unknown_feed(&feed, "snapshots"))?;
                }
                let mut batches = std::pin::pin!(posts::snapshot(&session, date, since));
                while let Some(batch) = batches.next().await {
                    yield batch?;
                }
            }
            FetchRequest::Window { range, .. } => Err(invalid(format!(
                "no exact values for {range}; reach of 7 and 28 days comes with the days"
            )))?,
        }
    }
    .boxed()
}

impl Session {
    fn check(&self) -> Result<()> {
        if self.page.is_empty() || !self.page.bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid(format!(
                "`{}` is no page id; expected digits",
                self.page
            )));
        }
        Ok(())
    }

    async fn posts_per_day(&self, range: DateRange) -> Result<Batch> {
        let call = GraphCall::get("count posts", &self.page, &self.edge("published_posts"))
            .param("fields", wire::PUBLICATION_FIELDS);
        let (graph, tokens, size) = (&self.graph, &self.tokens, self.page_size());
        posts_per_day(graph, call, tokens, size, &self.page, range).await
    }

    /// Posts a page of a list has.
    pub(super) fn page_size(&self) -> PageSize {
        PageSize {
            first: self.config.page_size,
            least: self.config.min_page_size,
        }
    }

    /// The path of an edge of the page.
    pub(super) fn edge(&self, name: &str) -> String {
        format!("{}/{name}", self.page)
    }
}

fn check_level(level: Level, expected: Level) -> Result<()> {
    if level == expected {
        return Ok(());
    }
    Err(invalid(format!(
        "no daily values at level `{}`; there are those of `{}`",
        level.as_str(),
        expected.as_str()
    )))
}

fn unknown_feed(feed: &FeedId, what: &str) -> Error {
    invalid(format!(
        "feed `{feed}` has no {what}; `{INSIGHTS}` and `{PUBLICATIONS}` have days, `{POSTS}` has snapshots"
    ))
}

fn invalid(context: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, PLATFORM, "insights", context)
}
