//! Errors of commands, with the exit code they end with.

use std::fmt;

use analytics_connectors::sync::SyncFailure;
use analytics_core::Error as CoreError;

use crate::error::{Problem, chain};

/// Why a command ended.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// It was asked for something that cannot be: exit code 2.
    Usage(String),
    /// It did not work: exit code 1.
    Failed(String),
}

impl CommandError {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Failed(_) => 1,
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Failed(message) => f.write_str(message),
        }
    }
}

impl From<CoreError> for CommandError {
    fn from(error: CoreError) -> Self {
        match error {
            CoreError::Unknown { .. }
            | CoreError::Invalid { .. }
            | CoreError::Unsupported { .. }
            | CoreError::NotFound { .. } => Self::Usage(error.to_string()),
            other => Self::Failed(chain(&other)),
        }
    }
}

impl From<analytics_connectors::Error> for CommandError {
    fn from(error: analytics_connectors::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<SyncFailure> for CommandError {
    fn from(failure: SyncFailure) -> Self {
        match failure {
            SyncFailure::Store(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<Problem> for CommandError {
    fn from(problem: Problem) -> Self {
        let detail = problem.body()["detail"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if problem.status().is_client_error() {
            Self::Usage(detail)
        } else {
            Self::Failed(detail)
        }
    }
}

impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
