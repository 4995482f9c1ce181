//! The one error of every connector: what kind, whether to try again, where, and what to do.
//!
//! The retry layer and the sync engine ask the error; nobody re-reads status codes.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};

/// Result of a connector.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a failure means for whoever must react.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The grant is dead: the user must consent again.
    AuthExpired,
    /// The grant lives, but may not do this (to this account).
    PermissionDenied,
    /// The platform asks to wait.
    RateLimited {
        /// Until when, if it says.
        until: Option<DateTime<Utc>>,
    },
    /// Likely to pass by itself: 5xx, time-outs, broken connections.
    Transient,
    /// The platform asks for a smaller question.
    TooMuchData,
    /// The operator's app, quota or credits: pause the platform, not the customer.
    Unavailable,
    /// The question was wrong; asking again will not help.
    InvalidRequest,
    /// The answer could not be understood.
    Decode,
}

impl ErrorKind {
    /// Stable code: `auth_expired`, `rate_limited`, …
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AuthExpired => "auth_expired",
            Self::PermissionDenied => "permission_denied",
            Self::RateLimited { .. } => "rate_limited",
            Self::Transient => "transient",
            Self::TooMuchData => "too_much_data",
            Self::Unavailable => "unavailable",
            Self::InvalidRequest => "invalid_request",
            Self::Decode => "decode",
        }
    }
}

/// Whether the same call may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Not by itself.
    Never,
    /// With the usual back-off.
    Backoff,
    /// Not before this long.
    After(Duration),
}

/// A connector's error. Its words never hold a secret or a URL with one.
#[derive(Debug)]
pub struct Error {
    /// Kind.
    pub kind: ErrorKind,
    /// Whether the call may be tried again at once.
    pub retry: Retry,
    /// Platform or provider, for example `facebook_ads`.
    pub platform: String,
    /// What was being done, for example `insights (campaign)`.
    pub operation: String,
    /// What the vendor said and what to do about it.
    pub context: String,
    /// The error underneath, if any.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with the retry behaviour that is usual for its kind.
    pub fn new(
        kind: ErrorKind,
        platform: impl Into<String>,
        operation: impl Into<String>,
        context: impl Into<String>,
    ) -> Self {
        let retry = match kind {
            ErrorKind::Transient => Retry::Backoff,
            _ => Retry::Never,
        };
        Self {
            kind,
            retry,
            platform: platform.into(),
            operation: operation.into(),
            context: context.into(),
            source: None,
        }
    }

    /// The same error with another retry behaviour.
    #[must_use]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The same error on top of `source`.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.platform, self.operation, self.context)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
