//! How fast accounts fill up in this process. Only for estimates: losing it loses nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use analytics_core::model::AccountId;

/// Days stored per account since its current run started.
#[derive(Debug, Default)]
pub(super) struct Paces(Mutex<HashMap<AccountId, (Instant, u64)>>);

impl Paces {
    pub(super) fn started(&self, account: AccountId) {
        self.lock().insert(account, (Instant::now(), 0));
    }

    pub(super) fn saved(&self, account: AccountId, days: u64) {
        if let Some((_, saved)) = self.lock().get_mut(&account) {
            *saved += days;
        }
    }

    pub(super) fn ended(&self, account: AccountId) {
        self.lock().remove(&account);
    }

    /// Seconds until `days` more are stored; none while nothing was stored in a current run.
    pub(super) fn eta_seconds(&self, account: AccountId, days: u64) -> Option<u64> {
        let (started, saved) = *self.lock().get(&account)?;
        estimate(started.elapsed(), saved, days)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, (Instant, u64)>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn estimate(elapsed: Duration, saved: u64, left: u64) -> Option<u64> {
    let milliseconds = elapsed.as_millis() * u128::from(left);
    let seconds = milliseconds.checked_div(u128::from(saved) * 1000)?;
    u64::try_from(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_proportional_and_absent_before_the_first_slice() {
        assert_eq!(estimate(Duration::from_secs(10), 100, 700), Some(70));
        assert_eq!(estimate(Duration::from_secs(10), 0, 700), None);
    }
}
