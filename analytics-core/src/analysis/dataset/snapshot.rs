//! What snapshots cover: an amount is the difference of two of them, so a day is known where there
//! are snapshots of two days in a row.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    analysis::{
        coverage::without,
        day_runs::{DayRuns, Known},
        days::Days,
    },
    model::{EntityId, FactSeries},
};

/// Posts are looked at once a week at least; one not seen for longer is not watched any more.
const WEEK: i32 = 7;

/// The days on which each post's amounts are known.
pub(in crate::analysis) type EntityDays = HashMap<EntityId, Arc<DayRuns>>;

/// The days with amounts of a feed that has snapshots of `days`: not the first, which only is a
/// baseline, and partly those after a gap.
pub(super) fn amounts(days: &DayRuns) -> DayRuns {
    let Some(baseline) = days.segments().first().map(|days| days.first) else {
        return DayRuns::default();
    };
    let after_gaps: Vec<Days> = days
        .segments()
        .iter()
        .skip(1)
        .map(|days| one(days.first))
        .collect();
    days.without(&[one(baseline)]).lowered(&after_gaps)
}

/// The same of each post, by the days of its lifetime totals.
///
/// A total of zero before all others is the post's publication: until then there was nothing.
pub(super) fn by_entity(totals: &[FactSeries], feed: &DayRuns) -> EntityDays {
    let since = feed.segments().first().map(|days| days.first);
    let mut known: Vec<(&FactSeries, Arc<DayRuns>)> = Vec::new();
    totals
        .iter()
        .map(|total| {
            // Most posts were seen on the same days.
            let alike =
                known.iter().rev().take(8).find(|(other, _)| {
                    other.dates == total.dates && is_born(other) == is_born(total)
                });
            let days = match alike {
                Some((_, days)) => Arc::clone(days),
                None => Arc::new(of_totals(total, since)),
            };
            known.push((total, Arc::clone(&days)));
            (total.entity, days)
        })
        .collect()
}

fn is_born(total: &FactSeries) -> bool {
    total.values.first() == Some(&0)
}

fn of_totals(total: &FactSeries, since: Option<i32>) -> DayRuns {
    let before = since
        .filter(|_| is_born(total))
        .and_then(|since| Days::new(since + 1, *total.dates.first()?))
        .map(|days| (days, Known::Final));
    let steps = total.dates.windows(2).map(|pair| {
        let known = if pair[0] + 1 == pair[1] {
            Known::Final
        } else {
            Known::Partial
        };
        (one(pair[1]), known)
    });
    DayRuns::of(before.into_iter().chain(steps))
}

/// The days on which the amounts of all posts together lack some post: those between its first and
/// its last snapshot, and the few after it that the next one will tell of.
pub(super) fn incomplete(totals: &[FactSeries], posts: &EntityDays, feed: &DayRuns) -> Vec<Days> {
    let Some(last) = feed.last() else {
        return Vec::new();
    };
    let mut seen: HashSet<(*const DayRuns, Days)> = HashSet::new();
    let mut lacking = Vec::new();
    for total in totals {
        let (Some(first), Some(end), Some(days)) = (
            total.dates.first(),
            total.dates.last(),
            posts.get(&total.entity),
        ) else {
            continue;
        };
        let end = if last - end < WEEK { last } else { *end };
        let Some(watched) = Days::new(first + 1, end) else {
            continue;
        };
        if seen.insert((Arc::as_ptr(days), watched)) {
            let whole: Vec<Days> = days.covered_days().collect();
            lacking.extend(without(watched, &whole));
        }
    }
    lacking
}

fn one(day: i32) -> Days {
    Days {
        first: day,
        last: day,
    }
}
