//! The ads of a group: each creative is replaced by the next every few months, and now and then
//! a trial is thrown away after a few days.

use chrono::NaiveDate;

use super::{
    ads::{Ad, Goal},
    dice::Dice,
    generate::{Maker, Slot, shift},
};

impl Maker {
    /// One line of ads of a group: each creative is replaced by the next.
    pub(super) fn line(
        &mut self,
        slot: &Slot,
        dice: Dice,
        (campaign, group): (usize, usize),
        starts: NaiveDate,
        ends: Option<NaiveDate>,
    ) {
        let last = ends.unwrap_or(self.last);
        let mut start = shift(starts, dice.days(0, 4));
        let mut number = 1;
        while start <= last {
            let dice = dice.at(number);
            let end = shift(start, dice.of("life").days(50, 130)).min(last);
            let followed = end < last;
            let deleted = Some(shift(end, dice.of("gone").days(3, 30))).filter(|gone| {
                dice.of("delete").chance(0.16) && (self.today - *gone).num_days() >= 75
            });
            let archived = Some(shift(end, 12))
                .filter(|_| deleted.is_none() && dice.of("archive").chance(0.25));
            let ends = (followed || ends.is_some()).then_some(end);
            self.ad(
                slot,
                dice,
                (campaign, group),
                start,
                ends,
                (archived, deleted),
                number,
            );
            if dice.of("trial").chance(0.22) {
                // A trial that is thrown away while its days are still being refetched.
                let dice = dice.of("trial");
                let start = shift(start, dice.at(1).days(8, 40));
                let end = shift(start, dice.at(2).days(3, 11)).min(last);
                if start <= end {
                    let gone = shift(end, dice.at(3).days(1, 4));
                    self.ad(
                        slot,
                        dice,
                        (campaign, group),
                        start,
                        Some(end),
                        (None, Some(gone)),
                        0,
                    );
                }
            }
            start = shift(end, dice.of("gap").days(1, 3));
            number += 1;
        }
    }

    pub(super) fn price(&self, goal: Goal) -> f64 {
        self.blueprint.price_level
            * match goal {
                Goal::Shop => 1_050.0,
                Goal::Leads => 1_350.0,
                Goal::Traffic => 620.0,
                Goal::Video => 480.0,
                Goal::Engagement => 400.0,
            }
    }

    #[allow(clippy::too_many_arguments)] // one call site shape, all of them needed
    fn ad(
        &mut self,
        slot: &Slot,
        dice: Dice,
        (campaign, group): (usize, usize),
        starts: NaiveDate,
        ends: Option<NaiveDate>,
        (archived, deleted): (Option<NaiveDate>, Option<NaiveDate>),
        number: u64,
    ) {
        let language = self.blueprint.language;
        let video = slot.goal == Goal::Video || dice.of("video").chance(0.25);
        let name = match number {
            0 => language.trial().to_owned(),
            _ => format!(
                "{} v{number}",
                dice.of("format").pick(language.formats(video))
            ),
        };
        let base = self.blueprint.size
            * slot.weight
            * dice.of("base").between(900.0, 3_600.0)
            * if number == 0 { 0.25 } else { 1.0 };
        let (click_rate, purchase_rate, lead_rate) = match slot.goal {
            Goal::Shop => (0.015, if slot.always_on { 0.052 } else { 0.033 }, 0.0),
            Goal::Leads => (0.011, 0.0, 0.085),
            Goal::Traffic => (0.021, 0.006, 0.0),
            Goal::Video => (0.004, 0.002, 0.0),
            Goal::Engagement => (0.005, 0.0, 0.0),
        };
        let reaction_rate = match slot.goal {
            Goal::Engagement => 0.022,
            Goal::Video => 0.008,
            _ => 0.003,
        };
        let spread = |topic: &str| dice.of(topic).between(0.65, 1.4);
        let id = self.id();
        self.ads.push(Ad {
            id,
            name,
            campaign,
            group,
            starts,
            ends,
            archived,
            deleted,
            base,
            audience: (base * dice.of("audience").between(9.0, 16.0)) as i64,
            price: self.price(slot.goal) * spread("price"),
            click_rate: click_rate * spread("click"),
            reaction_rate: reaction_rate * spread("reaction"),
            video_hold: video.then(|| dice.of("hold").between(0.8, 1.15)),
            purchase_rate: purchase_rate * spread("purchase"),
            lead_rate: lead_rate * spread("lead"),
            order_value: self.blueprint.price_level * 7_400.0 * spread("order"),
            dice: dice.of("days"),
        });
    }
}
