//! What there is below an account, what was deleted included, and which of it delivered when.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use analytics_core::model::{DateRange, EntityRecord, Level};
use chrono::{Days, NaiveDate};

use super::{
    api::Call,
    days::Spelling,
    fetch::Session,
    wire::{Active, Thing, Tweet},
};
use crate::{error::Result, text::excerpt};

/// Ids of one call.
const IDS: usize = 200;
/// Where what is not of a single place is delivered.
pub(super) const EVERYWHERE: &str = "ALL_ON_TWITTER";
/// What is not in it; other places that are told are.
const BESIDE: [&str; 3] = ["SPOTLIGHT", "TREND", "PUBLISHER_NETWORK"];
/// What happens in a window may be recorded that much later.
const RECORDED_AFTER: Days = Days::new(2);
/// Days that activity is told of at once.
const ACTIVITY_DAYS: Days = Days::new(88);

/// What a level's things are called in questions about figures.
pub(super) fn entity(level: Level) -> &'static str {
    match level {
        Level::AdGroup => "LINE_ITEM",
        Level::Ad => "PROMOTED_TWEET",
        Level::Account | Level::Campaign | Level::Post => "CAMPAIGN",
    }
}

/// Where things delivered in a window: placement → ids.
pub(super) type Delivered = BTreeMap<String, BTreeSet<String>>;

/// The things of a level that had figures in `range`, or whose figures of then were corrected, and
/// where they were shown.
pub(super) async fn delivered(
    session: &Session,
    level: Level,
    range: DateRange,
) -> Result<Delivered> {
    let later = |date: NaiveDate, days| date.checked_add_days(days).unwrap_or(date);
    let end = later(range.end, RECORDED_AFTER)
        .min(later(range.start, ACTIVITY_DAYS))
        .min(session.today);
    let recorded = DateRange {
        start: range.start,
        end: end.max(range.end),
    };
    let [start, end] = session
        .zones
        .ends(recorded, Spelling::OffsetOfDate, session.today);
    let call = Call {
        operation: "active entities",
        account: session.account(),
        path: vec!["stats", "accounts", session.account(), "active_entities"],
        params: vec![
            ("entity", entity(level).to_owned()),
            ("start_time", start),
            ("end_time", end),
        ],
    };
    let listed: super::wire::Listed<Active> = session.api.get(&call, &session.tokens).await?;
    let mut delivered = Delivered::new();
    for active in listed.data {
        // Everything may have figures of the whole; places beside it only where they are told.
        let beside = active.placements.into_iter();
        let beside = beside.filter(|place| BESIDE.contains(&place.as_str()));
        for placement in std::iter::once(EVERYWHERE.to_owned()).chain(beside) {
            let ids = delivered.entry(placement).or_default();
            ids.insert(active.entity_id.clone());
        }
    }
    Ok(delivered)
}

/// The things of a level that `wanted` names, each below what holds it.
pub(super) async fn described(
    session: &Session,
    level: Level,
    wanted: &BTreeSet<String>,
) -> Result<Vec<EntityRecord>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let things = list(session, level, wanted).await?;
    let mut records = Vec::new();
    if level == Level::Ad {
        let groups: BTreeSet<String> = things
            .iter()
            .filter_map(|thing| thing.line_item_id.clone())
            .collect();
        let above = list(session, Level::AdGroup, &groups).await?;
        let above = above.into_iter();
        records.extend(above.map(|thing| record(Level::AdGroup, thing, None)));
        let texts = texts(session, &things).await?;
        records.extend(things.into_iter().map(|thing| {
            let text = thing.tweet_id.as_ref().and_then(|id| texts.get(id));
            let text = text.cloned();
            record(Level::Ad, thing, text)
        }));
    } else {
        let own = things.into_iter().map(|thing| record(level, thing, None));
        records.extend(own);
    }
    Ok(records)
}

/// The things of these ids, each once.
async fn list(session: &Session, level: Level, ids: &BTreeSet<String>) -> Result<Vec<Thing>> {
    let (list, by) = match level {
        Level::AdGroup => ("line_items", "line_item_ids"),
        Level::Ad => ("promoted_tweets", "promoted_tweet_ids"),
        Level::Account | Level::Campaign | Level::Post => ("campaigns", "campaign_ids"),
    };
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut things = Vec::new();
    for ids in ids.chunks(IDS) {
        let call = Call {
            operation: "list what there is",
            account: session.account(),
            path: vec!["accounts", session.account(), list],
            params: vec![("with_deleted", "true".to_owned()), (by, ids.join(","))],
        };
        let listed: Vec<Thing> = session.api.list(&call, &session.tokens).await?;
        things.extend(
            listed
                .into_iter()
                .filter(|thing| ids.contains(&thing.id.as_str())),
        );
    }
    Ok(things)
}

/// What promoted posts say: they have no names.
async fn texts(session: &Session, things: &[Thing]) -> Result<HashMap<String, String>> {
    let ids: BTreeSet<&str> = things
        .iter()
        .filter_map(|thing| thing.tweet_id.as_deref())
        .collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut texts = HashMap::new();
    for ids in ids.chunks(IDS) {
        for timeline in ["NULLCAST", "ORGANIC"] {
            let call = Call {
                operation: "read promoted posts",
                account: session.account(),
                path: vec!["accounts", session.account(), "tweets"],
                params: vec![
                    ("tweet_type", "PUBLISHED".to_owned()),
                    ("timeline_type", timeline.to_owned()),
                    ("tweet_ids", ids.join(",")),
                ],
            };
            let posts: Vec<Tweet> = session.api.list(&call, &session.tokens).await?;
            let named = posts.into_iter().filter_map(|post| {
                let text = post.full_text.as_deref().and_then(excerpt)?;
                Some((post.id_str, text))
            });
            texts.extend(named);
        }
    }
    Ok(texts)
}

fn record(level: Level, thing: Thing, text: Option<String>) -> EntityRecord {
    let parent = match level {
        Level::AdGroup => thing.campaign_id,
        Level::Ad => thing.line_item_id,
        Level::Account | Level::Campaign | Level::Post => None,
    };
    let status = match thing.entity_status {
        _ if thing.deleted => Some("deleted".to_owned()),
        status => status.map(|status| status.to_lowercase()),
    };
    EntityRecord {
        parent_external_id: parent,
        name: thing.name.or(text).filter(|name| !name.is_empty()),
        status,
        ..EntityRecord::new(level, thing.id)
    }
}
