//! Media as they are now: what they are, and their lifetime totals, by one call each.

use std::{collections::HashSet, pin::pin};

use analytics_core::model::{
    CounterRecord, EntityRecord, Level, MetricId, Millionths, PostDetails,
};
use chrono::{NaiveDate, TimeDelta};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};

use super::{
    PLATFORM,
    error::has_no_figures,
    fetch::Session,
    metrics::{Kind, Row, WATCH_TIME},
    wire::{self, Media},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    platforms::meta::{GraphCall, Insights, day_start},
    text::excerpt,
};

const LIST: &str = "posts";
const TOTALS: &str = "post insights";
/// How long a story stays.
const STORY_LIFE: TimeDelta = TimeDelta::hours(24);

/// Media published since `since`, newest first, and the stories of the last day. Those published
/// after `date` have no totals yet.
pub(super) fn snapshot(
    session: &Session,
    date: NaiveDate,
    since: NaiveDate,
) -> impl Stream<Item = Result<Batch>> + use<'_> {
    read(session, &["stories", "media"], date, since)
}

/// The stories that are there now.
pub(super) fn stories(
    session: &Session,
    date: NaiveDate,
) -> impl Stream<Item = Result<Batch>> + use<'_> {
    read(session, &["stories"], date, NaiveDate::MIN)
}

fn read<'a>(
    session: &'a Session,
    edges: &'static [&'static str],
    date: NaiveDate,
    since: NaiveDate,
) -> impl Stream<Item = Result<Batch>> + use<'a> {
    async_stream::try_stream! {
        let mut seen = HashSet::new();
        let mut refusals = Refusals::default();
        for edge in edges {
            let mut call = GraphCall::get(LIST, &session.profile, &session.edge(edge))
                .param("fields", wire::MEDIA_FIELDS);
            if *edge == "media" {
                call = call.param("since", day_start(since).to_string());
            }
            let size = session.page_size();
            let mut pages = pin!(session.graph.list::<Media>(&call, &session.tokens, size));
            while let Some(page) = pages.try_next().await? {
                let through = *edge == "media"
                    && page
                        .last()
                        .is_some_and(|media| media.timestamp.pacific_day() < since);
                let fresh: Vec<Media> = page
                    .into_iter()
                    .filter(|media| media.timestamp.pacific_day() >= since)
                    .filter(|media| seen.insert(media.id.clone()))
                    .collect();
                yield batch(session, date, fresh, &mut refusals).await?;
                if through {
                    break;
                }
            }
        }
        // One story of a quiet day says nothing of the profile.
        if edges.contains(&"media") {
            refusals.judge()?;
        }
    }
}

/// Media whose totals the platform refuses for a reason that is not known. One is its own affair;
/// if all are refused, it is the profile.
#[derive(Default)]
struct Refusals {
    counted: bool,
    first: Option<Error>,
}

impl Refusals {
    /// The totals, or nothing of a medium that was refused.
    fn pass(&mut self, totals: Result<Vec<CounterRecord>>) -> Result<Vec<CounterRecord>> {
        match totals {
            Err(error)
                if matches!(
                    error.kind,
                    ErrorKind::PermissionDenied | ErrorKind::InvalidRequest
                ) =>
            {
                tracing::warn!(%error, "a post has no figures");
                self.first.get_or_insert(error);
                Ok(Vec::new())
            }
            told => {
                self.counted |= told.is_ok();
                told
            }
        }
    }

    fn judge(self) -> Result<()> {
        match self.first {
            Some(error) if !self.counted => Err(error),
            _ => Ok(()),
        }
    }
}

/// The entities and totals of a page of media, as many calls at once as may be made.
async fn batch(
    session: &Session,
    date: NaiveDate,
    page: Vec<Media>,
    refusals: &mut Refusals,
) -> Result<Batch> {
    let counted: Vec<Counted> = page
        .iter()
        .filter(|media| media.timestamp.pacific_day() <= date)
        .map(Counted::of)
        .collect();
    let mut answers = pin!(
        stream::iter(counted)
            .map(|media| async move { totals(session, &media).await })
            .buffered(session.at_once())
    );
    let mut counters = Vec::new();
    while let Some(totals) = answers.next().await {
        counters.extend(refusals.pass(totals)?);
    }
    Ok(Batch {
        counters,
        entities: page.into_iter().map(entity).collect(),
        ..Batch::default()
    })
}

/// Media to be counted.
struct Counted {
    id: String,
    kind: Kind,
    /// The platform's own word for the kind: what is refused for one is not for another that is
    /// counted alike.
    product: String,
}

impl Counted {
    fn of(media: &Media) -> Self {
        Self {
            id: media.id.clone(),
            kind: kind(media),
            product: media.media_product_type.clone().unwrap_or_default(),
        }
    }
}

fn kind(media: &Media) -> Kind {
    match media.media_product_type.as_deref() {
        Some("REELS") => Kind::Reels,
        Some("STORY") => Kind::Story,
        // Boosted media are counted like those of the feed, and so is what is new.
        _ => Kind::Feed,
    }
}

fn entity(media: Media) -> EntityRecord {
    let words = match kind(&media) {
        Kind::Reels => "reels",
        Kind::Story => "story",
        Kind::Feed => match media.media_type.as_deref() {
            Some("CAROUSEL_ALBUM") => "carousel",
            Some("VIDEO") => "video",
            _ => "image",
        },
    };
    let is_video = media.media_type.as_deref() == Some("VIDEO");
    let ends_at = (kind(&media) == Kind::Story).then(|| media.timestamp.0 + STORY_LIFE);
    EntityRecord {
        name: media.caption.as_deref().and_then(excerpt),
        permalink: media.permalink,
        thumbnail_url: media
            .thumbnail_url
            .or(media.media_url.filter(|_| !is_video)),
        post: Some(PostDetails {
            published_at: media.timestamp.0,
            kind: Some(words.to_owned()),
            text: media.caption.filter(|text| !text.is_empty()),
            ends_at,
        }),
        ..EntityRecord::new(Level::Post, media.id)
    }
}

/// The totals of one post; none of one that has no figures. A metric that the platform refuses for
/// this kind of media is left out from then on.
async fn totals(session: &Session, media: &Counted) -> Result<Vec<CounterRecord>> {
    let rows = media.kind.totals();
    let fields: Vec<&str> = rows.iter().map(|row| row.field).collect();
    let ask = |metrics: String| async move {
        let call = GraphCall::get(TOTALS, &session.profile, &format!("{}/insights", media.id))
            .param("metric", metrics);
        match session.graph.call(&call, &session.tokens).await {
            Err(error) if has_no_figures(&error) => Ok(Insights::default()),
            answer => answer,
        }
    };
    let key = |field: &str| format!("{}.{field}", media.product);
    let answer = session.supported(&fields, key, ask).await?;
    counters(media, rows, &answer)
}

fn counters(media: &Counted, rows: &[Row], answer: &Insights) -> Result<Vec<CounterRecord>> {
    let wrong = |row: &Row, what: &str| {
        Error::new(
            ErrorKind::Decode,
            PLATFORM,
            TOTALS,
            format!("`{}` of {} {what}", row.field, media.id),
        )
    };
    let mut counters = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(amount) = answer
            .metric(row.field)
            .and_then(|insight| insight.single())
        else {
            continue;
        };
        let mut value = amount.sum().map_err(|what| wrong(row, &what))?;
        if row.field == WATCH_TIME.field {
            if value.0 % 1000 != 0 {
                return Err(wrong(row, "has digits that cannot be stored"));
            }
            value = Millionths(value.0 / 1000);
        }
        counters.push(CounterRecord {
            entity: media.id.as_str().into(),
            metric: MetricId::from(row.metric),
            value,
        });
    }
    Ok(counters)
}
