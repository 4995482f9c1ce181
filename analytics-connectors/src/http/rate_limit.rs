//! Pacing: so many requests a second and at once per account, slower when the vendor's own usage
//! figures rise, none at all while an account (or the whole platform) is parked.

use std::{
    collections::HashMap,
    fmt,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use governor::{DefaultKeyedRateLimiter, Quota};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::SharedClock;

/// Lane of calls that belong to no account; parking it parks every account.
const PLATFORM: &str = "";

/// How fast a platform may be asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThrottleSettings {
    /// Requests a second and account.
    pub per_second: NonZeroU32,
    /// Whether requests come evenly, a little slower than `per_second`: for a vendor that counts by
    /// the second and forgives nothing. Otherwise a second's may come at once after a rest.
    pub even: bool,
    /// Requests at the same time and account.
    pub concurrency: NonZeroU32,
    /// Usage in percent from which calls go one at a time with pauses between them.
    pub slow_at: f64,
    /// Usage in percent from which the account is parked.
    pub park_at: f64,
    /// The longest such pause, just below `park_at`.
    pub slow_pause: Duration,
    /// Shortest time an account is parked for.
    pub park_at_least: Duration,
    /// How long a usage figure is believed when no newer one arrives.
    pub remember: Duration,
}

impl Default for ThrottleSettings {
    fn default() -> Self {
        Self {
            per_second: NonZeroU32::MIN.saturating_add(9),
            even: false,
            concurrency: NonZeroU32::MIN.saturating_add(2),
            slow_at: 75.0,
            park_at: 95.0,
            slow_pause: Duration::from_secs(5),
            park_at_least: Duration::from_secs(60),
            remember: Duration::from_secs(300),
        }
    }
}

impl ThrottleSettings {
    fn quota(&self) -> Quota {
        let usual = Quota::per_second(self.per_second);
        if !self.even {
            return usual;
        }
        let pause = Duration::from_millis(1040) / self.per_second.get();
        // None only for a pause of nothing.
        Quota::with_period(pause).unwrap_or(usual)
    }
}

/// Whose budget a usage figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageScope {
    /// The account that was asked about.
    Account,
    /// The operator's app, shared by every account.
    Platform,
}

/// A vendor's statement of how much of a budget is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Whose.
    pub scope: UsageScope,
    /// Percent of the budget; may exceed 100.
    pub percent: f64,
    /// How long until access is regained, when it is (about to be) lost.
    pub regain: Option<Duration>,
}

#[derive(Default)]
struct Lane {
    slots: Option<Arc<Semaphore>>,
    percent: f64,
    percent_until: Option<DateTime<Utc>>,
    parked_until: Option<DateTime<Utc>>,
}

struct Inner {
    settings: ThrottleSettings,
    clock: SharedClock,
    pace: DefaultKeyedRateLimiter<String>,
    lanes: Mutex<HashMap<String, Lane>>,
}

/// The pacing of one platform, shared by everything that calls it in this process.
#[derive(Clone)]
pub struct Throttle(Arc<Inner>);

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}

/// The right to make one call; given back when dropped.
#[derive(Debug)]
pub struct Admission {
    _slots: Option<OwnedSemaphorePermit>,
}

impl Throttle {
    /// Pacing by `settings`; parked accounts are released by `clock`.
    #[must_use]
    pub fn new(settings: ThrottleSettings, clock: SharedClock) -> Self {
        Self(Arc::new(Inner {
            settings,
            clock,
            pace: DefaultKeyedRateLimiter::keyed(settings.quota()),
            lanes: Mutex::new(HashMap::new()),
        }))
    }

    /// Waits for the turn of a call on behalf of `account` (`""`: of no account).
    ///
    /// # Errors
    /// Until when the account, or the platform, is parked.
    pub async fn admit(&self, account: &str) -> Result<Admission, DateTime<Utc>> {
        self.refuse_if_parked(account)?;
        let (slots, mut slow) = self.lane_of(account);
        let wanted = if slow.is_zero() {
            1
        } else {
            self.0.settings.concurrency.get()
        };
        // The semaphore is never closed, so that there is always an admission in the end.
        let permit = slots.acquire_many_owned(wanted).await.ok();
        if !slow.is_zero() {
            slow = self.lane_of(account).1;
            tokio::time::sleep(slow).await;
        }
        self.0.pace.until_key_ready(&account.to_owned()).await;
        self.refuse_if_parked(account)?;
        Ok(Admission { _slots: permit })
    }

    /// Takes notice of usage figures that came with an answer for `account`; who is parked because of
    /// them (`""`: the whole platform).
    pub fn observe(&self, account: &str, usage: &[Usage]) -> Vec<String> {
        let mut parked = Vec::new();
        let settings = &self.0.settings;
        let now = self.0.clock.now();
        for scope in [UsageScope::Account, UsageScope::Platform] {
            let of_scope = || usage.iter().filter(|usage| usage.scope == scope);
            let Some(percent) = of_scope().map(|usage| usage.percent).reduce(f64::max) else {
                continue;
            };
            let regain = of_scope()
                .filter_map(|usage| usage.regain)
                .max()
                .filter(|regain| !regain.is_zero());
            let key = match scope {
                UsageScope::Account => account,
                UsageScope::Platform => PLATFORM,
            };
            let mut lanes = self.lanes();
            let lane = lanes.entry(key.to_owned()).or_default();
            lane.percent = percent;
            lane.percent_until = Some(after(now, settings.remember));
            drop(lanes);
            if percent >= settings.park_at || regain.is_some() {
                self.park(key, after(now, regain.unwrap_or(settings.park_at_least)));
                parked.push(key.to_owned());
            }
        }
        parked
    }

    /// Lets no call for `account` through until `until`, and for at least the shortest parking
    /// and a week at most.
    pub fn park(&self, account: &str, until: DateTime<Utc>) {
        let now = self.0.clock.now();
        let until = until
            .max(after(now, self.0.settings.park_at_least))
            .min(after(now, Duration::MAX));
        let mut lanes = self.lanes();
        let lane = lanes.entry(account.to_owned()).or_default();
        if lane.parked_until.is_none_or(|known| known < until) {
            lane.parked_until = Some(until);
            // The rest gives the budget back: what was used before says nothing after it.
            lane.percent_until = None;
            tracing::warn!(account, %until, "parked: the platform's budget is used up");
        }
    }

    /// Until when `account` is parked, itself or with its platform.
    #[must_use]
    pub fn parked_until(&self, account: &str) -> Option<DateTime<Utc>> {
        let now = self.0.clock.now();
        let lanes = self.lanes();
        [account, PLATFORM]
            .iter()
            .filter_map(|key| lanes.get(*key)?.parked_until)
            .filter(|until| *until > now)
            .max()
    }

    fn refuse_if_parked(&self, account: &str) -> Result<(), DateTime<Utc>> {
        self.parked_until(account).map_or(Ok(()), Err)
    }

    /// The account's slots, and the pause before its next call.
    fn lane_of(&self, account: &str) -> (Arc<Semaphore>, Duration) {
        let settings = &self.0.settings;
        let now = self.0.clock.now();
        let mut lanes = self.lanes();
        let percent = [account, PLATFORM]
            .iter()
            .filter_map(|key| lanes.get(*key))
            .filter(|lane| lane.percent_until.is_some_and(|until| until > now))
            .map(|lane| lane.percent)
            .fold(0.0, f64::max);
        let lane = lanes.entry(account.to_owned()).or_default();
        let slots = lane
            .slots
            .get_or_insert_with(|| Arc::new(Semaphore::new(settings.concurrency.get() as usize)));
        let pause = if percent < settings.slow_at {
            Duration::ZERO
        } else {
            let span = (settings.park_at - settings.slow_at).max(1.0);
            let share = ((percent - settings.slow_at) / span).clamp(0.1, 1.0);
            settings.slow_pause.mul_f64(share)
        };
        (Arc::clone(slots), pause)
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        // Nothing panics while the lock is held; a poisoned map would still be a valid one.
        self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Longest wait that is believed: a vendor's figure must neither overflow nor park for ever.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);

fn after(now: DateTime<Utc>, duration: Duration) -> DateTime<Utc> {
    let wait = TimeDelta::from_std(duration).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT));
    now.checked_add_signed(wait).unwrap_or(now)
}
