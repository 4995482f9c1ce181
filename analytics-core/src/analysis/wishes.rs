//! Exact values that a report lacked and that a platform can be asked for.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::days::Days;
use crate::model::{Level, MetricId};

/// One report asks for at most this many ranges of an account: the weeks of a year and those they
/// are compared with.
const MOST_PER_ACCOUNT: usize = 110;

/// (position of the account, level, metric, days).
pub(super) type Wish = (usize, Level, MetricId, Days);

/// What is lacking, put down while figures are computed.
#[derive(Debug)]
pub(super) struct Wishes {
    /// The workspace's day.
    pub(super) today: i32,
    wanted: Mutex<BTreeSet<Wish>>,
}

impl Wishes {
    pub(super) fn new(today: i32) -> Self {
        Self {
            today,
            wanted: Mutex::default(),
        }
    }

    /// Puts one down; false if the account has too many already.
    pub(super) fn add(&self, account: usize, level: Level, metric: &MetricId, days: Days) -> bool {
        let mut wanted = self.lock();
        let wish = (account, level, metric.clone(), days);
        if wanted.contains(&wish) {
            return true;
        }
        let many = wanted.iter().filter(|(of, ..)| *of == account).count();
        if many >= MOST_PER_ACCOUNT {
            return false;
        }
        wanted.insert(wish)
    }

    pub(super) fn into_inner(self) -> BTreeSet<Wish> {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Wish>> {
        // Nothing panics while the lock is held.
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
