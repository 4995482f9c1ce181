//! The professional profiles that a grant reaches, through the pages they are connected to.

use analytics_core::model::{FoundAccount, Platform};
use serde_json::json;

use super::PLATFORM;
use crate::{
    error::Result,
    oauth::TokenSource,
    platforms::meta::{Graph, PACIFIC, pages},
};

const FIELDS: &str = "id,name,access_token,tasks,\
    instagram_business_account{id,username,name,profile_picture_url}";

/// Every profile of the user behind `tokens`, each once.
pub(super) async fn list_accounts(
    graph: &Graph,
    tokens: &TokenSource,
) -> Result<Vec<FoundAccount>> {
    let mut found: Vec<FoundAccount> = Vec::new();
    for page in pages(graph, tokens, "list profiles", FIELDS).await? {
        let readable = page.is_readable();
        let Some(profile) = page.instagram_business_account else {
            continue;
        };
        if found
            .iter()
            .any(|known| known.external_id == profile.id && (known.is_linkable() || !readable))
        {
            continue;
        }
        found.retain(|known| known.external_id != profile.id);
        let status = if readable {
            "active"
        } else {
            FoundAccount::NO_ROLE
        };
        found.push(FoundAccount {
            platform: Platform::from(PLATFORM),
            name: [profile.username, profile.name]
                .into_iter()
                .flatten()
                .find(|name| !name.is_empty())
                .unwrap_or_else(|| profile.id.clone()),
            currency: None,
            time_zone: Some(PACIFIC),
            picture_url: profile.profile_picture_url,
            status: status.to_owned(),
            access: json!({}),
            external_id: profile.id,
        });
    }
    Ok(found)
}
