//! The pages of the simulated advertiser, each with the profile that is connected to it.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use crate::simulator::world::{Dice, Language, Market, media::MediaMeasure};

/// What is fixed about a page and its profile before the dice are rolled.
pub(crate) struct Row {
    pub(crate) page: &'static str,
    pub(crate) username: &'static str,
    pub(crate) business: Option<&'static str>,
    pub(crate) language: Language,
    pub(crate) zone: Tz,
    /// Whether the user may analyse it.
    pub(crate) readable: bool,
    /// Whether it is among the user's own pages, and not only in its portfolio.
    pub(crate) listed: bool,
    pub(crate) page_followers: i64,
    pub(crate) profile_followers: i64,
    /// Views on an ordinary day.
    pub(crate) page_views: f64,
    pub(crate) profile_views: f64,
    /// What the platform has no figures of on the page.
    pub(crate) lacks: &'static [MediaMeasure],
}

#[rustfmt::skip]
pub(crate) const ROWS: [Row; 6] = [
    Row { page: "みどり珈琲", username: "midori.coffee", business: Some("みどり珈琲株式会社"), language: Language::Japanese, zone: Tz::Asia__Tokyo, readable: true, listed: true, page_followers: 12_840, profile_followers: 28_310, page_views: 6_200.0, profile_views: 14_500.0, lacks: &[] },
    Row { page: "Northwind Outdoor", username: "northwind.outdoor", business: None, language: Language::English, zone: Tz::America__New_York, readable: true, listed: true, page_followers: 4_105, profile_followers: 40, page_views: 2_700.0, profile_views: 45.0, lacks: &[MediaMeasure::ContactClicks] },
    Row { page: "Bergblick Reisen", username: "bergblick", business: None, language: Language::German, zone: Tz::Europe__Berlin, readable: false, listed: true, page_followers: 2_310, profile_followers: 3_480, page_views: 1_100.0, profile_views: 1_900.0, lacks: &[] },
    Row { page: "さくら不動産", username: "sakura.fudosan", business: Some("さくら不動産グループ"), language: Language::Japanese, zone: Tz::Asia__Tokyo, readable: true, listed: false, page_followers: 45, profile_followers: 940, page_views: 40.0, profile_views: 800.0, lacks: &[] },
    Row { page: "Lumen Skincare", username: "lumenskincare", business: Some("Lumen Skincare Ltd"), language: Language::English, zone: Tz::Europe__London, readable: true, listed: false, page_followers: 38_200, profile_followers: 121_400, page_views: 18_000.0, profile_views: 52_000.0, lacks: &[] },
    Row { page: "Harbour Café & Co.", username: "harbourcafe", business: None, language: Language::English, zone: Tz::Australia__Sydney, readable: true, listed: true, page_followers: 940, profile_followers: 1_730, page_views: 420.0, profile_views: 1_050.0, lacks: &[] },
];

/// Page, profile and business ids of the row with this number.
pub(crate) fn ids(seed: u64, number: usize) -> (String, String, u64) {
    let dice = Dice::new(seed).of("media").at(number as u64);
    let page = 100_100_000_000_000
        + (number as u64 + 1) * 3_000_000_000_000
        + dice.of("page").below(2_999_999_999_999);
    let profile = 17_841_400_000_000_000
        + (number as u64 + 1) * 1_000_000_000_000
        + dice.of("profile").below(999_999_999_999);
    let business = 300_000_000_000_000 + dice.of("business").below(99_999_999_999_999);
    (page.to_string(), profile.to_string(), business)
}

/// A row's name in the round it is used in.
pub(crate) fn named(name: &str, number: usize) -> String {
    match number / ROWS.len() {
        0 => name.to_owned(),
        round => format!("{name} {}", round + 1),
    }
}

pub(crate) fn market(language: Language) -> Market {
    match language {
        Language::Japanese => Market::Japan,
        Language::English | Language::German => Market::West,
    }
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// Some days after the first: media from before have no figures.
pub(crate) fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}
