//! What a connector must have stored, worked out from the world itself: day by day and ad by ad,
//! without the answers of the simulated APIs, their aggregation or their caches.

use std::collections::BTreeMap;

use analytics_core::model::{Level, MetricId, Millionths, Platform};
use chrono::{DateTime, NaiveDate, Utc};

use super::truth_media;
use super::world::{
    AsOf, World,
    ads::{AdAccount, Unit},
    counts::{Counts, Measure},
    observe, overlap, saturate,
};

/// A question about the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TruthQuery {
    /// Platform.
    pub platform: Platform,
    /// The platform's id of the account.
    pub account: String,
    /// One level; none: all the platform has.
    pub level: Option<Level>,
    /// One stored metric; none: all the platform offers.
    pub metric: Option<MetricId>,
    /// First day, in the account's own zone.
    pub start: NaiveDate,
    /// Last day, included.
    pub end: NaiveDate,
    /// The moment whose knowledge counts; none: now, by the world's clock.
    pub as_of: Option<DateTime<Utc>>,
    /// Instead of days: unique metrics of the range as a whole, dated by its first day.
    pub window: bool,
}

impl TruthQuery {
    /// Every level and metric of an account from `start` to `end`, as known now.
    #[must_use]
    pub fn new(platform: &str, account: &str, start: NaiveDate, end: NaiveDate) -> Self {
        Self {
            platform: Platform::from(platform),
            account: account.to_owned(),
            level: None,
            metric: None,
            start,
            end,
            as_of: None,
            window: false,
        }
    }

    /// The same about one level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// The same about one metric.
    #[must_use]
    pub fn metric(mut self, metric: &str) -> Self {
        self.metric = Some(MetricId::from(metric));
        self
    }

    /// The same as it was known at a moment.
    #[must_use]
    pub fn as_of(mut self, moment: DateTime<Utc>) -> Self {
        self.as_of = Some(moment);
        self
    }

    /// Unique metrics of the range as a whole.
    #[must_use]
    pub fn window(mut self) -> Self {
        self.window = true;
        self
    }
}

/// One true value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TruthRow {
    /// Level.
    pub level: Level,
    /// The platform's id of the entity; the account's own id at level account.
    pub entity: String,
    /// Stored metric.
    pub metric: MetricId,
    /// Day in the account's own zone; of a window its first day.
    pub date: NaiveDate,
    /// Value, never zero.
    pub value: Millionths,
}

const AD_LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];

pub(crate) fn truth(world: &World, query: &TruthQuery) -> Vec<TruthRow> {
    if let Some(account) = world.media_account(query.platform.as_str(), &query.account) {
        return truth_media::truth(world, account, query);
    }
    let Some(account) = world.ad_account(&query.platform, &query.account) else {
        return Vec::new();
    };
    let as_of = account.as_of(query.as_of.unwrap_or_else(|| world.now()));
    let mut teller = Teller {
        account,
        query,
        as_of,
        rows: Vec::new(),
    };
    let days = query
        .start
        .iter_days()
        .take_while(|date| *date <= query.end);
    if query.window {
        let mut sums: BTreeMap<usize, Counts> = BTreeMap::new();
        for date in days {
            for (ad, counts) in teller.ads_on(date) {
                *sums.entry(ad).or_default() += &counts;
            }
        }
        teller.tell(query.start, &sums);
    } else {
        for date in days {
            let ads = teller.ads_on(date);
            teller.tell(date, &ads);
        }
    }
    let mut rows = teller.rows;
    rows.sort_unstable();
    rows
}

struct Teller<'a> {
    account: &'a AdAccount,
    query: &'a TruthQuery,
    as_of: AsOf,
    rows: Vec<TruthRow>,
}

impl Teller<'_> {
    fn ads_on(&self, date: NaiveDate) -> BTreeMap<usize, Counts> {
        (0..self.account.ads.len())
            .filter(|ad| self.account.exists_on(*ad, date))
            .filter_map(|ad| {
                let day = self.account.settled_day(ad, date)?;
                Some((ad, observe(&day, date, self.as_of)?))
            })
            .collect()
    }

    fn tell(&mut self, date: NaiveDate, ads: &BTreeMap<usize, Counts>) {
        for level in AD_LEVELS {
            if self.query.level.is_none_or(|asked| asked == level) {
                self.tell_level(level, date, ads);
            }
        }
    }

    fn tell_level(&mut self, level: Level, date: NaiveDate, ads: &BTreeMap<usize, Counts>) {
        let account = self.account;
        let mut sums: BTreeMap<usize, Counts> = BTreeMap::new();
        for (ad, counts) in ads {
            *sums.entry(account.holder(*ad, level)).or_default() += counts;
        }
        for (entity, counts) in &sums {
            if !account.is_told(level, *entity) {
                continue;
            }
            let status = account.status(level, *entity, self.as_of);
            // Without impressions the platform has no row, whatever else may have happened.
            if counts[Measure::Impressions] == 0 || !(account.rules.shows)(level, status) {
                continue;
            }
            let id = account.entity_id(level, *entity);
            if !self.query.window {
                for metric in account.rules.metrics {
                    let value = (metric.value)(counts);
                    let unit = match metric.unit {
                        Unit::Whole => Millionths::SCALE,
                        Unit::Money => 10_i64.pow(6 - account.minor_digits),
                        Unit::Millionths => 1,
                    };
                    self.push(level, &id, metric.id, date, value * unit);
                }
            }
            if (account.rules.reach)(level, self.query.window) {
                let reach = self.reach(level, *entity, ads);
                self.push(level, &id, "reach", date, reach * Millionths::SCALE);
            }
        }
    }

    fn push(&mut self, level: Level, entity: &str, metric: &str, date: NaiveDate, value: i64) {
        let asked = self.query.metric.as_ref();
        if value != 0 && asked.is_none_or(|asked| asked.as_str() == metric) {
            self.rows.push(TruthRow {
                level,
                entity: entity.to_owned(),
                metric: MetricId::from(metric),
                date,
                value: Millionths(value),
            });
        }
    }

    /// People reached by an entity, from the ads upwards.
    fn reach(&self, level: Level, entity: usize, ads: &BTreeMap<usize, Counts>) -> i64 {
        let account = self.account;
        match level {
            Level::Ad => ads.get(&entity).map_or(0, |counts| {
                saturate(account.ads[entity].audience, counts[Measure::Impressions])
            }),
            Level::AdGroup => {
                let group = &account.groups[entity];
                overlap(
                    group.pool,
                    group.ads.clone().map(|ad| self.reach(Level::Ad, ad, ads)),
                )
            }
            Level::Campaign => {
                let campaign = &account.campaigns[entity];
                let groups = campaign.groups.clone();
                overlap(
                    campaign.pool,
                    groups.map(|group| self.reach(Level::AdGroup, group, ads)),
                )
            }
            Level::Account | Level::Post => {
                let campaigns = 0..account.campaigns.len();
                overlap(
                    account.pool,
                    campaigns.map(|at| self.reach(Level::Campaign, at, ads)),
                )
            }
        }
    }
}

/// The first day an account has, and the last whole day at `as_of`; none if there is no such account.
pub(crate) fn known_days(
    world: &World,
    platform: &Platform,
    account: &str,
    as_of: DateTime<Utc>,
) -> Option<(NaiveDate, NaiveDate)> {
    if let Some(account) = world.media_account(platform.as_str(), account) {
        return Some((account.created, account.as_of(as_of).yesterday()));
    }
    let account = world.ad_account(platform, account)?;
    Some((account.created, account.as_of(as_of).today.pred_opt()?))
}
