//! What snapshots cover: an amount is the difference of two of them, so a day is known where there
//! are snapshots of two days in a row.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{
    analysis::{
        coverage::without,
        day_runs::{DayRuns, Known},
        days::{Days, day_number},
    },
    model::{CoveredRun, Entity, EntityId, FactSeries},
};

/// Posts are looked at once a week at least; one not seen for longer is not watched any more.
const WEEK: i32 = 7;

/// How each post's amounts are known.
pub(in crate::analysis) type EntityDays = HashMap<EntityId, Watched>;

/// How a post's amounts are known.
#[derive(Debug, Clone)]
pub(in crate::analysis) struct Watched {
    /// The days on which they are; before its publication there was nothing, which is known too.
    pub(in crate::analysis) days: Arc<DayRuns>,
    /// The first day that can have one.
    pub(in crate::analysis) begins: i32,
}

/// A reading this long after the day's end holds much of the next day too.
const LATE: TimeDelta = TimeDelta::hours(6);

/// A feed's readings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Readings<'a> {
    /// The days that have one.
    pub(super) days: &'a DayRuns,
    /// Those of them that were read late.
    pub(super) late: &'a [Days],
}

/// When posts began, and when those ended that the platform takes down by itself.
#[derive(Debug, Default)]
pub(super) struct Lives {
    born: HashMap<EntityId, i32>,
    pub(super) ended: Arc<HashMap<EntityId, i32>>,
}

impl Lives {
    pub(super) fn of(entities: &[Entity], zone: Tz) -> Self {
        let day = |at: DateTime<Utc>| day_number(at.with_timezone(&zone).date_naive());
        let posts = || {
            let with_details = |entity: &'_ Entity| Some((entity.id, entity.post.clone()?));
            entities.iter().filter_map(with_details)
        };
        Self {
            born: posts()
                .map(|(id, post)| (id, day(post.published_at)))
                .collect(),
            ended: Arc::new(
                posts()
                    .filter_map(|(id, post)| Some((id, day(post.ends_at?))))
                    .collect(),
            ),
        }
    }
}

/// The days whose readings came late.
pub(super) fn late<'a>(runs: impl IntoIterator<Item = &'a CoveredRun>, zone: Tz) -> Vec<Days> {
    runs.into_iter()
        .filter_map(|run| {
            let days = Days::from(run.range);
            let in_time = (run.first_fetched_at - LATE)
                .with_timezone(&zone)
                .date_naive();
            Days::new(days.first, days.last.min(day_number(in_time) - 1))
        })
        .collect()
}

impl Readings<'_> {
    /// The days with amounts: not the first, which only is a baseline, and partly those after a
    /// gap and around late readings.
    pub(super) fn amounts(&self) -> DayRuns {
        let segments = self.days.segments();
        let Some(baseline) = segments.first().map(|days| days.first) else {
            return DayRuns::default();
        };
        let after_gaps = segments.iter().skip(1).map(|days| one(days.first));
        let lowered: Vec<Days> = after_gaps.chain(self.around_late()).collect();
        self.days.without(&[one(baseline)]).lowered(&lowered)
    }

    /// Late days, and those after them: what one has too much the next lacks.
    fn around_late(&self) -> impl Iterator<Item = Days> {
        self.late.iter().map(|days| Days {
            last: days.last + 1,
            ..*days
        })
    }

    /// The days on which each post's amounts are known, by those of its lifetime totals.
    pub(super) fn by_entity(&self, totals: &[FactSeries], lives: &Lives) -> EntityDays {
        let mut known: Vec<(&FactSeries, Option<i32>, Arc<DayRuns>)> = Vec::new();
        totals
            .iter()
            .map(|total| {
                let born = self.born(lives, total.entity);
                // Most posts were seen on the same days.
                let alike = known
                    .iter()
                    .rev()
                    .take(8)
                    .find(|(other, of, _)| other.dates == total.dates && *of == born);
                let days = match alike {
                    Some((_, _, days)) => Arc::clone(days),
                    None => Arc::new(self.of_totals(&total.dates, born)),
                };
                known.push((total, born, Arc::clone(&days)));
                let begins = born.or_else(|| Some(total.dates.first()? + 1));
                let begins = begins.unwrap_or(i32::MAX);
                (total.entity, Watched { days, begins })
            })
            .collect()
    }

    /// The day of publication of a post that was published after the first reading: until then it
    /// had nothing.
    fn born(&self, lives: &Lives, post: EntityId) -> Option<i32> {
        let first = self.days.segments().first()?.first;
        lives.born.get(&post).copied().filter(|born| *born > first)
    }

    fn of_totals(&self, dates: &[i32], born: Option<i32>) -> DayRuns {
        let whole = |is_whole: bool| {
            if is_whole {
                Known::Final
            } else {
                Known::Partial
            }
        };
        let mut runs: Vec<(Days, Known)> = dates
            .windows(2)
            .map(|pair| (one(pair[1]), whole(pair[0] + 1 == pair[1])))
            .collect();
        if let (Some(born), Some(first)) = (born, dates.first()) {
            runs.push((one(*first), whole(*first == born)));
            let since = self.days.segments().first().map(|days| days.first + 1);
            let nothing = since.and_then(|since| Days::new(since, born - 1));
            runs.extend(nothing.map(|days| (days, Known::Final)));
        }
        let mut lowered: Vec<Days> = self
            .around_late()
            .flat_map(|days| match born {
                // What began after a late reading lacks nothing of it.
                Some(born) if days.contains(born) && !self.is_late(born) => {
                    without(days, &[one(born)])
                }
                _ => vec![days],
            })
            .collect();
        // The running day is read while it runs.
        lowered.extend(
            self.days
                .last()
                .and_then(|last| Days::new(last + 1, i32::MAX)),
        );
        DayRuns::of(runs).lowered(&lowered)
    }

    fn is_late(&self, day: i32) -> bool {
        self.late.iter().any(|days| days.contains(day))
    }

    /// The days on which the amounts of all posts together lack some post: those between its first
    /// and its last reading, and the few after it that the next one will tell of.
    pub(super) fn incomplete(
        &self,
        totals: &[FactSeries],
        lives: &Lives,
        posts: &EntityDays,
    ) -> Vec<Days> {
        let Some(last) = self.days.last() else {
            return Vec::new();
        };
        let mut seen: HashSet<(*const DayRuns, Days)> = HashSet::new();
        let mut lacking = Vec::new();
        for total in totals {
            let (Some(end), Some(Watched { days, begins })) =
                (total.dates.last(), posts.get(&total.entity))
            else {
                continue;
            };
            let ended = lives.ended.get(&total.entity).copied();
            let end = match ended {
                Some(ended) => ended.min(last),
                None if last - end < WEEK => last,
                None => *end,
            };
            let Some(watched) = Days::new(*begins, end) else {
                continue;
            };
            if seen.insert((Arc::as_ptr(days), watched)) {
                let whole: Vec<Days> = days.covered_days().collect();
                lacking.extend(without(watched, &whole));
            }
        }
        lacking
    }
}

fn one(day: i32) -> Days {
    Days {
        first: day,
        last: day,
    }
}
