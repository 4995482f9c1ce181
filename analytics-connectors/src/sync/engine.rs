//! The engine: takes an account's lease, brings it up to date and records how that went.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use analytics_core::{
    Store,
    model::{Account, AccountId, AccountState, FeedId, Grant, GrantState, Lease, WorkspaceId},
};
use chrono::{DateTime, Duration, Utc};
use futures_util::FutureExt;
use tokio::sync::broadcast;

use super::{
    GrantLocks, Progress, SyncSettings,
    event::{SyncEvent, SyncEventKind},
    grants::Case,
    lease::HeldLease,
    link::{self, Linked, Reached},
    outcome::{Ended, Outcome, SyncFailure, Tally},
    pace::Paces,
    progress,
};
use crate::{
    clock::SharedClock,
    connector::Connector,
    error::{Error, ErrorKind},
    oauth::Consent,
    observer::Observer,
    registry::Registry,
};

/// Events a slow listener may lag behind before it misses some.
const EVENTS: usize = 1024;

/// Synchronizes accounts. One per process is enough; any number may share a database.
#[derive(Debug)]
pub struct SyncEngine {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: SharedClock,
    pub(super) settings: SyncSettings,
    pub(super) pace: Paces,
    registry: Arc<Registry>,
    events: broadcast::Sender<SyncEvent>,
    pub(super) locks: GrantLocks,
    pub(super) observer: Option<Arc<dyn Observer>>,
    owner: String,
    runs: AtomicU64,
}

impl SyncEngine {
    /// An engine over a store and connectors.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        registry: Arc<Registry>,
        clock: SharedClock,
        settings: SyncSettings,
    ) -> Self {
        let mut random = [0_u8; 8];
        // Without randomness the process id still tells workers of one machine apart.
        let _ = getrandom::fill(&mut random);
        let owner = format!(
            "{}-{}",
            std::process::id(),
            data_encoding::HEXLOWER.encode(&random)
        );
        Self {
            store,
            clock,
            settings,
            pace: Paces::default(),
            registry,
            events: broadcast::channel(EVENTS).0,
            locks: GrantLocks::default(),
            observer: None,
            owner,
            runs: AtomicU64::new(0),
        }
    }

    /// The same engine, of whose slices `observer` hears.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// What happens from now on. A listener that lags misses the oldest events, never the truth,
    /// which is in the store.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<SyncEvent> {
        self.events.subscribe()
    }

    /// The settings it works by.
    #[must_use]
    pub fn settings(&self) -> &SyncSettings {
        &self.settings
    }

    /// One renewal of a grant at a time: to be shared with whatever else uses grants here.
    #[must_use]
    pub fn grant_locks(&self) -> &GrantLocks {
        &self.locks
    }

    /// Stores a consent, finds what it reaches and revives accounts that waited for it.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn link(
        &self,
        workspace: WorkspaceId,
        provider: &str,
        consent: Consent,
    ) -> analytics_core::Result<Linked> {
        link::link(
            &self.store,
            &self.registry,
            &self.clock,
            &self.locks,
            workspace,
            provider,
            consent,
        )
        .await
    }

    /// Lists the accounts a stored grant reaches.
    pub async fn reachable(&self, grant: &Grant) -> Reached {
        link::reachable(&self.store, &self.registry, &self.clock, &self.locks, grant).await
    }

    /// Brings an account up to date: everything its coverage lacks, as far as the platform lets.
    /// How it went is recorded in the account's sync row. Dropping the future stops the work; what
    /// was saved stays saved.
    ///
    /// # Errors
    /// [`SyncFailure`]: nothing was recorded. Failures of the platform are an [`Outcome`].
    pub async fn reconcile(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Outcome, SyncFailure> {
        let ttl = self.settings.lease_ttl;
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        let owner = format!("{}-{run}", self.owner);
        let lease = self
            .store
            .acquire_lease(workspace, account, &owner, ttl, self.clock.now())
            .await?
            .ok_or(SyncFailure::Busy)?;
        let held = HeldLease::hold(Arc::clone(&self.store), lease, ttl);
        self.pace.started(account);
        self.emit(workspace, account, SyncEventKind::Started).await;
        let work = self.reconcile_leased(workspace, account, held.lease());
        // What a panic leaves behind is dropped with the run; the store saw whole slices only.
        let work = AssertUnwindSafe(work).catch_unwind();
        let result = tokio::select! {
            biased;
            () = held.lost() => Err(SyncFailure::LeaseLost),
            result = work => result.unwrap_or_else(|panic| Err(SyncFailure::panicked(&*panic))),
        };
        if let Err(failure @ (SyncFailure::Store(_) | SyncFailure::Panicked(_))) = &result {
            self.note_failure(workspace, account, held.lease(), failure)
                .await;
        }
        self.pace.ended(account);
        self.note_charges(workspace, account).await;
        held.release().await;
        let kind = match &result {
            Ok(Outcome {
                error: Some(error), ..
            }) => SyncEventKind::Failed {
                code: error.code.clone(),
            },
            Ok(_) => SyncEventKind::Finished,
            Err(failure) => {
                tracing::warn!(account = account.0, error = %failure, "an account could not be synchronized");
                SyncEventKind::Failed {
                    code: "internal".to_owned(),
                }
            }
        };
        self.emit(workspace, account, kind).await;
        result
    }

    /// How far an account is.
    ///
    /// # Errors
    /// If the store fails or does not have the account.
    pub async fn progress(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Progress, SyncFailure> {
        let account = self.store.account(workspace, account).await?;
        let coverage = self.store.coverage(workspace, account.id).await?;
        let Some(connector) = self.registry.connector(&account.platform) else {
            return Ok(Progress::unknown());
        };
        let grants = self.store.grants_of_account(workspace, account.id).await?;
        let withheld = withheld(connector.as_ref(), &grants);
        let input = self.plan_input(&account, connector.as_ref(), &coverage, &withheld);
        let mut progress = progress::measure(&input);
        let left = progress.days_total.saturating_sub(progress.days_done);
        progress.eta_seconds = self.pace.eta_seconds(account.id, left);
        Ok(progress)
    }

    async fn reconcile_leased(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        lease: &Lease,
    ) -> Result<Outcome, SyncFailure> {
        let workspace = self.store.workspace(workspace).await?;
        let account = self.store.account(workspace.id, account).await?;
        if account.state == AccountState::Archived {
            return Err(SyncFailure::Archived);
        }
        let tally = Tally::default();
        let Some(connector) = self.usable_connector(&account) else {
            let error = Error::new(
                ErrorKind::Unavailable,
                account.platform.as_str(),
                "synchronize",
                "this service has no configured connector for the platform",
            );
            return self.stopped(&account, lease, tally, error).await;
        };
        if let Some(pause) = self.pause_of(&account.platform).await? {
            let next = self.look_again(pause.until);
            let said = pause.error;
            self.store.record_failure(lease, &said, Some(next)).await?;
            return Ok(tally.outcome(Ended::Waiting, Some(said), Some(next)));
        }
        if let Some(error) = self.over_cap(connector.as_ref()).await? {
            return self.stopped(&account, lease, tally, error).await;
        }
        let begun_at = self.clock.now();
        let grants = self
            .store
            .grants_of_account(workspace.id, account.id)
            .await?;
        let case = Case {
            workspace: &workspace,
            account: &account,
            connector: &connector,
            lease,
            never: withheld(connector.as_ref(), &grants),
            begun_at,
        };
        self.with_grants(&case, &grants, tally).await
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// When an account of a paused platform asks again whether it still is: a long pause may be over
    /// sooner than it was thought to be.
    pub(super) fn look_again(&self, until: DateTime<Utc>) -> DateTime<Utc> {
        let pause = Duration::from_std(self.settings.unavailable_pause).unwrap_or_default();
        until.min(self.clock.now() + pause)
    }

    fn usable_connector(&self, account: &Account) -> Option<Arc<dyn Connector>> {
        self.registry
            .connector(&account.platform)
            .filter(|connector| connector.descriptor().configured)
    }

    pub(super) async fn emit(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        kind: SyncEventKind,
    ) {
        if self.events.receiver_count() == 0 {
            return;
        }
        let progress = self.progress(workspace, account).await.ok();
        // Nobody listening any more is fine.
        let _ = self.events.send(SyncEvent {
            workspace,
            account,
            kind,
            progress,
        });
    }
}

/// The feeds that no living grant opens.
pub(super) fn withheld(connector: &dyn Connector, grants: &[Grant]) -> Vec<FeedId> {
    let mut living = grants
        .iter()
        .filter(|grant| grant.state == GrantState::Active)
        .map(|grant| connector.descriptor().withheld(&grant.scopes));
    let first = living.next().unwrap_or_default();
    living.fold(first, |mut never, other| {
        never.retain(|feed| other.contains(feed));
        never
    })
}
