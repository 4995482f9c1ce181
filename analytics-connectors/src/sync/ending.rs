//! How a reconciliation is recorded, so that the next attempt comes at the right time.

use analytics_core::model::{
    Account, AccountId, AccountState, GrantState, Lease, PlatformPause, Priority, SyncError,
    WorkspaceId,
};
use chrono::{DateTime, Duration, Utc};

use super::{
    SyncEngine, backoff,
    grants::Case,
    outcome::{Ended, Outcome, SyncFailure, Tally},
};
use crate::error::{Error, ErrorKind, Retry};

/// How one grant after the other fared.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    pub(super) expired: Option<Error>,
    pub(super) denied: Option<Error>,
}

impl SyncEngine {
    /// Everything was tried: a success, or slices that failed by themselves and come again later.
    pub(super) async fn finished(
        &self,
        case: &Case<'_>,
        mut tally: Tally,
    ) -> Result<Outcome, SyncFailure> {
        let (account, lease, now) = (case.account, case.lease, self.clock.now());
        if matches!(
            account.state,
            AccountState::Error | AccountState::NeedsRelink
        ) {
            self.store
                .set_account_state(account.workspace, account.id, AccountState::Active)
                .await?;
        }
        if let Some(error) = tally.first_failure.take() {
            let next = now + self.wait_after_failure(account, &error, 0).await?;
            let error = describe(&error, now);
            self.store.record_failure(lease, &error, Some(next)).await?;
            return Ok(tally.outcome(Ended::WithFailures, Some(error), Some(next)));
        }
        let up_to_date = tally.planned_at.unwrap_or(now);
        let row = self.store.sync_row(account.workspace, account.id).await?;
        // What was asked for meanwhile comes next.
        let asked = row.next_attempt_at;
        let next = asked
            .filter(|asked| case.begun_at < *asked && *asked <= now)
            .unwrap_or_else(|| case.next_due(up_to_date, &self.settings));
        self.store.record_success(lease, up_to_date, next).await?;
        Ok(tally.outcome(Ended::Complete, None, Some(next)))
    }

    /// The platform asks to wait, or fails for the moment.
    pub(super) async fn stopped(
        &self,
        account: &Account,
        lease: &Lease,
        tally: Tally,
        error: Error,
    ) -> Result<Outcome, SyncFailure> {
        let now = self.clock.now();
        let wait = self
            .wait_after_failure(account, &error, tally.slices_saved)
            .await?;
        let described = describe(&error, now);
        let next = match error.kind {
            ErrorKind::RateLimited { until: Some(until) } => until.max(now),
            ErrorKind::Unavailable => {
                let pause = Duration::from_std(self.settings.unavailable_pause).unwrap_or_default();
                let until = now + wait.max(pause);
                tracing::error!(platform = %account.platform, message = %error, "a platform is paused; its app, quota or credits need the operator");
                let pause = PlatformPause {
                    until,
                    error: described.clone(),
                };
                self.store.pause_platform(&account.platform, &pause).await?;
                match error.retry {
                    Retry::After(_) => self.look_again(until),
                    Retry::Never | Retry::Backoff => until,
                }
            }
            _ => now + wait,
        };
        self.store
            .record_failure(lease, &described, Some(next))
            .await?;
        Ok(tally.outcome(Ended::Waiting, Some(described), Some(next)))
    }

    /// No grant opens the account.
    pub(super) async fn refused(
        &self,
        case: &Case<'_>,
        tally: Tally,
        refusals: Refusals,
    ) -> Result<Outcome, SyncFailure> {
        let (account, lease, now) = (case.account, case.lease, self.clock.now());
        let (state, ended, error, next) = match refusals {
            Refusals {
                denied: Some(error),
                ..
            } => {
                // The role may be given back: asked again when it would be due anyway.
                let next = case.next_due(now, &self.settings);
                (AccountState::Error, Ended::Refused, error, Some(next))
            }
            Refusals { expired, .. } => {
                let error = expired.unwrap_or_else(|| {
                    Error::new(
                        ErrorKind::AuthExpired,
                        account.platform.as_str(),
                        "choose a grant",
                        "no living grant reaches this account; link it again",
                    )
                });
                (AccountState::NeedsRelink, Ended::NeedsRelink, error, None)
            }
        };
        let error = describe(&error, now);
        self.store.record_failure(lease, &error, next).await?;
        self.store
            .set_account_state(account.workspace, account.id, state)
            .await?;
        if state == AccountState::NeedsRelink {
            self.undo_if_relinked(account, now).await?;
        }
        Ok(tally.outcome(ended, Some(error), next))
    }

    /// A consent that arrived while the refusal was being recorded found an account that seemed
    /// well, and so left it alone.
    async fn undo_if_relinked(
        &self,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<(), SyncFailure> {
        let grants = self
            .store
            .grants_of_account(account.workspace, account.id)
            .await?;
        if grants.iter().all(|grant| grant.state == GrantState::Dead) {
            return Ok(());
        }
        self.store
            .set_account_state(account.workspace, account.id, AccountState::Active)
            .await?;
        self.store
            .request_sync(account.workspace, account.id, Priority::Linking, now)
            .await?;
        Ok(())
    }

    /// The wait before the next attempt. An attempt that got somewhere counts as a first one.
    async fn wait_after_failure(
        &self,
        account: &Account,
        error: &Error,
        saved: u64,
    ) -> Result<Duration, SyncFailure> {
        let attempts = if saved > 0 {
            0
        } else {
            let row = self.store.sync_row(account.workspace, account.id).await?;
            row.attempts
        };
        let wait = backoff::wait(&self.settings, attempts, account.id.0);
        let wait = match error.retry {
            Retry::After(asked) => wait.max(asked),
            Retry::Never | Retry::Backoff => wait,
        };
        Ok(Duration::from_std(wait).unwrap_or_default())
    }

    /// Best effort: without it a failing database, or a defect, would be met again without a pause.
    pub(super) async fn note_failure(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        lease: &Lease,
        failure: &SyncFailure,
    ) {
        let now = self.clock.now();
        let attempts = self
            .store
            .sync_row(workspace, account)
            .await
            .map_or(0, |row| row.attempts);
        let wait = backoff::wait(&self.settings, attempts, account.0);
        let code = match failure {
            SyncFailure::Panicked(_) => "internal",
            _ => ErrorKind::Transient.code(),
        };
        let described = SyncError {
            code: code.to_owned(),
            message: with_sources(failure),
            operation: "synchronize".to_owned(),
            at: now,
        };
        let next = now + Duration::from_std(wait).unwrap_or_default();
        let noted = self
            .store
            .record_failure(lease, &described, Some(next))
            .await;
        if let Err(error) = noted {
            tracing::warn!(account = account.0, %error, "a failure could not be recorded");
        }
    }
}

/// The error as the sync row keeps it.
fn describe(error: &Error, at: DateTime<Utc>) -> SyncError {
    SyncError {
        code: error.kind.code().to_owned(),
        message: error.context.clone(),
        operation: error.operation.clone(),
        at,
    }
}

/// An error with what lies behind it: that a disk is full is what the database says, not what was
/// being done.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(behind) = source {
        text = format!("{text}: {behind}");
        source = behind.source();
    }
    text
}
