//! What moved within a window, and how many people it reached.

use std::collections::BTreeMap;

use analytics_core::model::{DateRange, Level};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{
    entity::{Entity, funding_instrument},
    error::ApiError,
    params::{MOST_IDS, Params},
    placement::Placement,
    time::{Window, midnight, spelt},
};
use crate::simulator::{
    Inner,
    world::{BILLING_SETTLES, Figures, ads::AdAccount, counts::Measure},
};

const LONGEST: i64 = 90;
/// Campaigns of a question about reach.
const MOST_CAMPAIGNS: usize = 20;
/// Days on which every figure is still corrected.
const CORRECTIONS: i64 = 2;

/// The ads that a filter leaves.
fn filter(account: &AdAccount, params: &Params, now: DateTime<Utc>) -> Result<Vec<bool>, ApiError> {
    let mut left = vec![true; account.ads.len()];
    let mut filters = 0;
    for by in [
        Entity::FundingInstrument,
        Entity::Campaign,
        Entity::LineItem,
    ] {
        let Some(ids) = params.list(by.ids(), MOST_IDS)? else {
            continue;
        };
        filters += 1;
        let mut wanted = Vec::new();
        for id in ids {
            wanted.push(by.find(account, id, account.as_of(now))?);
        }
        for (ad, left) in left.iter_mut().enumerate() {
            *left = wanted.contains(&account.holder(ad, by.level()));
        }
    }
    if filters > 1 {
        let message = "only one filter at a time";
        return Err(ApiError::new(400, "EXCLUSIVE_PARAMETERS", message));
    }
    Ok(left)
}

fn placements(account: &AdAccount, ads: &[usize]) -> Vec<&'static str> {
    let campaigns = || {
        ads.iter()
            .map(|ad| &account.campaigns[account.ads[*ad].campaign])
    };
    let is_used =
        |place: &Placement| campaigns().any(|campaign| Placement::of(campaign).contains(place));
    let used = Placement::ALL.into_iter().filter(is_used);
    used.map(Placement::name).collect()
}

/// `GET stats/accounts/:id/active_entities`.
pub(super) fn active(sim: &Inner, account: &AdAccount, params: &Params) -> Result<Value, ApiError> {
    let word = params.required("entity")?;
    let entity = Entity::named(word).filter(|entity| *entity != Entity::Account);
    let entity = entity.ok_or_else(|| ApiError::invalid("entity", word, "is not listed"))?;
    let zone = account.time_zone;
    let window = Window::parse(params, zone, LONGEST)?;
    let now = sim.now();
    let left = filter(account, params, now)?;
    let mut days = window.touched(zone);
    days.end = days.end.min(account.as_of(now).today);
    let oldest = days.start - Days::new(BILLING_SETTLES.unsigned_abs());
    // First and last day, and the ads.
    let mut active: BTreeMap<usize, (DateRange, Vec<usize>)> = BTreeMap::new();
    for date in oldest.iter_days().take_while(|date| *date <= days.end) {
        let age = |of: NaiveDate| (of - date).num_days();
        let ages = age(days.start)..=age(days.end);
        for day in account.settled_days(date) {
            let moved = *ages.start() <= CORRECTIONS || day.corrections.any_within(ages.clone());
            if left[day.ad] && moved {
                let (range, ads) = active
                    .entry(account.holder(day.ad, entity.level()))
                    .or_insert_with(|| (DateRange::day(date), Vec::new()));
                range.end = date;
                ads.push(day.ad);
            }
        }
    }
    let rows = active.into_iter().map(|(index, (range, ads))| {
        let id = match entity {
            Entity::FundingInstrument => funding_instrument(account),
            _ => account.entity_id(entity.level(), index),
        };
        let after = range.end.succ_opt().unwrap_or(range.end);
        let end = (midnight(after, zone) - Duration::seconds(1)).min(now);
        json!({
            "entity_id": id,
            "activity_start_time": spelt(midnight(range.start, zone) + Duration::seconds(605)),
            "activity_end_time": spelt(end),
            "placements": placements(account, &ads),
        })
    });
    let rows: Vec<Value> = rows.collect();
    let mut told = params.echo(Some(&account.id));
    told["start_time"] = json!(spelt(window.start));
    told["end_time"] = json!(spelt(window.end));
    Ok(json!({ "request": { "params": told }, "data": rows }))
}

/// `GET stats/accounts/:id/reach/campaigns`.
pub(super) fn reach(sim: &Inner, account: &AdAccount, params: &Params) -> Result<Value, ApiError> {
    params.required("campaign_ids")?;
    let ids = params
        .list("campaign_ids", MOST_CAMPAIGNS)?
        .unwrap_or_default();
    let window = Window::parse(params, account.time_zone, LONGEST)?;
    let range = window.days(account.time_zone)?;
    let as_of = account.as_of(sim.now());
    let all: Vec<Figures> = account.figures(Level::Campaign, range, as_of);
    let mut rows = Vec::new();
    for id in ids {
        let index = Entity::Campaign.find(account, id, as_of)?;
        let known = all.iter().find(|figures| figures.entity == index);
        let frequency = known.map(|figures| {
            let often = figures.counts[Measure::Impressions] as f64 / figures.reach.max(1) as f64;
            (often * 100.0).round() / 100.0
        });
        rows.push(json!({
            "id": id,
            "total_audience_reach": known.map(|figures| figures.reach),
            "average_frequency": frequency,
        }));
    }
    let told = params.echo(Some(&account.id));
    Ok(json!({ "data_type": "reach", "data": rows, "request": { "params": told } }))
}
