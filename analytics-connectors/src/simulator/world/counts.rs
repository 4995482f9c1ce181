//! What is counted, as exact integers.

use std::ops::{AddAssign, Index, IndexMut};

/// Something counted per ad and day. Money is in the currency's minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Impressions,
    Spend,
    Clicks,
    LinkClicks,
    OutboundClicks,
    LandingPageViews,
    Reactions,
    Comments,
    Shares,
    Saves,
    Follows,
    VideoPlays,
    VideoViews,
    VideoThruplays,
    Video30s,
    VideoP25,
    VideoP50,
    VideoP75,
    VideoP95,
    VideoP100,
    WatchSeconds,
    // Results, which arrive late:
    Purchases,
    PurchasesByView,
    PurchaseValue,
    PurchaseValueByView,
    AddsToCart,
    Checkouts,
    Leads,
    LeadsByView,
    LeadsOnPlatform,
}

impl Measure {
    /// Measures of delivery and engagement, which settle within days.
    pub(crate) const EXPOSURE: std::ops::Range<usize> = 0..Self::Purchases as usize;
    /// Measures of results.
    pub(crate) const RESULTS: std::ops::Range<usize> = Self::Purchases as usize..Self::COUNT;
    const COUNT: usize = Self::LeadsOnPlatform as usize + 1;
}

/// One number a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts([i64; Measure::COUNT]);

impl Counts {
    /// Interactions of every kind with the post behind an ad.
    pub(crate) fn engagements(&self) -> i64 {
        use Measure::{Comments, LinkClicks, Reactions, Saves, Shares, VideoViews};
        [LinkClicks, VideoViews, Reactions, Comments, Shares, Saves]
            .into_iter()
            .map(|measure| self[measure])
            .sum()
    }

    /// Conversions in millionths, as a platform credits them that shares them out by data: what
    /// came by a view is shared with others.
    pub(crate) fn attributed(&self) -> i64 {
        (self[Measure::Purchases] + self[Measure::Leads]) * 1_000_000
            - self[Measure::PurchasesByView] * 350_000
    }

    /// The same of every action that is tracked.
    pub(crate) fn attributed_all(&self) -> i64 {
        self.attributed() + self[Measure::AddsToCart] * 1_000_000
    }

    /// Money in millionths of a currency without minor units, as platforms bill that charge parts of
    /// it: a quarter for each click.
    pub(crate) fn spend_with_fractions(&self) -> i64 {
        self[Measure::Spend] * 1_000_000 + self[Measure::LinkClicks] * 250_000
    }

    /// The numbers of a range of measures.
    pub(crate) fn slice_mut(&mut self, range: std::ops::Range<usize>) -> &mut [i64] {
        &mut self.0[range]
    }
}

impl Index<Measure> for Counts {
    type Output = i64;

    fn index(&self, measure: Measure) -> &i64 {
        &self.0[measure as usize]
    }
}

impl IndexMut<Measure> for Counts {
    fn index_mut(&mut self, measure: Measure) -> &mut i64 {
        &mut self.0[measure as usize]
    }
}

impl AddAssign<&Self> for Counts {
    fn add_assign(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }
}
