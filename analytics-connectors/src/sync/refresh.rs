//! When accounts are due.

use std::sync::Arc;

use analytics_core::{
    Result, Store,
    model::{AccountId, FeedId, FeedKind, PlatformProfile, WorkspaceId},
};
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use super::{Outcome, SyncEngine, SyncFailure, SyncSettings, backoff, calendar};

/// When an account that is up to date at `now` is due again: when its next day is ready, or ends if
/// it has snapshots, a little later for each account, always the same for the same one. Posts that
/// soon are gone make it due before. Feeds that are `withheld` make nothing due.
#[must_use]
pub fn next_due(
    profile: &PlatformProfile,
    withheld: &[FeedId],
    zone: Tz,
    account: AccountId,
    now: DateTime<Utc>,
    settings: &SyncSettings,
) -> DateTime<Utc> {
    let jitter = backoff::jitter(settings.refresh_jitter, account.0);
    let figures = calendar::next_ready(zone, profile.day_ready_hours, now);
    // What is only told as it is now is looked at when the day ends.
    let open = || {
        let feeds = profile.feeds.iter();
        feeds.filter(|feed| !withheld.contains(&feed.id))
    };
    let takes_snapshots = open().any(|feed| !feed.is_daily());
    let next = if takes_snapshots {
        figures.min(calendar::next_ready(zone, 0, now))
    } else {
        figures
    };
    let next = next + Duration::from_std(jitter).unwrap_or_default();
    let fleeting = open().filter_map(|feed| match feed.kind {
        FeedKind::Snapshot(watch) if watch.fleeting_hours > 0 => {
            Some(now + Duration::hours(watch.fleeting_hours.into()))
        }
        _ => None,
    });
    fleeting.fold(next, DateTime::min)
}

/// The accounts that are due at `now` and that nobody works on, most urgent first: what a
/// scheduler hands to its workers, again and again. Handing one over twice costs nothing.
///
/// # Errors
/// If the database fails.
pub async fn due(
    store: &Arc<dyn Store>,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(WorkspaceId, AccountId)>> {
    store.due_accounts(now, limit).await
}

impl SyncEngine {
    /// Reconciles every account that is due now, one after another; for command lines and tests.
    ///
    /// # Errors
    /// If the database cannot say which accounts are due.
    pub async fn reconcile_due(
        &self,
    ) -> Result<Vec<(AccountId, std::result::Result<Outcome, SyncFailure>)>> {
        let mut outcomes = Vec::new();
        for (workspace, account) in due(&self.store, self.clock.now(), u32::MAX >> 1).await? {
            outcomes.push((account, self.reconcile(workspace, account).await));
        }
        Ok(outcomes)
    }
}
