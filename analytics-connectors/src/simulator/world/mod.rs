//! The world behind every platform: who exists, what happened, and what was known when.
//!
//! Everything is a pure function of the seed. Time changes only what is visible of it.

pub(crate) mod ads;
mod billing;
pub(crate) mod counts;
mod creatives;
mod day;
mod dice;
mod figures;
mod generate;
pub(crate) mod media;
mod names;
pub(crate) mod posts;
mod reach;
mod rhythm;
mod roster;
mod settle;

use std::sync::Arc;

use analytics_core::model::Platform;
use chrono::{DateTime, Days, NaiveDate, Utc};

pub(crate) use billing::BILLING_SETTLES;
pub(crate) use dice::Dice;
pub(crate) use figures::Figures;
pub(crate) use generate::{Blueprint, ad_account};
pub(crate) use names::Language;
pub(crate) use reach::{overlap, saturate};
pub(crate) use rhythm::{Market, Rhythm};
pub(crate) use roster::{Roster, Row as AccountRow};
pub(crate) use settle::{AsOf, observe};

use super::truth::{TruthQuery, TruthRow};
use crate::clock::{Clock, SettableClock};
use ads::AdAccount;
use media::MediaAccount;

/// The day the world is arranged around.
const DEFAULT_TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 11, 23) {
    Some(date) => date,
    None => NaiveDate::MIN,
};
/// Accounts are up to this many days old on that day.
const HISTORY_DAYS: i64 = 1_140;
/// Days after that day on which things still happen.
const HORIZON_DAYS: i64 = 2_920;

/// The first day of a page or profile: three years and more before today.
pub(crate) fn start_day(dice: Dice) -> NaiveDate {
    let days = dice.of("created").days(0, 40);
    DEFAULT_TODAY
        .checked_sub_days(Days::new((HISTORY_DAYS - days).unsigned_abs()))
        .unwrap_or(DEFAULT_TODAY)
}

/// A moment to start the clock at: 2026-11-23 03:00 UTC.
#[must_use]
pub fn default_now() -> DateTime<Utc> {
    DEFAULT_TODAY
        .and_hms_opt(3, 0, 0)
        .unwrap_or_default()
        .and_utc()
}

/// Every account of every platform, and the clock that says what is known of them.
#[derive(Debug)]
pub struct World {
    clock: Arc<SettableClock>,
    ads: Vec<AdAccount>,
    media: Vec<MediaAccount>,
}

impl World {
    /// A world of these accounts.
    pub(crate) fn new(
        clock: Arc<SettableClock>,
        ads: Vec<AdAccount>,
        media: Vec<MediaAccount>,
    ) -> Self {
        Self { clock, ads, media }
    }

    /// Now, by the world's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The ad accounts of a platform.
    pub(crate) fn ad_accounts(&self, platform: &Platform) -> impl Iterator<Item = &AdAccount> {
        self.ads
            .iter()
            .filter(move |account| account.platform == *platform)
    }

    /// Every ad account.
    pub(crate) fn all_ad_accounts(&self) -> &[AdAccount] {
        &self.ads
    }

    /// One ad account.
    pub(crate) fn ad_account(&self, platform: &Platform, id: &str) -> Option<&AdAccount> {
        self.ad_accounts(platform).find(|account| account.id == id)
    }

    /// The pages or profiles of a platform.
    pub(crate) fn media_accounts(&self, platform: &str) -> impl Iterator<Item = &MediaAccount> {
        self.media
            .iter()
            .filter(move |account| account.platform.as_str() == platform)
    }

    /// One page or profile.
    pub(crate) fn media_account(&self, platform: &str, id: &str) -> Option<&MediaAccount> {
        self.media_accounts(platform)
            .find(|account| account.id == id)
    }

    /// What is true about an account, as far as its platform can show it at that moment, by level,
    /// entity, metric and date. Zeros are left out. Empty for an account that does not exist.
    #[must_use]
    pub fn truth(&self, query: &TruthQuery) -> Vec<TruthRow> {
        super::truth::truth(self, query)
    }
}
