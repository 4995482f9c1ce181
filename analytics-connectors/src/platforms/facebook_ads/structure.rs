//! Names and statuses as of now. Deleted objects are not listed: what is known of them stays.

use analytics_core::model::{EntityRecord, Level};
use futures_util::TryStreamExt;
use serde_json::json;

use super::{fetch::Session, wire::StructureRow};
use crate::{
    error::Result,
    platforms::meta::{GraphCall, PageSize},
};

const CAMPAIGN_STATUSES: &[&str] = &["ACTIVE", "PAUSED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES"];
const AD_SET_STATUSES: &[&str] = &[
    "ACTIVE",
    "PAUSED",
    "ARCHIVED",
    "IN_PROCESS",
    "WITH_ISSUES",
    "CAMPAIGN_PAUSED",
];
const AD_STATUSES: &[&str] = &[
    "ACTIVE",
    "PAUSED",
    "ARCHIVED",
    "IN_PROCESS",
    "WITH_ISSUES",
    "CAMPAIGN_PAUSED",
    "ADSET_PAUSED",
    "PENDING_REVIEW",
    "DISAPPROVED",
    "PREAPPROVED",
    "PENDING_BILLING_INFO",
];

/// What is listed at `level`; nothing at account level.
pub(super) async fn list_entities(session: &Session, level: Level) -> Result<Vec<EntityRecord>> {
    let (edge, fields, statuses) = match level {
        Level::Campaign => (
            "campaigns",
            "id,name,status,effective_status",
            CAMPAIGN_STATUSES,
        ),
        Level::AdGroup => (
            "adsets",
            "id,name,status,effective_status,campaign_id",
            AD_SET_STATUSES,
        ),
        Level::Ad => (
            "ads",
            "id,name,status,effective_status,campaign_id,adset_id,creative{id,thumbnail_url}",
            AD_STATUSES,
        ),
        Level::Account | Level::Post => return Ok(Vec::new()),
    };
    let filter = json!([{ "field": "effective_status", "operator": "IN", "value": statuses }]);
    let call = GraphCall::get(
        format!("list {edge}"),
        session.account(),
        &session.node(edge),
    )
    .param("fields", fields)
    .param("filtering", filter.to_string());
    let rows: Vec<StructureRow> = session
        .graph
        .list(&call, &session.tokens, PageSize::SHORT)
        .try_concat()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| parse_entity(level, row))
        .collect())
}

fn parse_entity(level: Level, row: StructureRow) -> EntityRecord {
    EntityRecord {
        level,
        parent_external_id: match level {
            Level::Ad => row.adset_id,
            Level::AdGroup => row.campaign_id,
            _ => None,
        },
        external_id: row.id,
        name: row.name.filter(|name| !name.is_empty()),
        status: row
            .effective_status
            .map(|status| status.to_ascii_lowercase()),
        permalink: None,
        thumbnail_url: row.creative.and_then(|creative| creative.thumbnail_url),
        post: None,
    }
}
