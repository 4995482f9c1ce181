//! The ad accounts of the simulated advertisers at Yahoo! JAPAN.

use chrono_tz::Tz;

use super::Product;
use crate::simulator::world::{Language, Roster, ads::AdAccount};

/// Name, language of what is advertised, size.
type Row = (&'static str, Language, f64);

const SEARCH: [Row; 6] = [
    ("みどり珈琲 検索広告", Language::Japanese, 0.8),
    ("Northwind Outdoor, K.K. \"検索\"", Language::English, 0.5),
    ("さくら不動産 検索広告", Language::Japanese, 0.6),
    ("青葉学習塾 検索広告", Language::Japanese, 0.3),
    ("はなみずき歯科 検索広告", Language::Japanese, 0.2),
    ("海風トラベル 検索広告", Language::Japanese, 1.1),
];

const DISPLAY: [Row; 6] = [
    ("みどり珈琲 ディスプレイ", Language::Japanese, 1.2),
    ("Northwind Outdoor, K.K. \"YDA\"", Language::English, 0.7),
    ("さくら不動産 ディスプレイ", Language::Japanese, 0.5),
    ("青葉学習塾 ディスプレイ", Language::Japanese, 0.4),
    ("はなみずき歯科 ディスプレイ", Language::Japanese, 0.3),
    ("海風トラベル ディスプレイ", Language::Japanese, 0.9),
];

/// Makes `count` accounts of each product.
pub(crate) fn accounts(seed: u64, count: usize) -> Vec<AdAccount> {
    let of = |product| of_product(product, seed, count);
    Product::ALL.into_iter().flat_map(of).collect()
}

fn of_product(product: Product, seed: u64, count: usize) -> Vec<AdAccount> {
    let (rows, first_account, first_id) = match product {
        Product::Search => (&SEARCH, 1_010_000_000, 500_000_000),
        Product::Display => (&DISPLAY, 1_510_000_000, 30_000_000_000),
    };
    // Yahoo! JAPAN knows one currency and one zone.
    let rows =
        rows.map(|(name, language, size)| (name, "JPY", 0, 1.0, Tz::Asia__Tokyo, language, size));
    let roster = Roster {
        platform: product.platform(),
        rows: &rows,
        first_id,
        rules: product.rules(),
    };
    roster.accounts(seed, count, |number, dice| {
        (first_account + number * 100_000 + dice.below(99_999)).to_string()
    })
}
