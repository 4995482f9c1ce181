//! Daily figures of a profile, day by day: the platform tells totals of a range only.

use std::sync::atomic::Ordering;

use analytics_core::model::{DateRange, FactRecord, MetricGap, MetricId, Millionths};
use futures_util::{Stream, StreamExt, stream};

use super::{
    error::too_few_followers,
    fetch::Session,
    metrics::{FOLLOW_BUCKETS, FOLLOWS},
    totals::{self, about, question, wrong},
};
use crate::{
    connector::Batch,
    error::Result,
    platforms::meta::gaps::{self, NO_DATA, NOT_SUPPORTED, TOO_FEW_FOLLOWERS},
};

/// The days of `range`, newest first, as many at once as may be asked.
pub(super) fn daily(
    session: &Session,
    range: DateRange,
) -> impl Stream<Item = Result<Batch>> + use<'_> {
    let days: Vec<DateRange> = range.iter().rev().map(DateRange::day).collect();
    stream::iter(days)
        .map(move |day| one(session, day))
        .buffered(session.at_once())
}

async fn one(session: &Session, day: DateRange) -> Result<Batch> {
    let mut batch = Batch::default();
    for (metric, value) in totals::ask(session, day, |_| true).await? {
        put(session, &mut batch, metric, day, value);
    }
    follows(session, &mut batch, day).await?;
    Ok(batch)
}

fn put(
    session: &Session,
    batch: &mut Batch,
    metric: MetricId,
    day: DateRange,
    value: Result<Millionths, &'static str>,
) {
    match value {
        Ok(Millionths(0)) => {}
        Ok(value) => batch.facts.push(FactRecord {
            entity: session.profile.as_str().into(),
            metric,
            date: day.start,
            value,
        }),
        Err(reason) => batch.gaps.push(gaps::whole(&metric, day, reason)),
    }
}

/// Who came and who left. Without the breakdown the platform tells nothing; small profiles are
/// refused.
async fn follows(session: &Session, batch: &mut Batch, day: DateRange) -> Result<()> {
    let refuse = |reason: &str| -> Vec<MetricGap> {
        FOLLOW_BUCKETS
            .iter()
            .map(|(metric, _)| gaps::whole(&MetricId::from(*metric), day, reason))
            .collect()
    };
    if session.too_small.load(Ordering::Relaxed) {
        batch.gaps.extend(refuse(TOO_FEW_FOLLOWERS));
        return Ok(());
    }
    let ask = |metrics: String| {
        let call = question(session, day, &metrics).param("breakdown", "follow_type");
        async move { session.graph.call(&call, &session.tokens).await }
    };
    let answer = match session.supported(&[FOLLOWS], str::to_owned, ask).await {
        Err(error) if too_few_followers(&error) => {
            session.too_small.store(true, Ordering::Relaxed);
            batch.gaps.extend(refuse(TOO_FEW_FOLLOWERS));
            return Ok(());
        }
        answer => answer.map_err(|error| about(error, day))?,
    };
    if session.is_unsupported(FOLLOWS) {
        batch.gaps.extend(refuse(NOT_SUPPORTED));
        return Ok(());
    }
    let Some(total) = answer
        .metric(FOLLOWS)
        .and_then(|insight| insight.total_value.as_ref())
    else {
        batch.gaps.extend(refuse(NO_DATA));
        return Ok(());
    };
    let buckets = || {
        total
            .breakdowns
            .iter()
            .flat_map(|breakdown| &breakdown.results)
    };
    for (metric, bucket) in FOLLOW_BUCKETS {
        let mut told = buckets().filter(|one| {
            one.dimension_values
                .iter()
                .any(|value| value.as_str() == *bucket)
        });
        // Where nobody came or went, the bucket is left out.
        let value = match told.next().and_then(|one| one.value.as_ref()) {
            Some(number) => number
                .exact()
                .map_err(|shown| wrong(day, FOLLOWS, &format!("is no exact number: `{shown}`")))?,
            None => Millionths(0),
        };
        if told.next().is_some() {
            return Err(wrong(day, FOLLOWS, &format!("has two buckets `{bucket}`")));
        }
        put(session, batch, MetricId::from(*metric), day, Ok(value));
    }
    Ok(())
}
