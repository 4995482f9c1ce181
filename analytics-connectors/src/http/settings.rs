//! Time-outs, retries and limits of every call.

use std::time::Duration;

use crate::{
    env::{ConfigError, Env},
    http::RetryPolicy,
};

/// Time-outs, retries and limits of every call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// What the client calls itself.
    pub user_agent: String,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for a whole answer.
    pub timeout: Duration,
    /// Tries of one call, the first included.
    pub max_attempts: usize,
    /// First pause between tries; each further one is twice as long, plus jitter.
    pub base_backoff: Duration,
    /// Longest pause between tries.
    pub max_backoff: Duration,
    /// Longest wait a vendor may ask for that is waited out in place. A longer one fails the call
    /// as rate limited, so that the account is parked instead of a worker blocked.
    pub max_wait: Duration,
    /// Largest answer that is read, in bytes.
    pub max_body_bytes: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            user_agent: concat!("analytics/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(90),
            max_attempts: 5,
            base_backoff: Duration::from_secs(1),
            max_backoff: Duration::from_secs(30),
            max_wait: Duration::from_secs(30),
            max_body_bytes: 64 * 1024 * 1024,
        }
    }
}

impl HttpSettings {
    /// From `ANALYTICS_HTTP_USER_AGENT`, `_CONNECT_TIMEOUT`, `_TIMEOUT`, `_MAX_ATTEMPTS`,
    /// `_BASE_BACKOFF`, `_MAX_BACKOFF`, `_MAX_WAIT`, `_MAX_BODY_BYTES`.
    ///
    /// # Errors
    /// If one of them cannot be used.
    pub fn from_env(env: Env<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let duration = |name: &str, otherwise: Duration| {
            env.duration(name).map(|found| found.unwrap_or(otherwise))
        };
        Ok(Self {
            user_agent: env
                .text("ANALYTICS_HTTP_USER_AGENT")
                .unwrap_or(default.user_agent),
            connect_timeout: duration("ANALYTICS_HTTP_CONNECT_TIMEOUT", default.connect_timeout)?,
            timeout: duration("ANALYTICS_HTTP_TIMEOUT", default.timeout)?,
            max_attempts: env
                .number("ANALYTICS_HTTP_MAX_ATTEMPTS", 1, 20)?
                .unwrap_or(default.max_attempts),
            base_backoff: duration("ANALYTICS_HTTP_BASE_BACKOFF", default.base_backoff)?,
            max_backoff: duration("ANALYTICS_HTTP_MAX_BACKOFF", default.max_backoff)?,
            max_wait: duration("ANALYTICS_HTTP_MAX_WAIT", default.max_wait)?,
            max_body_bytes: env
                .number("ANALYTICS_HTTP_MAX_BODY_BYTES", 1024, 1 << 30)?
                .unwrap_or(default.max_body_bytes),
        })
    }

    /// The retry policy in these settings.
    #[must_use]
    pub fn retry(&self) -> RetryPolicy {
        RetryPolicy {
            attempts: self.max_attempts,
            base: self.base_backoff,
            max: self.max_backoff,
            max_wait: self.max_wait,
        }
    }
}
