//! Insights of a page: a row for each day whose first second lies between `since` and `until`,
//! stamped with the end of the day. The running day is there too.

use analytics_core::model::DateRange;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::GATE;
use crate::simulator::{
    Inner,
    meta::{
        days::{self, Span},
        error::GraphError,
        gate::Reply,
        request::GraphRequest,
    },
    world::{
        AsOf,
        media::{MediaAccount, MediaMeasure},
    },
};

const LONGEST_SECONDS: i64 = 7_776_000;
const HISTORY_DAYS: u64 = 730;
const PERIODS: [(&str, u64); 3] = [("day", 1), ("week", 7), ("days_28", 28)];

/// Metrics with the periods they have beyond days.
const METRICS: [(&str, bool); 17] = [
    ("page_media_view", true),
    ("page_total_media_view_unique", true),
    ("page_post_engagements", true),
    ("page_views_total", true),
    ("page_follows", false),
    ("page_daily_follows", false),
    ("page_daily_follows_unique", false),
    ("page_daily_unfollows_unique", false),
    ("page_actions_post_reactions_total", false),
    ("page_actions_post_reactions_like_total", true),
    ("page_actions_post_reactions_love_total", true),
    ("page_video_views", true),
    ("page_video_complete_views_30s", true),
    ("page_video_view_time", false),
    ("page_total_actions", true),
    ("page_messages_new_conversations_unique", true),
    ("page_fan_adds_by_paid_non_paid_unique", false),
];

pub(super) fn get(
    sim: &Inner,
    request: &GraphRequest,
    page: &MediaAccount,
) -> Result<Reply, GraphError> {
    let params = &request.params;
    let Some(asked) = params.get("metric") else {
        return Err(GraphError::new(
            3001,
            "(#3001) No metric was specified to be fetched. Please specify one or more metrics",
        )
        .subcode(1_504_028));
    };
    let names: Vec<&str> = asked.split(',').map(str::trim).collect();
    if names
        .iter()
        .any(|name| METRICS.iter().all(|(known, _)| known != name))
    {
        return Err(GraphError::parameter(
            "The value must be a valid insights metric",
        ));
    }
    let breakdown = params.get("breakdown").or(params.get("breakdowns"));
    if breakdown.is_some_and(|by| by != "is_from_ads")
        || (breakdown.is_some() && names != ["page_media_view"])
    {
        return Err(GraphError::parameter(
            "The metric does not support the breakdown that was asked for",
        ));
    }
    let periods: Vec<(&str, u64)> = match params.get("period") {
        // Without a period the platform answers for every one it has.
        None => PERIODS.to_vec(),
        Some(name) => vec![
            *PERIODS
                .iter()
                .find(|(known, _)| *known == name)
                .ok_or_else(|| GraphError::parameter(format!("period: {name} is not supported")))?,
        ],
    };
    let now = sim.now();
    let span = days::span(request, now, 2)?;
    if span.seconds() > LONGEST_SECONDS {
        return Err(GraphError::parameter(
            "There cannot be more than 90 days (7776000 s) between since and until",
        ));
    }
    GATE.too_much(sim)?;
    let as_of = page.as_of(now);
    let mut data = Vec::new();
    for name in names {
        for (period, length) in &periods {
            let longer = METRICS
                .iter()
                .any(|(known, longer)| *known == name && *longer);
            if *length > 1 && !longer {
                continue;
            }
            let values = values(page, name, *length, span, as_of, breakdown.is_some());
            if let Some(values) = values {
                data.push(json!({
                    "name": name, "period": period, "values": values,
                    "title": null, "description": null,
                    "id": format!("{}/insights/{name}/{period}", page.id),
                }));
            }
        }
    }
    let body = json!({
        "data": data,
        // Leads through time for ever.
        "paging": { "previous": request.next_page("previous"), "next": request.next_page("next") },
    });
    Ok(Reply {
        body: body.to_string(),
        account: Some(page.id.clone()),
        insights: true,
    })
}

/// The rows of a metric; none if the platform has none of it for this page.
fn values(
    page: &MediaAccount,
    name: &str,
    length: u64,
    span: Span,
    as_of: AsOf,
    by_ads: bool,
) -> Option<Vec<Value>> {
    let oldest = as_of
        .today
        .checked_sub_days(Days::new(HISTORY_DAYS))
        .unwrap_or(as_of.today);
    let mut rows = Vec::new();
    for date in span
        .days()
        .filter(|date| *date >= oldest && *date <= as_of.today)
    {
        let start = date.checked_sub_days(Days::new(length - 1)).unwrap_or(date);
        let days = DateRange { start, end: date };
        let end_time = days::stamp(date.succ_opt().unwrap_or(date));
        if by_ads {
            let paid = page.total(MediaMeasure::ViewsFromAds, days, as_of);
            let all = page.total(MediaMeasure::Views, days, as_of);
            // A bucket without anything is left out.
            for (bucket, value) in [("0", all - paid), ("1", paid)] {
                if value > 0 || bucket == "0" {
                    rows.push(
                        json!({ "value": value, "end_time": end_time, "is_from_ads": bucket }),
                    );
                }
            }
        } else {
            rows.push(json!({ "value": value(page, name, days, as_of)?, "end_time": end_time }));
        }
    }
    (!page.is_small(as_of)).then_some(rows)
}

fn value(page: &MediaAccount, name: &str, days: DateRange, as_of: AsOf) -> Option<Value> {
    use MediaMeasure::{
        Clicks, Comments, ContactClicks, Follows, Like, Love, ProfileViews, Shares, Unfollows,
        VideoViews, Views, WatchMilliseconds,
    };
    let total = |measure| page.total(measure, days, as_of);
    let reactions = || MediaMeasure::REACTIONS.map(|(measure, kind)| (kind, total(measure)));
    let measure = match name {
        "page_total_media_view_unique" => return Some(page.reach(days, as_of).into()),
        "page_follows" => return Some(follows(page, days.end, as_of).into()),
        "page_post_engagements" => {
            let sum: i64 = reactions().iter().map(|(_, count)| count).sum();
            return Some((sum + total(Comments) + total(Shares) + total(Clicks)).into());
        }
        "page_actions_post_reactions_total" => {
            let kinds = reactions();
            let map = kinds.into_iter().filter(|(_, count)| *count != 0);
            return Some(
                map.map(|(kind, count)| (kind.to_owned(), Value::from(count)))
                    .collect::<serde_json::Map<_, _>>()
                    .into(),
            );
        }
        "page_media_view" => Views,
        "page_views_total" => ProfileViews,
        "page_daily_follows" | "page_daily_follows_unique" => Follows,
        "page_daily_unfollows_unique" => Unfollows,
        "page_actions_post_reactions_like_total" => Like,
        "page_actions_post_reactions_love_total" => Love,
        "page_video_views" => VideoViews,
        "page_video_view_time" => WatchMilliseconds,
        "page_total_actions" => ContactClicks,
        _ => return None,
    };
    (!page.lacks.contains(&measure)).then(|| total(measure).into())
}

/// Followers at the end of a day; of the newest one the platform repeats the day before.
pub(super) fn follows(page: &MediaAccount, date: NaiveDate, as_of: AsOf) -> i64 {
    let known = if as_of.age(date) <= 1 {
        date.pred_opt().unwrap_or(date)
    } else {
        date
    };
    page.followers_on(known)
}
