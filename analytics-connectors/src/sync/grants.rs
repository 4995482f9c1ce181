//! An account's grants, one after the other.

use std::sync::Arc;

use analytics_core::model::{Account, FeedId, Grant, GrantState, Lease, Workspace};
use chrono::{DateTime, Utc};

use super::{
    StoredTokens, SyncEngine, SyncSettings,
    ending::Refusals,
    outcome::{Outcome, SyncFailure, Tally},
    refresh,
    work::Worker,
};
use crate::{
    connector::Connector,
    error::{Error, ErrorKind},
};

/// An account that is being brought up to date.
pub(super) struct Case<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) account: &'a Account,
    pub(super) connector: &'a Arc<dyn Connector>,
    pub(super) lease: &'a Lease,
    /// Feeds that no grant of the account opens.
    pub(super) never: Vec<FeedId>,
    /// When its grants were read.
    pub(super) begun_at: DateTime<Utc>,
}

impl Case<'_> {
    /// When the account is due again if it is up to date at `now`.
    pub(super) fn next_due(&self, now: DateTime<Utc>, settings: &SyncSettings) -> DateTime<Utc> {
        let profile = &self.connector.descriptor().profile;
        let Account { id, time_zone, .. } = *self.account;
        refresh::next_due(profile, &self.never, time_zone, id, now, settings)
    }
}

impl SyncEngine {
    /// Works with one grant after the other until everything is done that any of them opens.
    pub(super) async fn with_grants(
        &self,
        case: &Case<'_>,
        grants: &[Grant],
        mut tally: Tally,
    ) -> Result<Outcome, SyncFailure> {
        let mut refusals = Refusals::default();
        // The feeds that no grant opened so far: all of those that none opens, at least.
        let mut left_out: Option<Vec<FeedId>> = None;
        let living = |grant: &&Grant| grant.state != GrantState::Dead;
        for grant in grants.iter().filter(living) {
            match self.with_grant(case, grant, &mut tally).await? {
                // Feeds that this grant does not open may be open to another.
                None => {
                    let withheld = case.connector.descriptor().withheld(&grant.scopes);
                    let left = match left_out.take() {
                        Some(before) => common(&before, &withheld),
                        None => withheld,
                    };
                    if left_out.insert(left).len() <= case.never.len() {
                        break;
                    }
                }
                Some(error) if error.kind == ErrorKind::AuthExpired => {
                    refusals.expired = Some(error);
                }
                Some(error) if error.kind == ErrorKind::PermissionDenied => {
                    refusals.denied = Some(error);
                }
                Some(error) => return self.stopped(case.account, case.lease, tally, error).await,
            }
        }
        let Some(left_out) = left_out else {
            return self.refused(case, tally, refusals).await;
        };
        if left_out.len() > case.never.len() {
            // What only the refused grant opens is missing, and that is why: whoever waits for it
            // is told, and it is tried again.
            self.answer_without(case, &left_out).await?;
            tally.first_failure = tally.first_failure.or(refusals.denied);
        }
        self.finished(case, tally).await
    }

    /// Works with one grant; a dead one is marked, unless its user renewed it meanwhile.
    async fn with_grant(
        &self,
        case: &Case<'_>,
        grant: &Grant,
        tally: &mut Tally,
    ) -> Result<Option<Error>, SyncFailure> {
        let tokens = StoredTokens::new(
            Arc::clone(&self.store),
            Arc::clone(case.connector),
            Arc::clone(&self.clock),
            &self.locks,
            case.workspace.id,
            grant.id,
        );
        let worker = Worker {
            withheld: case.connector.descriptor().withheld(&grant.scopes),
            never: &case.never,
            store: &self.store,
            connector: case.connector,
            clock: &self.clock,
            account: case.account,
            lease: case.lease,
            tokens: tokens.source(),
        };
        let mut ended = self.work_off(case.workspace, &worker, tally).await?;
        if matches!(&ended, Some(error) if error.kind == ErrorKind::AuthExpired)
            && !tokens.give_up().await.unwrap_or(true)
        {
            ended = self.work_off(case.workspace, &worker, tally).await?;
        }
        Ok(ended)
    }
}

fn common(some: &[FeedId], others: &[FeedId]) -> Vec<FeedId> {
    let both = some.iter().filter(|feed| others.contains(feed));
    both.cloned().collect()
}
