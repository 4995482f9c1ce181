//! Lists of the things of an account.

use serde_json::{Value, json};

use super::{
    entity::{Entity, funding_instrument},
    error::ApiError,
    ids,
    params::{MOST_IDS, Params},
    placement::Placement,
    time::{midnight, spelt},
};
use crate::simulator::{
    Inner,
    world::{
        AsOf,
        ads::{AdAccount, Goal, Status},
    },
};

/// `GET accounts/:id/<things>`.
pub(super) fn list(
    sim: &Inner,
    account: &AdAccount,
    entity: Entity,
    params: &Params,
) -> Result<Value, ApiError> {
    let as_of = account.as_of(sim.now());
    params.flag("with_draft")?;
    let with_deleted = params.flag("with_deleted")?;
    let level = entity.level();
    // Every filter there is names things that hold the listed ones, or these themselves.
    let mut filters = Vec::new();
    for by in [
        Entity::FundingInstrument,
        Entity::Campaign,
        Entity::LineItem,
        Entity::PromotedTweet,
    ] {
        if let Some(ids) = params.list(by.ids(), MOST_IDS)? {
            filters.push((by, ids));
        }
    }
    let is_wanted = |index: usize| {
        filters.iter().all(|(by, ids)| {
            let id = match by {
                Entity::FundingInstrument => funding_instrument(account),
                _ => {
                    let ad = account.ads_of(level, index).next().unwrap_or_default();
                    account.entity_id(by.level(), account.holder(ad, by.level()))
                }
            };
            ids.contains(&id.as_str())
        })
    };
    let rows = (0..account.count(level))
        .filter(|index| account.started(level, *index) <= as_of.today && is_wanted(*index))
        .map(|index| describe(account, entity, index, as_of))
        .filter(|row| with_deleted || row["deleted"] == false);
    let rows = sorted(params, rows.collect())?;
    Ok(params.page(rows)?.body(&params.echo(Some(&account.id))))
}

/// The rows in the order that is asked for.
pub(super) fn sorted(params: &Params, mut rows: Vec<Value>) -> Result<Vec<Value>, ApiError> {
    let Some(by) = params.get("sort_by") else {
        return Ok(rows);
    };
    let wrong = || ApiError::invalid("sort_by", by, "expected a field and -asc or -desc");
    let (field, order) = by.split_once('-').unwrap_or((by, "asc"));
    if !["created_at", "updated_at"].contains(&field) || !["asc", "desc"].contains(&order) {
        return Err(wrong());
    }
    rows.sort_by_cached_key(|row| row[field].as_str().unwrap_or_default().to_owned());
    if order == "desc" {
        rows.reverse();
    }
    Ok(rows)
}

fn describe(account: &AdAccount, entity: Entity, index: usize, as_of: AsOf) -> Value {
    let level = entity.level();
    let status = account.status(level, index, as_of);
    let (entity_status, effective) = match status {
        Status::Active => ("ACTIVE", "RUNNING"),
        Status::CampaignPaused | Status::GroupPaused => ("ACTIVE", "PAUSED"),
        Status::Paused | Status::Archived | Status::Deleted => ("PAUSED", "PAUSED"),
    };
    let created = midnight(account.started(level, index), account.time_zone);
    let mut row = json!({
        "id": account.entity_id(level, index),
        "entity_status": entity_status,
        "created_at": spelt(created),
        "updated_at": spelt(created),
        "deleted": matches!(status, Status::Archived | Status::Deleted),
    });
    let more = match entity {
        Entity::Account | Entity::FundingInstrument => json!({
            "id": funding_instrument(account), "type": "CREDIT_CARD",
            "description": "Visa - 4242", "currency": account.currency.as_str(),
            "credit_limit_local_micro": null, "able_to_fund": true, "deleted": false,
        }),
        Entity::Campaign => campaign(account, index, effective),
        Entity::LineItem => line_item(account, index),
        Entity::PromotedTweet => {
            let ad = &account.ads[index];
            json!({
                "line_item_id": account.entity_id(Entity::LineItem.level(), ad.group),
                "tweet_id": ids::tweet(ad.id).to_string(),
                "approval_status": "ACCEPTED",
            })
        }
    };
    for (name, value) in more.as_object().into_iter().flatten() {
        row[name] = value.clone();
    }
    row
}

fn campaign(account: &AdAccount, index: usize, effective: &str) -> Value {
    let campaign = &account.campaigns[index];
    json!({
        "name": campaign.name,
        "funding_instrument_id": funding_instrument(account),
        "effective_status": effective,
        "servable": effective == "RUNNING",
        "currency": account.currency.as_str(),
        "daily_budget_amount_local_micro":
            campaign.daily_budget * 10_i64.pow(6 - account.minor_digits),
        "total_budget_amount_local_micro": null,
        "purchase_order_number": null,
    })
}

fn line_item(account: &AdAccount, index: usize) -> Value {
    let group = &account.groups[index];
    let campaign = &account.campaigns[group.campaign];
    let (objective, goal) = match campaign.goal {
        Goal::Shop => ("WEBSITE_CLICKS", "WEBSITE_CONVERSIONS"),
        Goal::Leads => ("WEBSITE_CLICKS", "SITE_VISITS"),
        Goal::Traffic => ("WEBSITE_CLICKS", "LINK_CLICKS"),
        Goal::Video => ("VIDEO_VIEWS", "VIDEO_VIEW"),
        Goal::Engagement => ("ENGAGEMENTS", "ENGAGEMENT"),
    };
    let places = Placement::of(campaign).iter();
    let after = campaign.ends.and_then(|end| end.succ_opt());
    json!({
        "name": group.name,
        "campaign_id": account.entity_id(Entity::Campaign.level(), group.campaign),
        "objective": objective, "goal": goal, "product_type": "PROMOTED_TWEETS",
        "placements": places.map(|place| place.name()).collect::<Vec<_>>(),
        "currency": account.currency.as_str(),
        "start_time": spelt(midnight(group.starts, account.time_zone)),
        "end_time": after.map(|date| spelt(midnight(date, account.time_zone))),
    })
}
