//! Requests and answers as the Marketing API spells them. Numbers of insights are JSON strings;
//! a field without a value is left out.

use serde::{Deserialize, Deserializer};

use crate::http::Number;

/// One event type of a list.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Action {
    pub(super) action_type: String,
    /// By the ad set's own attribution setting, as in Ads Manager. Other windows have keys of
    /// their own, which are not asked for.
    #[serde(default)]
    pub(super) value: Option<Number>,
}

/// One row of insights.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct InsightsRow {
    pub(super) account_id: Option<String>,
    pub(super) campaign_id: Option<String>,
    pub(super) campaign_name: Option<String>,
    pub(super) adset_id: Option<String>,
    pub(super) adset_name: Option<String>,
    pub(super) ad_id: Option<String>,
    pub(super) ad_name: Option<String>,
    pub(super) date_start: Option<chrono::NaiveDate>,
    pub(super) date_stop: Option<chrono::NaiveDate>,
    impressions: Option<Number>,
    reach: Option<Number>,
    spend: Option<Number>,
    clicks: Option<Number>,
    inline_link_clicks: Option<Number>,
    inline_post_engagement: Option<Number>,
    actions: Vec<Action>,
    action_values: Vec<Action>,
    video_p25_watched_actions: Vec<Action>,
    video_p50_watched_actions: Vec<Action>,
    video_p75_watched_actions: Vec<Action>,
    video_p100_watched_actions: Vec<Action>,
}

impl InsightsRow {
    /// The number in a field of this name.
    pub(super) fn number(&self, field: &str) -> Option<&Number> {
        match field {
            "impressions" => self.impressions.as_ref(),
            "reach" => self.reach.as_ref(),
            "spend" => self.spend.as_ref(),
            "clicks" => self.clicks.as_ref(),
            "inline_link_clicks" => self.inline_link_clicks.as_ref(),
            "inline_post_engagement" => self.inline_post_engagement.as_ref(),
            _ => None,
        }
    }

    /// The list in a field of this name.
    pub(super) fn list(&self, field: &str) -> &[Action] {
        match field {
            "actions" => &self.actions,
            "action_values" => &self.action_values,
            "video_p25_watched_actions" => &self.video_p25_watched_actions,
            "video_p50_watched_actions" => &self.video_p50_watched_actions,
            "video_p75_watched_actions" => &self.video_p75_watched_actions,
            "video_p100_watched_actions" => &self.video_p100_watched_actions,
            _ => &[],
        }
    }
}

/// The answer to ordering a report.
#[derive(Debug, Deserialize)]
pub(super) struct RunStarted {
    #[serde(deserialize_with = "id_text")]
    pub(super) report_run_id: String,
}

/// The state of a report run. Numbers here are numbers.
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub(super) async_status: String,
    #[serde(default)]
    pub(super) async_percent_completion: u32,
    #[serde(default)]
    pub(super) error_code: Option<i64>,
    #[serde(default)]
    pub(super) error_subcode: Option<i64>,
    #[serde(default)]
    pub(super) error_message: Option<String>,
}

pub(super) const RUN_FIELDS: &str = "id,account_id,async_status,async_percent_completion,\
    date_start,date_stop,time_ref,time_completed,error_code,error_subcode,error_message,\
    error_user_title,error_user_msg";

/// An ad account as discovery lists it.
#[derive(Debug, Deserialize)]
pub(super) struct AdAccount {
    pub(super) account_id: String,
    #[serde(default)]
    pub(super) name: Option<String>,
    pub(super) currency: String,
    pub(super) timezone_name: String,
    #[serde(default)]
    pub(super) account_status: Option<i64>,
    #[serde(default)]
    pub(super) business: Option<Business>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Business {
    #[serde(default)]
    pub(super) profile_picture_uri: Option<String>,
}

pub(super) const AD_ACCOUNT_FIELDS: &str = "id,account_id,name,currency,timezone_name,\
    timezone_id,timezone_offset_hours_utc,account_status,disable_reason,created_time,\
    business{id,name,profile_picture_uri}";

/// A campaign, ad set or ad as its list shows it.
#[derive(Debug, Deserialize)]
pub(super) struct StructureRow {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) effective_status: Option<String>,
    #[serde(default)]
    pub(super) campaign_id: Option<String>,
    #[serde(default)]
    pub(super) adset_id: Option<String>,
    #[serde(default)]
    pub(super) creative: Option<Creative>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Creative {
    #[serde(default)]
    pub(super) thumbnail_url: Option<String>,
}

fn id_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Number::deserialize(deserializer).map(|number| number.0)
}
