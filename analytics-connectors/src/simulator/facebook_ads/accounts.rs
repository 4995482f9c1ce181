//! Ad accounts, as the user sees them.

use chrono::Offset;
use chrono::TimeZone;
use serde_json::{Map, Value, json};

use super::{PLATFORM, Reply};
use crate::simulator::{
    Inner,
    meta::{
        error::GraphError,
        paging::Page,
        project::project,
        request::{GraphRequest, parse_fields},
        scopes::Scopes,
    },
    tokens::Claims,
    world::ads::AdAccount,
};

/// `/me/adaccounts`. Accounts of a business need the permission to see businesses.
pub(super) fn list(
    sim: &Inner,
    request: &GraphRequest,
    claims: &Claims,
) -> Result<Reply, GraphError> {
    let fields = parse_fields(request.params.get("fields").unwrap_or("account_id"))?;
    let sees_businesses = Scopes(claims.granted).has("business_management");
    let accounts: Vec<&AdAccount> = sim
        .world
        .all_ad_accounts()
        .iter()
        .filter(|account| account.platform.as_str() == PLATFORM)
        .filter(|account| account.business.is_none() || sees_businesses)
        .collect();
    let page = Page::of(request)?;
    let data = accounts[page.within(accounts.len())]
        .iter()
        .map(|account| {
            project("AdAccount", &describe(sim, request, account), &fields).map(Value::Object)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let body = json!({ "data": data, "paging": page.paging(request, accounts.len()) });
    Ok(Reply {
        body: body.to_string(),
        account: None,
        insights: false,
    })
}

/// `/act_…`.
pub(super) fn one(
    sim: &Inner,
    request: &GraphRequest,
    account: &AdAccount,
) -> Result<Reply, GraphError> {
    let fields = parse_fields(request.params.get("fields").unwrap_or("account_id"))?;
    let answer = project("AdAccount", &describe(sim, request, account), &fields)?;
    Ok(Reply {
        body: Value::Object(answer).to_string(),
        account: Some(account.id.clone()),
        insights: false,
    })
}

fn describe(sim: &Inner, request: &GraphRequest, account: &AdAccount) -> Map<String, Value> {
    let now = sim.now().with_timezone(&account.time_zone);
    let offset = f64::from(now.offset().fix().local_minus_utc()) / 3_600.0;
    let created = account
        .time_zone
        .from_local_datetime(&account.created.and_hms_opt(9, 0, 0).unwrap_or_default())
        .earliest()
        .map(|at| at.format("%Y-%m-%dT%H:%M:%S%z").to_string());
    let business = account.business.as_ref().map(|business| {
        json!({
            "id": business.id.to_string(),
            "name": business.name,
            "profile_picture_uri": format!("{}/pictures/{}", request.base, business.id),
        })
    });
    let fields = json!({
        "id": format!("act_{}", account.id),
        "account_id": account.id,
        "name": account.name,
        "currency": account.currency.as_str(),
        "timezone_name": account.time_zone.name(),
        "timezone_id": 1 + account.time_zone.name().len(),
        "timezone_offset_hours_utc": offset,
        "account_status": account.status,
        "disable_reason": i32::from(account.status == 2),
        "amount_spent": account.amount_spent(sim.now()).to_string(),
        "balance": "0",
        "created_time": created,
        "business": business,
        "business_name": account.business.as_ref().map(|business| &business.name),
        "user_tasks": ["ANALYZE"],
        "is_personal": 0,
        "owner": account.business.as_ref().map(|business| business.id.to_string()),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
