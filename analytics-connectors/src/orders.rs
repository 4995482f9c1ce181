//! Reports that were ordered when a fetch ended before its time: the next one of this process picks
//! them up instead of ordering them anew. And orders whose answers got lost.

use std::{
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// What is in a report that was done before it was picked up may be as old as its order.
const FRESH: TimeDelta = TimeDelta::minutes(30);

/// An order: the report's id at the vendor, and when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ordered<I> {
    pub(crate) id: I,
    pub(crate) at: DateTime<Utc>,
}

impl<I> Ordered<I> {
    /// Whether what the report holds is too old to be read if it is done already.
    pub(crate) fn is_stale(&self, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(self.at) >= FRESH
    }
}

/// The orders that no fetch looks after, by what they are about.
#[derive(Debug, Clone)]
pub(crate) struct Orders<S, I> {
    kept: Arc<Mutex<HashMap<S, Ordered<I>>>>,
    /// How long the vendor keeps a report.
    life: TimeDelta,
}

impl<S: Hash + Eq, I> Orders<S, I> {
    /// No orders, at a vendor that keeps a report for `life`.
    pub(crate) fn kept_for(life: TimeDelta) -> Self {
        Self {
            kept: Arc::default(),
            life,
        }
    }

    /// Takes the order for a subject, if there is one.
    pub(crate) fn take(&self, subject: &S, now: DateTime<Utc>) -> Option<Ordered<I>> {
        let mut kept = self.lock();
        kept.retain(|_, order| now.signed_duration_since(order.at) < self.life);
        kept.remove(subject)
    }

    /// Keeps orders for the next fetch.
    pub(crate) fn keep(&self, orders: impl IntoIterator<Item = (S, Ordered<I>)>) {
        self.lock().extend(orders);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<S, Ordered<I>>> {
        lock(&self.kept)
    }
}

/// Orders that were sent and have no answer: whether the vendor took them nobody knows. For vendors
/// that tell what their jobs were ordered for.
#[cfg(feature = "x_ads")]
#[derive(Debug, Clone)]
pub(crate) struct Unanswered<S> {
    sent: Arc<Mutex<HashMap<S, DateTime<Utc>>>>,
    /// How long the vendor keeps a report.
    life: TimeDelta,
}

#[cfg(feature = "x_ads")]
impl<S: Hash + Eq> Unanswered<S> {
    /// No orders, at a vendor that keeps a report for `life`.
    pub(crate) fn kept_for(life: TimeDelta) -> Self {
        Self {
            sent: Arc::default(),
            life,
        }
    }

    /// Takes note of an order that is about to be sent: whoever sends it may not live to see what
    /// becomes of it.
    pub(crate) fn sent(&self, subject: S, now: DateTime<Utc>) {
        let mut sent = lock(&self.sent);
        sent.retain(|_, at| now.signed_duration_since(*at) < self.life);
        sent.insert(subject, now);
    }

    /// Takes note that nothing is unknown about a subject any more.
    pub(crate) fn settled(&self, subject: &S) {
        lock(&self.sent).remove(subject);
    }

    /// When the order for a subject was sent, if it has no answer.
    pub(crate) fn since(&self, subject: &S, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let at = lock(&self.sent).get(subject).copied();
        at.filter(|at| now.signed_duration_since(*at) < self.life)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while a lock is held; a poisoned map would still be a valid one.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_picked_up_once_and_as_long_as_the_vendor_keeps_it() {
        let orders = Orders::kept_for(TimeDelta::days(7));
        let at = DateTime::<Utc>::UNIX_EPOCH;
        orders.keep([("a", Ordered { id: 7, at })]);
        orders.keep([("b", Ordered { id: 8, at })]);
        let soon = at + TimeDelta::days(6);
        assert_eq!(orders.take(&"a", soon).map(|order| order.id), Some(7));
        assert_eq!(orders.take(&"a", soon), None);
        assert_eq!(orders.take(&"b", at + TimeDelta::days(7)), None);
    }

    #[cfg(feature = "x_ads")]
    #[test]
    fn an_order_is_without_an_answer_until_that_comes_or_the_report_is_gone() {
        let orders = Unanswered::kept_for(TimeDelta::days(7));
        let at = DateTime::<Utc>::UNIX_EPOCH;
        orders.sent("a", at);
        orders.sent("b", at);
        orders.settled(&"a");
        assert_eq!(orders.since(&"a", at), None);
        assert_eq!(orders.since(&"b", at + TimeDelta::days(6)), Some(at));
        assert_eq!(orders.since(&"b", at + TimeDelta::days(7)), None);
        let later = at + TimeDelta::days(5);
        orders.sent("b", later);
        assert_eq!(orders.since(&"b", at + TimeDelta::days(7)), Some(later));
    }
}
