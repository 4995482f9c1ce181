//! Campaigns, ad sets and ads: names, status, hierarchy.

use analytics_core::model::Level;
use chrono::{NaiveDate, TimeZone};
use serde_json::{Map, Value, json};

use super::{Reply, filter};
use crate::simulator::{
    Inner,
    meta::{
        error::GraphError,
        paging::Page,
        project::project,
        request::{GraphRequest, parse_fields},
    },
    world::{
        AsOf,
        ads::{AdAccount, Goal, Status},
    },
};

/// The vendor's word for a status, at a level.
pub(super) fn status_word(level: Level, status: Status) -> &'static str {
    match status {
        Status::Active => "ACTIVE",
        Status::Paused => "PAUSED",
        Status::GroupPaused if level == Level::Ad => "ADSET_PAUSED",
        Status::GroupPaused | Status::CampaignPaused => "CAMPAIGN_PAUSED",
        Status::Archived => "ARCHIVED",
        Status::Deleted => "DELETED",
    }
}

/// The vendor's word for what a campaign is for.
pub(super) fn objective(goal: Goal) -> &'static str {
    match goal {
        Goal::Shop => "OUTCOME_SALES",
        Goal::Leads => "OUTCOME_LEADS",
        Goal::Traffic => "OUTCOME_TRAFFIC",
        Goal::Video => "OUTCOME_AWARENESS",
        Goal::Engagement => "OUTCOME_ENGAGEMENT",
    }
}

/// The vendor's word for what an ad set is optimized for.
pub(super) fn optimization(goal: Goal) -> &'static str {
    match goal {
        Goal::Shop => "OFFSITE_CONVERSIONS",
        Goal::Leads => "LEAD_GENERATION",
        Goal::Traffic => "LINK_CLICKS",
        Goal::Video => "THRUPLAY",
        Goal::Engagement => "POST_ENGAGEMENT",
    }
}

/// Everything of a level. Archived things only on demand, deleted ones never.
pub(super) fn list(
    sim: &Inner,
    request: &GraphRequest,
    account: &AdAccount,
    level: Level,
) -> Result<Reply, GraphError> {
    let as_of = account.as_of(sim.now());
    let fields = parse_fields(request.params.get("fields").unwrap_or("id"))?;
    let filters = filter::parse(&request.params)?;
    let wants_archived = filters.iter().any(filter::Filter::names_archived);
    let mut rows = Vec::new();
    for index in 0..account.count(level) {
        let status = account.status(level, index, as_of);
        let listed = match status {
            Status::Deleted => false,
            Status::Archived => wants_archived,
            _ => true,
        };
        if listed
            && account.started(level, index) <= as_of.today
            && filter::keeps_entity(&filters, account, level, index, as_of)?
        {
            rows.push(index);
        }
    }
    let page = Page::of(request)?;
    let data = rows[page.within(rows.len())]
        .iter()
        .map(|index| {
            let object = describe(request, account, level, *index, as_of);
            project(kind(level), &object, &fields).map(Value::Object)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let body = json!({ "data": data, "paging": page.paging(request, rows.len()) });
    Ok(Reply {
        body: body.to_string(),
        account: Some(account.id.clone()),
        insights: false,
    })
}

/// One object by id, a deleted one too.
pub(super) fn one(
    sim: &Inner,
    request: &GraphRequest,
    account: &AdAccount,
    level: Level,
    index: usize,
) -> Result<Reply, GraphError> {
    let fields = parse_fields(request.params.get("fields").unwrap_or("id"))?;
    let object = describe(request, account, level, index, account.as_of(sim.now()));
    let answer = project(kind(level), &object, &fields)?;
    Ok(Reply {
        body: Value::Object(answer).to_string(),
        account: Some(account.id.clone()),
        insights: false,
    })
}

fn kind(level: Level) -> &'static str {
    match level {
        Level::Campaign => "Campaign",
        Level::AdGroup => "AdSet",
        _ => "Ad",
    }
}

fn describe(
    request: &GraphRequest,
    account: &AdAccount,
    level: Level,
    index: usize,
    as_of: AsOf,
) -> Map<String, Value> {
    let time = |date: NaiveDate| {
        let local = date.and_hms_opt(10, 15, 0).unwrap_or_default();
        let at = account.time_zone.from_local_datetime(&local).earliest();
        at.map(|at| at.format("%Y-%m-%dT%H:%M:%S%z").to_string())
    };
    let effective = account.status(level, index, as_of);
    let configured = match effective {
        Status::GroupPaused | Status::CampaignPaused => Status::Active,
        other => other,
    };
    let starts = account.started(level, index);
    let mut object = json!({
        "id": account.entity_id(level, index),
        "account_id": account.id,
        "status": status_word(level, configured),
        "configured_status": status_word(level, configured),
        "effective_status": status_word(level, effective),
        "created_time": time(starts),
        "updated_time": time(starts),
    });
    let more = match level {
        Level::Campaign => {
            let campaign = &account.campaigns[index];
            json!({
                "name": campaign.name,
                "objective": objective(campaign.goal),
                "buying_type": "AUCTION",
                "daily_budget": campaign.daily_budget.to_string(),
                "start_time": time(starts),
                "stop_time": campaign.ends.and_then(time),
                "special_ad_categories": [],
            })
        }
        Level::AdGroup => {
            let group = &account.groups[index];
            let campaign = &account.campaigns[group.campaign];
            json!({
                "name": group.name,
                "campaign_id": campaign.id.to_string(),
                "campaign": { "id": campaign.id.to_string(), "name": campaign.name },
                "optimization_goal": optimization(campaign.goal),
                "billing_event": "IMPRESSIONS",
                "attribution_spec": [{ "event_type": "CLICK_THROUGH", "window_days": 7 }],
                "start_time": time(starts),
                "end_time": campaign.ends.and_then(time),
            })
        }
        _ => {
            let ad = &account.ads[index];
            let (group, campaign) = (&account.groups[ad.group], &account.campaigns[ad.campaign]);
            json!({
                "name": ad.name,
                "campaign_id": campaign.id.to_string(),
                "campaign": { "id": campaign.id.to_string(), "name": campaign.name },
                "adset_id": group.id.to_string(),
                "adset": { "id": group.id.to_string(), "name": group.name },
                "preview_shareable_link": format!("{}/pictures/{}", request.base, ad.id),
                "creative": {
                    "id": (ad.id + 7).to_string(),
                    "name": ad.name,
                    "thumbnail_url": format!("{}/pictures/{}", request.base, ad.id),
                    "image_url": format!("{}/pictures/{}", request.base, ad.id),
                },
            })
        }
    };
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
