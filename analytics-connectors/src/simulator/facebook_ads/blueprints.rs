//! The ad accounts of the simulated advertiser.

use analytics_core::model::{Currency, Platform};
use chrono_tz::Tz;

use super::{PLATFORM, RULES};
use crate::simulator::world::{
    Blueprint, Dice, Language, ad_account,
    ads::{AdAccount, Business},
};

/// Name, business, currency, digits, minor units per cent, zone, status, language, size.
type Row = (
    &'static str,
    Option<&'static str>,
    &'static str,
    u32,
    f64,
    Tz,
    u32,
    Language,
    f64,
);

#[rustfmt::skip]
const ACCOUNTS: [Row; 8] = [
    ("みどり珈琲 オンラインストア", Some("みどり珈琲株式会社"), "JPY", 0, 1.0, Tz::Asia__Tokyo, 1, Language::Japanese, 1.0),
    ("Northwind Outdoor – US", Some("Northwind Outdoor, Inc."), "USD", 2, 1.0, Tz::America__New_York, 1, Language::English, 1.3),
    ("Bergblick Reisen", None, "EUR", 2, 1.0, Tz::Europe__Berlin, 1, Language::German, 0.7),
    ("さくら不動産 リード獲得", Some("さくら不動産グループ"), "JPY", 0, 1.2, Tz::Asia__Tokyo, 1, Language::Japanese, 0.6),
    ("Lumen Skincare UK", Some("Lumen Skincare Ltd"), "GBP", 2, 0.8, Tz::Europe__London, 1, Language::English, 0.9),
    ("Harbour Café & Co.", None, "AUD", 2, 1.4, Tz::Australia__Sydney, 3, Language::English, 0.4),
    ("Hanbit Store", Some("Hanbit Commerce"), "KRW", 0, 10.0, Tz::Asia__Seoul, 1, Language::English, 0.8),
    ("Maple Gear (closed)", Some("Maple Gear Corp."), "CAD", 2, 1.3, Tz::America__Toronto, 101, Language::English, 0.5),
];

/// Makes `count` accounts.
pub(crate) fn accounts(seed: u64, count: usize) -> Vec<AdAccount> {
    let platform = Platform::from(PLATFORM);
    let root = Dice::new(seed).of(PLATFORM);
    let rows = ACCOUNTS.iter().cycle().take(count).enumerate();
    rows.filter_map(|(number, row)| {
        let (
            name,
            business,
            currency,
            minor_digits,
            price_level,
            time_zone,
            status,
            language,
            size,
        ) = *row;
        let dice = root.of("account").at(number as u64);
        let round = number / ACCOUNTS.len();
        let blueprint = Blueprint {
            id: format!(
                "{}",
                100_000_000_000_000
                    + (number as u64 + 1) * 7_000_000_000_000
                    + dice.of("id").below(6_999_999_999_999)
            ),
            name: if round == 0 {
                name.to_owned()
            } else {
                format!("{name} {}", round + 1)
            },
            business: business.map(|name| Business {
                id: 200_000_000_000_000 + dice.of("business").below(99_999_999_999_999),
                name: name.to_owned(),
            }),
            // Every code of the table is three letters.
            currency: Currency::new(currency).ok()?,
            minor_digits,
            price_level,
            time_zone,
            status,
            language,
            size,
            first_id: 120_200_000_000_000_000
                + (number as u64 + 1) * 10_000_000_000
                + dice.of("first").below(9_000_000),
            rules: &RULES,
        };
        Some(ad_account(&platform, blueprint, dice))
    })
    .collect()
}
