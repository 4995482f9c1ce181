//! The ad accounts of the simulated advertisers at X.

use analytics_core::model::{Currency, Platform};
use chrono_tz::Tz;

use super::{PLATFORM, ids, rules::RULES};
use crate::simulator::world::{Blueprint, Dice, Language, ad_account, ads::AdAccount};

/// Name, currency, digits, minor units per cent, zone, language, size.
type Row = (&'static str, &'static str, u32, f64, Tz, Language, f64);

#[rustfmt::skip]
const ACCOUNTS: [Row; 6] = [
    ("みどり珈琲 X", "JPY", 0, 1.0, Tz::Asia__Tokyo, Language::Japanese, 0.9),
    ("Northwind Outdoor on X", "USD", 2, 1.0, Tz::America__New_York, Language::English, 1.0),
    ("Bergblick Reisen X", "EUR", 2, 1.0, Tz::Europe__Berlin, Language::German, 0.6),
    ("Lumen Skincare UK", "GBP", 2, 0.8, Tz::Europe__London, Language::English, 0.7),
    ("Harbour Café & Co.", "AUD", 2, 1.4, Tz::Australia__Sydney, Language::English, 0.5),
    ("海風トラベル", "JPY", 0, 1.1, Tz::Asia__Tokyo, Language::Japanese, 0.4),
];

/// The least number of eleven digits in base 36, and a fifth.
const FIRST_ACCOUNT: u64 = 4_387_390_128_075_571;

/// Makes `count` accounts.
pub(crate) fn accounts(seed: u64, count: usize) -> Vec<AdAccount> {
    let platform = Platform::from(PLATFORM);
    let root = Dice::new(seed).of(PLATFORM);
    let rows = ACCOUNTS.iter().cycle().take(count).enumerate();
    rows.filter_map(|(number, row)| {
        let (name, currency, minor_digits, price_level, time_zone, language, size) = *row;
        let dice = root.of("account").at(number as u64);
        let blueprint = Blueprint {
            id: ids::spell(
                FIRST_ACCOUNT
                    + number as u64 * 3_000_000_000_000
                    + dice.of("id").below(2_999_999_999_999),
            ),
            name: match number / ACCOUNTS.len() {
                0 => name.to_owned(),
                round => format!("{name} {}", round + 1),
            },
            business: None,
            // Every code of the table is three letters.
            currency: Currency::new(currency).ok()?,
            minor_digits,
            price_level,
            time_zone,
            status: 1,
            language,
            size,
            first_id: 800_000_000
                + (number as u64 + 1) * 10_000_000
                + dice.of("first").below(900_000),
            rules: &RULES,
        };
        Some(ad_account(&platform, blueprint, dice))
    })
    .collect()
}
