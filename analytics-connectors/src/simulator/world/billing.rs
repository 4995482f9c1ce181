//! Money that is charged at first and given back days later, on platforms that estimate it.

use super::dice::Dice;

/// Days after which nothing is corrected any more.
pub(crate) const BILLING_SETTLES: i64 = 14;

/// How much of an ad's day is charged too much until a day, counted from that day.
#[derive(Debug, Clone, Copy, Default)]
struct Correction {
    /// In 10 000ths of what is right; negative: too little.
    excess: i64,
    on: i64,
}

/// What is corrected about an ad's day: early, late, both, or mostly nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Corrections([Correction; 2]);

impl Corrections {
    pub(super) fn new(dice: Dice) -> Self {
        let half = BILLING_SETTLES / 2;
        let draw = |dice: Dice, from: i64, to: i64| {
            if !dice.at(0).chance(0.15) {
                return Correction::default();
            }
            let excess = dice.at(1).days(30, 300);
            Correction {
                excess: if dice.at(2).chance(0.85) {
                    excess
                } else {
                    -excess / 4
                },
                on: dice.at(3).days(from, to),
            }
        };
        Self([
            draw(dice.at(0), 3, half),
            draw(dice.at(1), half + 1, BILLING_SETTLES),
        ])
    }

    /// What is charged too much of `spend` so many days after the day.
    pub(super) fn excess(&self, spend: i64, age: i64) -> i64 {
        let open = self.0.iter().filter(|correction| age < correction.on);
        open.map(|correction| spend * correction.excess / 10_000)
            .sum()
    }

    /// Whether something is corrected within these days after the day.
    pub(crate) fn any_within(&self, ages: std::ops::RangeInclusive<i64>) -> bool {
        let made = self.0.iter().filter(|correction| correction.excess != 0);
        made.map(|correction| correction.on)
            .any(|on| ages.contains(&on))
    }
}
