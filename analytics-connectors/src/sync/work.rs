//! One piece of work: fetch a slice or a window and store it.

use std::{sync::Arc, time::Instant};

use analytics_core::{
    Store,
    model::{Account, DateRange, FailedRun, FeedId, Lease, Level, Slice, SliceReceipt},
};

use super::{
    collect::collect,
    delivery,
    outcome::SyncFailure,
    plan::PlannedSlice,
    snapshots::{PlannedFleeting, PlannedSnapshot},
    windows::PlannedWindow,
};
use crate::{
    clock::SharedClock,
    connector::{AccountRef, Connector, FetchRequest},
    error::{Error, ErrorKind},
    oauth::TokenSource,
};

/// A piece of work.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// An exact value that somebody is waiting for.
    Request(PlannedWindow),
    Snapshot(PlannedSnapshot),
    Fleeting(PlannedFleeting),
    Slice(PlannedSlice),
    Window(PlannedWindow),
}

impl Work {
    /// What somebody is waiting for, and what soon cannot be told any more, goes first; then the
    /// coarsest level.
    pub(super) fn depth(&self) -> u8 {
        match self {
            Self::Request(_) | Self::Snapshot(_) | Self::Fleeting(_) => 0,
            Self::Slice(slice) => slice.level.depth(),
            Self::Window(window) => window.level.depth(),
        }
    }
}

/// A slice that was stored.
#[derive(Debug, Clone)]
pub(super) struct Saved {
    pub(super) level: Level,
    pub(super) range: DateRange,
    pub(super) receipt: SliceReceipt,
}

/// What became of a piece of work.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) slices: Vec<Saved>,
    pub(super) failed_slices: Vec<(Level, FeedId, DateRange)>,
    /// Posts that soon are gone were read, or could not be.
    pub(super) fleeting: Option<(Level, FeedId)>,
    pub(super) window: Option<(Level, DateRange)>,
    pub(super) window_saved: bool,
    /// The first failure that concerns only this piece.
    pub(super) failure: Option<Error>,
    /// A failure that concerns the whole account: nothing more is started.
    pub(super) stop: Option<Error>,
}

/// What every piece of work on an account needs.
#[derive(Debug)]
pub(super) struct Worker<'a> {
    /// Feeds that the grant does not open.
    pub(super) withheld: Vec<FeedId>,
    /// Feeds that no grant of the account opens.
    pub(super) never: &'a [FeedId],
    pub(super) store: &'a Arc<dyn Store>,
    pub(super) connector: &'a Arc<dyn Connector>,
    pub(super) clock: &'a SharedClock,
    pub(super) account: &'a Account,
    pub(super) lease: &'a Lease,
    pub(super) tokens: TokenSource,
}

impl Worker<'_> {
    /// Does one piece of work.
    pub(super) async fn perform(&self, work: Work) -> Result<Done, SyncFailure> {
        match work {
            Work::Slice(slice) => self.slice(slice).await,
            Work::Snapshot(snapshot) => self.snapshot(snapshot).await,
            Work::Fleeting(fleeting) => self.fleeting(fleeting).await,
            Work::Window(window) => self.window(window, false).await,
            Work::Request(window) => self.window(window, true).await,
        }
    }

    /// Fetches and stores a slice, in halves where the platform asks for less at once.
    async fn slice(&self, slice: PlannedSlice) -> Result<Done, SyncFailure> {
        let mut done = Done::default();
        let mut ranges = Vec::from_iter(self.still_offered(&slice));
        while let Some(range) = ranges.pop() {
            let request = FetchRequest::Daily {
                level: slice.level,
                feed: slice.feed.clone(),
                range,
            };
            let blank = self.blank(slice.level, &slice.feed, range);
            match self.fetch_and_save(blank, request).await? {
                Ok(receipt) => done.slices.push(Saved {
                    level: slice.level,
                    range,
                    receipt,
                }),
                Err(Error {
                    kind: ErrorKind::TooMuchData,
                    ..
                }) if let Some(halves) = range.halves() => {
                    // The newer half is popped first.
                    ranges.extend(halves);
                }
                Err(error) if concerns_only_this(&error) => {
                    self.note_failure(&mut done, slice.level, &slice.feed, range, error)
                        .await?;
                }
                Err(error) => {
                    done.stop = Some(error);
                    break;
                }
            }
        }
        Ok(done)
    }

    pub(super) async fn note_failure(
        &self,
        done: &mut Done,
        level: Level,
        feed: &FeedId,
        range: DateRange,
        error: Error,
    ) -> Result<(), SyncFailure> {
        self.store
            .save_failure(
                self.account.workspace,
                self.account.id,
                level,
                feed,
                FailedRun {
                    range,
                    failed_at: self.clock.now(),
                    code: error.kind.code().to_owned(),
                    reason: error.to_string(),
                },
            )
            .await?;
        done.failed_slices.push((level, feed.clone(), range));
        done.failure.get_or_insert(error);
        Ok(())
    }

    /// The days of a slice that are still in the platform's history: while the slice waited, the
    /// oldest may have fallen out of it, and what is not answered is not covered.
    fn still_offered(&self, slice: &PlannedSlice) -> Option<DateRange> {
        let feed = self.connector.descriptor().profile.feed(&slice.feed)?;
        let today = self.clock.now().with_timezone(&self.account.time_zone);
        let oldest = super::calendar::shift(today.date_naive(), -i64::from(feed.history_days));
        slice.range.intersection(&DateRange {
            start: oldest,
            end: slice.range.end.max(oldest),
        })
    }

    /// A slice without content. The answer is at least as young as the moment it is asked for.
    pub(super) fn blank(&self, level: Level, feed: &FeedId, range: DateRange) -> Slice {
        let now = self.clock.now();
        let blank = Slice::new(self.account.id, level, feed.clone(), range, now);
        let profile = &self.connector.descriptor().profile;
        match profile.feed(feed) {
            Some(feed) => delivery::expected(feed, blank),
            None => blank,
        }
    }

    pub(super) async fn fetch_and_save(
        &self,
        blank: Slice,
        request: FetchRequest,
    ) -> Result<Result<SliceReceipt, Error>, SyncFailure> {
        match self.fetch(blank, request).await {
            Ok(slice) => {
                let saved = self.save(&slice).await?;
                if saved.is_ok() {
                    self.learn_name(&slice).await?;
                }
                Ok(saved)
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// An account that was linked without a name gets the one that comes with its figures.
    async fn learn_name(&self, slice: &Slice) -> Result<(), SyncFailure> {
        let Account {
            workspace,
            id,
            ref external_id,
            ref name,
            ..
        } = *self.account;
        let told = slice
            .entities
            .iter()
            .filter(|entity| entity.level == Level::Account && entity.external_id == *external_id)
            .find_map(|entity| entity.name.as_deref());
        if let Some(told) = told
            && name == external_id
        {
            self.store.learn_account_name(workspace, id, told).await?;
        }
        Ok(())
    }

    /// The slice with what the platform answers.
    pub(super) async fn fetch(&self, blank: Slice, request: FetchRequest) -> Result<Slice, Error> {
        let started = Instant::now();
        let batches = self.connector.fetch(
            &AccountRef::from(self.account),
            request,
            self.tokens.clone(),
        );
        let answer = collect(batches).await?;
        tracing::debug!(
            account = self.account.id.0, level = blank.level.as_str(), range = %blank.range,
            facts = answer.facts.len(), milliseconds = started.elapsed().as_millis(), "fetched"
        );
        Ok(Slice {
            entities: answer.entities,
            facts: answer.facts,
            counters: answer.counters,
            windows: answer.windows,
            gaps: answer.gaps,
            all_texts: answer.all_texts,
            fetched_at: answer
                .as_of
                .map_or(blank.fetched_at, |at| at.min(blank.fetched_at)),
            ..blank
        })
    }

    pub(super) async fn save(
        &self,
        slice: &Slice,
    ) -> Result<Result<SliceReceipt, Error>, SyncFailure> {
        match self
            .store
            .save_slice(self.account.workspace, Some(self.lease), slice)
            .await
        {
            Ok(receipt) => Ok(Ok(receipt)),
            Err(error) => self.unusable(error, slice.level, slice.range).map(Err),
        }
    }

    /// Fetches an exact value. Whoever asked for it is told even if there is none, or the platform
    /// does not answer the question.
    async fn window(&self, window: PlannedWindow, requested: bool) -> Result<Done, SyncFailure> {
        let mut done = Done {
            window: Some((window.level, window.range)),
            ..Done::default()
        };
        let fetched_at = self.clock.now();
        let request = FetchRequest::Window {
            level: window.level,
            metrics: window.metrics.clone(),
            range: window.range,
        };
        let batches = self.connector.fetch(
            &AccountRef::from(self.account),
            request,
            self.tokens.clone(),
        );
        let failure = match collect(batches).await {
            Ok(answer) => self
                .store
                .save_windows(
                    self.account.workspace,
                    Some(self.lease),
                    self.account.id,
                    window.level,
                    &answer.windows,
                    fetched_at,
                )
                .await
                .map_or_else(
                    |error| self.unusable(error, window.level, window.range).map(Some),
                    |()| Ok(None),
                )?,
            Err(error) => Some(error),
        };
        let settled = failure.as_ref().is_none_or(concerns_only_this);
        if requested && settled {
            self.store
                .close_window_requests(
                    self.account.workspace,
                    self.account.id,
                    window.level,
                    &window.metrics,
                    window.range,
                    fetched_at,
                )
                .await?;
        }
        match failure {
            None => done.window_saved = true,
            Some(error) if concerns_only_this(&error) => done.failure = Some(error),
            Some(error) => done.stop = Some(error),
        }
        Ok(done)
    }

    /// An answer that the store refuses for what it holds fails its slice; other failures of the
    /// store end the run.
    fn unusable(
        &self,
        error: analytics_core::Error,
        level: Level,
        range: DateRange,
    ) -> Result<Error, SyncFailure> {
        match error {
            analytics_core::Error::Invalid { .. } | analytics_core::Error::Overflow { .. } => {
                Ok(Error::new(
                    ErrorKind::Decode,
                    self.account.platform.as_str(),
                    format!("store ({})", level.as_str()),
                    format!("the answer for {range} cannot be stored: {error}"),
                ))
            }
            other => Err(other.into()),
        }
    }
}

/// Whether the rest of the account may go on.
pub(super) fn concerns_only_this(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Decode | ErrorKind::InvalidRequest | ErrorKind::TooMuchData
    )
}
