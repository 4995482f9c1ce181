//! The figures that answers have, by group.

use super::{entity::Entity, error::ApiError, params::Params};
use crate::simulator::world::counts::{Counts, Measure};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Engagement,
    Billing,
    Video,
    WebConversion,
    MobileConversion,
}

impl Group {
    const ALL: [Self; 5] = [
        Self::Engagement,
        Self::Billing,
        Self::Video,
        Self::WebConversion,
        Self::MobileConversion,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Engagement => "ENGAGEMENT",
            Self::Billing => "BILLING",
            Self::Video => "VIDEO",
            Self::WebConversion => "WEB_CONVERSION",
            Self::MobileConversion => "MOBILE_CONVERSION",
        }
    }

    /// The groups that are asked for; conversions are asked for by themselves.
    pub(super) fn parse(params: &Params) -> Result<Vec<Self>, ApiError> {
        let text = params.required("metric_groups")?;
        let wrong = |message: &str| ApiError::invalid("metric_groups", text, message);
        let mut groups = Vec::new();
        for name in text.split(',') {
            let group = Self::ALL.into_iter().find(|group| group.name() == name);
            groups.push(group.ok_or_else(|| wrong("is no group of metrics"))?);
        }
        let alone = |group: &Self| matches!(group, Self::WebConversion | Self::MobileConversion);
        if groups.len() > 1 && groups.iter().any(alone) {
            return Err(wrong("conversions cannot be asked for with other groups"));
        }
        Ok(groups)
    }

    /// Whether an entity has figures of it, and only the basic ones.
    pub(super) fn suits(self, entity: Entity, field: &Field) -> bool {
        match entity {
            Entity::Account => self == Self::Engagement && field.basic,
            Entity::FundingInstrument => {
                self == Self::Billing || (self == Self::Engagement && field.basic)
            }
            Entity::Campaign | Entity::LineItem | Entity::PromotedTweet => true,
        }
    }
}

/// A figure with one number a day.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) group: Group,
    /// Whether accounts have it too.
    pub(super) basic: bool,
    /// Whether it is money.
    pub(super) money: bool,
    /// The number; none: nobody ever has one.
    pub(super) value: Option<fn(&Counts) -> i64>,
}

const fn field(name: &'static str, group: Group, value: fn(&Counts) -> i64) -> Field {
    Field {
        name,
        group,
        basic: false,
        money: false,
        value: Some(value),
    }
}

const fn basic(name: &'static str, value: fn(&Counts) -> i64) -> Field {
    let mut field = field(name, Group::Engagement, value);
    field.basic = true;
    field
}

const fn empty(name: &'static str, group: Group) -> Field {
    Field {
        name,
        group,
        basic: false,
        money: false,
        value: None,
    }
}

#[rustfmt::skip]
pub(super) static FIELDS: [Field; 30] = [
    basic("impressions", |c| c[Measure::Impressions]),
    basic("engagements", |c| c.engagements()),
    basic("likes", |c| c[Measure::Reactions]),
    basic("retweets", |c| c[Measure::Shares]),
    basic("replies", |c| c[Measure::Comments]),
    basic("follows", |c| c[Measure::Follows]),
    field("clicks", Group::Engagement, |c| c[Measure::Clicks]),
    field("url_clicks", Group::Engagement, |c| c[Measure::LinkClicks]),
    field("card_engagements", Group::Engagement, |c| c[Measure::OutboundClicks]),
    empty("app_clicks", Group::Engagement),
    empty("qualified_impressions", Group::Engagement),
    empty("carousel_swipes", Group::Engagement),
    empty("unfollows", Group::Engagement),
    empty("tweets_send", Group::Engagement),
    empty("poll_card_vote", Group::Engagement),
    Field {
        name: "billed_charge_local_micro",
        group: Group::Billing,
        basic: false,
        money: true,
        value: Some(|c| c[Measure::Spend]),
    },
    field("billed_engagements", Group::Billing, |c| c[Measure::LinkClicks]),
    field("video_total_views", Group::Video, |c| c[Measure::VideoViews]),
    field("video_3s100pct_views", Group::Video, |c| c[Measure::VideoViews]),
    field("video_6s_views", Group::Video, |c| c[Measure::VideoThruplays]),
    field("video_15s_views", Group::Video, |c| c[Measure::Video30s]),
    field("video_content_starts", Group::Video, |c| c[Measure::VideoPlays]),
    field("video_views_25", Group::Video, |c| c[Measure::VideoP25]),
    field("video_views_50", Group::Video, |c| c[Measure::VideoP50]),
    field("video_views_75", Group::Video, |c| c[Measure::VideoP75]),
    field("video_views_100", Group::Video, |c| c[Measure::VideoP100]),
    empty("video_cta_clicks", Group::Video),
    empty("mobile_conversion_installs", Group::MobileConversion),
    empty("mobile_conversion_purchases", Group::MobileConversion),
    empty("mobile_conversion_sign_ups", Group::MobileConversion),
];
