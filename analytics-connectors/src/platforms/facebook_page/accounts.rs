//! The pages that a grant reaches.

use analytics_core::model::{FoundAccount, Platform};
use serde_json::json;

use super::PLATFORM;
use crate::{
    error::Result,
    oauth::TokenSource,
    platforms::meta::{Graph, PACIFIC, Page, pages},
};

const FIELDS: &str = "id,name,access_token,tasks,picture{url}";

/// Every page of the user behind `tokens`, those that cannot be read included: they say why.
pub(super) async fn list_accounts(
    graph: &Graph,
    tokens: &TokenSource,
) -> Result<Vec<FoundAccount>> {
    let pages = pages(graph, tokens, "list pages", FIELDS).await?;
    Ok(pages.into_iter().map(found).collect())
}

fn found(page: Page) -> FoundAccount {
    let status = if page.is_readable() {
        "active"
    } else {
        FoundAccount::NO_ROLE
    };
    FoundAccount {
        platform: Platform::from(PLATFORM),
        name: page
            .name
            .clone()
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| page.id.clone()),
        currency: None,
        time_zone: Some(PACIFIC),
        picture_url: page.picture_url(),
        status: status.to_owned(),
        // The page's token is not kept: it is had with the grant whenever it is needed.
        access: json!({}),
        external_id: page.id,
    }
}
