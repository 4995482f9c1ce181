//! Figures of a level over a range, and the cache that makes asking again cheap.

use std::sync::OnceLock;

use analytics_core::model::{DateRange, Level};
use chrono::NaiveDate;

use super::{
    ads::AdAccount,
    counts::{Counts, Measure},
    day::AdDay,
    reach::{overlap, saturate},
    settle::{AsOf, observe},
};

/// Days of an account as they will stand when settled, each made once. They depend on nothing but
/// the seed, so nothing ever has to be thrown away.
#[derive(Debug)]
pub(crate) struct DayCache {
    first: NaiveDate,
    days: Vec<OnceLock<Box<[AdDay]>>>,
}

impl DayCache {
    pub(super) fn new(first: NaiveDate, last: NaiveDate) -> Self {
        let count = usize::try_from((last - first).num_days() + 1).unwrap_or(0);
        Self {
            first,
            days: std::iter::repeat_with(OnceLock::new).take(count).collect(),
        }
    }

    /// Whether `date` lies within the world's time.
    pub(super) fn covers(&self, date: NaiveDate) -> bool {
        let day = (date - self.first).num_days();
        day >= 0 && day < self.days.len() as i64
    }
}

/// Figures of one entity over one range.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    /// Index of the entity within its level.
    pub(crate) entity: usize,
    /// The range.
    pub(crate) range: DateRange,
    /// Sums.
    pub(crate) counts: Counts,
    /// People reached over the whole range.
    pub(crate) reach: i64,
}

impl AdAccount {
    /// The ads that ever deliver on `date`; nothing outside of the world's time.
    pub(crate) fn settled_days(&self, date: NaiveDate) -> &[AdDay] {
        usize::try_from((date - self.days.first).num_days())
            .ok()
            .and_then(|day| self.days.days.get(day))
            .map_or(&[], |day| {
                day.get_or_init(|| {
                    (0..self.ads.len())
                        .filter(|ad| self.exists_on(*ad, date))
                        .filter_map(|ad| self.settled_day(ad, date))
                        .collect()
                })
            })
    }

    /// Figures of every entity of `level` that delivered in `range`, as known at `as_of`, in the
    /// account's order. Deleted ads are counted like any other; what the platform does not break
    /// down is left out.
    pub(crate) fn figures(&self, level: Level, range: DateRange, as_of: AsOf) -> Vec<Figures> {
        let ads = if range.start == range.end {
            self.settled_days(range.start)
                .iter()
                .filter_map(|day| Some((day.ad, observe(day, range.start, as_of)?)))
                .collect()
        } else {
            self.sums(range, as_of)
        };
        self.fold(level, range, &ads)
    }

    fn sums(&self, range: DateRange, as_of: AsOf) -> Vec<(usize, Counts)> {
        let mut sums: Vec<Option<Counts>> = vec![None; self.ads.len()];
        for date in range.iter() {
            for day in self.settled_days(date) {
                if let Some(counts) = observe(day, date, as_of) {
                    *sums[day.ad].get_or_insert_default() += &counts;
                }
            }
        }
        sums.into_iter()
            .enumerate()
            .filter_map(|(ad, counts)| Some((ad, counts?)))
            .collect()
    }

    /// Adds ads up to `level`; reach is folded level by level.
    fn fold(&self, level: Level, range: DateRange, ads: &[(usize, Counts)]) -> Vec<Figures> {
        let mut reach: Vec<(usize, i64)> = ads
            .iter()
            .map(|(ad, counts)| {
                (
                    *ad,
                    saturate(self.ads[*ad].audience, counts[Measure::Impressions]),
                )
            })
            .collect();
        if level != Level::Ad {
            reach = merge(
                &reach,
                |ad| self.ads[ad].group,
                |group| self.groups[group].pool,
            );
            if level != Level::AdGroup {
                reach = merge(
                    &reach,
                    |group| self.groups[group].campaign,
                    |campaign| self.campaigns[campaign].pool,
                );
            }
            if matches!(level, Level::Account | Level::Post) {
                reach = merge(&reach, |_| 0, |_| self.pool);
            }
        }
        let mut rows: Vec<Figures> = Vec::with_capacity(reach.len());
        for (ad, counts) in ads {
            let entity = self.holder(*ad, level);
            match rows.last_mut() {
                Some(row) if row.entity == entity => row.counts += counts,
                _ => rows.push(Figures {
                    entity,
                    range,
                    counts: *counts,
                    reach: reach[rows.len()].1,
                }),
            }
        }
        rows.retain(|row| row.counts[Measure::Impressions] > 0 && self.is_told(level, row.entity));
        rows
    }
}

/// Reach of parents out of that of their children, which are sorted by parent.
fn merge(
    children: &[(usize, i64)],
    parent: impl Fn(usize) -> usize,
    pool: impl Fn(usize) -> i64,
) -> Vec<(usize, i64)> {
    children
        .chunk_by(|a, b| parent(a.0) == parent(b.0))
        .map(|siblings| {
            let parent = parent(siblings[0].0);
            let reach = overlap(pool(parent), siblings.iter().map(|(_, reach)| *reach));
            (parent, reach)
        })
        .collect()
}
