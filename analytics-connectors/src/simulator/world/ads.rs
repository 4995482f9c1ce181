//! Ad accounts: what exists, and when it delivers.

use std::ops::Range;

use analytics_core::model::{Currency, DateRange, Level, Platform};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    counts::Counts,
    dice::Dice,
    figures::DayCache,
    rhythm::{Market, Rhythm},
    settle::AsOf,
};

/// What a campaign is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    Shop,
    Leads,
    Traffic,
    Video,
    Engagement,
}

/// Who owns an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Business {
    pub(crate) id: u64,
    pub(crate) name: String,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Whole things.
    Whole,
    /// Money in minor units.
    Money,
    /// Millionths, of what can be divided.
    Millionths,
}

/// One stored metric of a platform, made from counts.
#[derive(Debug)]
pub(crate) struct CountedMetric {
    /// The normalized metric.
    pub(crate) id: &'static str,
    /// What the number counts.
    pub(crate) unit: Unit,
    /// The number.
    pub(crate) value: fn(&Counts) -> i64,
}

/// What a platform makes of the world.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The additive metrics it offers.
    pub(crate) metrics: &'static [CountedMetric],
    /// Whether what was spent is an estimate at first, which is corrected for two weeks.
    pub(crate) corrects_spend: bool,
    /// Whether it also tells the people reached of a level: day by day, or (true) of a range.
    pub(crate) reach: fn(Level, bool) -> bool,
    /// Whether an ad is told by its group too, because it may be in several.
    pub(crate) ads_by_group: bool,
    /// How it spells the ids of campaigns, ad groups and ads.
    pub(crate) spell_id: fn(u64) -> String,
    /// Whether it still shows figures of things with this status when a level is listed.
    pub(crate) shows: fn(Level, Status) -> bool,
    /// Whether it tells the ad groups and ads of such a campaign at all.
    pub(crate) breaks_down: fn(&Campaign) -> bool,
}

/// An ad account of any platform.
#[derive(Debug)]
pub(crate) struct AdAccount {
    pub(crate) platform: Platform,
    pub(crate) rules: &'static Rules,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) business: Option<Business>,
    pub(crate) currency: Currency,
    /// Digits behind the decimal point of its money.
    pub(crate) minor_digits: u32,
    pub(crate) time_zone: Tz,
    /// The platform's own status code.
    pub(crate) status: u32,
    /// First day.
    pub(crate) created: NaiveDate,
    pub(crate) market: Market,
    /// Growth a year, as a fraction.
    pub(crate) growth: f64,
    /// People that all its campaigns together could reach.
    pub(crate) pool: i64,
    /// Days on which nothing delivers at all.
    pub(crate) pauses: Vec<DateRange>,
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) groups: Vec<AdGroup>,
    pub(crate) ads: Vec<Ad>,
    pub(super) days: DayCache,
}

/// A campaign. Its ad groups and ads are neighbours in the account's lists.
#[derive(Debug)]
pub(crate) struct Campaign {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) goal: Goal,
    pub(crate) rhythm: Rhythm,
    pub(crate) starts: NaiveDate,
    pub(crate) ends: Option<NaiveDate>,
    pub(crate) archived: Option<NaiveDate>,
    pub(crate) deleted: Option<NaiveDate>,
    /// Budget a day, in minor units.
    pub(crate) daily_budget: i64,
    pub(crate) pool: i64,
    pub(crate) pauses: Vec<DateRange>,
    pub(crate) groups: Range<usize>,
    pub(crate) ads: Range<usize>,
}

/// An ad group.
#[derive(Debug)]
pub(crate) struct AdGroup {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) campaign: usize,
    pub(crate) starts: NaiveDate,
    pub(crate) deleted: Option<NaiveDate>,
    pub(crate) pool: i64,
    pub(crate) pauses: Vec<DateRange>,
    pub(crate) ads: Range<usize>,
}

/// An ad, with everything that shapes its figures.
#[derive(Debug)]
pub(crate) struct Ad {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) campaign: usize,
    pub(crate) group: usize,
    pub(crate) starts: NaiveDate,
    pub(crate) ends: Option<NaiveDate>,
    pub(crate) archived: Option<NaiveDate>,
    pub(crate) deleted: Option<NaiveDate>,
    /// Impressions on an ordinary day.
    pub(crate) base: f64,
    /// People it could reach.
    pub(crate) audience: i64,
    /// Price of a thousand impressions, in minor units.
    pub(crate) price: f64,
    pub(crate) click_rate: f64,
    pub(crate) reaction_rate: f64,
    /// How well a video holds its viewers; none for a picture.
    pub(crate) video_hold: Option<f64>,
    /// Purchases per link click.
    pub(crate) purchase_rate: f64,
    /// Leads per link click.
    pub(crate) lead_rate: f64,
    /// Typical value of a purchase, in minor units.
    pub(crate) order_value: f64,
    pub(crate) dice: Dice,
}

/// Whether a thing runs, as a platform would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Active,
    Paused,
    GroupPaused,
    CampaignPaused,
    Archived,
    Deleted,
}

fn within(ranges: &[DateRange], date: NaiveDate) -> bool {
    ranges.iter().any(|range| range.contains(date))
}

impl AdAccount {
    /// The moment, as this account sees it.
    pub(crate) fn as_of(&self, moment: DateTime<Utc>) -> AsOf {
        AsOf::new(moment, self.time_zone)
    }

    pub(super) fn pauses_on(&self, date: NaiveDate) -> bool {
        within(&self.pauses, date)
    }

    pub(super) fn delivers(&self, ad: &Ad, date: NaiveDate) -> bool {
        date >= ad.starts
            && ad.ends.is_none_or(|end| date <= end)
            && ad.deleted.is_none_or(|gone| date < gone)
            && !self.pauses_on(date)
            && !within(&self.campaigns[ad.campaign].pauses, date)
            && !within(&self.groups[ad.group].pauses, date)
    }

    /// Roughly what was spent so far, in minor units: budgets times days.
    pub(crate) fn amount_spent(&self, moment: DateTime<Utc>) -> i64 {
        let today = self.as_of(moment).today;
        let spent = |campaign: &Campaign| {
            let end = campaign.ends.map_or(today, |end| end.min(today));
            campaign.daily_budget * (end - campaign.starts).num_days().max(0)
        };
        self.campaigns.iter().map(spent).sum()
    }

    /// Whether the ad can have figures of `date`: it exists, and the world's time covers the day.
    pub(crate) fn exists_on(&self, ad: usize, date: NaiveDate) -> bool {
        date >= self.ads[ad].starts && self.days.covers(date)
    }

    /// How many entities the level has.
    pub(crate) fn count(&self, level: Level) -> usize {
        match level {
            Level::Campaign => self.campaigns.len(),
            Level::AdGroup => self.groups.len(),
            Level::Ad => self.ads.len(),
            Level::Account | Level::Post => 1,
        }
    }

    /// The platform's id of an entity.
    pub(crate) fn entity_id(&self, level: Level, index: usize) -> String {
        let spell = self.rules.spell_id;
        match level {
            Level::Campaign => spell(self.campaigns[index].id),
            Level::AdGroup => spell(self.groups[index].id),
            Level::Ad => {
                let ad = &self.ads[index];
                if self.rules.ads_by_group {
                    format!("{}~{}", spell(self.groups[ad.group].id), spell(ad.id))
                } else {
                    spell(ad.id)
                }
            }
            Level::Account | Level::Post => self.id.clone(),
        }
    }

    /// An entity's name, as it is now.
    pub(crate) fn entity_name(&self, level: Level, index: usize) -> &str {
        match level {
            Level::Campaign => &self.campaigns[index].name,
            Level::AdGroup => &self.groups[index].name,
            Level::Ad => &self.ads[index].name,
            Level::Account | Level::Post => &self.name,
        }
    }

    /// The campaign, ad group or ad with this id.
    pub(crate) fn find(&self, id: u64) -> Option<(Level, usize)> {
        let at = |level, found: Option<usize>| found.map(|index| (level, index));
        at(
            Level::Campaign,
            self.campaigns.iter().position(|c| c.id == id),
        )
        .or_else(|| at(Level::AdGroup, self.groups.iter().position(|g| g.id == id)))
        .or_else(|| at(Level::Ad, self.ads.iter().position(|a| a.id == id)))
    }

    /// The entity of `above` that holds the ad.
    pub(crate) fn holder(&self, ad: usize, above: Level) -> usize {
        match above {
            Level::Campaign => self.ads[ad].campaign,
            Level::AdGroup => self.ads[ad].group,
            Level::Ad => ad,
            Level::Account | Level::Post => 0,
        }
    }

    /// The ads below an entity.
    pub(crate) fn ads_of(&self, level: Level, index: usize) -> Range<usize> {
        match level {
            Level::Campaign => self.campaigns[index].ads.clone(),
            Level::AdGroup => self.groups[index].ads.clone(),
            Level::Ad => index..index + 1,
            Level::Account | Level::Post => 0..self.ads.len(),
        }
    }

    /// Whether the platform tells figures of an entity, rather than only of what is above it.
    pub(crate) fn is_told(&self, level: Level, index: usize) -> bool {
        let campaign = match level {
            Level::AdGroup => self.groups[index].campaign,
            Level::Ad => self.ads[index].campaign,
            Level::Campaign | Level::Account | Level::Post => return true,
        };
        (self.rules.breaks_down)(&self.campaigns[campaign])
    }

    /// The day an entity came into being.
    pub(crate) fn started(&self, level: Level, index: usize) -> NaiveDate {
        match level {
            Level::Campaign => self.campaigns[index].starts,
            Level::AdGroup => self.groups[index].starts,
            Level::Ad => self.ads[index].starts,
            Level::Account | Level::Post => self.created,
        }
    }

    /// Status of an entity at `as_of`, with what it inherits from above.
    pub(crate) fn status(&self, level: Level, index: usize, as_of: AsOf) -> Status {
        match level {
            Level::Campaign => {
                let campaign = &self.campaigns[index];
                if as_of.is_past(campaign.deleted) {
                    Status::Deleted
                } else if as_of.is_past(campaign.archived) {
                    Status::Archived
                } else if within(&campaign.pauses, as_of.today) || over(campaign.ends, as_of) {
                    Status::Paused
                } else {
                    Status::Active
                }
            }
            Level::AdGroup => {
                let group = &self.groups[index];
                let above = self.status(Level::Campaign, group.campaign, as_of);
                if as_of.is_past(group.deleted) {
                    return Status::Deleted;
                }
                match above {
                    Status::Deleted | Status::Archived => above,
                    _ if within(&group.pauses, as_of.today) => Status::Paused,
                    Status::Paused => Status::CampaignPaused,
                    _ => Status::Active,
                }
            }
            Level::Ad => {
                let ad = &self.ads[index];
                if as_of.is_past(ad.deleted) {
                    return Status::Deleted;
                }
                match self.status(Level::AdGroup, ad.group, as_of) {
                    above @ (Status::Deleted | Status::Archived) => above,
                    _ if as_of.is_past(ad.archived) => Status::Archived,
                    _ if over(ad.ends, as_of) => Status::Paused,
                    Status::Paused => Status::GroupPaused,
                    above => above,
                }
            }
            Level::Account | Level::Post => Status::Active,
        }
    }
}

fn over(end: Option<NaiveDate>, as_of: AsOf) -> bool {
    end.is_some_and(|end| end < as_of.today)
}
