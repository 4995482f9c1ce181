//! The ad accounts that a grant reaches, through whatever managers.

use std::collections::HashSet;

use analytics_core::model::{Currency, FoundAccount, Platform};
use serde_json::{Value, json};

use super::{
    PLATFORM,
    gaql::HIERARCHY,
    search::{Place, Search},
    wire,
};
use crate::{
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
};

const OPERATION: &str = "list accounts";
/// Where an account keeps the manager through which it is reached.
pub(super) const LOGIN_CUSTOMER: &str = "login_customer_id";

/// Every ad account of the user behind `tokens`, each once: without a manager where it can be had
/// so. Managers themselves have no figures and are left out.
pub(super) async fn list_accounts(
    search: &Search,
    tokens: &TokenSource,
) -> Result<Vec<FoundAccount>> {
    let roots = search.accessible(tokens).await?;
    let mut found: Vec<FoundAccount> = Vec::new();
    let mut direct = HashSet::new();
    let mut refused = None;
    for root in &roots {
        let place = Place {
            customer: root,
            login_customer: Some(root),
        };
        let rows = search
            .rows::<wire::ClientRow>(OPERATION, place, HIERARCHY, tokens)
            .await;
        let rows = match rows {
            Ok(rows) => rows,
            // An account that was closed or never finished does not keep the others away.
            Err(error) if error.kind == ErrorKind::PermissionDenied => {
                tracing::info!(%error, "an account cannot be listed");
                refused = Some(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        for row in rows {
            let client = row.customer_client;
            if client.manager || client.hidden {
                continue;
            }
            let is_direct = client.id.0 == *root;
            let account = parse(client, (!is_direct).then_some(root))?;
            let id = account.external_id.clone();
            match found.iter_mut().find(|known| known.external_id == id) {
                Some(known) if is_direct && !direct.contains(&id) => *known = account,
                Some(_) => {}
                None => found.push(account),
            }
            if is_direct {
                direct.insert(id);
            }
        }
    }
    match refused {
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}

fn parse(client: wire::Client, manager: Option<&String>) -> Result<FoundAccount> {
    let id = client.id.0;
    let unusable = |field: &str, value: Option<&str>| {
        let shown = value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
        Error::new(
            ErrorKind::Decode,
            PLATFORM,
            OPERATION,
            format!("`{field}` of account {id} cannot be used: {shown}"),
        )
    };
    let code = client.currency_code.as_deref();
    let currency = code
        .and_then(|code| Currency::new(code).ok())
        .ok_or_else(|| unusable("currencyCode", code))?;
    let zone = client.time_zone.as_deref();
    let time_zone = zone
        .and_then(|zone| zone.parse().ok())
        .ok_or_else(|| unusable("timeZone", zone))?;
    Ok(FoundAccount {
        platform: Platform::from(PLATFORM),
        name: client
            .descriptive_name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| dashed(&id)),
        currency: Some(currency),
        time_zone: Some(time_zone),
        picture_url: None,
        status: status(client.status.as_deref()).to_owned(),
        access: match manager {
            Some(manager) => json!({ LOGIN_CUSTOMER: manager }),
            None => json!({}),
        },
        external_id: id,
    })
}

/// The manager through which an account is reached.
pub(super) fn login_customer(access: &Value) -> Option<&str> {
    access.get(LOGIN_CUSTOMER)?.as_str()
}

/// An id as people know it: `123-456-7890`.
fn dashed(id: &str) -> String {
    match (id.get(..3), id.get(3..6), id.get(6..)) {
        (Some(first), Some(second), Some(rest)) if id.len() == 10 => {
            format!("{first}-{second}-{rest}")
        }
        _ => id.to_owned(),
    }
}

/// The status in the product's words.
fn status(text: Option<&str>) -> &'static str {
    match text {
        Some("CANCELED" | "CLOSED") => "closed",
        Some("SUSPENDED") => "disabled",
        _ => "active",
    }
}
