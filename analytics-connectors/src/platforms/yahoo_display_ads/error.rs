//! Codes that only this product knows; the others are the provider's.
//!
//! Source: the vendor's error code list for Display (v19 and v20, 2026).

use crate::{
    error::Error,
    http::{Answer, CallContext},
    platforms::yahoo::{self, Means, Row},
};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("110005", Means::InvalidRequest, "the id is not valid"),
    ("120020", Means::InvalidRequest, "the value cannot be set"),
    ("240010", Means::InvalidRequest, "the report cannot be made so"),
    ("250001", Means::InvalidRequest, "the report's template does not allow it"),
    ("250002", Means::InvalidRequest, "these columns may not be combined; the version of the API may have dropped one"),
    ("250003", Means::InvalidRequest, "the report's timing does not allow it"),
    ("250004", Means::InvalidRequest, "this report takes no dates of one's own"),
    ("250005", Means::InvalidRequest, "the column cannot be filtered by"),
    ("250006", Means::InvalidRequest, "the report cannot be made so"),
    ("250007", Means::InvalidRequest, "the report cannot be made so"),
    ("250008", Means::InvalidRequest, "the report cannot be made so"),
];

/// The error a body tells of.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    yahoo::classify(ROWS, answer, context)
}
