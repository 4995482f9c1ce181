//! A post as an entity and its totals.

use analytics_core::model::{
    CounterRecord, EntityRecord, Level, MetricId, Millionths, PostDetails,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    PLATFORM,
    metrics::{ORGANIC, PRIVATE, PUBLIC, Row},
    wire::Post,
};
use crate::{
    error::{Error, ErrorKind, Result},
    text::excerpt,
};

/// Before that day the platform did not count impressions, and says 0.
const IMPRESSIONS_SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2023, 1, 5);
/// So long after its publication a post can be edited.
pub(super) const EDITABLE: TimeDelta = TimeDelta::minutes(31);
/// What the milliseconds in ids count from, in Unix time.
const IDS_SINCE: i64 = 1_288_834_974_657;
const IMPRESSIONS: &str = "impressions";

/// When a post was published: of an edited one, its first version.
pub(super) fn published(operation: &str, post: &Post) -> Result<DateTime<Utc>> {
    let created_at = post
        .created_at
        .ok_or_else(|| wrong(operation, post, "created_at", "is missing"))?;
    if post.identity() == post.id {
        return Ok(created_at);
    }
    // Only the shown version tells its time, the others' ids hold theirs.
    let first = post.identity().parse().ok().and_then(moment_of);
    let editable = created_at - EDITABLE..created_at;
    Ok(first
        .filter(|at| editable.contains(at))
        .unwrap_or(created_at))
}

/// The moment that an id of X was made: its upper bits are milliseconds since a day in 2010.
fn moment_of(id: u64) -> Option<DateTime<Utc>> {
    let milliseconds = i64::try_from(id >> 22).ok()?;
    DateTime::from_timestamp_millis(milliseconds.checked_add(IDS_SINCE)?)
}

/// What a post is; its text only where it may be kept.
pub(super) fn entity(post: &Post, published_at: DateTime<Utc>, with_text: bool) -> EntityRecord {
    let text = post
        .text
        .as_deref()
        .map(unescaped)
        .filter(|text| with_text && !text.is_empty());
    EntityRecord {
        name: text.as_deref().and_then(excerpt),
        // The name of the user may change; this address leads on.
        permalink: Some(format!("https://x.com/i/web/status/{}", post.id)),
        post: Some(PostDetails {
            published_at,
            kind: Some(kind(post).to_owned()),
            text,
            ends_at: None,
        }),
        ..EntityRecord::new(Level::Post, post.identity())
    }
}

/// The API escapes what has a meaning in HTML.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn kind(post: &Post) -> &'static str {
    let has_media = post
        .attachments
        .as_ref()
        .is_some_and(|attachments| !attachments.media_keys.is_empty());
    if post.in_reply_to_user_id.is_some() || post.refers("replied_to") {
        "reply"
    } else if post.refers("quoted") {
        "quote"
    } else if has_media {
        "media"
    } else {
        "status"
    }
}

/// What everybody sees. Nothing of it may be missing: a total without one of its posts would be a
/// wrong one.
pub(super) fn public(operation: &str, post: &Post) -> Result<Vec<CounterRecord>> {
    let Some(metrics) = &post.public_metrics else {
        let what = "is missing: X may have renamed it";
        return Err(wrong(operation, post, "public_metrics", what));
    };
    let counted = post.created_at.map(|at| at.date_naive()) >= IMPRESSIONS_SINCE;
    let mut counters = counters(operation, post, PUBLIC, metrics)?;
    counters.retain(|counter| counted || counter.metric.as_str() != IMPRESSIONS);
    Ok(counters)
}

/// What its author alone sees; nothing where the platform does not tell it.
pub(super) fn private(operation: &str, post: &Post) -> Result<Vec<CounterRecord>> {
    let mut told = Vec::new();
    if let Some(metrics) = &post.non_public_metrics {
        told.extend(counters(operation, post, PRIVATE, metrics)?);
    }
    if let Some(metrics) = &post.organic_metrics {
        told.extend(counters(operation, post, ORGANIC, metrics)?);
    }
    Ok(told)
}

fn counters<T>(
    operation: &str,
    post: &Post,
    rows: &[Row<T>],
    metrics: &T,
) -> Result<Vec<CounterRecord>> {
    let mut counters = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(number) = (row.value)(metrics) else {
            if row.optional {
                continue;
            }
            return Err(wrong(operation, post, row.field, "is missing"));
        };
        let whole = number
            .exact()
            .ok()
            .filter(|value| value.0 % Millionths::SCALE == 0);
        let value = whole.ok_or_else(|| {
            let what = format!("is no whole number: `{}`", number.shown());
            wrong(operation, post, row.field, &what)
        })?;
        counters.push(CounterRecord {
            entity: post.identity().into(),
            metric: MetricId::from(row.metric),
            value,
        });
    }
    Ok(counters)
}

fn wrong(operation: &str, post: &Post, field: &str, what: &str) -> Error {
    Error::new(
        ErrorKind::Decode,
        PLATFORM,
        operation,
        format!("`{field}` of the post {} {what}", post.id),
    )
}
