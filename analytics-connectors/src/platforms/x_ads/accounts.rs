//! The ad accounts in which the user has a role.

use std::collections::BTreeSet;

use analytics_core::model::{Currency, FoundAccount, Platform};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{
    PLATFORM,
    api::{Api, Call},
    wire,
};
use crate::{
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
};

const OPERATION: &str = "list accounts";
/// Roles that may read figures of ads.
const READERS: [&str; 3] = ["ACCOUNT_ADMIN", "AD_MANAGER", "CAMPAIGN_ANALYST"];

/// Where an account keeps since when it has its zone, and its first day.
const ZONE_SINCE: &str = "zone_since";
const CREATED: &str = "created";

/// Every ad account of the user behind `tokens`, those whose figures the user may not read included.
/// One that has neither money nor campaigns has no currency and no figures: it is left out, as is
/// one whose description cannot be used.
pub(super) async fn list_accounts(api: &Api, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
    let call = Call {
        operation: OPERATION,
        // Five calls in a quarter of an hour: they must not hold back those for figures.
        account: "accounts",
        path: vec!["accounts"],
        params: vec![("with_deleted", "false".to_owned())],
    };
    let accounts: Vec<wire::Account> = api.list(&call, tokens).await?;
    let mut found = Vec::new();
    for account in accounts.into_iter().filter(|account| !account.deleted) {
        let id = account.id.clone();
        let Some(currency) = currency(api, &id, tokens).await? else {
            tracing::warn!(account = id, "an account without one currency is left out");
            continue;
        };
        let readable = may_read(api, &id, tokens).await?;
        match parse(account, currency, readable) {
            Ok(account) => found.push(account),
            Err(error) => tracing::warn!(%error, "an account is left out"),
        }
    }
    Ok(found)
}

/// The currency of an account's money: there is none on the account itself. None where there is no
/// money, or money of several currencies.
async fn currency(api: &Api, account: &str, tokens: &TokenSource) -> Result<Option<Currency>> {
    for list in ["funding_instruments", "campaigns"] {
        let call = Call {
            operation: OPERATION,
            account,
            path: vec!["accounts", account, list],
            params: vec![("with_deleted", (list == "campaigns").to_string())],
        };
        let listed = match api.list::<wire::Priced>(&call, tokens).await {
            // Who may read figures may not always see the money.
            Err(error) if error.kind == ErrorKind::PermissionDenied => continue,
            listed => listed?,
        };
        let codes: BTreeSet<String> = listed.into_iter().filter_map(|one| one.currency).collect();
        let mut codes = codes.iter();
        match (codes.next(), codes.next()) {
            (Some(code), None) => return Ok(Currency::new(code).ok()),
            (Some(_), Some(_)) => return Ok(None),
            (None, _) => {}
        }
    }
    Ok(None)
}

async fn may_read(api: &Api, account: &str, tokens: &TokenSource) -> Result<bool> {
    let call = Call {
        operation: OPERATION,
        account,
        path: vec!["accounts", account, "authenticated_user_access"],
        params: Vec::new(),
    };
    match api.get::<wire::Single<wire::Access>>(&call, tokens).await {
        Ok(access) => {
            let permissions = access.data.permissions;
            Ok(READERS
                .iter()
                .any(|reader| permissions.iter().any(|own| own == reader)))
        }
        Err(error) if error.kind == ErrorKind::PermissionDenied => Ok(false),
        Err(error) => Err(error),
    }
}

fn parse(account: wire::Account, currency: Currency, readable: bool) -> Result<FoundAccount> {
    let wire::Account { id, .. } = &account;
    let zone = account.timezone.as_deref().unwrap_or_default();
    let time_zone = zone.parse().map_err(|_| unusable(id, "timezone", zone))?;
    let mut access = json!({});
    if let Some(since) = account.timezone_switch_at {
        access[ZONE_SINCE] = json!(since);
    }
    if let Some(created) = account.created_at {
        access[CREATED] = json!(created.date_naive());
    }
    let status = match account.approval_status.as_deref() {
        _ if !readable => FoundAccount::NO_ROLE,
        Some("REJECTED") => "disabled",
        _ => "active",
    };
    Ok(FoundAccount {
        platform: Platform::from(PLATFORM),
        name: account
            .name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| account.id.clone()),
        currency: Some(currency),
        time_zone: Some(time_zone),
        picture_url: None,
        status: status.to_owned(),
        access,
        external_id: account.id,
    })
}

fn unusable(account: &str, field: &str, value: &str) -> Error {
    let what = format!("`{field}` of account {account} cannot be used: `{value}`");
    Error::new(ErrorKind::Decode, PLATFORM, OPERATION, what)
}

/// Since when an account has its zone, if it had another one before.
pub(super) fn zone_since(access: &Value) -> Option<DateTime<Utc>> {
    access.get(ZONE_SINCE)?.as_str()?.parse().ok()
}

/// The first day of an account, at the latest.
pub(super) fn created(access: &Value) -> Option<NaiveDate> {
    let date: NaiveDate = access.get(CREATED)?.as_str()?.parse().ok()?;
    // Days of its own zone may begin a day before those of the clock that it was noted by.
    date.pred_opt()
}
