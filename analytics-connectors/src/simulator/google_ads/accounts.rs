//! Who reaches which account: a manager, a manager below it, accounts under both, and one or the
//! other that the user reaches by itself.

use analytics_core::model::Platform;
use serde_json::{Value, json};

use super::{PLATFORM, error::AdsError};
use crate::simulator::{Inner, world::ads::AdAccount};

/// The manager at the top.
const MANAGER: u64 = 9_000_000_001;
/// A manager below it.
const LOWER_MANAGER: u64 = 9_000_000_002;
/// An account whose sign-up was never finished.
const UNFINISHED: u64 = 8_000_000_003;

pub(super) fn manager(_: &Inner) -> String {
    MANAGER.to_string()
}

pub(super) fn is_manager(id: &str) -> bool {
    [MANAGER, LOWER_MANAGER]
        .iter()
        .any(|manager| manager.to_string() == id)
}

/// Every third account is reached without a manager too.
pub(super) fn is_direct(number: usize) -> bool {
    number % 3 == 2
}

fn all(sim: &Inner) -> Vec<&AdAccount> {
    let platform = Platform::from(PLATFORM);
    let accounts = sim.world.all_ad_accounts().iter();
    accounts
        .filter(|account| account.platform == platform)
        .collect()
}

/// `customers:listAccessibleCustomers`.
pub(super) fn accessible(sim: &Inner) -> Value {
    let direct = all(sim)
        .into_iter()
        .enumerate()
        .filter(|(number, _)| is_direct(*number))
        .map(|(_, account)| account.id.clone());
    let names: Vec<String> = [UNFINISHED.to_string(), MANAGER.to_string()]
        .into_iter()
        .chain(direct)
        .map(|id| format!("customers/{id}"))
        .collect();
    json!({ "resourceNames": names })
}

/// An account that is asked about, through what `login` names. None: a manager.
pub(super) fn asked<'a>(
    sim: &'a Inner,
    customer: &str,
    login: Option<&str>,
) -> Result<Option<&'a AdAccount>, AdsError> {
    if customer == UNFINISHED.to_string() {
        let message = "The customer can't be used because it isn't enabled.";
        return Err(AdsError::new(
            403,
            "authorizationError",
            "CUSTOMER_NOT_ENABLED",
            message,
        ));
    }
    if is_manager(customer) {
        return Ok(None);
    }
    let found = all(sim)
        .into_iter()
        .enumerate()
        .find(|(_, account)| account.id == customer);
    let Some((number, account)) = found else {
        return Err(AdsError::denied());
    };
    let through_itself = login.is_none_or(|login| login == customer) && is_direct(number);
    let through_manager = login.is_some_and(is_manager);
    if through_itself || through_manager {
        Ok(Some(account))
    } else {
        Err(AdsError::denied())
    }
}

/// The tree below an account.
pub(super) fn hierarchy(sim: &Inner, customer: &str) -> Vec<Value> {
    let manager = |id: u64, name: &str, level: u32| {
        json!({ "customerClient": {
            "resourceName": format!("customers/{MANAGER}/customerClients/{id}"),
            "id": id.to_string(), "descriptiveName": name, "currencyCode": "USD",
            "timeZone": "America/New_York", "manager": true, "hidden": false,
            "status": "ENABLED", "level": level.to_string(),
        }})
    };
    let client = |account: &AdAccount, level: u32| {
        json!({ "customerClient": {
            "id": account.id, "descriptiveName": account.name,
            "currencyCode": account.currency.as_str(), "timeZone": account.time_zone.name(),
            "status": "ENABLED", "level": level.to_string(),
        }})
    };
    if !is_manager(customer) {
        let own = all(sim).into_iter().find(|account| account.id == customer);
        return own.map(|account| client(account, 0)).into_iter().collect();
    }
    let mut rows = vec![
        manager(MANAGER, "Aoyama Agency", 0),
        manager(LOWER_MANAGER, "Aoyama Agency – clients", 1),
    ];
    for (number, account) in all(sim).into_iter().enumerate() {
        rows.push(client(account, 1 + u32::from(number % 2 == 1)));
    }
    rows
}
