//! The ranges of a report: totals and buckets of both sides, numbered.

use super::{
    BucketPairs, Grain, Query, ResolvedRanges, check_bucket_count, days::Days, lengths_comparable,
    pair_buckets, plan::Plan, resolve,
};
use crate::{error::Result, model::DateRange};
use chrono::NaiveDate;

/// Every range of the answer, with the position of its figures.
#[derive(Debug)]
pub(super) struct Ranges {
    pub(super) resolved: ResolvedRanges,
    pub(super) pairs: BucketPairs,
    pub(super) compared: bool,
    pub(super) grain: Option<Grain>,
    /// Current total, current buckets, previous total, previous buckets.
    pub(super) days: Vec<Days>,
}

/// A range's position, and whether its pair may be compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) current: usize,
    /// None: nothing to compare with.
    pub(super) previous: Option<usize>,
    pub(super) comparable: bool,
}

impl Ranges {
    pub(super) fn new(
        query: &Query,
        plan: &Plan<'_>,
        complete_through: Option<NaiveDate>,
    ) -> Result<Self> {
        let resolved = resolve(
            &query.range,
            query.compare.as_ref(),
            plan.today,
            complete_through,
            plan.calendar,
        )?;
        let mut pairs = BucketPairs {
            current: Vec::new(),
            comparison: Vec::new(),
            unpaired_days: 0,
        };
        if let Some(grain) = query.grain {
            if let Some(range) = resolved.range {
                check_bucket_count(range, grain)?;
            }
            pairs = pair_buckets(&resolved, grain, plan.calendar);
        }
        let days = resolved
            .range
            .into_iter()
            .chain(pairs.current.iter().map(super::Bucket::range))
            .chain(resolved.comparison)
            .chain(pairs.comparison.iter().flatten().map(super::Bucket::range))
            .map(|range: DateRange| Days::from(range))
            .collect();
        Ok(Self {
            resolved,
            pairs,
            compared: query.compare.is_some(),
            grain: query.grain,
            days,
        })
    }

    /// The totals of both sides; none if no day is complete.
    pub(super) fn total(&self) -> Option<Pair> {
        self.resolved.range.map(|_| Pair {
            current: 0,
            previous: self
                .resolved
                .comparison
                .map(|_| 1 + self.pairs.current.len()),
            comparable: true,
        })
    }

    /// The buckets, each with its pair.
    pub(super) fn buckets(&self) -> Vec<Pair> {
        let mut next = 2 + self.pairs.current.len();
        self.pairs
            .current
            .iter()
            .enumerate()
            .map(|(at, bucket)| {
                let other = self.pairs.comparison.get(at).copied().flatten();
                let previous = other.map(|_| next);
                next += usize::from(other.is_some());
                Pair {
                    current: 1 + at,
                    previous,
                    comparable: other
                        .is_none_or(|other| lengths_comparable(*bucket, other, &self.resolved)),
                }
            })
            .collect()
    }

    /// The two total ranges, as far as there are any.
    pub(super) fn sides(&self) -> Vec<Days> {
        [self.resolved.range, self.resolved.comparison]
            .into_iter()
            .flatten()
            .map(Days::from)
            .collect()
    }
}
