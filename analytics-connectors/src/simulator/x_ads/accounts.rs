//! The accounts of the user.

use analytics_core::model::Platform;
use chrono::Duration;
use serde_json::{Value, json};

use super::{
    PLATFORM, USER,
    error::ApiError,
    gate,
    listing::sorted,
    params::{MOST_IDS, Params},
    time::{midnight, spelt},
};
use crate::simulator::{Inner, world::ads::AdAccount};

/// The account with this id, if the user may read it.
pub(super) fn target<'a>(sim: &'a Inner, id: &str) -> Result<&'a AdAccount, ApiError> {
    let account = sim.world.ad_account(&PLATFORM.into(), id);
    let account = account.ok_or_else(|| ApiError::no_account(id))?;
    gate::permission(sim, id)?;
    Ok(account)
}

/// The account's place among all.
fn number(sim: &Inner, account: &AdAccount) -> usize {
    let all = sim.world.all_ad_accounts().iter();
    all.filter(|other| other.platform.as_str() == PLATFORM)
        .position(|other| other.id == account.id)
        .unwrap_or_default()
}

fn describe(account: &AdAccount, number: usize) -> Value {
    // The account got its zone before its first campaign.
    let switch = midnight(account.created, account.time_zone);
    let made = switch - Duration::days(8);
    json!({
        "id": account.id, "name": account.name, "business_name": account.name, "business_id": null,
        "timezone": account.time_zone.name(),
        "timezone_switch_at": spelt(switch),
        "industry_type": if number.is_multiple_of(2) { json!("RETAIL") } else { Value::Null },
        // What an account may publish says nothing about what can be read.
        "approval_status": if number % 5 == 4 { "REJECTED" } else { "ACCEPTED" },
        "created_at": spelt(made), "updated_at": spelt(switch),
        "salt": null, "deleted": false,
    })
}

/// `GET accounts`.
pub(super) fn list(sim: &Inner, params: &Params) -> Result<Value, ApiError> {
    params.flag("with_deleted")?;
    let wanted = params.list("account_ids", MOST_IDS)?;
    let platform = Platform::from(PLATFORM);
    let rows = sim.world.ad_accounts(&platform).enumerate();
    let rows = rows.filter(|(_, account)| {
        let id = account.id.as_str();
        wanted.as_ref().is_none_or(|wanted| wanted.contains(&id))
    });
    let rows = rows.map(|(number, account)| describe(account, number));
    let rows = sorted(params, rows.collect())?;
    Ok(params.page(rows)?.body(&params.echo(None)))
}

/// `GET accounts/:id`.
pub(super) fn one(sim: &Inner, account: &AdAccount, params: &Params) -> Value {
    json!({
        "request": { "params": params.echo(Some(&account.id)) },
        "data": describe(account, number(sim, account)),
    })
}

/// `GET accounts/:id/authenticated_user_access`: any of the roles that may read figures.
pub(super) fn access(sim: &Inner, account: &AdAccount, params: &Params) -> Value {
    let permissions = match number(sim, account) % 3 {
        0 => json!(["AD_MANAGER"]),
        1 => json!(["ACCOUNT_ADMIN", "TWEET_COMPOSER"]),
        _ => json!(["CAMPAIGN_ANALYST"]),
    };
    json!({
        "request": { "params": params.echo(Some(&account.id)) },
        "data": { "user_id": USER, "permissions": permissions },
    })
}
