//! What a slice says of its metrics' gaps, the same for every database.

use std::collections::{BTreeMap, HashMap};

use super::convert::day;
use crate::model::{CoveredRun, MetricGap, Slice};

/// Days of one metric whose stored values stay, though the fetched slice has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) metric: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// A stored gap.
pub(crate) struct Run {
    pub(crate) metric: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) reason: String,
}

/// The new gaps of one metric.
pub(crate) struct Replaced<'a> {
    pub(crate) metric: i64,
    /// First days of the runs to remove.
    pub(crate) former: Vec<i64>,
    /// First day, last day and reason of the runs to add.
    pub(crate) runs: Vec<(i64, i64, &'a str)>,
}

/// What follows from a slice's gaps.
pub(crate) struct Outcome<'a> {
    pub(crate) kept: Vec<Kept>,
    pub(crate) replaced: Vec<Replaced<'a>>,
}

/// Delivered days have no gap any more; a refused day that was known before stays known. `stored`
/// are the gaps of the slice's metrics that overlap its days or touch them, `before` the feed's runs
/// before this slice.
pub(crate) fn outcome<'a>(
    slice: &'a Slice,
    metrics: &HashMap<&str, i64>,
    stored: &'a [Run],
    before: &[CoveredRun],
) -> Outcome<'a> {
    let mut replaced = Vec::new();
    let mut kept = Vec::new();
    for (name, metric) in metrics {
        let known: Vec<&Run> = stored.iter().filter(|run| run.metric == *metric).collect();
        let refused: Vec<&MetricGap> = slice
            .gaps
            .iter()
            .filter(|gap| gap.metric.as_str() == *name)
            .collect();
        if known.is_empty() && refused.is_empty() {
            continue;
        }
        let mut gaps: BTreeMap<i64, &str> = known
            .iter()
            .flat_map(|run| (run.first..=run.last).map(|day| (day, run.reason.as_str())))
            .collect();
        for date in slice.range.iter() {
            let at = day(date);
            let was_gap = gaps.remove(&at).is_some();
            let Some(refusal) = refused.iter().find(|gap| gap.range.contains(date)) else {
                continue;
            };
            if !was_gap && before.iter().any(|run| run.range.contains(date)) {
                kept.push(Kept {
                    metric: *metric,
                    first: at,
                    last: at,
                });
            } else {
                gaps.insert(at, refusal.reason.as_str());
            }
        }
        replaced.push(Replaced {
            metric: *metric,
            former: known.iter().map(|run| run.first).collect(),
            runs: joined(&gaps),
        });
    }
    Outcome { kept, replaced }
}

/// Neighbouring days with one reason are one run.
fn joined<'a>(days: &BTreeMap<i64, &'a str>) -> Vec<(i64, i64, &'a str)> {
    let mut runs: Vec<(i64, i64, &str)> = Vec::new();
    for (day, reason) in days {
        match runs.last_mut() {
            Some((_, last, known)) if *last + 1 == *day && known == reason => *last = *day,
            _ => runs.push((*day, *day, reason)),
        }
    }
    runs
}
