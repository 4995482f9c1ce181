//! Waits for something the vendor prepares, such as a report.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::Result;

/// When to ask, and when to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollSchedule {
    /// First pause; each further one is half as long again.
    pub interval: Duration,
    /// Longest pause.
    pub max_interval: Duration,
    /// Gives up when it has not even started after this.
    pub start_timeout: Duration,
    /// Gives up when it is not done after this.
    pub timeout: Duration,
}

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poll<T> {
    /// Done.
    Ready(T),
    /// Still being prepared.
    Pending {
        /// Whether the vendor has begun.
        started: bool,
    },
}

/// Looks until it is ready; `None` when the schedule gives up.
///
/// # Errors
/// The first error of `look`.
pub async fn poll_until<T, Fut>(
    schedule: PollSchedule,
    mut look: impl FnMut() -> Fut,
) -> Result<Option<T>>
where
    Fut: Future<Output = Result<Poll<T>>>,
{
    let begin = Instant::now();
    let mut pause = schedule.interval;
    loop {
        tokio::time::sleep(pause).await;
        match look().await? {
            Poll::Ready(value) => return Ok(Some(value)),
            Poll::Pending { started } => {
                let waited = begin.elapsed();
                if waited >= schedule.timeout || (!started && waited >= schedule.start_timeout) {
                    return Ok(None);
                }
            }
        }
        pause = pause.mul_f64(1.5).min(schedule.max_interval);
    }
}
