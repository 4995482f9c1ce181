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

/// Adds the accounts below a manager that the user has a right on, at any depth. Those that are only
/// linked are told without a name, by nothing but their link, although their figures are given.
async fn below(api: &Api, found: &mut Found<'_>, held: i64, tokens: &TokenSource) -> Result<()> {
    let list = async |method, body: Value| all(api, method, Some(held), &body, PAGE, tokens).await;
    let ads_accounts = json!({ "includeMccAccount": "ONLY_ADS_ACCOUNT" });
    for entry in list(ACCOUNTS, ads_accounts).await? {
        if let Some(account) = entry.account.filter(|account| !account.is_manager()) {
            found.add(account, held)?;
        }
    }
    let managers = list(ACCOUNTS, json!({ "includeMccAccount": "ONLY_MCC_ACCOUNT" })).await?;
    let managers = managers.into_iter().filter_map(|entry| entry.account);
    let lower: Vec<i64> = managers.map(|account| account.account_id).collect();
    found.known.extend(&lower);
    for manager in std::iter::once(held).chain(lower) {
        let links = match list(LINKS, json!({ "mccAccountId": manager })).await {
            // Links only add to what is known already.
            Err(error) if is_refusal(&error) => {
                tracing::info!(%error, manager, "the links of a manager cannot be listed");
                continue;
            }
            listed => listed?,
        };
        let links = links.into_iter().filter_map(|entry| entry.account_link);
        for link in links.filter(AccountLink::is_foreign) {
            found.add(Account::linked(link), held)?;
        }
    }
    Ok(())
}

fn is_refusal(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::PermissionDenied | ErrorKind::InvalidRequest
    )
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
    /// Accounts and managers.
    known: HashSet<i64>,
    accounts: Vec<FoundAccount>,
}

impl Found<'_> {
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
            time_zone: Some(Tokyo),
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
