//! What this platform delivers: vendor field → metric. One table, no logic.

use analytics_core::model::Level;

use Figures::{Conversions, Delivery};
use Spelt::{Micros, Whole};

/// Levels, coarsest first.
pub(super) const LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];

/// Groups of figures that can be asked for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Figures {
    Delivery,
    Conversions,
}

impl Figures {
    pub(super) const ALL: [Self; 2] = [Delivery, Conversions];

    /// Their names in a question.
    pub(super) fn groups(self) -> &'static str {
        match self {
            Delivery => "ENGAGEMENT,BILLING,VIDEO",
            Conversions => "WEB_CONVERSION",
        }
    }
}

/// How the platform counts a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelt {
    /// A whole number.
    Whole,
    /// Millionths of the currency, of whatever currency.
    Micros,
}

/// A figure of an answer: its key, and within conversions the key below.
pub(super) type Place = (&'static str, Option<&'static str>);

/// One stored metric: the sum of some figures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) metric: &'static str,
    pub(super) of: Figures,
    pub(super) places: &'static [Place],
    pub(super) spelt: Spelt,
    /// Days after which a figure no longer moves.
    pub(super) settles_after_days: u16,
}

const fn row(
    metric: &'static str,
    of: Figures,
    places: &'static [Place],
    spelt: Spelt,
    settles_after_days: u16,
) -> Row {
    Row {
        metric,
        of,
        places,
        spelt,
        settles_after_days,
    }
}

/// What is locked after a day or two.
const SOON: u16 = 3;
/// Spend is an estimate at first, and may be corrected, mostly downwards.
const LATE: u16 = 14;

#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    row("impressions", Delivery, &[("impressions", None)], Whole, SOON),
    // What takes people to the advertiser; clicks of every kind are the next one.
    row("clicks", Delivery, &[("url_clicks", None)], Whole, SOON),
    row("clicks_all", Delivery, &[("clicks", None)], Whole, SOON),
    row("spend", Delivery, &[("billed_charge_local_micro", None)], Micros, LATE),
    row("engagements", Delivery, &[("engagements", None)], Whole, SOON),
    row("likes", Delivery, &[("likes", None)], Whole, SOON),
    row("reposts", Delivery, &[("retweets", None)], Whole, SOON),
    row("replies", Delivery, &[("replies", None)], Whole, SOON),
    row("follows", Delivery, &[("follows", None)], Whole, SOON),
    row("video_views", Delivery, &[("video_total_views", None)], Whole, SOON),
    row("video_views_p25", Delivery, &[("video_views_25", None)], Whole, SOON),
    row("video_views_p50", Delivery, &[("video_views_50", None)], Whole, SOON),
    row("video_views_p75", Delivery, &[("video_views_75", None)], Whole, SOON),
    row("video_views_p100", Delivery, &[("video_views_100", None)], Whole, SOON),
    row("conversions", Conversions, &[("conversion_purchases", Some("metric")), ("conversion_custom", Some("metric"))], Whole, SOON),
    row("conversion_value", Conversions, &[("conversion_purchases", Some("sale_amount")), ("conversion_custom", Some("sale_amount"))], Micros, SOON),
    row("purchases", Conversions, &[("conversion_purchases", Some("metric"))], Whole, SOON),
    row("purchase_value", Conversions, &[("conversion_purchases", Some("sale_amount"))], Micros, SOON),
    row("leads", Conversions, &[("conversion_sign_ups", Some("metric"))], Whole, SOON),
];
