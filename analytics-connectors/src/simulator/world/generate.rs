//! Makes an ad account out of a blueprint and the seed: about six campaigns at a time, each with
//! a few ad groups, whose ads are replaced every few months.

use analytics_core::model::{Currency, DateRange, Platform};
use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;

use super::{
    HISTORY_DAYS, HORIZON_DAYS,
    ads::{Ad, AdAccount, AdGroup, Business, Campaign, Goal, Rules},
    dice::Dice,
    figures::DayCache,
    names::Language,
    rhythm::{Market, Rhythm},
};

/// What is fixed about an account before the dice are rolled.
#[derive(Debug, Clone)]
pub(crate) struct Blueprint {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) business: Option<Business>,
    pub(crate) currency: Currency,
    pub(crate) minor_digits: u32,
    /// Minor units that buy what a cent buys.
    pub(crate) price_level: f64,
    pub(crate) time_zone: Tz,
    pub(crate) status: u32,
    pub(crate) language: Language,
    /// Volume, where 1 is about sixty thousand impressions a day.
    pub(crate) size: f64,
    /// First of the ids of its campaigns, ad groups and ads.
    pub(crate) first_id: u64,
    /// What its platform makes of the world.
    pub(crate) rules: &'static Rules,
}

/// One line of campaigns: each begins when the one before has ended.
pub(super) struct Slot {
    pub(super) goal: Goal,
    rhythm: Rhythm,
    pub(super) always_on: bool,
    pub(super) weight: f64,
}

const SLOTS: [Slot; 6] = [
    Slot {
        goal: Goal::Shop,
        rhythm: Rhythm::Even,
        always_on: true,
        weight: 0.8,
    },
    Slot {
        goal: Goal::Shop,
        rhythm: Rhythm::Weekend,
        always_on: false,
        weight: 1.5,
    },
    Slot {
        goal: Goal::Leads,
        rhythm: Rhythm::Office,
        always_on: false,
        weight: 0.8,
    },
    Slot {
        goal: Goal::Video,
        rhythm: Rhythm::Weekend,
        always_on: false,
        weight: 1.3,
    },
    Slot {
        goal: Goal::Traffic,
        rhythm: Rhythm::Even,
        always_on: true,
        weight: 0.9,
    },
    Slot {
        goal: Goal::Engagement,
        rhythm: Rhythm::Weekend,
        always_on: false,
        weight: 0.5,
    },
];

pub(super) struct Maker {
    pub(super) blueprint: Blueprint,
    dice: Dice,
    /// The world's default today; see [`super::DEFAULT_TODAY`].
    pub(super) today: NaiveDate,
    first: NaiveDate,
    pub(super) last: NaiveDate,
    next_id: u64,
    campaigns: Vec<Campaign>,
    groups: Vec<AdGroup>,
    pub(super) ads: Vec<Ad>,
}

/// Makes the account.
pub(crate) fn ad_account(platform: &Platform, blueprint: Blueprint, dice: Dice) -> AdAccount {
    let today = super::DEFAULT_TODAY;
    let first = shift(today, -(HISTORY_DAYS - dice.of("age").days(0, 90)));
    let last = shift(today, HORIZON_DAYS);
    let market = match blueprint.language {
        Language::Japanese => Market::Japan,
        Language::English | Language::German => Market::West,
    };
    let mut maker = Maker {
        next_id: blueprint.first_id,
        blueprint,
        dice,
        today,
        first,
        last,
        campaigns: Vec::new(),
        groups: Vec::new(),
        ads: Vec::new(),
    };
    for (number, slot) in SLOTS.iter().enumerate() {
        maker.slot(slot, dice.of("slot").at(number as u64));
    }
    let pauses = maker.account_pauses();
    let Maker {
        blueprint,
        campaigns,
        groups,
        ads,
        ..
    } = maker;
    AdAccount {
        platform: platform.clone(),
        rules: blueprint.rules,
        pool: 24 * (blueprint.size * 25_000.0) as i64,
        id: blueprint.id,
        name: blueprint.name,
        business: blueprint.business,
        currency: blueprint.currency,
        minor_digits: blueprint.minor_digits,
        time_zone: blueprint.time_zone,
        status: blueprint.status,
        created: first,
        market,
        growth: dice.of("growth").between(0.06, 0.22),
        pauses,
        campaigns,
        groups,
        ads,
        days: DayCache::new(first, last),
    }
}

/// The date so many days later; the world's time is far from the calendar's ends.
pub(super) fn shift(date: NaiveDate, days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(count)
    } else {
        date.checked_add_days(count)
    }
    .unwrap_or(date)
}

fn range(start: NaiveDate, days: i64) -> DateRange {
    DateRange {
        start,
        end: shift(start, days - 1),
    }
}

impl Maker {
    pub(super) fn id(&mut self) -> u64 {
        self.next_id += 1 + self.dice.of("id").at(self.next_id).below(900);
        self.next_id
    }

    /// A few days every year on which nothing runs at all: billing problems, year-end.
    fn account_pauses(&self) -> Vec<DateRange> {
        let dice = self.dice.of("outage");
        (0..5)
            .map(|year| {
                let dice = dice.at(year);
                let start = shift(
                    self.first,
                    year.cast_signed() * 365 + dice.at(1).days(60, 300),
                );
                range(start, dice.at(2).days(1, 4))
            })
            // The weeks that everybody looks at first have no outage.
            .filter(|outage| (self.today - outage.end).num_days().abs() > 35)
            .collect()
    }

    fn slot(&mut self, slot: &Slot, dice: Dice) {
        if slot.always_on {
            let start = shift(self.first, dice.at(0).days(0, 12));
            self.campaign(slot, dice.at(1), start, None);
            return;
        }
        let mut start = shift(self.first, dice.at(0).days(0, 25));
        let mut number = 1;
        while start < self.last {
            let dice = dice.at(number);
            let days = dice.at(0).days(28, 120);
            self.campaign(slot, dice, start, Some(shift(start, days - 1)));
            start = shift(start, days + dice.at(1).days(0, 16));
            number += 1;
        }
    }

    fn campaign(&mut self, slot: &Slot, dice: Dice, starts: NaiveDate, ends: Option<NaiveDate>) {
        let language = self.blueprint.language;
        let name = match ends {
            None => language.always_on(slot.goal).to_owned(),
            Some(_) => format!(
                "{} {}-{:02}",
                dice.of("theme").pick(language.themes(slot.goal)),
                starts.year(),
                starts.month()
            ),
        };
        let index = self.campaigns.len();
        let id = self.id();
        let (group_from, ad_from) = (self.groups.len(), self.ads.len());
        for number in 0..dice.of("groups").days(1, 2).unsigned_abs() + u64::from(slot.always_on) {
            let dice = dice.of("group").at(number);
            self.group(slot, dice, index, number, starts, ends);
        }
        let base: f64 = self.ads[ad_from..]
            .iter()
            .map(|ad| ad.base)
            .fold(0.0, f64::max);
        let old = |end: NaiveDate, days: i64| {
            let at = shift(end, days);
            // Deletions of things with a long history lie well before the default today.
            ((self.today - at).num_days() >= 75).then_some(at)
        };
        let archived = ends
            .filter(|_| dice.of("archive").chance(0.3))
            .and_then(|end| old(end, 20));
        let deleted = ends
            .filter(|_| archived.is_none() && dice.of("delete").chance(0.08))
            .and_then(|end| old(end, dice.of("delete").days(5, 40)));
        self.campaigns.push(Campaign {
            id,
            name,
            goal: slot.goal,
            rhythm: slot.rhythm,
            starts,
            ends,
            archived,
            deleted,
            daily_budget: (base * 6.0 * self.price(slot.goal) / 1000.0 / 100.0).ceil() as i64 * 100,
            pool: (base * 130.0) as i64,
            pauses: self.pauses(dice.of("pause"), starts, ends, 0.7),
            groups: group_from..self.groups.len(),
            ads: ad_from..self.ads.len(),
        });
    }

    /// Every hundred days or so, a pause of some days.
    fn pauses(
        &self,
        dice: Dice,
        starts: NaiveDate,
        ends: Option<NaiveDate>,
        chance: f64,
    ) -> Vec<DateRange> {
        let days = (ends.unwrap_or(self.last) - starts).num_days();
        (0..=days / 100)
            .filter_map(|n| {
                let dice = dice.at(n.unsigned_abs());
                dice.at(0).chance(chance).then(|| {
                    range(
                        shift(starts, n * 100 + dice.at(1).days(12, 90)),
                        dice.at(2).days(2, 9),
                    )
                })
            })
            .collect()
    }

    fn group(
        &mut self,
        slot: &Slot,
        dice: Dice,
        campaign: usize,
        number: u64,
        starts: NaiveDate,
        ends: Option<NaiveDate>,
    ) {
        let audiences = self.blueprint.language.audiences();
        let index = self.groups.len();
        let id = self.id();
        let ad_from = self.ads.len();
        let starts = shift(starts, dice.of("start").days(0, 3));
        for line in 0..2 + u64::from(dice.of("ads").chance(0.35)) {
            self.line(
                slot,
                dice.of("line").at(line),
                (campaign, index),
                starts,
                ends,
            );
        }
        let base: f64 = self.ads[ad_from..]
            .iter()
            .map(|ad| ad.base)
            .fold(0.0, f64::max);
        let deleted = ends
            .map(|end| shift(end, dice.of("gone").days(2, 20)))
            .filter(|gone| dice.of("delete").chance(0.08) && (self.today - *gone).num_days() >= 75);
        self.groups.push(AdGroup {
            id,
            name: audiences[(number as usize + dice.below(2) as usize) % audiences.len()]
                .to_owned(),
            campaign,
            starts,
            deleted,
            pool: (base * 60.0) as i64,
            pauses: self.pauses(dice.of("pause"), starts, ends, 0.25),
            ads: ad_from..self.ads.len(),
        });
    }
}
