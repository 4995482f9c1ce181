//! The ad accounts in which the user has a role.

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
/// An account without money has no currency and no figures: it is left out.
pub(super) async fn list_accounts(api: &Api, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
    let call = Call {
        operation: OPERATION,
        account: "",
        path: vec!["accounts"],
        params: vec![("with_deleted", "false".to_owned())],
    };
    let accounts: Vec<wire::Account> = api.list(&call, tokens).await?;
    let mut found = Vec::new();
    for account in accounts.into_iter().filter(|account| !account.deleted) {
        let currency = currency(api, &account.id, tokens).await?;
        match currency {
            Some(currency) => {
                let readable = may_read(api, &account.id, tokens).await?;
                found.push(parse(account, currency, readable)?);
            }
            None => tracing::info!(account = account.id, "an account without money is left out"),
        }
    }
    Ok(found)
}

/// The currency of an account's money: there is none on the account itself.
async fn currency(api: &Api, account: &str, tokens: &TokenSource) -> Result<Option<Currency>> {
    let call = Call {
        operation: OPERATION,
        account,
        path: vec!["accounts", account, "funding_instruments"],
        params: vec![("with_deleted", "true".to_owned())],
    };
    let listed = api.list::<wire::FundingInstrument>(&call, tokens).await;
    let instruments = match listed {
        // Whoever may not see the money may not see the figures either.
        Err(error) if error.kind == ErrorKind::PermissionDenied => return Ok(None),
        listed => listed?,
    };
    let mut codes: Vec<String> = instruments
        .into_iter()
        .filter_map(|instrument| instrument.currency)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    match codes.as_slice() {
        [] => Ok(None),
        [code] => Currency::new(code)
            .map(Some)
            .map_err(|_| unusable(account, "currency", code)),
        several => Err(unusable(account, "currency", &several.join(", "))),
    }
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
        time_zone,
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
