//! Living through simulated days: the clock jumps to when the next account is due, the scheduler
//! does what it does every day, and so on until today.

use std::{sync::Arc, time::Duration as Pause};

use analytics_connectors::clock::{Clock, SettableClock};
use analytics_core::{
    Store,
    model::{AccountState, SyncRow},
};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};

use super::CommandError;
use crate::{app::App, commands::output::Progress};

/// Least step of the clock, so that an account that stays due cannot stop it.
const LEAST_STEP: Duration = Duration::hours(1);

/// The clock and what follows from it.
#[derive(Debug)]
pub(super) struct Life {
    app: App,
    clock: Arc<SettableClock>,
}

impl Life {
    pub(super) fn new(app: App, clock: Arc<SettableClock>) -> Self {
        Self { app, clock }
    }

    /// The first day of the month.
    pub(super) fn first_of_month(&self) -> NaiveDate {
        let today = self.clock.now().date_naive();
        today.with_day(1).unwrap_or(today)
    }

    /// Waits for the history of the accounts just linked.
    pub(super) async fn read_history(&self) -> Result<(), CommandError> {
        let mut progress = Progress::new("  Reading history", 1);
        let mut settling = std::pin::pin!(self.app.scheduler().settle());
        let mut look = tokio::time::interval(Pause::from_millis(300));
        loop {
            tokio::select! {
                settled = &mut settling => {
                    progress.finish();
                    return Ok(settled?);
                }
                _ = look.tick() => {
                    let (done, total) = self.days().await?;
                    progress.set(done, total, "account-days");
                }
            }
        }
    }

    /// Covered and planned days of all accounts.
    async fn days(&self) -> Result<(u64, u64), CommandError> {
        let shared = self.app.shared();
        let (mut done, mut total) = (0, 0);
        for (workspace, account) in shared.store.account_refs().await? {
            let progress = shared.engine.progress(workspace, account).await?;
            done += progress.days_done;
            total += progress.days_total;
        }
        Ok((done, total))
    }

    /// Lets day after day pass, with its refreshes, until the clock is right.
    pub(super) async fn live_until_today(&self) -> Result<(), CommandError> {
        let begin = self.clock.now();
        let total = days_between(begin, Utc::now());
        let mut progress = Progress::new("  Living through the days since", total);
        loop {
            self.app.scheduler().settle().await?;
            let now = self.clock.now();
            progress.set(
                days_between(begin, now),
                total,
                &now.date_naive().to_string(),
            );
            let next = self.next_due().await?.max(now + LEAST_STEP);
            if next >= Utc::now() {
                break;
            }
            self.clock.set(next);
        }
        self.clock.set(Utc::now());
        self.app.scheduler().settle().await?;
        progress.finish();
        Ok(())
    }

    /// When the next account is due.
    async fn next_due(&self) -> Result<DateTime<Utc>, CommandError> {
        let rows = sync_rows(&*self.app.shared().store).await?;
        let next = rows.iter().filter_map(|row| row.next_attempt_at).min();
        Ok(next.unwrap_or(DateTime::<Utc>::MAX_UTC))
    }
}

fn days_between(from: DateTime<Utc>, until: DateTime<Utc>) -> u64 {
    u64::try_from((until - from).num_days()).unwrap_or_default()
}

async fn sync_rows(store: &dyn Store) -> Result<Vec<SyncRow>, CommandError> {
    let mut rows = Vec::new();
    for (workspace, account) in store.account_refs().await? {
        if store.account(workspace, account).await?.state != AccountState::Archived {
            rows.push(store.sync_row(workspace, account).await?);
        }
    }
    Ok(rows)
}

/// When an account was last brought up to date: where a kept demonstration stopped.
pub(super) async fn last_success(store: &dyn Store) -> Result<Option<DateTime<Utc>>, CommandError> {
    let rows = sync_rows(store).await?;
    let successes = rows.iter().filter_map(|row| row.last_success_at);
    Ok(successes.max().map(|at| at.min(Utc::now())))
}

/// Whether anything is linked.
pub(super) async fn has_accounts(store: &dyn Store) -> Result<bool, CommandError> {
    Ok(!store.account_refs().await?.is_empty())
}
