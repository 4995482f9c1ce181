//! The Pages API's own error codes; the Graph's are in `meta::error`.
//!
//! Sources: \[P\] Pages API limits and insights reference (2026); \[C\] recorded and reported
//! behaviour.

use crate::{
    error::{Error, ErrorKind},
    http::{Answer, CallContext},
    platforms::meta::{GraphError, Means, Row, When, classify as graph_classify, row},
};

/// How the Graph refuses a metric. It does not say which one.
const NO_SUCH_METRIC: &str = "valid insights metric";

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // [P] rate limits
    row(When::Code(80_001), Means::RateLimited, "the page's budget is used up"),
    // [C] too much data: smaller pages, shorter ranges
    row(When::Pair(1, 99), Means::TooMuchData, "too much data; ask for less"),
    row(When::Says(1, "reduce the amount of data"), Means::TooMuchData, "too much data; ask for less"),
    row(When::Says(2, "reduce the amount of data"), Means::TooMuchData, "too much data; ask for less"),
    row(When::Says(500, "reduce the amount of data"), Means::TooMuchData, "too much data; ask for less"),
    row(When::Says(100, "between since and until"), Means::TooMuchData, "the range is too long; ask for a shorter one"),
    // [C] questions that are wrong
    row(When::Says(100, NO_SUCH_METRIC), Means::InvalidRequest, "one of the metrics does not exist (any more)"),
    // [C] a wrong proof of the app's secret hides behind this code
    row(When::Code(104), Means::Unavailable, "the proof of the app's secret is wrong; check ANALYTICS_META_CLIENT_SECRET"),
    row(When::Code(2_635), Means::Unavailable, "this version of the Graph API has ended; set ANALYTICS_FACEBOOK_PAGE_API_VERSION to a newer one"),
];

/// The error a body tells of.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    graph_classify(ROWS, answer, context)
}

/// Refusals of metrics, which never say which one.
pub(super) fn refused_metrics(error: &Error, _fields: &[&str]) -> Option<Vec<usize>> {
    refuses_a_metric(error).then(Vec::new)
}

/// Whether a metric that was asked for does not exist.
pub(super) fn refuses_a_metric(error: &Error) -> bool {
    error.kind == ErrorKind::InvalidRequest
        && GraphError::of(error)
            .is_some_and(|graph| graph.code == 100 && graph.says(NO_SUCH_METRIC))
}
