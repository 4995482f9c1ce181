//! Working off a plan with one grant.

use std::collections::VecDeque;

use analytics_core::model::{
    Account, Catalogue, DateRange, FeedCoverage, FeedId, Level, MetricKind, SyncRow, WindowRequest,
    Workspace,
};
use chrono::{DateTime, Utc};
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::{
    SyncEngine,
    event::SyncEventKind,
    grants::Case,
    outcome::{SyncFailure, Tally},
    plan::{PlanInput, plan},
    refresh,
    snapshots::{plan_fleeting, plan_snapshots},
    windows::{KnownWindow, PlannedWindow, ViewerCalendar, plan_requests, plan_windows},
    work::{Done, Work, Worker},
};
use crate::{connector::Connector, error::Error, observer::SlicesDone};

/// A day may become ready while a long backfill runs, so planning is repeated; this often at most.
const PASSES: usize = 4;

/// Pieces that this run will not try again.
#[derive(Debug, Default)]
struct Tried {
    failed: Vec<(Level, FeedId, DateRange)>,
    fleeting: Vec<(Level, FeedId)>,
    windows: Vec<(Level, DateRange)>,
}

impl Tried {
    fn allows(&self, work: &Work) -> bool {
        match work {
            Work::Slice(slice) => !self.failed.iter().any(|(level, feed, range)| {
                *level == slice.level
                    && *feed == slice.feed
                    && range.intersection(&slice.range).is_some()
            }),
            Work::Snapshot(snapshot) => !self.failed.iter().any(|(level, feed, range)| {
                *level == snapshot.level && *feed == snapshot.feed && range.contains(snapshot.date)
            }),
            Work::Fleeting(fleeting) => !self
                .fleeting
                .contains(&(fleeting.level, fleeting.feed.clone())),
            Work::Window(window) | Work::Request(window) => {
                !self.windows.contains(&(window.level, window.range))
            }
        }
    }
}

impl SyncEngine {
    /// Plans and fetches until nothing is left; the error that stops everything, if one does.
    pub(super) async fn work_off(
        &self,
        workspace: &Workspace,
        worker: &Worker<'_>,
        tally: &mut Tally,
    ) -> Result<Option<Error>, SyncFailure> {
        let limit = worker.connector.descriptor().limits.concurrency.max(1);
        let mut tried = Tried::default();
        for _ in 0..PASSES {
            tally.planned_at = Some(self.clock.now());
            let mut waiting = self.plan_work(workspace, worker).await?;
            waiting.retain(|work| tried.allows(work));
            if waiting.is_empty() {
                break;
            }
            let mut running = FuturesUnordered::new();
            let mut stop = None;
            loop {
                // After a stop, what is under way may finish, and nothing more is started.
                while stop.is_none() && running.len() < limit {
                    match waiting.pop_front() {
                        Some(work) => running.push(worker.perform(work)),
                        None => break,
                    }
                }
                let Some(done) = running.next().await else {
                    break;
                };
                let done = done?;
                self.announce(worker.account, &done).await;
                stop = stop.or(count(done, tally, &mut tried));
            }
            if stop.is_some() {
                return Ok(stop);
            }
        }
        Ok(None)
    }

    async fn plan_work(
        &self,
        workspace: &Workspace,
        worker: &Worker<'_>,
    ) -> Result<VecDeque<Work>, SyncFailure> {
        let account = worker.account;
        let coverage = self.store.coverage(account.workspace, account.id).await?;
        let known = self
            .known_windows(account, worker.connector.as_ref())
            .await?;
        let row = self.store.sync_row(account.workspace, account.id).await?;
        let gaps = self.store.gaps(account.workspace, account.id).await?;
        let input = PlanInput {
            requested_at: self.requested_at(worker, &row),
            gaps: &gaps,
            ..self.plan_input(
                account,
                worker.connector.as_ref(),
                &coverage,
                &worker.withheld,
            )
        };
        let viewer = ViewerCalendar {
            zone: workspace.settings.time_zone,
            week_start: workspace.settings.week_start,
        };
        let catalogue = Catalogue::with_platforms([input.profile.clone()]);
        let requests = self
            .requests(account, &input, worker.never, &catalogue)
            .await?
            .into_iter()
            .map(Work::Request);
        let snapshots = plan_snapshots(&input).into_iter().map(Work::Snapshot);
        let fleeting = plan_fleeting(&input).into_iter().map(Work::Fleeting);
        let slices = plan(&input).into_iter().map(Work::Slice);
        // Nothing new is ready since the last success: what it did not get is not there.
        let is_new = input.requested_at.is_some()
            || row
                .last_success_at
                .is_none_or(|at| at < input.ready().since);
        let windows = plan_windows(&input, &catalogue, viewer, &known)
            .into_iter()
            .filter(|_| is_new)
            .map(Work::Window);
        let mut work: Vec<Work> = requests
            .chain(snapshots)
            .chain(fleeting)
            .chain(slices)
            .chain(windows)
            .collect();
        // Stable: within a level days come before windows, both newest first.
        work.sort_by_key(Work::depth);
        Ok(work.into())
    }

    /// The exact values that reports wait for. Those that cannot be had with any grant of the
    /// account are answered at once.
    async fn requests(
        &self,
        account: &Account,
        input: &PlanInput<'_>,
        never: &[FeedId],
        catalogue: &Catalogue,
    ) -> Result<Vec<PlannedWindow>, SyncFailure> {
        let requests = self
            .store
            .window_requests(account.workspace, account.id)
            .await?;
        let with_any = PlanInput {
            withheld: never,
            ..*input
        };
        self.close(account, &with_any, catalogue, &requests).await?;
        Ok(plan_requests(input, catalogue, &requests).windows)
    }

    /// Tells reports that wait for exact values of feeds which nobody opened that there are none.
    pub(super) async fn answer_without(
        &self,
        case: &Case<'_>,
        left_out: &[FeedId],
    ) -> Result<(), SyncFailure> {
        let account = case.account;
        let input = self.plan_input(account, case.connector.as_ref(), &[], left_out);
        let catalogue = Catalogue::with_platforms([input.profile.clone()]);
        let requests = self
            .store
            .window_requests(account.workspace, account.id)
            .await?;
        self.close(account, &input, &catalogue, &requests).await
    }

    /// Answers the requests that are not to be had as `input` has it.
    async fn close(
        &self,
        account: &Account,
        input: &PlanInput<'_>,
        catalogue: &Catalogue,
        requests: &[WindowRequest],
    ) -> Result<(), SyncFailure> {
        for window in &plan_requests(input, catalogue, requests).impossible {
            self.store
                .close_window_requests(
                    account.workspace,
                    account.id,
                    window.level,
                    &window.metrics,
                    window.range,
                    input.now,
                )
                .await?;
        }
        Ok(())
    }

    pub(super) fn plan_input<'a>(
        &'a self,
        account: &Account,
        connector: &'a dyn Connector,
        coverage: &'a [FeedCoverage],
        withheld: &'a [FeedId],
    ) -> PlanInput<'a> {
        let descriptor = connector.descriptor();
        PlanInput {
            account: account.id,
            withheld,
            profile: &descriptor.profile,
            limits: descriptor.limits,
            coverage,
            zone: account.time_zone,
            linked_at: account.linked_at,
            now: self.clock.now(),
            gaps: &[],
            requested_at: None,
            settings: &self.settings,
        }
    }

    /// When somebody asked for fresh figures. That clears the attempts; a retry after a failure goes
    /// on where it stopped. An attempt that lies ahead, or that was set when the last one succeeded,
    /// asks for nothing.
    fn requested_at(&self, worker: &Worker<'_>, row: &SyncRow) -> Option<DateTime<Utc>> {
        let profile = &worker.connector.descriptor().profile;
        let Account { id, time_zone, .. } = *worker.account;
        let anyway = row
            .last_success_at
            .map(|at| refresh::next_due(profile, worker.never, time_zone, id, at, &self.settings));
        row.next_attempt_at
            .filter(|at| row.attempts == 0 && *at <= self.clock.now() && is_asked_for(*at, anyway))
    }

    async fn known_windows(
        &self,
        account: &Account,
        connector: &dyn Connector,
    ) -> Result<Vec<KnownWindow>, SyncFailure> {
        let profile = &connector.descriptor().profile;
        let catalogue = Catalogue::with_platforms([profile.clone()]);
        let mut known = Vec::new();
        for level in [Level::Account, Level::Campaign] {
            let has_unique = profile
                .feeds
                .iter()
                .flat_map(|feed| &feed.metrics)
                .any(|offered| {
                    offered.levels.contains(&level)
                        && catalogue
                            .metric(&offered.metric)
                            .is_some_and(|metric| metric.kind == MetricKind::Unique)
                });
            if !has_unique {
                continue;
            }
            let stored = self
                .store
                .windows(account.workspace, account.id, level)
                .await?;
            known.extend(stored.into_iter().map(|window| KnownWindow {
                level,
                metric: window.metric,
                range: window.range,
                fetched_at: window.fetched_at,
            }));
        }
        Ok(known)
    }

    /// Tells what was stored, with how far the account is by now.
    async fn announce(&self, account: &Account, done: &Done) {
        if let Some(observer) = &self.observer {
            observer.slices_done(SlicesDone {
                platform: &account.platform,
                saved: done.slices.len() as u64,
                failed: done.failed_slices.len() as u64,
                facts: done.slices.iter().map(|saved| saved.receipt.facts).sum(),
            });
        }
        for saved in &done.slices {
            self.pace
                .saved(account.id, saved.range.days().unsigned_abs());
            self.emit(
                account.workspace,
                account.id,
                SyncEventKind::SliceSaved {
                    level: saved.level,
                    range: saved.range,
                    facts: saved.receipt.facts,
                    data_version: saved.receipt.data_version,
                },
            )
            .await;
        }
        if let Some((level, range)) = done.window.filter(|_| done.window_saved) {
            let kind = SyncEventKind::WindowSaved { level, range };
            self.emit(account.workspace, account.id, kind).await;
        }
    }
}

/// Whether `at` is another time than the one at which the account would be due anyway; what is
/// stored has microseconds only.
fn is_asked_for(at: DateTime<Utc>, anyway: Option<DateTime<Utc>>) -> bool {
    anyway.is_none_or(|anyway| at.timestamp_micros() != anyway.timestamp_micros())
}

/// Counts what was done; the error that stops everything, if it brought one.
fn count(done: Done, tally: &mut Tally, tried: &mut Tried) -> Option<Error> {
    // What covers nothing is no progress: a failure beside it is none the less one.
    let covers = u64::from(done.fleeting.is_none());
    for saved in &done.slices {
        tally.slices_saved += covers;
        tally.facts += saved.receipt.facts;
        tally.revisions += saved.receipt.revisions;
    }
    tally.slices_failed += done.failed_slices.len() as u64;
    tried.failed.extend(done.failed_slices);
    tried.fleeting.extend(done.fleeting);
    if let Some(window) = done.window {
        tried.windows.push(window);
        if done.window_saved {
            tally.windows_saved += 1;
        } else if done.failure.is_some() {
            tally.windows_failed += 1;
        }
    }
    if let Some(failure) = done.failure {
        tally.first_failure.get_or_insert(failure);
    }
    done.stop
}
