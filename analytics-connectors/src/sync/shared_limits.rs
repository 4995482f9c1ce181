//! Limits and rests in the store: what one process learnt, all keep; a restart forgets nothing.

use std::{
    collections::{BTreeMap, HashMap},
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use analytics_core::{Store, model::Platform};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{clock::SharedClock, http::SharedLimits};

/// How old what is known of others' rests may be.
const REREAD: Duration = Duration::from_secs(1);
/// Periods that a limit by the minute may be cut into, in seconds: the shortest that is a whole
/// number of calls.
const PERIODS: [u32; 9] = [1, 2, 3, 5, 6, 10, 15, 30, 60];
/// Shares that a period's calls are taken in: fewer would leave more unused with a process that
/// needs none, more would ask the database more often.
const SHARES: u32 = 10;

/// Shared limits over a store.
#[derive(Debug)]
pub struct StoreLimits {
    store: Arc<dyn Store>,
    clock: SharedClock,
    /// Calls a minute that everybody makes together, by platform.
    per_minute: BTreeMap<String, NonZeroU32>,
    rests: tokio::sync::Mutex<Rests>,
    shares: Mutex<HashMap<String, Share>>,
}

/// What is known of rests.
#[derive(Debug, Default)]
struct Rests {
    read_at: Option<Instant>,
    /// By platform and account.
    until: HashMap<(String, String), DateTime<Utc>>,
}

/// Calls that this process may still make.
#[derive(Debug, Clone, Copy)]
struct Share {
    left: u32,
    until: Instant,
}

impl StoreLimits {
    /// Limits kept in `store`; platforms without a number in `per_minute` have none.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: SharedClock,
        per_minute: BTreeMap<String, NonZeroU32>,
    ) -> Self {
        Self {
            store,
            clock,
            per_minute,
            rests: tokio::sync::Mutex::default(),
            shares: Mutex::default(),
        }
    }

    /// Until when an account, or its whole platform, rests. Where the store cannot say, what was
    /// known last counts.
    async fn rest(&self, platform: &str, account: &str) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        let mut rests = self.rests.lock().await;
        if rests.read_at.is_none_or(|at| at.elapsed() >= REREAD) {
            match self.store.budgets(now).await {
                Ok(budgets) => {
                    rests.until = budgets
                        .into_iter()
                        .filter_map(|one| {
                            Some(((one.platform.to_string(), one.scope), one.parked_until?))
                        })
                        .collect();
                }
                Err(error) => tracing::warn!(%error, "cannot read who rests"),
            }
            rests.read_at = Some(Instant::now());
        }
        [account, ""]
            .iter()
            .filter_map(|scope| {
                let key = (platform.to_owned(), (*scope).to_owned());
                rests.until.get(&key)
            })
            .filter(|until| **until > now)
            .max()
            .copied()
    }

    /// Waits for a call of the platform's limit. Where the store cannot give one, the call goes
    /// ahead: the vendor has the last word.
    async fn turn(&self, platform: &str, per_minute: NonZeroU32) {
        let (allowed, period) = period(per_minute.get());
        let typed = Platform::from(platform.to_owned());
        loop {
            if self.take(platform) {
                return;
            }
            let wanted = allowed.div_ceil(SHARES);
            let asked = Instant::now();
            let share = match self
                .store
                .take_budget(&typed, "", wanted, allowed, period)
                .await
            {
                Ok(share) => share,
                Err(error) => {
                    tracing::warn!(%error, platform, "cannot share a platform's limit");
                    return;
                }
            };
            if share.granted == 0 {
                tokio::time::sleep(share.renews_in).await;
                continue;
            }
            let mut shares = self.locked();
            let known = shares.entry(platform.to_owned()).or_insert(Share {
                left: 0,
                until: asked,
            });
            if known.until <= asked {
                known.left = 0;
            }
            known.left += share.granted;
            known.until = asked + share.renews_in;
        }
    }

    /// Uses one of the calls this process may make.
    fn take(&self, platform: &str) -> bool {
        let mut shares = self.locked();
        match shares.get_mut(platform) {
            Some(share) if share.left > 0 && Instant::now() < share.until => {
                share.left -= 1;
                true
            }
            _ => false,
        }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Share>> {
        // Nothing panics while it is held; a poisoned map would still be a valid one.
        self.shares.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A limit by the minute as calls in a shorter period.
fn period(per_minute: u32) -> (u32, Duration) {
    let seconds = PERIODS
        .into_iter()
        .find(|seconds| (u64::from(per_minute) * u64::from(*seconds)).is_multiple_of(60))
        .unwrap_or(60);
    let allowed = u64::from(per_minute) * u64::from(seconds) / 60;
    (
        u32::try_from(allowed).unwrap_or(u32::MAX),
        Duration::from_secs(seconds.into()),
    )
}

#[async_trait]
impl SharedLimits for StoreLimits {
    async fn admit(&self, platform: &str, account: &str) -> Result<(), DateTime<Utc>> {
        if let Some(until) = self.rest(platform, account).await {
            return Err(until);
        }
        if let Some(per_minute) = self.per_minute.get(platform) {
            self.turn(platform, *per_minute).await;
        }
        Ok(())
    }

    fn park(&self, platform: &str, account: &str, until: DateTime<Utc>) {
        let (store, scope) = (Arc::clone(&self.store), account.to_owned());
        let platform = Platform::from(platform.to_owned());
        tokio::spawn(async move {
            if let Err(error) = store.park(&platform, &scope, until).await {
                tracing::warn!(%error, %platform, "other processes do not know that a platform rests");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_by_the_minute_is_cut_into_whole_calls() {
        let seconds = Duration::from_secs;
        assert_eq!(period(600), (10, seconds(1)));
        assert_eq!(period(90), (3, seconds(2)));
        assert_eq!(period(10), (1, seconds(6)));
        assert_eq!(period(7), (7, seconds(60)));
        assert_eq!(period(1), (1, seconds(60)));
        assert_eq!(period(61), (61, seconds(60)));
    }
}
