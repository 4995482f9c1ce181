//! Where ads are shown.

use chrono::{Datelike, NaiveDate};

use crate::simulator::world::{
    ads::{Ad, Campaign},
    counts::{Counts, Measure},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    AllOnTwitter,
    Spotlight,
    Trend,
}

impl Placement {
    pub(super) const ALL: [Self; 3] = [Self::AllOnTwitter, Self::Spotlight, Self::Trend];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AllOnTwitter => "ALL_ON_TWITTER",
            Self::Spotlight => "SPOTLIGHT",
            Self::Trend => "TREND",
        }
    }

    /// Where a campaign is shown: every third in two places.
    pub(super) fn of(campaign: &Campaign) -> &'static [Self] {
        if campaign.id.is_multiple_of(3) {
            &[Self::AllOnTwitter, Self::Spotlight]
        } else {
            &[Self::AllOnTwitter]
        }
    }

    /// What of an ad's day happened here. All placements together make up the day.
    pub(super) fn part(
        self,
        campaign: &Campaign,
        ad: &Ad,
        date: NaiveDate,
        counts: &Counts,
    ) -> Counts {
        let places = Self::of(campaign);
        if !places.contains(&self) {
            return Counts::default();
        }
        let mut part = *counts;
        if places.len() == 1 {
            return part;
        }
        for count in part.slice_mut(Measure::EXPOSURE) {
            let spotlight = *count * 3 / 16;
            *count = match self {
                Self::Spotlight => spotlight,
                _ => *count - spotlight,
            };
        }
        // Results stay together with their values.
        let day = u64::from(date.num_days_from_ce().unsigned_abs());
        let in_spotlight = (ad.id + day).is_multiple_of(4);
        if in_spotlight != (self == Self::Spotlight) {
            part.slice_mut(Measure::RESULTS).fill(0);
        }
        part
    }
}
