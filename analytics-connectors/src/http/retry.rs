//! Tries a call again when its error says so. Nobody re-reads status codes here.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use crate::error::{Error, Result, Retry};

/// How often and how long apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries, the first included.
    pub attempts: usize,
    /// First pause; each further one is twice as long, plus jitter.
    pub base: Duration,
    /// Longest pause.
    pub max: Duration,
    /// Longest `Retry::After` that is waited out in place; a longer one ends the tries.
    pub max_wait: Duration,
}

/// Runs `call` until it succeeds, its error says `Retry::Never`, or the tries are used up.
///
/// # Errors
/// The last error of `call`.
pub async fn with_retry<T, Fut>(policy: RetryPolicy, call: impl FnMut() -> Fut) -> Result<T>
where
    Fut: Future<Output = Result<T>>,
{
    let backoff = ExponentialBuilder::default()
        .with_min_delay(policy.base)
        .with_max_delay(policy.max)
        .with_max_times(policy.attempts.saturating_sub(1))
        .with_jitter();
    call.retry(backoff)
        .sleep(tokio::time::sleep)
        .when(|error: &Error| error.retry != Retry::Never)
        .adjust(move |error: &Error, pause| match (error.retry, pause) {
            (Retry::After(wait), Some(_)) => (wait <= policy.max_wait).then_some(wait),
            (_, pause) => pause,
        })
        .notify(|error: &Error, pause| {
            tracing::warn!(
                platform = %error.platform,
                operation = %error.operation,
                kind = error.kind.code(),
                pause_ms = pause.as_millis(),
                "trying again after: {error}"
            );
        })
        .await
}
