//! Reports that were ordered when a fetch ended before its time: the next one of this process picks
//! them up instead of ordering them anew.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_core::model::{DateRange, Level};
use chrono::{DateTime, TimeDelta, Utc};

/// Reports vanish a week after their order.
const LIFE: TimeDelta = TimeDelta::days(7);
/// What is in a report that was done before it was picked up may be as old as its order.
const FRESH: TimeDelta = TimeDelta::minutes(30);

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Subject {
    pub(super) account: i64,
    pub(super) base_account: i64,
    pub(super) level: Level,
    pub(super) range: DateRange,
}

/// An order: the job's id at the vendor, and when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ordered {
    pub(super) id: i64,
    pub(super) at: DateTime<Utc>,
}

impl Ordered {
    /// Whether what the report holds is too old to be read if it is done already.
    pub(super) fn is_stale(&self, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(self.at) >= FRESH
    }
}

/// The orders that no fetch looks after.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory(Arc<Mutex<HashMap<Subject, Ordered>>>);

impl Memory {
    /// Takes the order for a subject, if there is one.
    pub(super) fn take(&self, subject: &Subject, now: DateTime<Utc>) -> Option<Ordered> {
        let mut orders = self.lock();
        orders.retain(|_, order| now.signed_duration_since(order.at) < LIFE);
        orders.remove(subject)
    }

    /// Keeps orders for the next fetch.
    pub(super) fn keep(&self, orders: impl IntoIterator<Item = (Subject, Ordered)>) {
        self.lock().extend(orders);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Subject, Ordered>> {
        // Nothing panics while the lock is held; a poisoned map would still be a valid one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn subject(account: i64) -> Subject {
        Subject {
            account,
            base_account: 1,
            level: Level::Campaign,
            range: DateRange::day(NaiveDate::MIN),
        }
    }

    #[test]
    fn an_order_is_picked_up_once_and_as_long_as_the_vendor_keeps_it() {
        let memory = Memory::default();
        let at = DateTime::<Utc>::UNIX_EPOCH;
        memory.keep([(subject(1), Ordered { id: 7, at })]);
        memory.keep([(subject(2), Ordered { id: 8, at })]);
        let soon = at + TimeDelta::days(6);
        assert_eq!(
            memory.take(&subject(1), soon).map(|order| order.id),
            Some(7)
        );
        assert_eq!(memory.take(&subject(1), soon), None);
        assert_eq!(memory.take(&subject(2), at + TimeDelta::days(7)), None);
    }
}
