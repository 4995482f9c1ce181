//! What this platform delivers: vendor field → metric. One table, no logic.

use analytics_core::model::Level;

/// Levels of the feed, coarsest first.
pub(super) const LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];

/// Where a value comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Take {
    /// A field of the row, exact.
    Field(&'static str),
    /// One event out of a list in which the platform names it several times: the first of `picks`
    /// that is there counts, alone. A pick of several types is their sum (they do not overlap).
    /// Types match whole, never in part.
    Pick {
        list: &'static str,
        picks: &'static [&'static [&'static str]],
    },
    /// The sum of others.
    Sum(&'static [Take]),
}

/// One stored metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) metric: &'static str,
    pub(super) take: Take,
    /// Days after which a figure no longer moves.
    pub(super) settles_after_days: u16,
}

const fn row(metric: &'static str, take: Take, settles_after_days: u16) -> Row {
    Row {
        metric,
        take,
        settles_after_days,
    }
}

/// Delivery settles within three days.
const SOON: u16 = 3;
/// What is attributed moves for four weeks.
const LATE: u16 = 28;

const PURCHASE: &[&[&str]] = &[
    &["omni_purchase"],
    &["purchase"],
    &["offsite_conversion.fb_pixel_purchase"],
];
const LEAD: &[&[&str]] = &[
    &["lead"],
    &[
        "onsite_conversion.lead_grouped",
        "offsite_conversion.fb_pixel_lead",
    ],
];
const VIDEO: &[&[&str]] = &[&["video_view"]];

const fn action(picks: &'static [&'static [&'static str]]) -> Take {
    Take::Pick {
        list: "actions",
        picks,
    }
}

const fn value(picks: &'static [&'static [&'static str]]) -> Take {
    Take::Pick {
        list: "action_values",
        picks,
    }
}

const fn video(list: &'static str) -> Take {
    Take::Pick { list, picks: VIDEO }
}

#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    row("impressions", Take::Field("impressions"), SOON),
    row("reach", Take::Field("reach"), SOON),
    row("spend", Take::Field("spend"), SOON),
    row("clicks", Take::Field("inline_link_clicks"), SOON),
    row("clicks_all", Take::Field("clicks"), SOON),
    row("conversions", Take::Sum(&[action(PURCHASE), action(LEAD)]), LATE),
    row("conversion_value", Take::Sum(&[value(PURCHASE), value(LEAD)]), LATE),
    row("purchases", action(PURCHASE), LATE),
    row("purchase_value", value(PURCHASE), LATE),
    row("leads", action(LEAD), LATE),
    row("video_views", action(VIDEO), SOON),
    row("video_views_p25", video("video_p25_watched_actions"), SOON),
    row("video_views_p50", video("video_p50_watched_actions"), SOON),
    row("video_views_p75", video("video_p75_watched_actions"), SOON),
    row("video_views_p100", video("video_p100_watched_actions"), SOON),
    row("engagements", Take::Field("inline_post_engagement"), SOON),
    row("reactions", action(&[&["post_reaction"]]), SOON),
    row("comments", action(&[&["comment"]]), SOON),
    row("shares", action(&[&["post"]]), SOON),
    row("saves", action(&[&["onsite_conversion.post_save"]]), SOON),
];
