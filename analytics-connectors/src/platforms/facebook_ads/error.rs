//! The Marketing API's own error codes; the Graph's are in `meta::error`.
//!
//! Sources: \[I\] Ads Insights error codes (2026-05-21); \[L\] Ads Insights limits and best
//! practices (2026-05-05); \[V\] Marketing API versions; \[C\] recorded and reported behaviour.

use analytics_core::model::DateRange;

use crate::{
    error::Error,
    http::{Answer, CallContext},
    platforms::meta::{Means, Row, When, classify as graph_classify, row},
};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // [I] too much data: shrink, then order a report
    row(When::Pair(100, 1_504_018), Means::TooMuchData, "the question takes too long to answer at once"),
    row(When::Pair(2, 1_504_038), Means::TooMuchData, "the question takes too long to answer at once"),
    row(When::Pair(100, 1_487_534), Means::TooMuchData, "too much data; ask for a shorter range"),
    row(When::Pair(-3, 1_504_045), Means::TooMuchData, "too much data; ask for a shorter range"),
    row(When::Pair(1, 99), Means::TooMuchData, "too much data; ask for less"),
    row(When::Says(1, "reduce the amount of data"), Means::TooMuchData, "too much data; ask for less"),
    // [C] comes with HTTP 500 when a page is too large
    row(When::Says(1, "an unknown error occurred"), Means::TooMuchData, "probably too much data; ask for less"),
    // [L] rate limits
    row(When::Pair(4, 1_504_022), Means::RateLimited, "the insights budget of the app is used up"),
    row(When::Pair(4, 1_504_039), Means::RateLimited, "the insights budget of the app is used up"),
    row(When::Pair(17, 2_446_079), Means::RateLimited, "the account's budget is used up"),
    row(When::Pair(613, 1_487_742), Means::RateLimited, "too many calls from this ad account"),
    row(When::Pair(613, 5_044_001), Means::RateLimited, "too many calls from this ad account"),
    row(When::Pair(613, 1_996), Means::RateLimited, "unusually many calls"),
    row(When::Pair(80_004, 2_446_079), Means::RateLimited, "the ads management budget of the account is used up"),
    row(When::Code(80_000), Means::RateLimited, "the insights budget of the account is used up"),
    row(When::Code(80_003), Means::RateLimited, "the audience budget of the account is used up"),
    row(When::Code(80_004), Means::RateLimited, "the ads management budget of the account is used up"),
    row(When::Code(80_014), Means::RateLimited, "the catalogue budget of the account is used up"),
    // [I] wrong questions that hide behind the retryable code 2
    row(When::Pair(2, 1_504_041), Means::InvalidRequest, "a breakdown that cannot be combined; drop it"),
    row(When::Pair(2, 1_504_042), Means::InvalidRequest, "a custom metric that does not exist; drop it"),
    row(When::Pair(100, 1_504_041), Means::InvalidRequest, "a breakdown that cannot be combined; drop it"),
    row(When::Pair(100, 3_191_001), Means::InvalidRequest, "fields that cannot be combined; drop one"),
    row(When::Code(3_018), Means::InvalidRequest, "the start is more than 37 months ago; start later"),
    // [I] passes by itself
    row(When::Pair(2, 1_504_043), Means::Transient, "an error on Meta's side"),
    row(When::Pair(2, 1_504_044), Means::Transient, "an error on Meta's side"),
    row(When::Pair(2_601, 1_815_107), Means::Transient, "the report is not ready yet"),
    row(When::Code(2_601), Means::Transient, "the report is not ready yet"),
    row(When::Pair(-2, 2_490_547), Means::Spoilt, "the report failed; order it again"),
    // [V]
    row(When::Code(2_635), Means::Unavailable, "this version of the Marketing API has ended; set ANALYTICS_FACEBOOK_ADS_API_VERSION to a newer one"),
    // [C] access
    row(When::Code(283), Means::PermissionDenied, "the app lacks a permission for this account"),
    row(When::Code(2_853_001), Means::PermissionDenied, "the user or the app may not read this account"),
];

/// The error a body tells of.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    graph_classify(ROWS, answer, context)
}

/// Adds to an error what was asked for.
pub(super) fn about(mut error: Error, range: DateRange) -> Error {
    error.context = format!("{}..{}: {}", range.start, range.end, error.context);
    error
}
