//! What X's interfaces have in common: limits told by headers, and errors with numbers or names.

mod limits;
mod wire;

pub(crate) use limits::{reset, usage};

use crate::http::Answer;

/// The first error of a body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Told {
    /// Its code, a name or a number; empty: none.
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    /// The parameter it is about.
    pub(crate) parameter: Option<String>,
}

/// The first of a body's `errors`, if it has any.
pub(crate) fn first_error(answer: &Answer) -> Option<Told> {
    let body = &answer.body;
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if body[start] != b'{' {
        return None;
    }
    let failure: wire::Failure = serde_json::from_slice(body).ok()?;
    let item = failure.errors.into_iter().next()?;
    Some(Told {
        code: item.code.map_or_else(String::new, |code| code.0),
        message: item.message,
        parameter: item.parameter.filter(|name| !name.is_empty()),
    })
}
