//! Questions in the Google Ads Query Language.

use analytics_core::model::{DateRange, Level};

use super::metrics::{REACH, TABLE};

/// The accounts below an account, itself included.
pub(super) const HIERARCHY: &str = "SELECT customer_client.id, customer_client.descriptive_name, \
    customer_client.currency_code, customer_client.time_zone, customer_client.manager, \
    customer_client.hidden, customer_client.status, customer_client.level FROM customer_client";

/// The resource that tells a level's figures.
fn resource(level: Level) -> &'static str {
    match level {
        Level::Campaign => "campaign",
        Level::AdGroup => "ad_group",
        Level::Ad => "ad_group_ad",
        Level::Account | Level::Post => "customer",
    }
}

/// What tells an entity of a level, with those above it.
fn attributes(level: Level) -> &'static [&'static str] {
    const CAMPAIGN: [&str; 3] = ["campaign.id", "campaign.name", "campaign.status"];
    match level {
        Level::Campaign => &CAMPAIGN,
        Level::AdGroup => &[
            "campaign.id",
            "campaign.name",
            "campaign.status",
            "ad_group.id",
            "ad_group.name",
            "ad_group.status",
        ],
        Level::Ad => &[
            "campaign.id",
            "campaign.name",
            "campaign.status",
            "ad_group.id",
            "ad_group.name",
            "ad_group.status",
            "ad_group_ad.ad.id",
            "ad_group_ad.ad.name",
            "ad_group_ad.ad.type",
            "ad_group_ad.status",
        ],
        Level::Account | Level::Post => &[],
    }
}

/// Every metric of every day. Entities that were removed are not left out: their figures are part
/// of what is above them.
pub(super) fn daily(level: Level, range: DateRange) -> String {
    let metrics = TABLE.iter().map(|row| format!("metrics.{}", row.field));
    let day = ["segments.date".to_owned()];
    select(level, day.into_iter().chain(metrics), range)
}

/// People reached within a range.
pub(super) fn window(level: Level, range: DateRange) -> String {
    select(level, [format!("metrics.{}", REACH.field)], range)
}

fn select(level: Level, fields: impl IntoIterator<Item = String>, range: DateRange) -> String {
    let mut all = vec!["customer.id".to_owned()];
    all.extend(attributes(level).iter().map(|field| (*field).to_owned()));
    all.extend(fields);
    format!(
        "SELECT {} FROM {} WHERE segments.date BETWEEN '{}' AND '{}' \
         PARAMETERS omit_unselected_resource_names = true",
        all.join(", "),
        resource(level),
        range.start,
        range.end
    )
}
