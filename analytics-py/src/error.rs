//! Rust errors as the exceptions of `analytics_py._errors`.

use analytics_core::Error;
use pyo3::prelude::*;

/// The Python exception that says the same as `error`.
pub(crate) fn to_py(py: Python<'_>, error: &Error) -> PyErr {
    let class = match error {
        Error::Unknown { .. } => "UnknownNameError",
        Error::Invalid { .. } | Error::Overflow { .. } | Error::Config { .. } => {
            "InvalidQueryError"
        }
        Error::Unsupported { .. } => "UnsupportedError",
        Error::NotFound { .. } => "NotFoundError",
        Error::Frame { .. } => "FrameError",
        _ => "StorageError",
    };
    raise(py, class, &with_causes(error), error.code())
}

/// An exception of class `class` of `analytics_py._errors`.
pub(crate) fn raise(py: Python<'_>, class: &str, message: &str, code: &str) -> PyErr {
    let raised = py
        .import("analytics_py._errors")
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call1((message, code)));
    match raised {
        Ok(exception) => PyErr::from_value(exception),
        Err(broken) => broken,
    }
}

/// The message of an error and of everything underneath it.
fn with_causes(error: &Error) -> String {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message.push_str(": ");
        message.push_str(&cause.to_string());
        source = cause.source();
    }
    message
}
