//! Bodies of errors.

use serde::Deserialize;

use crate::http::Number;

/// A refusal: of the API by name, of the gateway by number.
#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    #[serde(default)]
    pub(super) errors: Vec<Item>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Item {
    pub(super) code: Option<Number>,
    pub(super) message: Option<String>,
    pub(super) parameter: Option<String>,
}
