//! The simulated advertiser's profiles.

use std::sync::OnceLock;

use analytics_core::model::Platform;

use super::{PLATFORM, RULES};
use crate::simulator::{
    meta::advertiser::{ROWS, day, ids, later, market, named},
    world::{
        Dice, Rhythm,
        ads::Business,
        media::{MediaAccount, PACIFIC},
        posts::{PostKind, PostPlan, Posts, posts},
        start_day,
    },
};

/// Thousandths of a day that are known after so many days.
const KNOWN: &[i64] = &[0, 310, 930];
/// Days after the first on which it became a professional profile.
const CONVERTED_AFTER: u64 = 860;

/// Makes `count` profiles.
pub(crate) fn accounts(seed: u64, count: usize) -> Vec<MediaAccount> {
    let rows = ROWS.iter().cycle().take(count).enumerate();
    rows.map(|(number, row)| {
        let dice = Dice::new(seed).of(PLATFORM).at(number as u64);
        let (page, profile, business) = ids(seed, number);
        let created = start_day(dice);
        let plan = PostPlan {
            per_day: 1.25,
            views: row.profile_views * 0.24,
            kinds: &[
                PostKind::Photo,
                PostKind::Photo,
                PostKind::Album,
                PostKind::Reels,
                PostKind::Reels,
                PostKind::Story,
                PostKind::Story,
            ],
            language: row.language,
            zone: row.zone,
            counted_in: PACIFIC,
            moves_for: None,
        };
        let first = 17_900_000_000_000_000 + (number as u64 + 1) * 1_000_000_000_000;
        MediaAccount {
            platform: Platform::from(PLATFORM),
            rules: &RULES,
            name: named(row.page, number),
            username: Some(named(row.username, number).replace(' ', "_")),
            page,
            business: row.business.map(|name| Business {
                id: business,
                name: name.to_owned(),
            }),
            readable: row.readable,
            listed: row.listed,
            zone: PACIFIC,
            created,
            professional: later(created, CONVERTED_AFTER),
            followers: row.profile_followers,
            pool: row.profile_followers * 9,
            base: row.profile_views,
            market: market(row.language),
            rhythm: Rhythm::Weekend,
            views_break: day(2025, 4, 21),
            reach_break: None,
            known: KNOWN,
            lacks: &[],
            posts: Posts::new(Box::new(move || {
                posts(plan, created, dice.of("posts"), |number| {
                    (first + number).to_string()
                })
            })),
            dice: dice.of("days"),
            levels: OnceLock::new(),
            id: profile,
        }
    })
    .collect()
}
