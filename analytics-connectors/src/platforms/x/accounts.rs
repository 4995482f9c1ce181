//! The account of a login: there is one, since nothing hangs below a user of X.

use analytics_core::model::{FoundAccount, Platform};
use serde_json::json;

use super::{PLATFORM, api::Api};
use crate::{error::Result, oauth::TokenSource};

/// The user behind `tokens`.
pub(super) async fn list_accounts(api: &Api, tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
    let user = api.user("list accounts", None, tokens).await?;
    let handle = user.username.map(|name| format!("@{name}"));
    let name = user.name.filter(|name| !name.trim().is_empty());
    Ok(vec![FoundAccount {
        platform: Platform::from(PLATFORM),
        name: name.or(handle).unwrap_or_else(|| user.id.clone()),
        currency: None,
        time_zone: None,
        picture_url: user.profile_image_url,
        status: "active".to_owned(),
        access: json!({}),
        external_id: user.id,
    }])
}
