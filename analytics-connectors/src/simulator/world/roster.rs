//! The ad accounts of a platform, from a table of them.

use analytics_core::model::{Currency, Platform};
use chrono_tz::Tz;

use super::{
    Dice, Language,
    ads::{AdAccount, Rules},
    generate::{Blueprint, ad_account},
};

/// Name, currency, digits, minor units per cent, zone, language, size.
pub(crate) type Row = (&'static str, &'static str, u32, f64, Tz, Language, f64);

/// Accounts of a platform as a table names them, over again with a number once it ends.
pub(crate) struct Roster<'a> {
    pub(crate) platform: &'a str,
    pub(crate) rows: &'a [Row],
    /// Before the first of the ids of what is in the accounts.
    pub(crate) first_id: u64,
    pub(crate) rules: &'static Rules,
}

impl Roster<'_> {
    /// Makes `count` accounts; `id` makes an account's id of its number and its dice.
    pub(crate) fn accounts(
        &self,
        seed: u64,
        count: usize,
        id: impl Fn(u64, Dice) -> String,
    ) -> Vec<AdAccount> {
        let platform = Platform::from(self.platform);
        let root = Dice::new(seed).of(self.platform);
        let rows = self.rows.iter().cycle().take(count).enumerate();
        rows.filter_map(|(index, row)| {
            let (name, currency, minor_digits, price_level, time_zone, language, size) = *row;
            let number = index as u64;
            let dice = root.of("account").at(number);
            let blueprint = Blueprint {
                id: id(number, dice.of("id")),
                name: match index / self.rows.len() {
                    0 => name.to_owned(),
                    round => format!("{name} {}", round + 1),
                },
                business: None,
                // Every code of a table is three letters.
                currency: Currency::new(currency).ok()?,
                minor_digits,
                price_level,
                time_zone,
                status: 1,
                language,
                size,
                first_id: self.first_id
                    + (number + 1) * 10_000_000
                    + dice.of("first").below(900_000),
                rules: self.rules,
            };
            Some(ad_account(&platform, blueprint, dice))
        })
        .collect()
    }
}
