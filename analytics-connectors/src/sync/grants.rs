//! An account's grants, one after the other.

use std::sync::Arc;

use analytics_core::model::{Account, FeedId, Grant, GrantState, Lease, Workspace};

use super::{
    StoredTokens, SyncEngine,
    ending::Refusals,
    outcome::{Outcome, SyncFailure, Tally},
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
}

impl SyncEngine {
    /// Works with one grant after the other until everything is done that any of them opens.
    pub(super) async fn with_grants(
        &self,
        case: &Case<'_>,
        grants: &[Grant],
        mut tally: Tally,
    ) -> Result<Outcome, SyncFailure> {
        let (account, connector, lease) = (case.account, case.connector, case.lease);
        let mut refusals = Refusals::default();
        // How many feeds the grants that worked left out: all of those that none opens, at least.
        let mut left_out = None;
        let living = |grant: &&Grant| grant.state != GrantState::Dead;
        for grant in grants.iter().filter(living) {
            match self.with_grant(case, grant, &mut tally).await? {
                // Feeds that this grant does not open may be open to another.
                None => {
                    let withheld = connector.descriptor().withheld(&grant.scopes).len();
                    left_out = Some(left_out.map_or(withheld, |least: usize| least.min(withheld)));
                    if withheld <= case.never.len() {
                        break;
                    }
                }
                Some(error) if error.kind == ErrorKind::AuthExpired => {
                    refusals.expired = Some(error);
                }
                Some(error) if error.kind == ErrorKind::PermissionDenied => {
                    refusals.denied = Some(error);
                }
                Some(error) => return self.stopped(account, lease, tally, error).await,
            }
        }
        if let Some(left_out) = left_out {
            if left_out > case.never.len() {
                // What only the refused grant opens is missing, and that is why.
                tally.first_failure = tally.first_failure.or(refusals.denied);
            }
            return self.finished(account, connector, lease, tally).await;
        }
        self.refused(account, connector, lease, tally, refusals)
            .await
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
