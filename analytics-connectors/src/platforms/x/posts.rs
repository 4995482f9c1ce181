//! Posts as they are now: what they are, and their lifetime totals.

use std::collections::HashMap;

use analytics_core::model::{CounterRecord, DateRange, MetricGap, MetricId};
use chrono::{NaiveDate, TimeDelta};

use super::{
    error::is_withheld,
    fetch::Session,
    metrics::private_groups,
    rows,
    timeline::{self, Question, Timeline},
    wire::{POST_FIELDS, PRIVATE_FIELDS, Post},
};
use crate::{connector::Batch, error::Result};

const PUBLIC: &str = "posts";
const PRIVATE: &str = "private figures of posts";
/// Private figures are told of posts up to this old.
const PRIVATE_FOR: TimeDelta = TimeDelta::days(30);
/// Days after publication for which a day's reading finds them, however late it comes.
const PRIVATE_DAYS: i64 = 28;
/// A walk through the list takes a while, in which posts grow older.
const MARGIN: TimeDelta = TimeDelta::hours(1);
/// Why a metric has no value that day.
const NOT_GIVEN: &str = "not_supported";

/// Posts published since `since`, newest first. Those published after `date` have no totals yet.
pub(super) async fn snapshot(
    session: &Session,
    date: NaiveDate,
    since: NaiveDate,
) -> Result<Batch> {
    let question = Question {
        operation: PUBLIC,
        fields: POST_FIELDS,
        start: Some(session.day_start(since)),
        end: None,
        only_look: false,
    };
    let timeline = timeline::read(session, question).await?;
    let texts_since = date - TimeDelta::days(i64::from(session.config.daily_days) - 1);
    let mut batch = Batch {
        // Who reads posts every day learns within a day which are gone.
        all_texts: timeline.ended,
        ..Batch::default()
    };
    let mut eligible = 0_usize;
    for post in &timeline.posts {
        let published_at = rows::published(PUBLIC, post)?;
        let day = published_at.with_timezone(&session.zone).date_naive();
        // The list goes by the time of the newest version: an edited one may be older.
        if day < since && post.identity() != post.id {
            continue;
        }
        batch
            .entities
            .push(rows::entity(post, published_at, day >= texts_since));
        if day <= date {
            batch.counters.extend(rows::public(PUBLIC, post)?);
            eligible += usize::from((date - day).num_days() <= PRIVATE_DAYS);
        }
    }
    if eligible > 0 {
        add_private(session, date, since, &timeline, &mut batch).await?;
    }
    Ok(batch)
}

/// Adds what only the author sees. Where the platform tells it of no post at all, that day has none.
async fn add_private(
    session: &Session,
    date: NaiveDate,
    since: NaiveDate,
    timeline: &Timeline,
    batch: &mut Batch,
) -> Result<()> {
    let oldest = session.api.now() - PRIVATE_FOR + MARGIN;
    // Other posts than those that were asked about would be billed for nothing.
    let first = (date - TimeDelta::days(PRIVATE_DAYS)).max(since);
    let question = Question {
        operation: PRIVATE,
        fields: PRIVATE_FIELDS,
        start: Some(session.day_start(first).max(oldest)),
        end: None,
        only_look: false,
    };
    let told = match timeline::read(session, question).await {
        Ok(told) => told.posts,
        // Figures that everybody sees do not depend on these.
        Err(error) if is_withheld(&error) => {
            tracing::warn!(%error, "private figures of posts are not given");
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let told: HashMap<&str, &Post> = told.iter().map(|post| (post.identity(), post)).collect();
    let mut counters: Vec<CounterRecord> = Vec::new();
    for post in &timeline.posts {
        let day = rows::published(PRIVATE, post)?;
        let day = day.with_timezone(&session.zone).date_naive();
        let is_told = (0..=PRIVATE_DAYS).contains(&(date - day).num_days());
        if let Some(post) = told.get(post.identity()).filter(|_| is_told) {
            counters.extend(rows::private(PRIVATE, post)?);
        }
    }
    for group in private_groups() {
        let is_of_group = |one: &CounterRecord| group.contains(&one.metric.as_str());
        if counters.iter().any(is_of_group) {
            continue;
        }
        batch.gaps.extend(group.into_iter().map(|metric| MetricGap {
            metric: MetricId::from(metric),
            range: DateRange::day(date),
            reason: NOT_GIVEN.to_owned(),
        }));
    }
    batch.counters.extend(counters);
    Ok(())
}
