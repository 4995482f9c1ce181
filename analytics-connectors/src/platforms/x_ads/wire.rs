//! Answers as the API writes them. Unknown fields are ignored.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::http::Number;

/// A list, page by page.
#[derive(Debug, Deserialize)]
pub(super) struct Listed<T> {
    #[serde(default = "Vec::new")]
    pub(super) data: Vec<T>,
    pub(super) next_cursor: Option<String>,
}

/// A single object.
#[derive(Debug, Deserialize)]
pub(super) struct Single<T> {
    pub(super) data: T,
}

#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) timezone: Option<String>,
    /// Before this moment, which is a midnight, the account kept Pacific time.
    pub(super) timezone_switch_at: Option<DateTime<Utc>>,
    pub(super) created_at: Option<DateTime<Utc>>,
    pub(super) approval_status: Option<String>,
    #[serde(default)]
    pub(super) deleted: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Access {
    #[serde(default)]
    pub(super) permissions: Vec<String>,
}

/// A funding instrument or a campaign, for its currency.
#[derive(Debug, Deserialize)]
pub(super) struct Priced {
    pub(super) currency: Option<String>,
}

/// A campaign, a line item or a promoted post.
#[derive(Debug, Deserialize)]
pub(super) struct Thing {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) campaign_id: Option<String>,
    pub(super) line_item_id: Option<String>,
    pub(super) tweet_id: Option<String>,
    pub(super) entity_status: Option<String>,
    #[serde(default)]
    pub(super) deleted: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tweet {
    pub(super) id_str: String,
    pub(super) full_text: Option<String>,
}

/// What delivered, or was corrected, in a window.
#[derive(Debug, Deserialize)]
pub(super) struct Active {
    pub(super) entity_id: String,
    #[serde(default)]
    pub(super) placements: Vec<String>,
}

/// Figures, from a call or from a report.
#[derive(Debug, Deserialize)]
pub(super) struct Stats {
    pub(super) time_series_length: Option<usize>,
    #[serde(default)]
    pub(super) data: Vec<EntityStats>,
}

#[derive(Debug, Deserialize)]
pub(super) struct EntityStats {
    pub(super) id: String,
    #[serde(default)]
    pub(super) id_data: Vec<Segment>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Segment {
    pub(super) segment: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    pub(super) metrics: HashMap<String, Option<Series>>,
}

/// A number a day, or several such series of a conversion.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Series {
    Days(Vec<Option<Number>>),
    Parts(HashMap<String, Option<Vec<Option<Number>>>>),
    Other(serde::de::IgnoredAny),
}

/// A report that was ordered. Its number is longer than a double holds: only the text counts.
#[derive(Debug, Deserialize)]
pub(super) struct Job {
    pub(super) id_str: String,
    pub(super) status: Option<String>,
    pub(super) url: Option<String>,
}
