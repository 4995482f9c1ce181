//! How many posts were published on each day, whatever became of them since.

use std::{
    collections::{BTreeMap, HashSet},
    pin::pin,
};

use analytics_core::model::{DateRange, FactRecord, MetricId, Millionths};
use chrono::NaiveDate;
use futures_util::TryStreamExt;
use serde::Deserialize;

use super::{
    graph::{Graph, GraphCall, PageSize},
    time::{GraphTime, bounds},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
};

/// A post, as far as counting looks at it.
#[derive(Debug, Deserialize)]
struct Published {
    id: String,
    /// Of Pages.
    created_time: Option<GraphTime>,
    /// Of profiles.
    timestamp: Option<GraphTime>,
}

impl Published {
    fn day(&self, graph: &Graph, operation: &str) -> Result<NaiveDate> {
        let at = self.created_time.or(self.timestamp);
        at.map(GraphTime::pacific_day).ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                graph.api().platform(),
                operation,
                format!(
                    "the post {} lacks its `created_time` or `timestamp`",
                    self.id
                ),
            )
        })
    }
}

/// Posts by the Pacific day of their publication, as the metric `posts` of `account`. `call` lists
/// them with their id and time; it is given the range.
pub(crate) async fn posts_per_day(
    graph: &Graph,
    call: GraphCall,
    tokens: &TokenSource,
    size: PageSize,
    account: &str,
    range: DateRange,
) -> Result<Batch> {
    let (since, until) = bounds(range);
    let call = call
        .param("since", since.to_string())
        .param("until", until.to_string());
    let mut pages = pin!(graph.list::<Published>(&call, tokens, size));
    let mut days: BTreeMap<NaiveDate, HashSet<String>> = BTreeMap::new();
    while let Some(page) = pages.try_next().await? {
        // Lists run from the newest back: with an older post at the end the range is through.
        let mut oldest = None;
        for post in page {
            let date = post.day(graph, &call.operation)?;
            oldest = Some(date);
            if range.contains(date) {
                // A post that moved to the next page while they were read is one post.
                days.entry(date).or_default().insert(post.id);
            }
        }
        if oldest.is_some_and(|oldest| oldest < range.start) {
            break;
        }
    }
    let millionths = |posts: HashSet<String>| {
        let posts = i64::try_from(posts.len()).unwrap_or(i64::MAX);
        Millionths(Millionths::SCALE.saturating_mul(posts))
    };
    Ok(Batch {
        facts: days
            .into_iter()
            .map(|(date, posts)| FactRecord {
                entity: account.into(),
                metric: MetricId::from("posts"),
                date,
                value: millionths(posts),
            })
            .collect(),
        ..Batch::default()
    })
}
