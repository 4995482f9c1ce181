//! Posts as they are now: what they are, and their lifetime totals.

use std::collections::{BTreeMap, HashSet};

use analytics_core::model::{
    CounterRecord, EntityRecord, Level, MetricId, Millionths, PostDetails,
};
use chrono::NaiveDate;
use futures_util::{Stream, TryStreamExt};

use super::{
    PLATFORM,
    error::refuses_a_metric,
    fetch::Session,
    insights::scaled,
    metrics::{ENGAGEMENTS, POST_INSIGHTS, Row},
    wire::{self, Post},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    http::Number,
    platforms::meta::{GraphCall, day_start},
    text::excerpt,
};

const OPERATION: &str = "posts";

/// Posts published since `since`, newest first, page by page. Those published after `date` have no
/// totals yet.
pub(super) fn snapshot(
    session: &Session,
    date: NaiveDate,
    since: NaiveDate,
) -> impl Stream<Item = Result<Batch>> + use<'_> {
    async_stream::try_stream! {
        let mut metrics = offered(session);
        if let Err(error) = try_page(session, since, &metrics).await {
            if !refuses_a_metric(&error) {
                Err(error)?;
            }
            find_refused(session, since, &metrics).await?;
            metrics = offered(session);
        }
        let call = call(session, since, &metrics);
        let mut pages = std::pin::pin!(session.graph.list::<Post>(
            &call,
            &session.tokens,
            session.page_size(),
        ));
        let mut seen = HashSet::new();
        while let Some(page) = pages.try_next().await? {
            let mut batch = Batch::default();
            for post in page {
                let published = post.created_time.pacific_day();
                if published < since || !seen.insert(post.id.clone()) {
                    continue;
                }
                if published <= date {
                    batch.counters.extend(counters(&post, &metrics)?);
                }
                batch.entities.push(entity(post));
            }
            yield batch;
        }
    }
}

fn call(session: &Session, since: NaiveDate, metrics: &[&Row]) -> GraphCall {
    let names: Vec<&str> = metrics.iter().map(|row| row.field).collect();
    let fields = if names.is_empty() {
        wire::POST_FIELDS.to_owned()
    } else {
        format!(
            "{},insights.metric({}).period(lifetime)",
            wire::POST_FIELDS,
            names.join(",")
        )
    };
    GraphCall::get(OPERATION, &session.page, &session.edge("published_posts"))
        .param("fields", fields)
        .param("since", day_start(since).to_string())
}

/// The insights that posts have, without those refused lately.
fn offered(session: &Session) -> Vec<&'static Row> {
    POST_INSIGHTS
        .iter()
        .filter(|row| !session.is_unsupported(row.field))
        .collect()
}

/// A metric that the platform refuses fails the whole list, unnamed: each is tried with a single
/// post.
async fn find_refused(session: &Session, since: NaiveDate, metrics: &[&'static Row]) -> Result<()> {
    for row in metrics {
        match try_page(session, since, &[row]).await {
            Err(error) if refuses_a_metric(&error) => {
                session
                    .unsupported
                    .mark(&session.key(row.field), session.now());
            }
            tried => tried?,
        }
    }
    Ok(())
}

async fn try_page(session: &Session, since: NaiveDate, metrics: &[&Row]) -> Result<()> {
    let call = call(session, since, metrics).param("limit", "1");
    session
        .graph
        .call::<serde::de::IgnoredAny>(&call, &session.tokens)
        .await
        .map(drop)
}

fn entity(post: Post) -> EntityRecord {
    let media = post.attachments.unwrap_or_default().data.into_iter().next();
    EntityRecord {
        name: post.message.as_deref().and_then(excerpt),
        permalink: post.permalink_url,
        thumbnail_url: post.full_picture,
        post: Some(PostDetails {
            published_at: post.created_time.0,
            kind: Some(
                media
                    .and_then(|media| media.media_type)
                    .map_or_else(|| "status".to_owned(), |kind| kind.to_lowercase()),
            ),
            text: post.message.filter(|text| !text.is_empty()),
            ends_at: None,
        }),
        ..EntityRecord::new(Level::Post, post.id)
    }
}

/// The totals of a post. What the platform does not tell of it has none.
fn counters(post: &Post, metrics: &[&Row]) -> Result<Vec<CounterRecord>> {
    let mut totals: BTreeMap<&str, Millionths> = BTreeMap::new();
    let counted = |field: &str, number: &Number| {
        number
            .exact()
            .map_err(|shown| wrong(post, field, &format!("is no exact number: `{shown}`")))
    };
    if let Some(reactions) = &post.reactions {
        totals.insert(
            "reactions",
            counted("reactions", &reactions.summary.total_count)?,
        );
    }
    if let Some(comments) = &post.comments {
        totals.insert(
            "comments",
            counted("comments", &comments.summary.total_count)?,
        );
    }
    let shares = post
        .shares
        .as_ref()
        .map(|shares| counted("shares", &shares.count));
    totals.insert("shares", shares.transpose()?.unwrap_or_default());
    let is_video = post
        .attachments
        .iter()
        .flat_map(|attachments| &attachments.data)
        .filter_map(|media| media.media_type.as_deref())
        .any(|kind| kind.eq_ignore_ascii_case("video"));
    for row in metrics {
        let told = post
            .insights
            .as_ref()
            .and_then(|insights| insights.metric(row.field)?.single());
        let Some(amount) = told else { continue };
        let value = amount.sum().map_err(|what| wrong(post, row.field, &what))?;
        let value = scaled(row, value)
            .ok_or_else(|| wrong(post, row.field, "has digits that cannot be stored"))?;
        // Posts without a video have zero views of it, which says nothing.
        if value.0 != 0 || is_video || !row.metric.starts_with("video_") {
            totals.insert(row.metric, value);
        }
    }
    let parts: Option<Vec<Millionths>> = ENGAGEMENTS
        .iter()
        .map(|part| totals.get(part).copied())
        .collect();
    if let Some(parts) = parts {
        let sum = parts
            .iter()
            .try_fold(0_i64, |sum, part| sum.checked_add(part.0))
            .ok_or_else(|| wrong(post, "engagements", "add up to more than can be stored"))?;
        totals.insert("engagements", Millionths(sum));
    }
    Ok(totals
        .into_iter()
        .map(|(metric, value)| CounterRecord {
            entity: post.id.as_str().into(),
            metric: MetricId::from(metric),
            value,
        })
        .collect())
}

fn wrong(post: &Post, field: &str, what: &str) -> Error {
    Error::new(
        ErrorKind::Decode,
        PLATFORM,
        OPERATION,
        format!("`{field}` of {} {what}", post.id),
    )
}
