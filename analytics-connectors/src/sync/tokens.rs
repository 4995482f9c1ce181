//! Tokens of stored grants: renewed before they expire, by one caller at a time.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_core::{
    Store,
    model::{Grant, GrantId, GrantState, WorkspaceId},
};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::renewal::{self, GrantLock, GrantLocks, Turn, Unsaved};
use crate::{
    clock::SharedClock,
    connector::Connector,
    error::{Error, ErrorKind, Result},
    oauth::{RENEW, TokenRenewer, TokenSource},
};

/// After a renewal that failed while the old token still lives, the next one is tried this much later.
const RENEWAL_PAUSE: Duration = Duration::minutes(10);
/// A token with less than this left is not handed out.
const USABLE_FOR: Duration = Duration::minutes(1);

/// The tokens of one stored grant.
#[derive(Clone)]
pub struct StoredTokens(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    connector: Arc<dyn Connector>,
    clock: SharedClock,
    workspace: WorkspaceId,
    grant: GrantId,
    lock: GrantLock,
    known: Mutex<Known>,
}

/// What this source last saw.
#[derive(Default)]
struct Known {
    grant: Option<Grant>,
    /// No renewal before, because the last one failed for the moment.
    not_before: Option<DateTime<Utc>>,
    /// The version that a refusal made; refused again, the grant is dead.
    after_refusal: Option<i64>,
}

impl StoredTokens {
    /// The tokens of `grant`, renewed through `connector`'s provider.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        connector: Arc<dyn Connector>,
        clock: SharedClock,
        locks: &GrantLocks,
        workspace: WorkspaceId,
        grant: GrantId,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            connector,
            clock,
            workspace,
            grant,
            lock: locks.of(grant),
            known: Mutex::default(),
        }))
    }

    /// As connectors take it.
    #[must_use]
    pub fn source(&self) -> TokenSource {
        TokenSource::new(self.clone())
    }

    /// Marks the grant dead, unless somebody renewed it since this source last read it: then false,
    /// and its new tokens are worth a try.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn give_up(&self) -> Result<bool> {
        let _one_at_a_time = self.0.lock.lock().await;
        let used = locked(&self.0.known)
            .grant
            .as_ref()
            .map(|grant| grant.version);
        let stored = self.0.load().await?;
        if stored.state == GrantState::Active && used.is_some_and(|used| used < stored.version) {
            self.0.remember(stored);
            return Ok(false);
        }
        self.0.mark_dead(stored.version).await
    }
}

impl fmt::Debug for StoredTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredTokens")
            .field("grant", &self.0.grant)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenRenewer for StoredTokens {
    async fn token(&self) -> Result<SecretString> {
        if let Some(token) = self.0.fresh() {
            return Ok(token);
        }
        let inner = Arc::clone(&self.0);
        self.0.undisturbed(async move { inner.next().await }).await
    }

    async fn refused(&self, token: &SecretString) -> Result<()> {
        let (inner, token) = (Arc::clone(&self.0), token.clone());
        self.0
            .undisturbed(async move { inner.replace(&token).await })
            .await
    }
}

impl Inner {
    /// Does something to its end, even if nobody waits for it any more: a refresh token that was used
    /// is worth nothing, and what came for it must be stored.
    async fn undisturbed<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let done = tokio::spawn(work).await;
        done.unwrap_or_else(|ended| {
            let what = "the renewal ended early; trying again later may help";
            let provider = self.connector.oauth().provider();
            let error = Error::new(ErrorKind::Transient, provider, RENEW, what);
            Err(error.with_source(ended))
        })
    }

    /// A token with time left, renewed if it must be.
    async fn next(&self) -> Result<SecretString> {
        let mut unsaved = self.lock.lock().await;
        let grant = self.load_living().await?;
        self.remember(grant.clone());
        // Somebody may have renewed it while this caller waited.
        if let Some(token) = self.fresh() {
            return Ok(token);
        }
        match self.renew(&grant, &mut unsaved).await {
            Ok(renewed) => Ok(renewed.tokens.access_token),
            Err(error) if error.kind == ErrorKind::AuthExpired => Err(error),
            Err(error) => {
                let now = self.clock.now();
                if grant
                    .tokens
                    .expires_at
                    .is_none_or(|at| at > now + USABLE_FOR)
                {
                    tracing::warn!(grant = self.grant.0, %error, "a token could not be renewed yet");
                    locked(&self.known).not_before = Some(now + RENEWAL_PAUSE);
                    Ok(grant.tokens.access_token)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// Renews a token that was refused, unless somebody has done so since.
    async fn replace(&self, token: &SecretString) -> Result<()> {
        let mut unsaved = self.lock.lock().await;
        let grant = self.load_living().await?;
        self.remember(grant.clone());
        if grant.tokens.access_token.expose_secret() != token.expose_secret() {
            return Ok(());
        }
        if locked(&self.known).after_refusal == Some(grant.version)
            && self.mark_dead(grant.version).await?
        {
            return Err(self.dead("the renewed token was refused too"));
        }
        let renewed = self.renew(&grant, &mut unsaved).await?;
        locked(&self.known).after_refusal = Some(renewed.version);
        Ok(())
    }

    /// The known token, while it need not be renewed.
    fn fresh(&self) -> Option<SecretString> {
        let now = self.clock.now();
        let known = locked(&self.known);
        let grant = known.grant.as_ref()?;
        let renew_before = self.connector.oauth().renew_before();
        let due = grant
            .tokens
            .expires_at
            .is_some_and(|at| at <= now + renew_before);
        let pausing = known.not_before.is_some_and(|at| now < at)
            && grant
                .tokens
                .expires_at
                .is_none_or(|at| at > now + USABLE_FOR);
        (!due || pausing).then(|| grant.tokens.access_token.clone())
    }

    fn remember(&self, grant: Grant) {
        locked(&self.known).grant = Some(grant);
    }

    /// Renews and stores, when it is this process's turn.
    async fn renew(&self, grant: &Grant, unsaved: &mut Option<Unsaved>) -> Result<Grant> {
        let operation = "take the turn to renew the token";
        let turn = renewal::wait_for_turn(&*self.store, grant).await;
        let turn = turn.map_err(|error| self.store_error(operation, error))?;
        let owner = match turn {
            Turn::Ours(owner) => owner,
            Turn::Busy => {
                let what = "another process is at it; trying again later may help";
                let provider = self.connector.oauth().provider();
                return Err(Error::new(ErrorKind::Transient, provider, operation, what));
            }
            Turn::Done => {
                let grant = self.load_living().await?;
                self.remember(grant.clone());
                return Ok(grant);
            }
        };
        let renewed = self.renew_in_turn(grant, unsaved).await;
        if renewed.is_err() {
            // Otherwise it runs out by itself.
            let _ = self
                .store
                .release_renewal(self.workspace, self.grant, &owner)
                .await;
        }
        renewed
    }

    async fn renew_in_turn(&self, grant: &Grant, unsaved: &mut Option<Unsaved>) -> Result<Grant> {
        let kept = unsaved
            .take()
            .filter(|unsaved| unsaved.version == grant.version);
        let tokens = match kept {
            Some(kept) => kept.tokens,
            None => match self.connector.oauth().renew(&grant.tokens).await {
                Ok(tokens) => tokens,
                Err(error) if error.kind == ErrorKind::AuthExpired => {
                    if self.mark_dead(grant.version).await? {
                        return Err(error);
                    }
                    // A consent that came meanwhile ended the token that was refused.
                    let grant = self.load_living().await?;
                    self.remember(grant.clone());
                    return Ok(grant);
                }
                Err(error) => return Err(error),
            },
        };
        let stored = self
            .store
            .renew_grant(self.workspace, self.grant, grant.version, &tokens)
            .await;
        let stored = stored.map_err(|error| {
            *unsaved = Some(Unsaved {
                version: grant.version,
                tokens,
            });
            self.store_error("store renewed tokens", error)
        })?;
        // A consent that came meanwhile counts.
        let grant = match stored {
            Some(grant) => grant,
            None => self.load_living().await?,
        };
        self.remember(grant.clone());
        Ok(grant)
    }

    async fn load(&self) -> Result<Grant> {
        self.store
            .grant(self.workspace, self.grant)
            .await
            .map_err(|error| match error {
                analytics_core::Error::NotFound { .. } => self.dead("the grant was removed"),
                error => self.store_error("read the grant", error),
            })
    }

    async fn load_living(&self) -> Result<Grant> {
        let grant = self.load().await?;
        match grant.state {
            GrantState::Active => Ok(grant),
            GrantState::Dead => Err(self.dead("the grant is no longer accepted")),
        }
    }

    /// Marks the grant dead unless it has other tokens by now; whether it did.
    async fn mark_dead(&self, version: i64) -> Result<bool> {
        self.store
            .mark_grant_dead(self.workspace, self.grant, version)
            .await
            .map_err(|error| self.store_error("mark the grant", error))
    }

    fn dead(&self, why: &str) -> Error {
        Error::new(
            ErrorKind::AuthExpired,
            self.connector.oauth().provider(),
            RENEW,
            format!("{why}; link again"),
        )
    }

    fn store_error(&self, operation: &str, error: analytics_core::Error) -> Error {
        let (kind, context) = match &error {
            analytics_core::Error::Sealed { .. } => (
                ErrorKind::Unavailable,
                "the grant cannot be opened; check the master key",
            ),
            _ => (ErrorKind::Transient, "the database failed"),
        };
        Error::new(kind, self.connector.oauth().provider(), operation, context).with_source(error)
    }
}

/// Nothing panics while these locks are held; a poisoned value would still be a valid one.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
