//! The ad accounts of the simulated advertisers at X.

use chrono_tz::Tz;

use super::{PLATFORM, ids, rules::RULES};
use crate::simulator::world::{AccountRow, Language, Roster, ads::AdAccount};

#[rustfmt::skip]
const ACCOUNTS: [AccountRow; 6] = [
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
    let roster = Roster {
        platform: PLATFORM,
        rows: &ACCOUNTS,
        first_id: 800_000_000,
        rules: &RULES,
    };
    roster.accounts(seed, count, |number, dice| {
        ids::spell(FIRST_ACCOUNT + number * 3_000_000_000_000 + dice.below(2_999_999_999_999))
    })
}
