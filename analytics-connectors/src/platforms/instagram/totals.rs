//! Totals of a range: all that the platform tells of most metrics. A day is a range of one day.

use analytics_core::model::{DateRange, MetricId, Millionths};

use super::{
    PLATFORM,
    fetch::Session,
    metrics::{Row, TOTALS},
};
use crate::{
    error::{Error, ErrorKind, Result},
    platforms::meta::{
        GraphCall, Insights, bounds,
        gaps::{NO_DATA, NOT_SUPPORTED},
    },
};

const OPERATION: &str = "profile insights";
/// Both ends of the longest range that is answered, 30 days of 24 hours, lie this far apart.
const LONGEST_SECONDS: i64 = 2_592_000 - 1;

/// A question about the profile over `range`, which is a Pacific one: a second more would be
/// another day. Days belong to it by their beginning, so that the hour which autumn adds to 30 days
/// can be left out at their end.
pub(super) fn question(session: &Session, range: DateRange, metrics: &str) -> GraphCall {
    let (since, until) = bounds(range);
    let until = until.min(since + LONGEST_SECONDS);
    GraphCall::get(OPERATION, &session.profile, &session.edge("insights"))
        .param("metric", metrics)
        .param("period", "day")
        .param("metric_type", "total_value")
        .param("since", since.to_string())
        .param("until", until.to_string())
}

/// The totals of the metrics that `wanted` picks: a value, or why there is none.
pub(super) async fn ask(
    session: &Session,
    range: DateRange,
    wanted: impl Fn(&Row) -> bool,
) -> Result<Vec<(MetricId, Result<Millionths, &'static str>)>> {
    let rows: Vec<&Row> = TOTALS.iter().filter(|row| wanted(row)).collect();
    let answer = supported(session, range, &rows).await?;
    rows.into_iter()
        .map(|row| {
            let id = MetricId::from(row.metric);
            if session.is_unsupported(row.field) {
                return Ok((id, Err(NOT_SUPPORTED)));
            }
            let told = answer
                .metric(row.field)
                .and_then(|insight| insight.single());
            let Some(amount) = told else {
                return Ok((id, Err(NO_DATA)));
            };
            let value = amount
                .sum()
                .map_err(|what| wrong(range, row.field, &what))?;
            Ok((id, Ok(value)))
        })
        .collect()
}

/// Asks for all of them at once; those that the platform refuses are left out from then on.
async fn supported(session: &Session, range: DateRange, rows: &[&Row]) -> Result<Insights> {
    let fields: Vec<&str> = rows.iter().map(|row| row.field).collect();
    let ask = |metrics: String| async move {
        let call = question(session, range, &metrics);
        let answer = session.graph.call(&call, &session.tokens).await;
        answer.map_err(|error| about(error, range))
    };
    session.supported(&fields, str::to_owned, ask).await
}

/// Adds to an error what was asked for.
pub(super) fn about(mut error: Error, range: DateRange) -> Error {
    error.context = format!("{range}: {}", error.context);
    error
}

pub(super) fn wrong(range: DateRange, field: &str, what: &str) -> Error {
    Error::new(
        ErrorKind::Decode,
        PLATFORM,
        OPERATION,
        format!("`{field}` of {range} {what}"),
    )
}
