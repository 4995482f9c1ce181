//! Codes that only this product knows; the others are the provider's.
//!
//! Source: the vendor's error code list for Search (v20, 2026).

use crate::{
    error::Error,
    http::{Answer, CallContext},
    platforms::yahoo::{self, Means, Row},
};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("240003", Means::InvalidRequest, "the report's filter is wrong"),
    ("240004", Means::InvalidRequest, "the report's dates do not suit its kind of range"),
];

/// The error a body tells of.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    yahoo::classify(ROWS, answer, context)
}
