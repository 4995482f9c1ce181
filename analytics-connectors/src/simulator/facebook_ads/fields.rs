//! Fields of insights.

use crate::simulator::{
    meta::{error::GraphError, request::parse_fields},
    world::counts::Measure,
};

/// A field the simulator fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    AccountCurrency,
    AccountId,
    AccountName,
    CampaignId,
    CampaignName,
    AdsetId,
    AdsetName,
    AdId,
    AdName,
    Objective,
    OptimizationGoal,
    BuyingType,
    AttributionSetting,
    Reach,
    Frequency,
    Spend,
    /// A number that is always there.
    Count(&'static str, Measure),
    /// A number that is left out when it is zero.
    OptionalCount(&'static str, Measure),
    Engagement,
    /// A ratio of two numbers times a factor; `true` where the first is money.
    Ratio(&'static str, Measure, Measure, i64, bool),
    Cpp,
    OutboundClicks,
    Actions,
    ActionValues,
    PurchaseRoas,
    /// A list with one entry of type `video_view`.
    Video(&'static str, Measure),
    VideoAverage,
    Ranking(&'static str),
    /// Known to the vendor, without a value in this world.
    Empty,
}

/// Fields asked for when none are.
const DEFAULT: &str = "account_id,impressions,spend";

#[rustfmt::skip]
const FIELDS: &[(&str, Field)] = &[
    ("account_currency", Field::AccountCurrency),
    ("account_id", Field::AccountId),
    ("account_name", Field::AccountName),
    ("campaign_id", Field::CampaignId),
    ("campaign_name", Field::CampaignName),
    ("adset_id", Field::AdsetId),
    ("adset_name", Field::AdsetName),
    ("ad_id", Field::AdId),
    ("ad_name", Field::AdName),
    ("objective", Field::Objective),
    ("optimization_goal", Field::OptimizationGoal),
    ("buying_type", Field::BuyingType),
    ("attribution_setting", Field::AttributionSetting),
    ("impressions", Field::Count("impressions", Measure::Impressions)),
    ("clicks", Field::Count("clicks", Measure::Clicks)),
    ("reach", Field::Reach),
    ("frequency", Field::Frequency),
    ("spend", Field::Spend),
    ("inline_link_clicks", Field::OptionalCount("inline_link_clicks", Measure::LinkClicks)),
    ("inline_post_engagement", Field::Engagement),
    ("outbound_clicks", Field::OutboundClicks),
    ("actions", Field::Actions),
    ("action_values", Field::ActionValues),
    ("purchase_roas", Field::PurchaseRoas),
    ("ctr", Field::Ratio("ctr", Measure::Clicks, Measure::Impressions, 100, false)),
    ("inline_link_click_ctr", Field::Ratio("inline_link_click_ctr", Measure::LinkClicks, Measure::Impressions, 100, false)),
    ("cpc", Field::Ratio("cpc", Measure::Spend, Measure::Clicks, 1, true)),
    ("cpm", Field::Ratio("cpm", Measure::Spend, Measure::Impressions, 1000, true)),
    ("cost_per_inline_link_click", Field::Ratio("cost_per_inline_link_click", Measure::Spend, Measure::LinkClicks, 1, true)),
    ("cpp", Field::Cpp),
    ("video_play_actions", Field::Video("video_play_actions", Measure::VideoPlays)),
    ("video_thruplay_watched_actions", Field::Video("video_thruplay_watched_actions", Measure::VideoThruplays)),
    ("video_30_sec_watched_actions", Field::Video("video_30_sec_watched_actions", Measure::Video30s)),
    ("video_p25_watched_actions", Field::Video("video_p25_watched_actions", Measure::VideoP25)),
    ("video_p50_watched_actions", Field::Video("video_p50_watched_actions", Measure::VideoP50)),
    ("video_p75_watched_actions", Field::Video("video_p75_watched_actions", Measure::VideoP75)),
    ("video_p95_watched_actions", Field::Video("video_p95_watched_actions", Measure::VideoP95)),
    ("video_p100_watched_actions", Field::Video("video_p100_watched_actions", Measure::VideoP100)),
    ("video_avg_time_watched_actions", Field::VideoAverage),
    ("quality_ranking", Field::Ranking("quality_ranking")),
    ("engagement_rate_ranking", Field::Ranking("engagement_rate_ranking")),
    ("conversion_rate_ranking", Field::Ranking("conversion_rate_ranking")),
];

/// Fields the vendor knows and this world has nothing for: they are accepted and left out.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "ad_click_actions", "ad_impression_actions", "auction_bid", "auction_competitiveness", "auction_max_competitor_bid",
    "average_purchases_conversion_value", "canvas_avg_view_percent", "canvas_avg_view_time", "catalog_segment_actions",
    "catalog_segment_value", "catalog_segment_value_mobile_purchase_roas", "conversion_values", "conversions",
    "converted_product_quantity", "converted_product_value", "cost_per_15_sec_video_view", "cost_per_2_sec_continuous_video_view",
    "cost_per_action_type", "cost_per_ad_click", "cost_per_conversion", "cost_per_dda_countby_convs", "cost_per_estimated_ad_recallers",
    "cost_per_inline_post_engagement", "cost_per_one_thousand_ad_impression", "cost_per_outbound_click", "cost_per_result",
    "cost_per_thruplay", "cost_per_unique_action_type", "cost_per_unique_click", "cost_per_unique_inline_link_click",
    "cost_per_unique_outbound_click", "created_time", "date_start", "date_stop", "dda_countby_convs", "dda_results",
    "estimated_ad_recall_rate", "estimated_ad_recallers", "full_view_impressions", "full_view_reach", "gender_targeting",
    "instant_experience_clicks_to_open", "instant_experience_clicks_to_start", "instant_experience_outbound_clicks",
    "instagram_profile_visits", "interactive_component_tap", "labels", "location", "marketing_messages_delivered",
    "mobile_app_purchase_roas", "outbound_clicks_ctr", "place_page_name", "qualifying_question_qualify_answer_rate",
    "result_rate", "results", "shops_assisted_purchases", "social_spend", "unique_actions", "unique_clicks", "unique_ctr",
    "unique_inline_link_click_ctr", "unique_inline_link_clicks", "unique_link_clicks_ctr", "unique_outbound_clicks",
    "unique_outbound_clicks_ctr", "updated_time", "video_15_sec_watched_actions", "video_continuous_2_sec_watched_actions",
    "video_play_curve_actions", "video_play_retention_0_to_15s_actions", "video_play_retention_20_to_60s_actions",
    "video_play_retention_graph_actions", "video_time_watched_actions", "website_ctr", "website_purchase_roas", "wish_bid",
];

/// The asked fields, in their order.
pub(super) fn parse(text: Option<&str>) -> Result<Vec<Field>, GraphError> {
    let asked = parse_fields(text.unwrap_or(DEFAULT))?;
    asked
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let name = field.name.as_str();
            match FIELDS.iter().find(|(known, _)| *known == name) {
                Some((_, field)) => Ok(*field),
                None if EMPTY.contains(&name) => Ok(Field::Empty),
                None => Err(GraphError::parameter(format!(
                    "{name} is not valid for fields param. please check https://developers.facebook.com/docs/\
                     marketing-api/reference/ads-insights/ for all valid values (fields[{at}])"
                ))),
            }
        })
        .collect()
}
