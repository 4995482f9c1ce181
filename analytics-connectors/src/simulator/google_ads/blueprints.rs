//! The ad accounts of the simulated advertiser at Google.

use chrono_tz::Tz;

use super::{PLATFORM, RULES};
use crate::simulator::world::{AccountRow, Language, Roster, ads::AdAccount};

#[rustfmt::skip]
const ACCOUNTS: [AccountRow; 6] = [
    ("みどり珈琲 検索", "JPY", 0, 1.0, Tz::Asia__Tokyo, Language::Japanese, 0.9),
    ("Northwind Outdoor Search", "USD", 2, 1.0, Tz::America__New_York, Language::English, 1.1),
    ("Bergblick Reisen Suche", "EUR", 2, 1.0, Tz::Europe__Berlin, Language::German, 0.6),
    ("さくら不動産 検索", "JPY", 0, 1.2, Tz::Asia__Tokyo, Language::Japanese, 0.5),
    ("Lumen Skincare UK", "GBP", 2, 0.8, Tz::Europe__London, Language::English, 0.8),
    ("Harbour Café & Co.", "AUD", 2, 1.4, Tz::Australia__Sydney, Language::English, 0.4),
];

/// Makes `count` accounts.
pub(crate) fn accounts(seed: u64, count: usize) -> Vec<AdAccount> {
    let roster = Roster {
        platform: PLATFORM,
        rows: &ACCOUNTS,
        first_id: 20_000_000_000,
        rules: &RULES,
    };
    roster.accounts(seed, count, |number, dice| {
        // Ten digits, as everywhere at Google.
        let first = 1_000_000_000 + (number % 7) * 1_000_000_000;
        (first + dice.below(999_999_999)).to_string()
    })
}
