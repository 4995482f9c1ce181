//! The ad accounts of the simulated advertisers at Yahoo! JAPAN.

use analytics_core::model::{Currency, Platform};
use chrono_tz::Tz;

use super::Product;
use crate::simulator::world::{Blueprint, Dice, Language, ad_account, ads::AdAccount};

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
    let platform = Platform::from(product.platform());
    let root = Dice::new(seed).of(product.platform());
    let (rows, first_account, first_id) = match product {
        Product::Search => (&SEARCH, 1_010_000_000, 500_000_000),
        Product::Display => (&DISPLAY, 1_510_000_000, 30_000_000_000),
    };
    let rows = rows.iter().cycle().take(count).enumerate();
    rows.filter_map(|(number, (name, language, size))| {
        let dice = root.of("account").at(number as u64);
        let blueprint = Blueprint {
            id: (first_account + number as u64 * 100_000 + dice.of("id").below(99_999)).to_string(),
            name: match number / SEARCH.len() {
                0 => (*name).to_owned(),
                round => format!("{name} {}", round + 1),
            },
            business: None,
            // Yahoo! JAPAN knows one currency and one zone.
            currency: Currency::new("JPY").ok()?,
            minor_digits: 0,
            price_level: 1.0,
            time_zone: Tz::Asia__Tokyo,
            status: 1,
            language: *language,
            size: *size,
            first_id: first_id + (number as u64 + 1) * 10_000_000 + dice.of("first").below(900_000),
            rules: product.rules(),
        };
        Some(ad_account(&platform, blueprint, dice))
    })
    .collect()
}
