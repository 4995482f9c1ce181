//! How many posts were published on each day.

use std::collections::BTreeMap;

use analytics_core::model::{DateRange, FactRecord, MetricGap, MetricId, Millionths};
use chrono::NaiveDate;

use super::{
    PLATFORM,
    fetch::Session,
    rows::{self, EDITABLE},
    timeline::{self, Question},
    wire::COUNTED_FIELDS,
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
};

const COUNT: &str = "count posts";
const METRIC: &str = "posts";
/// The list shows so many of a user's newest posts, reposts and replies included.
const REACHABLE: i64 = 3_200;
/// Without replies it shows fewer.
const REACHABLE_WITHOUT_REPLIES: i64 = 800;
/// Why older days are not known.
const TOO_FAR: &str = "X lists no older posts of this account";

/// Posts by the day of their publication. Days that the list does not reach are gaps, not zeros.
pub(super) async fn per_day(session: &Session, range: DateRange) -> Result<Batch> {
    let end = range.end.succ_opt().unwrap_or(range.end);
    let question = Question {
        operation: COUNT,
        fields: COUNTED_FIELDS,
        start: Some(session.day_start(range.start)),
        // The list goes by the time of the newest version.
        end: Some(session.day_start(end) + EDITABLE),
        only_look: false,
    };
    let timeline = timeline::read(session, question).await?;
    let mut days: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for post in &timeline.posts {
        let at = rows::published(COUNT, post)?.with_timezone(&session.zone);
        if range.contains(at.date_naive()) {
            *days.entry(at.date_naive()).or_default() += 1;
        }
    }
    let whole = timeline.ended && (reaches_all(session).await? || older(session, range).await?);
    let mut batch = Batch::default();
    if !whole {
        // Of the oldest day that was seen, some posts may lie beyond as well.
        let last = days.keys().next().copied().unwrap_or(range.end);
        batch.gaps.push(MetricGap {
            metric: MetricId::from(METRIC),
            range: DateRange {
                start: range.start,
                end: last,
            },
            reason: TOO_FAR.to_owned(),
        });
        days.remove(&last);
    }
    batch.facts = days
        .into_iter()
        .map(|(date, posts)| FactRecord {
            entity: session.user.as_str().into(),
            metric: MetricId::from(METRIC),
            date,
            value: Millionths(Millionths::SCALE.saturating_mul(posts)),
        })
        .collect();
    Ok(batch)
}

/// Whether the account has no more posts than the list shows.
async fn reaches_all(session: &Session) -> Result<bool> {
    let user = session
        .api
        .user(COUNT, Some(&session.user), &session.tokens)
        .await?;
    let total = user
        .public_metrics
        .and_then(|metrics| metrics.tweet_count.or(metrics.post_count))
        .map(|number| {
            number.exact().map_err(|found| {
                let what = format!("`public_metrics.tweet_count` is no number: `{found}`");
                Error::new(ErrorKind::Decode, PLATFORM, COUNT, what)
            })
        })
        .transpose()?;
    let reachable = if session.config.replies {
        REACHABLE
    } else {
        REACHABLE_WITHOUT_REPLIES
    };
    Ok(total.is_some_and(|total| total.0 <= reachable * Millionths::SCALE))
}

/// Whether the list shows an older post than those of a range: then it shows all of the range.
async fn older(session: &Session, range: DateRange) -> Result<bool> {
    let question = Question {
        operation: COUNT,
        fields: COUNTED_FIELDS,
        start: None,
        end: Some(session.day_start(range.start)),
        only_look: true,
    };
    Ok(!timeline::read(session, question).await?.posts.is_empty())
}
