//! Report jobs: ordered now, polled, and gone after a week.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use super::{definition::Definition, envelope::ApiError};
use crate::simulator::world::Dice;

/// How long a job and its file are kept.
const LIFE: Duration = Duration::days(7);
/// A job that nobody polls has ended by then.
const LONGEST: Duration = Duration::hours(1);
/// Jobs of an account that may be open at a time.
const MOST_OPEN: usize = 60;

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Completed,
    Failed,
    /// Failed because the file would be too large.
    TooLarge,
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Waiting,
    InProgress,
    Ended,
}

/// An order for a report.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) account: String,
    /// As it was worded.
    pub(super) operand: Value,
    pub(super) definition: Definition,
    /// Polls that it takes; none: as many as usual.
    pub(super) slow: Option<usize>,
    pub(super) ending: Ending,
}

/// A job.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) id: u64,
    pub(super) account: String,
    pub(super) operand: Value,
    pub(super) definition: Definition,
    pub(super) created: DateTime<Utc>,
    pub(super) ending: Ending,
    /// What the polls to come find before the end.
    steps: Vec<Step>,
    polled: usize,
}

impl Job {
    /// Where it is now, without polling.
    pub(super) fn step(&self, now: DateTime<Utc>) -> Step {
        if now - self.created >= LONGEST {
            return Step::Ended;
        }
        match self.polled {
            0 => Step::Waiting,
            polled => self.steps.get(polled - 1).copied().unwrap_or(Step::Ended),
        }
    }

    fn is_of(&self, account: &str, now: DateTime<Utc>) -> bool {
        self.account == account && now - self.created < LIFE
    }
}

/// What polls find before the end: a state or two, now and then none.
fn steps(dice: Dice, slow: Option<usize>) -> Vec<Step> {
    let mut steps = Vec::new();
    if dice.at(1).chance(0.4) {
        steps.push(Step::Waiting);
    }
    let polls = slow.unwrap_or(usize::from(dice.at(2).chance(0.7)));
    steps.extend(std::iter::repeat_n(Step::InProgress, polls));
    steps
}

#[derive(Debug)]
struct Known {
    next: u64,
    jobs: BTreeMap<u64, Job>,
}

/// The jobs of one product.
#[derive(Debug)]
pub(super) struct Jobs {
    known: Mutex<Known>,
}

impl Jobs {
    /// No jobs; the first will have the id `first`.
    pub(super) fn new(first: u64) -> Self {
        let jobs = BTreeMap::new();
        Self {
            known: Mutex::new(Known { next: first, jobs }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing panics while the lock is held.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an order, unless too many of its account are open.
    pub(super) fn order(&self, order: Order, now: DateTime<Utc>) -> Result<Job, ApiError> {
        let mut known = self.lock();
        known.jobs.retain(|_, job| now - job.created < LIFE);
        let open = known
            .jobs
            .values()
            .filter(|job| job.is_of(&order.account, now) && job.step(now) != Step::Ended);
        if open.count() >= MOST_OPEN {
            let limit = format!("at most {MOST_OPEN} jobs at a time");
            return Err(ApiError::new("LT001", "reportJobStatus", limit));
        }
        let id = known.next;
        known.next += 1;
        let job = Job {
            id,
            account: order.account,
            operand: order.operand,
            definition: order.definition,
            created: now,
            ending: order.ending,
            steps: steps(Dice::new(id), order.slow),
            polled: 0,
        };
        known.jobs.insert(id, job.clone());
        Ok(job)
    }

    /// The jobs of an account that suit, the newest first. Every poll takes them one step on.
    pub(super) fn poll(
        &self,
        account: &str,
        now: DateTime<Utc>,
        suits: impl Fn(&Job) -> bool,
    ) -> Vec<Job> {
        let mut found = Vec::new();
        for job in self.lock().jobs.values_mut().rev() {
            if job.is_of(account, now) && suits(job) {
                job.polled += 1;
                found.push(job.clone());
            }
        }
        found
    }

    pub(super) fn find(&self, account: &str, id: u64, now: DateTime<Utc>) -> Option<Job> {
        let known = self.lock();
        let job = known.jobs.get(&id).filter(|job| job.is_of(account, now));
        job.cloned()
    }

    pub(super) fn remove(&self, account: &str, id: u64, now: DateTime<Utc>) -> Option<Job> {
        let mut known = self.lock();
        known.jobs.get(&id).filter(|job| job.is_of(account, now))?;
        known.jobs.remove(&id)
    }
}
