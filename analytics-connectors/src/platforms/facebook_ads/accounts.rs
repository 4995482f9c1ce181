//! The ad accounts that a grant reaches.

use analytics_core::model::{Currency, FoundAccount, Platform};
use futures_util::TryStreamExt;
use serde_json::json;

use super::{PLATFORM, wire};
use crate::{
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
    platforms::meta::{Graph, GraphCall, PageSize},
};

const OPERATION: &str = "list ad accounts";

/// Calls of no account are paced by themselves: a limit of theirs concerns no account.
const LANE: &str = "me";

/// Every ad account of the user behind `tokens`, each once.
pub(super) async fn list_accounts(
    graph: &Graph,
    tokens: &TokenSource,
) -> Result<Vec<FoundAccount>> {
    let call =
        GraphCall::get(OPERATION, LANE, "me/adaccounts").param("fields", wire::AD_ACCOUNT_FIELDS);
    let rows: Vec<wire::AdAccount> = graph
        .list(&call, tokens, PageSize::SHORT)
        .try_concat()
        .await
        .map_err(passing)?;
    let mut found: Vec<FoundAccount> = Vec::with_capacity(rows.len());
    for row in rows {
        let account = parse_account(row)?;
        if !found
            .iter()
            .any(|known| known.external_id == account.external_id)
        {
            found.push(account);
        }
    }
    Ok(found)
}

/// A short list that is too much in the smallest pages is an error on the other side.
fn passing(error: Error) -> Error {
    match error.kind {
        ErrorKind::TooMuchData => Error {
            kind: ErrorKind::Transient,
            ..error
        },
        _ => error,
    }
}

fn parse_account(row: wire::AdAccount) -> Result<FoundAccount> {
    let id = row.account_id;
    let unusable = |field: &str, value: &str| {
        Error::new(
            ErrorKind::Decode,
            PLATFORM,
            OPERATION,
            format!("`{field}` of ad account {id} cannot be used: `{value}`"),
        )
    };
    let currency = Currency::new(&row.currency).map_err(|_| unusable("currency", &row.currency))?;
    let time_zone = row
        .timezone_name
        .parse()
        .map_err(|_| unusable("timezone_name", &row.timezone_name))?;
    Ok(FoundAccount {
        platform: Platform::from(PLATFORM),
        name: row
            .name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| id.clone()),
        currency: Some(currency),
        time_zone: Some(time_zone),
        picture_url: row
            .business
            .and_then(|business| business.profile_picture_uri),
        status: status(row.account_status).to_owned(),
        access: json!({}),
        external_id: id,
    })
}

/// The status in the product's words.
fn status(code: Option<i64>) -> &'static str {
    match code {
        Some(2) => "disabled",
        Some(3) => "unsettled",
        Some(7 | 8 | 100) => "pending",
        Some(101 | 202) => "closed",
        // 1 active, 9 in its grace period, 201 any active; figures of all others can be read too.
        _ => "active",
    }
}
