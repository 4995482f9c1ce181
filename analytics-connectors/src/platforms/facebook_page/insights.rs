//! Daily figures of a page. Rows are stamped with the end of their day; the running day comes too,
//! and is no figure yet.

use std::collections::{BTreeMap, BTreeSet};

use analytics_core::model::{DateRange, FactRecord, MetricId, Millionths, WindowRecord};
use chrono::{Days, NaiveDate};

use super::{
    PLATFORM,
    error::refused_metrics,
    fetch::Session,
    metrics::{BY_ADS, DAILY, REACH, ROLLING, Row, Scale, VIEWS},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    platforms::meta::{
        GraphCall, Insight, Insights, Point,
        gaps::{self, NO_DATA, NOT_SUPPORTED},
    },
};

const OPERATION: &str = "page insights";

/// Every daily figure of `range`, and the rolling reach of weeks and four weeks that end in it.
pub(super) async fn daily(session: &Session, range: DateRange) -> Result<Batch> {
    let mut batch = Batch::default();
    let answers = ask_all(session, range).await?;
    for row in DAILY {
        let values = if session.is_unsupported(row.field) {
            Err(NOT_SUPPORTED)
        } else {
            answers.metric(row.field).ok_or(NO_DATA)
        };
        let id = MetricId::from(row.metric);
        match values {
            Err(reason) => batch.gaps.push(gaps::whole(&id, range, reason)),
            Ok(insight) => put(session, &mut batch, row, &id, range, insight)?,
        }
    }
    by_ads(session, &mut batch, range).await?;
    for (period, days) in ROLLING {
        rolling(session, &mut batch, range, period, *days).await?;
    }
    Ok(batch)
}

/// Asks for every metric at once, without those that the platform refuses.
async fn ask_all(session: &Session, range: DateRange) -> Result<Insights> {
    let fields: Vec<&str> = DAILY.iter().map(|row| row.field).collect();
    session
        .supported(&fields, str::to_owned, |metrics| {
            ask(session, metrics, "day", range, None)
        })
        .await
}

async fn ask(
    session: &Session,
    metrics: String,
    period: &str,
    range: DateRange,
    breakdown: Option<&'static str>,
) -> Result<Insights> {
    // Dates are midnights in UTC, which come before those in California: `until` is left out.
    let until = range.end.succ_opt().unwrap_or(range.end);
    let mut call = GraphCall::get(OPERATION, &session.page, &session.edge("insights"))
        .param("metric", metrics)
        .param("period", period)
        .param("since", range.start.to_string())
        .param("until", until.to_string());
    if let Some(breakdown) = breakdown {
        call = call.param("breakdown", breakdown);
    }
    let answer: Insights =
        session
            .graph
            .call(&call, &session.tokens)
            .await
            .map_err(|mut error| {
                error.context = format!("{range}: {}", error.context);
                error
            })?;
    if let Some(other) = answer
        .data
        .iter()
        .find(|insight| insight.period.as_deref().is_some_and(|told| told != period))
    {
        return Err(wrong(
            range.start,
            &other.name,
            "is of another period than asked for",
        ));
    }
    Ok(answer)
}

/// The values of a metric by day, without the running one and those outside `range`.
fn by_day<'a>(
    session: &Session,
    insight: &'a Insight,
    range: DateRange,
) -> Result<Vec<(NaiveDate, &'a Point)>> {
    let now = session.now();
    let mut days = Vec::with_capacity(insight.values.len());
    for point in &insight.values {
        let end = point
            .end_time
            .ok_or_else(|| wrong(range.start, &insight.name, "lacks its `end_time`"))?;
        let day = end.pacific_day().pred_opt().unwrap_or(NaiveDate::MIN);
        if end.0 <= now && range.contains(day) {
            days.push((day, point));
        }
    }
    Ok(days)
}

fn put(
    session: &Session,
    batch: &mut Batch,
    row: &Row,
    id: &MetricId,
    range: DateRange,
    insight: &Insight,
) -> Result<()> {
    let mut known = BTreeSet::new();
    for (date, point) in by_day(session, insight, range)? {
        let Some(amount) = &point.value else { continue };
        let value = scaled(
            row,
            amount.sum().map_err(|what| wrong(date, row.field, &what))?,
        )
        .ok_or_else(|| wrong(date, row.field, "has digits that cannot be stored"))?;
        if !known.insert(date) {
            return Err(wrong(date, row.field, "came twice for the same day"));
        }
        // A day with nobody is not zero followers told: a stock is kept as it is.
        if value.0 != 0 || id.as_str() == "followers" {
            batch.facts.push(FactRecord {
                entity: session.page.as_str().into(),
                metric: id.clone(),
                date,
                value,
            });
        }
    }
    batch
        .gaps
        .extend(gaps::missing_days(id, range, &known, NO_DATA));
    Ok(())
}

/// The value in the metric's own unit; none if millionths do not hold it.
pub(super) fn scaled(row: &Row, value: Millionths) -> Option<Millionths> {
    match row.scale {
        Scale::Whole => Some(value),
        Scale::Milliseconds => (value.0 % 1000 == 0).then_some(Millionths(value.0 / 1000)),
    }
}

/// Views by whether an ad brought them: a question of its own, since no other metric takes it.
async fn by_ads(session: &Session, batch: &mut Batch, range: DateRange) -> Result<()> {
    const BREAKDOWN: &str = "is_from_ads";
    let key = |field: &str| format!("{field} by {BREAKDOWN}");
    let asked = key(VIEWS.field);
    let refuse = |batch: &mut Batch, reason| {
        for (metric, _) in BY_ADS {
            batch
                .gaps
                .push(gaps::whole(&MetricId::from(*metric), range, reason));
        }
    };
    let answer = session
        .supported(&[VIEWS.field], key, |metrics| {
            ask(session, metrics, "day", range, Some(BREAKDOWN))
        })
        .await?;
    if session.is_unsupported(&asked) {
        refuse(batch, NOT_SUPPORTED);
        return Ok(());
    }
    let Some(insight) = answer.metric(VIEWS.field) else {
        refuse(batch, NO_DATA);
        return Ok(());
    };
    // A day that has one bucket has none of the other.
    let mut days: BTreeMap<NaiveDate, BTreeMap<&str, Millionths>> = BTreeMap::new();
    let mut untold = BTreeSet::new();
    for (date, point) in by_day(session, insight, range)? {
        let Some(bucket) = &point.is_from_ads else {
            return Err(wrong(date, &asked, "lacks its `is_from_ads`"));
        };
        let Some(amount) = &point.value else {
            untold.insert(date);
            continue;
        };
        let value = amount.sum().map_err(|what| wrong(date, &asked, &what))?;
        if days
            .entry(date)
            .or_default()
            .insert(bucket, value)
            .is_some()
        {
            return Err(wrong(date, &asked, "came twice for the same day"));
        }
    }
    // Of a day that lacks one of its parts, the other is not all there is.
    days.retain(|date, _| !untold.contains(date));
    let known: BTreeSet<NaiveDate> = days.keys().copied().collect();
    for (metric, bucket) in BY_ADS {
        let id = MetricId::from(*metric);
        for (date, buckets) in &days {
            if let Some(value) = buckets.get(bucket).filter(|value| value.0 != 0) {
                batch.facts.push(FactRecord {
                    entity: session.page.as_str().into(),
                    metric: id.clone(),
                    date: *date,
                    value: *value,
                });
            }
        }
        batch
            .gaps
            .extend(gaps::missing_days(&id, range, &known, NO_DATA));
    }
    Ok(())
}

/// People reached in the `days` up to each day: exact values of whole ranges, never summed.
async fn rolling(
    session: &Session,
    batch: &mut Batch,
    range: DateRange,
    period: &str,
    days: u32,
) -> Result<()> {
    if session.is_unsupported(REACH.field) {
        return Ok(());
    }
    let key = |field: &str| format!("{field} of {period}");
    let answer = session
        .supported(&[REACH.field], key, |metrics| {
            ask(session, metrics, period, range, None)
        })
        .await?;
    let Some(insight) = answer.metric(REACH.field) else {
        return Ok(());
    };
    let mut seen = BTreeSet::new();
    for (date, point) in by_day(session, insight, range)? {
        let Some(amount) = &point.value else { continue };
        if !seen.insert(date) {
            return Err(wrong(date, REACH.field, "came twice for the same day"));
        }
        let value = amount
            .sum()
            .map_err(|what| wrong(date, REACH.field, &what))?;
        if let Some(start) = date.checked_sub_days(Days::new(u64::from(days - 1))) {
            batch.windows.push(WindowRecord {
                entity: session.page.as_str().into(),
                metric: MetricId::from(REACH.metric),
                range: DateRange { start, end: date },
                value,
            });
        }
    }
    Ok(())
}

fn wrong(date: NaiveDate, field: &str, what: &str) -> Error {
    Error::new(
        ErrorKind::Decode,
        PLATFORM,
        OPERATION,
        format!("`{field}` on {date} {what}"),
    )
}

impl Session {
    pub(super) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.graph.api().clock().now()
    }

    /// Asks for those of `fields` that the platform does not refuse.
    async fn supported<F: Future<Output = Result<Insights>>>(
        &self,
        fields: &[&'static str],
        key: impl Fn(&str) -> String,
        ask: impl Fn(String) -> F,
    ) -> Result<Insights> {
        let clock = self.graph.api().clock();
        let key = |field: &str| self.key(&key(field));
        self.unsupported
            .ask(clock, fields, key, refused_metrics, ask)
            .await
    }

    /// What is refused is refused for this page.
    pub(super) fn key(&self, name: &str) -> String {
        format!("{} {name}", self.page)
    }

    pub(super) fn is_unsupported(&self, name: &str) -> bool {
        self.unsupported.contains(&self.key(name), self.now())
    }
}
