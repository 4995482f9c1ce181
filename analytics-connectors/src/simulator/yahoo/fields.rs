//! Fields of reports: names, headings, and what stands in their cells.

use analytics_core::model::Level;
use serde_json::{Value, json};

use super::{Product, envelope::ApiError};
use crate::simulator::world::counts::{
    Counts,
    Measure::{
        AddsToCart, Impressions, Leads, LinkClicks, PurchaseValue, Purchases, PurchasesByView,
        Spend, VideoP25, VideoP50, VideoP75, VideoP95, VideoP100, VideoPlays,
    },
};

/// What stands in a cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    Day,
    Id(Level),
    Name(Level),
    AdType,
    /// A whole number.
    Count(fn(&Counts) -> i64),
    /// A whole number that is not told when it is zero.
    Optional(fn(&Counts) -> i64),
    /// A decimal number, in millionths.
    Decimal(fn(&Counts) -> i64),
}

/// A field of a product's reports.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) english: &'static str,
    pub(super) japanese: &'static str,
    pub(super) cell: Cell,
}

impl Field {
    /// The level that the field belongs to; none if it is no dimension of a level.
    pub(super) fn level(&self) -> Option<Level> {
        match self.cell {
            Cell::Id(level) | Cell::Name(level) => Some(level),
            Cell::AdType => Some(Level::Ad),
            Cell::Day | Cell::Count(_) | Cell::Optional(_) | Cell::Decimal(_) => None,
        }
    }

    pub(super) fn is_dimension(&self) -> bool {
        matches!(self.cell, Cell::Day) || self.level().is_some()
    }

    fn kind(&self) -> &'static str {
        match self.cell {
            Cell::Day | Cell::Name(_) | Cell::Id(Level::Account) => "STRING",
            Cell::AdType => "ENUM",
            Cell::Id(_) | Cell::Count(_) | Cell::Optional(_) => "LONG",
            Cell::Decimal(_) => "DOUBLE",
        }
    }
}

const fn field(
    name: &'static str,
    english: &'static str,
    japanese: &'static str,
    cell: Cell,
) -> Field {
    Field {
        name,
        english,
        japanese,
        cell,
    }
}

/// Yen as a decimal number.
const YEN: i64 = 1_000_000;

#[rustfmt::skip]
static SEARCH: [Field; 18] = [
    field("DAY", "Day", "日", Cell::Day),
    field("ACCOUNT_ID", "Account ID", "アカウントID", Cell::Id(Level::Account)),
    field("ACCOUNT_NAME", "Account Name", "アカウント名", Cell::Name(Level::Account)),
    field("CAMPAIGN_ID", "CampaignID", "キャンペーンID", Cell::Id(Level::Campaign)),
    field("CAMPAIGN_NAME", "Campaign name", "キャンペーン名", Cell::Name(Level::Campaign)),
    field("ADGROUP_ID", "Ad group ID", "広告グループID", Cell::Id(Level::AdGroup)),
    field("ADGROUP_NAME", "Ad group name", "広告グループ名", Cell::Name(Level::AdGroup)),
    field("AD_ID", "Ad ID", "広告ID", Cell::Id(Level::Ad)),
    field("AD_NAME", "Ad Name", "広告名", Cell::Name(Level::Ad)),
    field("AD_TYPE", "Ad Type", "広告タイプ", Cell::AdType),
    field("IMPS", "Impressions", "インプレッション数", Cell::Count(|c| c[Impressions])),
    field("CLICKS", "Clicks", "クリック数", Cell::Count(|c| c[LinkClicks])),
    field("COST", "Cost", "コスト", Cell::Count(|c| c[Spend])),
    field("CONVERSIONS", "Conversions", "コンバージョン数", Cell::Decimal(Counts::attributed)),
    field("CONV_VALUE", "Conv. value", "コンバージョンの価値", Cell::Decimal(|c| c[PurchaseValue] * YEN)),
    field("ALL_CONV", "Conversions (all)", "コンバージョン数（全て）", Cell::Decimal(Counts::attributed_all)),
    field("ALL_CONV_VALUE", "Conv. value (all)", "コンバージョンの価値（全て）", Cell::Decimal(|c| c[PurchaseValue] * YEN)),
    field("CROSS_DEVICE_CONVERSIONS", "Cross-device conv.", "クロスデバイスコンバージョン数", Cell::Optional(|c| c[Purchases] / 8)),
];

#[rustfmt::skip]
static DISPLAY: [Field; 27] = [
    field("DAY", "Daily", "日", Cell::Day),
    field("ACCOUNT_ID", "Account ID", "アカウントID", Cell::Id(Level::Account)),
    field("ACCOUNT_NAME", "Account Name", "アカウント名", Cell::Name(Level::Account)),
    field("CAMPAIGN_ID", "Campaign ID", "キャンペーンID", Cell::Id(Level::Campaign)),
    field("CAMPAIGN_NAME", "Campaign Name", "キャンペーン名", Cell::Name(Level::Campaign)),
    field("ADGROUP_ID", "Ad Group ID", "広告グループID", Cell::Id(Level::AdGroup)),
    field("ADGROUP_NAME", "Ad Group Name", "広告グループ名", Cell::Name(Level::AdGroup)),
    field("AD_ID", "Ad ID", "広告ID", Cell::Id(Level::Ad)),
    field("AD_NAME", "Ad Name", "広告名", Cell::Name(Level::Ad)),
    field("AD_TYPE", "Ad Type", "広告タイプ", Cell::AdType),
    field("IMPS", "Impressions", "インプレッション数", Cell::Count(|c| c[Impressions])),
    field("CLICKS", "Clicks", "クリック数", Cell::Count(|c| c[LinkClicks])),
    field("COST", "Cost", "コスト", Cell::Decimal(Counts::spend_with_fractions)),
    field("VIEWABLE_IMPS", "Viewable impressions", "ビューアブルインプレッション数", Cell::Count(|c| c[Impressions] * 7 / 10)),
    field("MEASURED_IMPS", "Measured impressions", "メジャードインプレッション数", Cell::Count(|c| c[Impressions] * 9 / 10)),
    field("VIDEO_VIEWS", "Video views", "動画の再生開始数", Cell::Count(|c| c[VideoPlays])),
    field("VIDEO_VIEWS_TO_25", "25% video views", "動画の25%再生数", Cell::Count(|c| c[VideoP25])),
    field("VIDEO_VIEWS_TO_50", "50% video views", "動画の50%再生数", Cell::Count(|c| c[VideoP50])),
    field("VIDEO_VIEWS_TO_75", "75% video views", "動画の75%再生数", Cell::Count(|c| c[VideoP75])),
    field("VIDEO_VIEWS_TO_95", "95% video views", "動画の95%再生数", Cell::Count(|c| c[VideoP95])),
    field("VIDEO_VIEWS_TO_100", "100% video views", "動画の100%再生数", Cell::Count(|c| c[VideoP100])),
    field("CONVERSIONS", "Conversions", "コンバージョン数", Cell::Count(|c| c[Purchases] + c[Leads])),
    field("CONV_VALUE", "Conv. value", "コンバージョンの価値", Cell::Decimal(|c| c[PurchaseValue] * YEN)),
    field("ALL_CONV", "Conversions (all)", "コンバージョン数（全て）", Cell::Count(|c| c[Purchases] + c[Leads] + c[AddsToCart])),
    field("ALL_CONV_VALUE", "Conv. value (all)", "コンバージョンの価値（全て）", Cell::Decimal(|c| c[PurchaseValue] * YEN)),
    field("CONV_VALUE_VIA_VIEW_THROUGH", "View-through conversions", "ビュースルーコンバージョン数", Cell::Optional(|c| c[PurchasesByView])),
    field("CROSS_DEVICE_CONVERSIONS", "Cross-device conv.", "クロスデバイスコンバージョン数", Cell::Optional(|c| c[Purchases] / 8)),
];

/// Fields of a product's reports.
fn all(product: Product) -> &'static [Field] {
    match product {
        Product::Search => &SEARCH,
        Product::Display => &DISPLAY,
    }
}

/// The level of a report of this type.
pub(super) fn level_of(report_type: &str) -> Option<Level> {
    match report_type {
        "ACCOUNT" => Some(Level::Account),
        "CAMPAIGN" => Some(Level::Campaign),
        "ADGROUP" => Some(Level::AdGroup),
        "AD" => Some(Level::Ad),
        _ => None,
    }
}

/// A field that reports of a level have.
pub(super) fn find(product: Product, level: Level, name: &str) -> Option<&'static Field> {
    all(product)
        .iter()
        .filter(|field| field.level().is_none_or(|of| of.depth() <= level.depth()))
        .find(|field| field.name == name)
}

/// `ReportDefinitionService/getReportFields`.
pub(super) fn describe(product: Product, body: &Value) -> Result<Value, ApiError> {
    let report_type = body["reportType"]
        .as_str()
        .ok_or_else(|| ApiError::new("R0001", "reportType", "required"))?;
    let japanese = match (product, body["lang"].as_str()) {
        (Product::Search, _) => None,
        (Product::Display, Some("EN")) => Some(false),
        (Product::Display, Some("JA")) => Some(true),
        (Product::Display, _) => return Err(ApiError::new("R0001", "lang", "required")),
    };
    // Display has one type for all levels.
    let level = level_of(report_type)
        .filter(|level| product == Product::Search || *level == Level::Ad)
        .ok_or_else(|| ApiError::new("V0001", "reportType", report_type))?;
    let fields: Vec<Value> = all(product)
        .iter()
        .filter_map(|field| find(product, level, field.name))
        .map(|field| {
            let mut entry = json!({
                "fieldName": field.name,
                "fieldType": field.kind(),
                "xmlAttributeName": field.name.to_lowercase(),
                "filterable": true,
                "impossibleCombinationFields": null,
            });
            match japanese {
                None => {
                    entry["displayFieldNameEn"] = json!(field.english);
                    entry["displayFieldNameJa"] = json!(field.japanese);
                    entry["selectable"] = json!(true);
                }
                Some(false) => entry["displayFieldName"] = json!(field.english),
                Some(true) => entry["displayFieldName"] = json!(field.japanese),
            }
            entry
        })
        .collect();
    Ok(json!({ "fields": fields }))
}
