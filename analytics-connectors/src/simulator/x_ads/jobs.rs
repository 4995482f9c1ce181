//! Jobs: ordered now, polled, and their files gone two days after they were written.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

use super::{error::ApiError, stats::Query};
use crate::simulator::world::Dice;

/// How long a job is listed.
const LIFE: Duration = Duration::days(7);
/// How long its file is kept.
const FILE_LIFE: Duration = Duration::hours(48);
/// A job that nobody polls has ended by then.
const LONGEST: Duration = Duration::hours(1);
/// Jobs of an account that may be open at a time.
const MOST_OPEN: usize = 100;
/// Above what a double can tell apart.
const FIRST: u64 = 1_990_000_000_000_000_001;

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Queued,
    Processing,
    Success,
    Failed,
    Cancelled,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Processing)
    }
}

/// An order.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) account: String,
    pub(super) query: Query,
    /// Polls that it takes; none: as many as usual.
    pub(super) slow: Option<usize>,
    pub(super) fails: bool,
}

/// A job.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) id: u64,
    pub(super) account: String,
    pub(super) query: Query,
    pub(super) created: DateTime<Utc>,
    /// What the polls to come find before the end.
    steps: Vec<Status>,
    polled: usize,
    last: Status,
    /// When it ended, once that is known.
    ended: Option<DateTime<Utc>>,
    /// Whether the file is there only for the next poll.
    pub(super) is_late: bool,
}

impl Job {
    pub(super) fn status(&self) -> Status {
        if self.ended.is_some() {
            return self.last;
        }
        let seen = self.polled.checked_sub(1).and_then(|at| self.steps.get(at));
        seen.copied().unwrap_or(Status::Queued)
    }

    pub(super) fn updated(&self) -> DateTime<Utc> {
        self.ended.unwrap_or(self.created)
    }

    /// Until when there is a file.
    pub(super) fn expires(&self) -> Option<DateTime<Utc>> {
        let ended = self.ended.filter(|_| self.last == Status::Success)?;
        Some(ended + FILE_LIFE)
    }

    /// What time alone does.
    fn age(&mut self, now: DateTime<Utc>) {
        if self.ended.is_none() && now - self.created >= LONGEST {
            self.ended = Some(self.created + LONGEST);
        }
    }

    fn poll(&mut self, now: DateTime<Utc>) {
        if self.ended.is_some() {
            self.is_late = false;
            return;
        }
        self.polled += 1;
        if self.polled > self.steps.len() {
            self.ended = Some(now);
        }
    }
}

/// What polls find before the end: up to two states.
fn steps(dice: Dice, slow: Option<usize>) -> Vec<Status> {
    if let Some(polls) = slow {
        return vec![Status::Processing; polls];
    }
    match dice.below(3) {
        0 => Vec::new(),
        1 => vec![Status::Processing],
        _ => vec![Status::Queued, Status::Processing],
    }
}

/// The jobs of every account.
#[derive(Debug, Default)]
pub(super) struct Jobs(Mutex<BTreeMap<u64, Job>>);

impl Jobs {
    /// The jobs as they are at a moment.
    fn at(&self, now: DateTime<Utc>) -> MutexGuard<'_, BTreeMap<u64, Job>> {
        // Nothing panics while the lock is held.
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The last one stays, whatever its age: the ids go on from it.
        let last = jobs.last_key_value().map(|(id, _)| *id);
        jobs.retain(|id, job| now - job.created < LIFE || Some(*id) == last);
        jobs.values_mut().for_each(|job| job.age(now));
        jobs
    }

    /// Takes an order, unless too many of its account are open or it is `refused` anyhow; and tells
    /// how many more may be ordered.
    pub(super) fn order(
        &self,
        order: Order,
        refused: bool,
        now: DateTime<Utc>,
    ) -> Result<(Job, usize), ApiError> {
        let mut jobs = self.at(now);
        let open = jobs
            .values()
            .filter(|job| job.account == order.account && job.status().is_open())
            .count();
        if refused || open >= MOST_OPEN {
            let message = format!("No more than {MOST_OPEN} jobs may be open at a time");
            return Err(ApiError::new(400, "TOO_MANY_JOBS", message)
                .with_header("x-concurrent-job-limit", MOST_OPEN)
                .with_header("x-concurrent-job-limit-remaining", 0));
        }
        let id = jobs.last_key_value().map_or(FIRST, |(id, _)| id + 7);
        let dice = Dice::new(id);
        let steps = steps(dice.of("steps"), order.slow);
        let job = Job {
            id,
            account: order.account,
            query: order.query,
            created: now,
            steps,
            polled: 0,
            last: if order.fails {
                Status::Failed
            } else {
                Status::Success
            },
            ended: None,
            is_late: dice.of("late").chance(0.3),
        };
        jobs.insert(id, job.clone());
        Ok((job, MOST_OPEN - open - 1))
    }

    /// The jobs of an account that are among `ids`, or all of them, the newest first. Every poll
    /// takes them one step on.
    pub(super) fn poll(&self, account: &str, ids: Option<&[u64]>, now: DateTime<Utc>) -> Vec<Job> {
        let mut found = Vec::new();
        for job in self.at(now).values_mut().rev() {
            let listed = now - job.created < LIFE;
            if listed && job.account == account && ids.is_none_or(|ids| ids.contains(&job.id)) {
                job.poll(now);
                found.push(job.clone());
            }
        }
        found
    }

    /// Ends a job that is still open.
    pub(super) fn cancel(&self, account: &str, id: u64, now: DateTime<Utc>) -> Option<Job> {
        let mut jobs = self.at(now);
        let job = jobs.get_mut(&id).filter(|job| job.account == account)?;
        if job.status().is_open() {
            job.last = Status::Cancelled;
            job.ended = Some(now);
        }
        Some(job.clone())
    }

    /// A job whose file is there.
    pub(super) fn written(&self, id: u64, now: DateTime<Utc>) -> Option<Job> {
        let jobs = self.at(now);
        let job = jobs.get(&id)?;
        let is_there = !job.is_late && job.expires().is_some_and(|end| now < end);
        is_there.then(|| job.clone())
    }
}
