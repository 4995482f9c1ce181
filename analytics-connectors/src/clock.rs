//! The time, as an argument: the demo and the tests run on the simulator's.

use std::{fmt::Debug, sync::Arc};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Where the time comes from.
pub trait Clock: Debug + Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;

    /// Today in `zone`.
    fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }
}

/// The first moment of `date` in `zone`. Where a change of clocks skips midnight, the day begins
/// with the first time that exists.
#[must_use]
pub fn day_start(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    // Islands that crossed the date line skipped a whole day, hence more than 24 hours.
    (0..=26 * 4)
        .filter_map(|quarters| midnight.checked_add_signed(TimeDelta::minutes(15 * quarters)))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| midnight.and_utc(), |start| start.with_timezone(&Utc))
}

/// A clock that many parts share.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that can be set; it stands still or runs on from where it was set.
#[derive(Debug)]
pub struct SettableClock {
    state: std::sync::Mutex<(DateTime<Utc>, Option<std::time::Instant>)>,
}

impl SettableClock {
    /// A clock that stands still at `now`.
    #[must_use]
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self {
            state: std::sync::Mutex::new((now, None)),
        }
    }

    /// A clock that starts at `now` and runs with real time.
    #[must_use]
    pub fn running(now: DateTime<Utc>) -> Self {
        Self {
            state: std::sync::Mutex::new((now, Some(std::time::Instant::now()))),
        }
    }

    /// Sets the time; a running clock runs on from there.
    pub fn set(&self, now: DateTime<Utc>) {
        let mut state = self.lock();
        state.0 = now;
        state.1 = state.1.map(|_| std::time::Instant::now());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (DateTime<Utc>, Option<std::time::Instant>)> {
        // Nothing panics while the lock is held; a poisoned value would still be a valid time.
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for SettableClock {
    fn now(&self) -> DateTime<Utc> {
        let (set, since) = *self.lock();
        let elapsed = since.map_or(chrono::Duration::zero(), |at| {
            chrono::Duration::from_std(at.elapsed()).unwrap_or_else(|_| chrono::Duration::zero())
        });
        set + elapsed
    }
}
