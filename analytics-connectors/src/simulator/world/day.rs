//! One ad on one day, as it will stand when everything is known.

use chrono::{Datelike, NaiveDate};

use super::{
    ads::{Ad, AdAccount, Goal},
    billing::Corrections,
    counts::{Counts, Measure},
    dice::Dice,
};

/// An ad's day.
#[derive(Debug, Clone)]
pub(crate) struct AdDay {
    /// Index of the ad in its account.
    pub(crate) ad: usize,
    /// Figures once nothing moves any more.
    pub(crate) settled: Counts,
    /// Error of the first answer about delivery, in 100 000ths.
    pub(crate) drift: i64,
    /// Leftover impressions that are filtered away on the third day.
    pub(crate) fleeting: bool,
    /// What is charged at first and corrected later.
    pub(crate) corrections: Corrections,
    /// Typical value of a purchase, in minor units.
    order_value: f64,
    dice: Dice,
}

// What a day's random numbers are about.
const NOISE: u64 = 1;
const DRIFT: u64 = 2;
const PRICE: u64 = 3;
const RATE: u64 = 4;
const FLEETING: u64 = 5;
const BILLING: u64 = 6;
const MEASURE: u64 = 100;
const ORDER: u64 = 1_000;
const LEAD: u64 = 100_000;
const LATENESS: u64 = 200_000;

impl AdAccount {
    /// The ad's day; none if it does not deliver then.
    pub(crate) fn settled_day(&self, index: usize, date: NaiveDate) -> Option<AdDay> {
        let ad = &self.ads[index];
        let dice = ad.dice.at(date.num_days_from_ce().unsigned_abs().into());
        if !self.delivers(ad, date) {
            return self.leftover(index, date, dice);
        }
        let age = (date - ad.starts).num_days();
        let launch = match age {
            0 => 0.35,
            1 => 0.62,
            2 => 0.84,
            _ => 1.0,
        };
        let years = (date - self.created).num_days() as f64 / 365.0;
        let demand = self.campaigns[ad.campaign].rhythm.factor(date)
            * self.market.factor(date)
            * (1.0 + self.growth * years)
            * launch
            * dice.at(NOISE).between(0.80, 1.22);
        let mut day = AdDay {
            ad: index,
            settled: Counts::default(),
            drift: dice.at(DRIFT).days(-2_000, 1_200),
            fleeting: false,
            corrections: match self.rules.corrects_spend {
                true => Corrections::new(dice.at(BILLING)),
                false => Corrections::default(),
            },
            order_value: ad.order_value,
            dice,
        };
        day.fill_exposure(ad, demand, age);
        day.fill_results(ad, self.campaigns[ad.campaign].goal);
        Some(day)
    }

    /// Rarely, a few impressions still trickle in on the day after an ad ended.
    fn leftover(&self, index: usize, date: NaiveDate, dice: Dice) -> Option<AdDay> {
        let ad = &self.ads[index];
        let just_ended = ad.ends.and_then(|end| end.succ_opt()) == Some(date);
        if !just_ended || !dice.at(FLEETING).chance(0.5) || self.pauses_on(date) {
            return None;
        }
        let mut settled = Counts::default();
        settled[Measure::Impressions] = dice.at(FLEETING + MEASURE).days(2, 9);
        settled[Measure::Spend] = dice.at(FLEETING + MEASURE + 1).days(0, 6);
        Some(AdDay {
            ad: index,
            settled,
            drift: 0,
            fleeting: true,
            corrections: Corrections::default(),
            order_value: 0.0,
            dice,
        })
    }
}

impl AdDay {
    fn fill_exposure(&mut self, ad: &Ad, demand: f64, age: i64) {
        use Measure::{
            Clicks, Comments, Follows, Impressions, LandingPageViews, LinkClicks, OutboundClicks,
            Reactions, Saves, Shares, Spend, Video30s, VideoP25, VideoP50, VideoP75, VideoP95,
            VideoP100, VideoPlays, VideoThruplays, VideoViews, WatchSeconds,
        };
        let dice = self.dice;
        let draw = |measure: Measure, value: f64| dice.at(MEASURE + measure as u64).round(value);
        let counts = &mut self.settled;
        counts[Impressions] = draw(Impressions, ad.base * demand).max(1);
        let impressions = counts[Impressions] as f64;
        let fatigue = 1.0 / (1.0 + age as f64 / 400.0);
        let mood = dice.at(RATE).between(0.85, 1.15) * fatigue;
        counts[Spend] = draw(
            Spend,
            impressions * ad.price / 1000.0 * dice.at(PRICE).between(0.9, 1.1),
        );
        counts[LinkClicks] = draw(LinkClicks, impressions * ad.click_rate * mood);
        let links = counts[LinkClicks] as f64;
        counts[OutboundClicks] = draw(OutboundClicks, links * 0.93).min(counts[LinkClicks]);
        counts[LandingPageViews] = draw(LandingPageViews, links * 0.78).min(counts[LinkClicks]);
        for (measure, rate) in [
            (Reactions, 1.0),
            (Comments, 0.09),
            (Shares, 0.07),
            (Saves, 0.11),
            (Follows, 0.03),
        ] {
            counts[measure] = draw(measure, impressions * ad.reaction_rate * rate * mood);
        }
        counts[Clicks] = counts[LinkClicks]
            + counts[Reactions]
            + counts[Comments]
            + draw(Clicks, impressions * ad.click_rate * 0.22);
        if let Some(hold) = ad.video_hold {
            counts[VideoPlays] = draw(VideoPlays, impressions * 0.92).min(counts[Impressions]);
            let mut left = counts[VideoPlays];
            for (measure, share) in [
                (VideoViews, 0.42),
                (VideoP25, 0.62),
                (VideoP50, 0.66),
                (VideoThruplays, 0.90),
                (VideoP75, 0.80),
                (VideoP95, 0.78),
                (VideoP100, 0.93),
            ] {
                left = draw(measure, left as f64 * (share * hold).min(0.98)).min(left);
                counts[measure] = left;
            }
            counts[Video30s] = draw(Video30s, counts[VideoThruplays] as f64 * 0.55);
            counts[WatchSeconds] = draw(
                WatchSeconds,
                counts[VideoPlays] as f64 * 2.1 + counts[VideoP50] as f64 * 7.5,
            );
        }
    }

    fn fill_results(&mut self, ad: &Ad, goal: Goal) {
        let dice = self.dice;
        let links = self.settled[Measure::LinkClicks] as f64;
        let mood = dice.at(RATE + MEASURE - 1).between(0.7, 1.3);
        let results = |measure: Measure, expected: f64| {
            dice.at(MEASURE + measure as u64).round(expected * mood)
        };
        if ad.purchase_rate > 0.0 {
            let purchases = results(Measure::Purchases, links * ad.purchase_rate);
            self.settled[Measure::Purchases] = purchases;
            let carts = results(Measure::AddsToCart, links * ad.purchase_rate * 3.6);
            self.settled[Measure::AddsToCart] = purchases + carts;
            self.settled[Measure::Checkouts] = purchases + carts / 3;
        }
        if goal == Goal::Leads {
            self.settled[Measure::Leads] = results(Measure::Leads, links * ad.lead_rate);
        }
        let mut counts = self.settled;
        self.set_results(&mut counts, 1_000);
        self.settled = counts;
    }

    /// Cuts the results in `counts` to those that are known when `known` thousandths of them are.
    pub(super) fn set_results(&self, counts: &mut Counts, known: i64) {
        use Measure::{
            AddsToCart, Checkouts, Leads, LeadsByView, LeadsOnPlatform, PurchaseValue,
            PurchaseValueByView, Purchases, PurchasesByView,
        };
        for measure in [Purchases, AddsToCart, Checkouts, Leads] {
            let total = self.settled[measure];
            if total > 0 {
                let lateness = self.dice.at(LATENESS + measure as u64).below(1_000);
                // All of them at 1000 thousandths, since the lateness stays below one result.
                counts[measure] = (total * known + lateness.cast_signed()) / 1_000;
            }
        }
        for measure in [
            PurchasesByView,
            PurchaseValue,
            PurchaseValueByView,
            LeadsByView,
            LeadsOnPlatform,
        ] {
            counts[measure] = 0;
        }
        for n in 0..counts[Purchases].unsigned_abs() {
            let order = self.dice.at(ORDER + n);
            let value = order
                .at(0)
                .round(self.order_value * order.at(1).between(0.45, 1.9));
            counts[PurchaseValue] += value;
            if order.at(2).chance(0.24) {
                counts[PurchasesByView] += 1;
                counts[PurchaseValueByView] += value;
            }
        }
        for n in 0..counts[Leads].unsigned_abs() {
            let lead = self.dice.at(LEAD + n);
            counts[LeadsByView] += i64::from(lead.at(0).chance(0.12));
            counts[LeadsOnPlatform] += i64::from(lead.at(1).chance(0.65));
        }
    }
}
