//! The simulated advertiser's pages.

use std::sync::OnceLock;

use analytics_core::model::Platform;

use super::{PLATFORM, RULES};
use crate::simulator::{
    meta::advertiser::{ROWS, day, ids, market, named},
    world::{
        Dice, Rhythm,
        ads::Business,
        media::{MediaAccount, PACIFIC},
        posts::{PostKind, PostPlan, Posts, posts},
        start_day,
    },
};

/// Thousandths of a day that are known after so many days.
const KNOWN: &[i64] = &[240, 640, 880, 970];

/// Makes `count` pages.
pub(crate) fn accounts(seed: u64, count: usize) -> Vec<MediaAccount> {
    let rows = ROWS.iter().cycle().take(count).enumerate();
    rows.map(|(number, row)| {
        let dice = Dice::new(seed).of(PLATFORM).at(number as u64);
        let (page, _, business) = ids(seed, number);
        let created = start_day(dice);
        let plan = PostPlan {
            per_day: 0.85,
            views: row.page_views * 0.22,
            kinds: &[
                PostKind::Photo,
                PostKind::Photo,
                PostKind::Album,
                PostKind::Video,
                PostKind::Status,
            ],
            language: row.language,
            zone: row.zone,
            counted_in: PACIFIC,
            moves_for: None,
        };
        MediaAccount {
            platform: Platform::from(PLATFORM),
            rules: &RULES,
            name: named(row.page, number),
            username: None,
            business: row.business.map(|name| Business {
                id: business,
                name: name.to_owned(),
            }),
            readable: row.readable,
            listed: row.listed,
            zone: PACIFIC,
            created,
            professional: created,
            followers: row.page_followers,
            pool: row.page_followers * 11,
            base: row.page_views,
            market: market(row.language),
            rhythm: Rhythm::Weekend,
            views_break: day(2025, 11, 15),
            reach_break: Some(day(2026, 6, 15)),
            known: KNOWN,
            lacks: row.lacks,
            posts: Posts::new(Box::new({
                let page = page.clone();
                move || {
                    posts(plan, created, dice.of("posts"), |number| {
                        format!("{page}_{}", 900_000_000_000 + number)
                    })
                }
            })),
            dice: dice.of("days"),
            levels: OnceLock::new(),
            id: page.clone(),
            page,
        }
    })
    .collect()
}
