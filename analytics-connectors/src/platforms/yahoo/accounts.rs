//! The ad accounts that a Business ID reaches: those it has a right on itself, and those below its
//! managers (MCC). Each keeps the base account through which its calls go.

use std::collections::HashSet;

use analytics_core::model::{Currency, FoundAccount, Platform};
use chrono::NaiveDate;
use chrono_tz::Asia::Tokyo;
use futures_util::TryStreamExt;
use serde_json::{Value, json};

use super::{
    Api,
    api::{Call, Method},
    wire::{Account, AccountLink, Entry},
};
use crate::{
    error::{Error, ErrorKind, Result},
    http::pages,
    oauth::TokenSource,
};

const OPERATION: &str = "list accounts";
const BASE_ACCOUNTS: Method = Method::new("BaseAccountService", "get");
const ACCOUNTS: Method = Method::new("AccountService", "get");
const LINKS: Method = Method::new("AccountLinkService", "get");

/// Values a page, as many as the services give.
const BASE_PAGE: u64 = 200;
const PAGE: u64 = 500;

/// Where an account keeps the account its calls go through, and the first day it could deliver.
const BASE_ACCOUNT: &str = "base_account_id";
const START_DATE: &str = "start_date";

/// The id of the Business ID behind `tokens`.
pub(super) async fn business_id(api: &Api, tokens: &TokenSource) -> Result<String> {
    let operation = "oauth: ask who consented";
    let call = Call {
        method: BASE_ACCOUNTS,
        operation,
        base_account: None,
        body: json!({ "numberResults": 1 }),
    };
    let (listing, _) = api.list(&call, tokens).await?;
    let id = listing.authorization_business_id.map(|id| id.0);
    id.filter(|id| !id.is_empty()).ok_or_else(|| {
        let what = "the answer has no `authorizationBusinessId`";
        Error::new(ErrorKind::Decode, api.client().platform(), operation, what)
    })
}

/// Every ad account of the Business ID behind `tokens`, each once: without a manager where it can
/// be had so. Managers themselves have no figures and are left out.
pub(crate) async fn list_accounts(api: &Api, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
    let everything = json!({ "includeMccAccount": "ALL" });
    let bases = all(api, BASE_ACCOUNTS, None, &everything, BASE_PAGE, tokens).await?;
    let (managers, direct): (Vec<Account>, Vec<Account>) = bases
        .into_iter()
        .filter_map(|entry| entry.account)
        .partition(Account::is_manager);
    let mut found = Found {
        api,
        known: managers.iter().map(|manager| manager.account_id).collect(),
        accounts: Vec::new(),
    };
    for account in direct {
        let base = account.account_id;
        found.add(account, base)?;
    }
    let mut refused = None;
    for manager in managers {
        match below(api, &mut found, manager.account_id, tokens).await {
            // A manager that was closed does not keep the others away.
            Err(error) if error.kind == ErrorKind::PermissionDenied => {
                tracing::info!(%error, "the accounts of a manager cannot be listed");
                refused = Some(error);
            }
            listed => listed?,
        }
    }
    match refused {
        Some(error) if found.accounts.is_empty() => Err(error),
        _ => Ok(found.accounts),
    }
}

/// Adds the accounts below a manager. Those that only are linked to it are told without a name, or
/// by nothing but their link, although their figures are given.
async fn below(api: &Api, found: &mut Found<'_>, manager: i64, tokens: &TokenSource) -> Result<()> {
    let ads_accounts = json!({ "includeMccAccount": "ONLY_ADS_ACCOUNT" });
    let base = Some(manager);
    for entry in all(api, ACCOUNTS, base, &ads_accounts, PAGE, tokens).await? {
        if let Some(account) = entry.account.filter(|account| !account.is_manager()) {
            found.add(account, manager)?;
        }
    }
    let of_manager = json!({ "mccAccountId": manager });
    let links = all(api, LINKS, base, &of_manager, PAGE, tokens).await?;
    let unnamed: Vec<AccountLink> = links
        .into_iter()
        .filter_map(|entry| entry.account_link)
        .filter(|link| !found.knows(link.account_id))
        .collect();
    if unnamed.is_empty() {
        return Ok(());
    }
    let managers_only = json!({ "includeMccAccount": "ONLY_MCC_ACCOUNT" });
    let managers = all(api, ACCOUNTS, base, &managers_only, PAGE, tokens).await?;
    let managers: Vec<i64> = managers
        .into_iter()
        .filter_map(|entry| Some(entry.account?.account_id))
        .collect();
    for link in unnamed {
        if !managers.contains(&link.account_id) {
            found.add(Account::linked(link), manager)?;
        }
    }
    Ok(())
}

/// Every value of a list.
async fn all(
    api: &Api,
    method: Method,
    base_account: Option<i64>,
    body: &Value,
    size: u64,
    tokens: &TokenSource,
) -> Result<Vec<Entry>> {
    let page = |cursor| {
        let call = Call {
            method,
            operation: OPERATION,
            base_account,
            body: body.clone(),
        };
        api.page(call, size, cursor, tokens)
    };
    pages(api.client().platform(), OPERATION, page)
        .try_concat()
        .await
}

struct Found<'a> {
    api: &'a Api,
    known: HashSet<i64>,
    accounts: Vec<FoundAccount>,
}

impl Found<'_> {
    /// Whether an account, or a manager that the user has a right on, is known.
    fn knows(&self, id: i64) -> bool {
        self.known.contains(&id)
    }

    /// Adds an account that is not known yet.
    fn add(&mut self, account: Account, base: i64) -> Result<()> {
        let id = account.account_id.to_string();
        if !self.known.insert(account.account_id) {
            return Ok(());
        }
        let platform = self.api.client().platform();
        // Neither is told: both are the same for every account.
        let currency = Currency::new("JPY").map_err(|error| {
            Error::new(ErrorKind::Decode, platform, OPERATION, error.to_string())
        })?;
        let mut access = json!({ BASE_ACCOUNT: base.to_string() });
        let starts = account.start_date.as_deref();
        if let Some(date) = starts.and_then(|text| NaiveDate::parse_from_str(text, "%Y%m%d").ok()) {
            access[START_DATE] = json!(date);
        }
        self.accounts.push(FoundAccount {
            platform: Platform::from(platform),
            name: account
                .account_name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| id.clone()),
            currency: Some(currency),
            time_zone: Tokyo,
            picture_url: None,
            status: status(account.account_status.as_deref()).to_owned(),
            access,
            external_id: id,
        });
        Ok(())
    }
}

/// The status in the product's words.
fn status(text: Option<&str>) -> &'static str {
    match text {
        Some("ENDED") => "closed",
        Some("SUSPENDED") => "disabled",
        _ => "active",
    }
}

/// The account that calls about an account go through.
pub(super) fn base_account(access: &Value) -> Option<i64> {
    access.get(BASE_ACCOUNT)?.as_str()?.parse().ok()
}

/// The first day on which an account could deliver, if that is known.
pub(super) fn start_date(access: &Value) -> Option<NaiveDate> {
    access.get(START_DATE)?.as_str()?.parse().ok()
}
