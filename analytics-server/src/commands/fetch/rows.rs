//! What a connector answers, put together.

use analytics_connectors::{
    AccountRef, Batch, Connector, ErrorKind, FetchRequest,
    oauth::TokenSource,
    sync::calendar::{day_start, last_ready},
};
use analytics_core::model::{DateRange, FactRecord, FeedId, Level, MetricGap};
use chrono::{DateTime, Days, Utc};
use futures_util::StreamExt as _;

use super::{
    super::{CommandError, output},
    slices::slices,
};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) facts: Vec<FactRecord>,
    pub(super) gaps: Vec<MetricGap>,
}

/// A feed of an account at a level.
#[derive(Debug)]
pub(super) struct Fetching<'a> {
    pub(super) connector: &'a dyn Connector,
    pub(super) account: &'a AccountRef,
    pub(super) level: Level,
    pub(super) feed: &'a FeedId,
    pub(super) tokens: &'a TokenSource,
}

impl Fetching<'_> {
    /// Every fact of the range, slice by slice, oldest first; a slice that is too much is halved.
    pub(super) async fn days(&self, range: DateRange) -> Result<Found, CommandError> {
        let limits = &self.connector.descriptor().limits;
        let days = if self.level.depth() <= 1 {
            limits.upper_slice_days
        } else {
            limits.lower_slice_days
        };
        let mut waiting = slices(range, days.max(1));
        waiting.reverse();
        let total = range.days().unsigned_abs();
        let mut progress = output::Progress::new("fetching", total);
        let (mut found, mut done) = (Found::default(), 0);
        while let Some(slice) = waiting.pop() {
            let request = FetchRequest::Daily {
                level: self.level,
                feed: self.feed.clone(),
                range: slice,
            };
            match self.read(request).await {
                Ok(batches) => {
                    for batch in batches {
                        found.facts.extend(batch.facts);
                        found.gaps.extend(batch.gaps);
                    }
                    done += slice.days().unsigned_abs();
                    progress.set(done, total, "days");
                }
                Err(error) if error.kind == ErrorKind::TooMuchData && slice.days() > 1 => {
                    let half = u32::try_from(slice.days() / 2).unwrap_or(1);
                    let mut halves = slices(slice, half);
                    halves.reverse();
                    waiting.append(&mut halves);
                }
                Err(error) => return Err(error.into()),
            }
        }
        progress.finish();
        Ok(found)
    }

    /// The state of things now, as of the last day that has ended: the lifetime totals of the
    /// posts published in `published`, or the stocks of the account.
    pub(super) async fn snapshot(
        &self,
        published: DateRange,
        now: DateTime<Utc>,
    ) -> Result<Found, CommandError> {
        let zone = self.account.time_zone;
        let date = last_ready(zone, 0, now).date;
        let request = FetchRequest::Snapshot {
            feed: self.feed.clone(),
            date,
            since: published.start,
        };
        let after = published
            .end
            .checked_add_days(Days::new(1))
            .map_or(DateTime::<Utc>::MAX_UTC, |next| day_start(zone, next));
        let batches = self.read(request).await?;
        let later: Vec<&str> = batches
            .iter()
            .flat_map(|batch| &batch.entities)
            .filter(|entity| {
                let post = entity.post.as_ref();
                post.is_some_and(|post| post.published_at >= after)
            })
            .map(|entity| entity.external_id.as_str())
            .collect();
        let mut found = Found::default();
        for batch in &batches {
            found.facts.extend(batch.facts.iter().cloned());
            found.gaps.extend(batch.gaps.iter().cloned());
            let counters = batch.counters.iter();
            found.facts.extend(
                counters
                    .filter(|counter| !later.contains(&&*counter.entity))
                    .map(|counter| FactRecord {
                        entity: counter.entity.clone(),
                        metric: counter.metric.lifetime(),
                        date,
                        value: counter.value,
                    }),
            );
        }
        Ok(found)
    }

    async fn read(&self, request: FetchRequest) -> Result<Vec<Batch>, analytics_connectors::Error> {
        let mut batches = self
            .connector
            .fetch(self.account, request, self.tokens.clone());
        let mut read = Vec::new();
        while let Some(batch) = batches.next().await {
            read.push(batch?);
        }
        Ok(read)
    }
}
