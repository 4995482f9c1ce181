//! The Instagram API's own error codes; the Graph's are in `meta::error`.
//!
//! Sources: \[I\] insights references (2026-06); \[C\] recorded and reported behaviour.

use crate::{
    error::{Error, ErrorKind},
    http::{Answer, CallContext},
    platforms::meta::{GraphError, Means, Row, When, classify as graph_classify, row},
};

/// A story that too few people saw.
const FEW_VIEWERS: &str = "not enough viewers";
/// A profile that too few people follow.
const FEW_FOLLOWERS: i64 = 2_874_010;
/// Media from before the profile became a professional one.
const BEFORE_CONVERSION: i64 = 2_108_006;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // [I] no figures, which is no failure
    row(When::Pair(10, FEW_FOLLOWERS), Means::InvalidRequest, "too few people for this figure"),
    row(When::Pair(100, FEW_FOLLOWERS), Means::InvalidRequest, "too few people for this figure"),
    row(When::Says(10, FEW_VIEWERS), Means::InvalidRequest, "too few people saw it"),
    row(When::Pair(100, BEFORE_CONVERSION), Means::InvalidRequest, "it was posted before the profile became a professional one"),
    // [I] rate limits
    row(When::Code(80_002), Means::RateLimited, "the profile's budget is used up"),
    // [C] too much data
    row(When::Says(1, "reduce the amount of data"), Means::TooMuchData, "too much data; ask for less"),
    row(When::Says(500, "reduce the amount of data"), Means::TooMuchData, "too much data; ask for less"),
    row(When::Says(100, "more than 30 days"), Means::TooMuchData, "the range is too long; ask for a shorter one"),
    // [C] questions that are wrong
    row(When::Says(100, "must be one of the following values"), Means::InvalidRequest, "one of the metrics does not exist (any more)"),
    row(When::Says(100, "for this media product type"), Means::InvalidRequest, "media of this kind does not have one of the metrics"),
    row(When::Says(100, "should be specified with parameter metric_type"), Means::InvalidRequest, "the question lacks its `metric_type`"),
    // [C] a wrong proof of the app's secret hides behind this code
    row(When::Code(104), Means::Unavailable, "the proof of the app's secret is wrong; check ANALYTICS_META_CLIENT_SECRET"),
    row(When::Code(2_635), Means::Unavailable, "this version of the Graph API has ended; set ANALYTICS_INSTAGRAM_API_VERSION to a newer one"),
];

/// The error a body tells of.
pub(super) fn classify(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    graph_classify(ROWS, answer, context)
}

/// Whether the profile is too small for the figure.
pub(super) fn too_few_followers(error: &Error) -> bool {
    GraphError::of(error).is_some_and(|graph| {
        graph.subcode == Some(FEW_FOLLOWERS)
            || (graph.code == 10 && graph.says("not enough") && !graph.says(FEW_VIEWERS))
    })
}

/// Whether a single post has no figures, for reasons of its own.
pub(super) fn has_no_figures(error: &Error) -> bool {
    GraphError::of(error).is_some_and(|graph| {
        graph.is(100, BEFORE_CONVERSION)
            || graph.is(100, 33)
            || graph.subcode == Some(FEW_FOLLOWERS)
            || (graph.code == 10 && graph.says(FEW_VIEWERS))
    })
}

/// Which of the metrics asked for the platform refuses, by their positions: empty where it does not
/// say, none if the error is another one.
pub(super) fn refused_metrics(error: &Error, fields: &[&str]) -> Option<Vec<usize>> {
    let graph = GraphError::of(error)
        .filter(|graph| error.kind == ErrorKind::InvalidRequest && graph.code == 100)?;
    let by_index = graph.says("must be one of the following values");
    if !by_index && !graph.says("for this media product type") {
        return None;
    }
    let named: Vec<usize> = if by_index {
        // `metric[2] must be one of the following values: …`
        let index = graph
            .message()
            .split_once("metric[")
            .and_then(|(_, rest)| rest.split_once(']'))
            .and_then(|(index, _)| index.parse().ok());
        index.into_iter().filter(|at| *at < fields.len()).collect()
    } else {
        // `… does not support the follows, profile_visits metric for this media product type`
        let words: Vec<&str> = graph
            .message()
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .collect();
        (0..fields.len())
            .filter(|at| words.contains(&fields[*at]))
            .collect()
    };
    Some(named)
}
