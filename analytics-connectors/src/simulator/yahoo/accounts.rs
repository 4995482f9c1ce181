//! Who reaches which account: a manager account, accounts below it, some of them only linked to it,
//! and accounts that are granted to the user by themselves.

use analytics_core::model::Platform;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{
    Product,
    envelope::{ApiError, flag, part},
    gate,
    paging::{Page, numbers},
};
use crate::simulator::{Inner, world::ads::AdAccount};

/// The user, the same for both products.
const BUSINESS_ID: &str = "BIZ1QX7K2M9D4H8T";

/// The manager account.
pub(super) fn manager(product: Product) -> u64 {
    match product {
        Product::Search => 1_002_000_001,
        Product::Display => 1_502_000_001,
    }
}

/// Every third account is granted to the user and not below the manager.
pub(super) fn is_direct(number: usize) -> bool {
    number % 3 == 2
}

/// Some accounts belong to somebody else and are only linked to the manager.
fn is_linked(number: usize) -> bool {
    number % 6 == 4
}

/// An account that the user has a right on.
#[derive(Debug)]
pub(super) enum Base<'a> {
    Manager,
    Account(&'a AdAccount),
}

fn all(sim: &Inner, product: Product) -> Vec<(usize, &AdAccount)> {
    let platform = Platform::from(product.platform());
    sim.world.ad_accounts(&platform).enumerate().collect()
}

/// The base account that a call names.
pub(super) fn base<'a>(
    sim: &'a Inner,
    product: Product,
    headers: &HeaderMap,
) -> Result<Base<'a>, ApiError> {
    let named = headers
        .get("x-z-base-account-id")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if named == manager(product).to_string() {
        return Ok(Base::Manager);
    }
    all(sim, product)
        .into_iter()
        .find(|(number, account)| account.id == named && is_direct(*number))
        .map(|(_, account)| Base::Account(account))
        .ok_or_else(ApiError::base)
}

/// The account that `body` is about, if it can be reached through `base`.
pub(super) fn target<'a>(
    sim: &'a Inner,
    product: Product,
    base: &Base<'_>,
    body: &Value,
) -> Result<&'a AdAccount, ApiError> {
    let id = body["accountId"]
        .as_u64()
        .ok_or_else(|| ApiError::new("0001", "accountId", "must be a number"))?
        .to_string();
    let (_, account) = all(sim, product)
        .into_iter()
        .filter(|(number, account)| match base {
            Base::Manager => !is_direct(*number),
            Base::Account(own) => own.id == account.id,
        })
        .find(|(_, account)| account.id == id)
        .ok_or_else(ApiError::denied)?;
    gate::permission(sim, product, &account.id)?;
    Ok(account)
}

/// One of the words that may stand under a key; the first if there is none.
fn word<'a>(body: &'a Value, key: &str, words: &[&'a str]) -> Result<&'a str, ApiError> {
    match &body[key] {
        Value::Null => Ok(words[0]),
        Value::String(word) if words.contains(&word.as_str()) => Ok(word),
        _ => Err(ApiError::new(
            "0001",
            key,
            format!("must be one of {}", words.join(", ")),
        )),
    }
}

fn number(account: &AdAccount) -> u64 {
    account.id.parse().unwrap_or_default()
}

/// `BaseAccountService/get`.
pub(super) fn base_accounts(
    sim: &Inner,
    product: Product,
    body: &Value,
) -> Result<Value, ApiError> {
    let page = Page::parse(body, 200)?;
    let wanted = numbers(body, "accountIds", 200)?;
    let kinds = ["ALL", "ONLY_MCC", "ONLY_ROOT_MCC", "ONLY_ADS_ACCOUNT"];
    let kind = word(body, "includeMccAccount", &kinds)?;
    let tests = ["EXCLUDE_TEST", "ONLY_TEST", "ALL"];
    let only_tests = word(body, "includeTestAccount", &tests)? == "ONLY_TEST";
    let entry = |id: u64, name: &str, manager: bool| {
        (
            id,
            manager,
            json!({
                "accountId": id, "accountName": name, "accountStatus": "SERVING",
                "authType": "REFERABLE", "hasAdminAuth": flag(false),
                "isMccAccount": flag(manager), "isRootMccAccount": flag(manager),
                "isTestAccount": flag(false),
            }),
        )
    };
    let mut entries = vec![entry(manager(product), "青山エージェンシー MCC", true)];
    let direct = all(sim, product).into_iter();
    let direct = direct.filter(|(at, _)| is_direct(*at));
    entries.extend(direct.map(|(_, account)| entry(number(account), &account.name, false)));
    let values = entries
        .into_iter()
        .filter(|(id, manager, _)| {
            let of_kind = match kind {
                "ALL" => true,
                "ONLY_ADS_ACCOUNT" => !manager,
                _ => *manager,
            };
            of_kind && !only_tests && wanted.as_ref().is_none_or(|wanted| wanted.contains(id))
        })
        .map(|(_, _, account)| part("account", account))
        .collect();
    let mut values = page.of(values);
    values["authorizationBusinessId"] = json!(BUSINESS_ID);
    Ok(values)
}

/// `AccountService/get`: what is below the base account, or that account itself. What is only
/// linked is not told.
pub(super) fn accounts(
    sim: &Inner,
    product: Product,
    base: &Base<'_>,
    body: &Value,
) -> Result<Value, ApiError> {
    let page = Page::parse(body, 500)?;
    let wanted = numbers(body, "accountIds", 500)?;
    let kinds = ["ONLY_ADS_ACCOUNT", "ONLY_MCC_ACCOUNT", "ALL"];
    let managers = word(body, "includeMccAccount", &kinds)? == "ONLY_MCC_ACCOUNT";
    let values = all(sim, product)
        .into_iter()
        .filter(|(at, account)| match base {
            Base::Manager => !is_direct(*at) && !is_linked(*at),
            Base::Account(own) => own.id == account.id,
        })
        .map(|(_, account)| account)
        .filter(|account| {
            let id = number(account);
            !managers && wanted.as_ref().is_none_or(|wanted| wanted.contains(&id))
        })
        .map(|account| {
            let account = json!({
                "accountId": number(account), "accountName": account.name,
                "accountStatus": "SERVING", "accountType": "INVOICE", "deliveryStatus": "ACTIVE",
                "isMccAccount": flag(false), "isTestAccount": flag(false),
                "isCancellationPending": flag(false),
                "startDate": account.created.format("%Y%m%d").to_string(), "endDate": null,
            });
            part("account", account)
        })
        .collect();
    Ok(page.of(values))
}

/// `AccountLinkService/get`: everything below the manager, without names.
pub(super) fn links(
    sim: &Inner,
    product: Product,
    base: &Base<'_>,
    body: &Value,
) -> Result<Value, ApiError> {
    let page = Page::parse(body, 500)?;
    let manager = manager(product);
    let named = body["mccAccountId"]
        .as_u64()
        .ok_or_else(|| ApiError::new("0001", "mccAccountId", "must be a number"))?;
    if named != manager || !matches!(base, Base::Manager) {
        return Err(ApiError::denied());
    }
    let values = all(sim, product)
        .into_iter()
        .filter(|(at, _)| !is_direct(*at))
        .map(|(at, account)| {
            let link = json!({
                "mccAccountId": manager, "accountId": number(account), "accountStatus": "SERVING",
                "ownerShipType": if is_linked(at) { "NON_OWNER" } else { "OWNER" },
            });
            part("accountLink", link)
        })
        .collect();
    Ok(page.of(values))
}
