//! The covered days of one metric, as runs that can be counted and intersected quickly.

use super::{coverage::without, days::Days};

/// Covered days, and which of them are provisional.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DayRuns {
    /// Ascending, disjoint; neighbours differ in `state` or do not touch.
    runs: Vec<Run>,
    /// The same without the difference: ascending, disjoint, not touching.
    segments: Vec<Days>,
}

/// What is known of a day that has values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    /// Settled.
    Final,
    /// May still be restated.
    Provisional,
    /// It has values, but not just its own, or not all of them: it does not count as covered.
    Partial,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    days: Days,
    known: Known,
}

/// How many days of a range are covered, and how many of those provisional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) days: i64,
    pub(super) covered: i64,
    pub(super) provisional: i64,
    /// Days with values that are not covered.
    pub(super) partial: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.days += other.days;
        self.covered += other.covered;
        self.provisional += other.provisional;
        self.partial += other.partial;
    }
}

impl DayRuns {
    /// From runs in any order, provisional or not; where runs overlap, final wins.
    pub(super) fn new(runs: impl IntoIterator<Item = (Days, bool)>) -> Self {
        Self::of(runs.into_iter().map(|(days, provisional)| {
            let known = if provisional {
                Known::Provisional
            } else {
                Known::Final
            };
            (days, known)
        }))
    }

    /// From runs in any order; where runs overlap, the better known wins.
    pub(super) fn of(runs: impl IntoIterator<Item = (Days, Known)>) -> Self {
        let runs: Vec<(Days, Known)> = runs.into_iter().collect();
        let mut taken: Vec<Days> = Vec::new();
        let mut tiles: Vec<(Days, Known)> = Vec::with_capacity(runs.len());
        for known in [Known::Final, Known::Provisional, Known::Partial] {
            let of_kind = runs.iter().filter(|(_, of)| *of == known);
            let joined = union(of_kind.map(|(days, _)| *days).collect());
            let left = joined.iter().flat_map(|days| without(*days, &taken));
            tiles.extend(left.map(|days| (days, known)));
            taken = union(taken.into_iter().chain(joined).collect());
        }
        tiles.sort_unstable();
        let mut made = Self::default();
        for (days, known) in tiles {
            made.append(days, known);
        }
        made
    }

    /// Appends a run that starts after the last one ends.
    fn append(&mut self, days: Days, known: Known) {
        match self.runs.last_mut() {
            Some(last) if last.known == known && last.days.last + 1 == days.first => {
                last.days.last = days.last;
            }
            _ => self.runs.push(Run { days, known }),
        }
        match self.segments.last_mut() {
            Some(last) if last.last + 1 >= days.first => last.last = last.last.max(days.last),
            _ => self.segments.push(days),
        }
    }

    /// Covered days and provisional ones of `range`.
    pub(super) fn count(&self, range: Days) -> Counts {
        let mut counts = Counts {
            days: range.len(),
            ..Counts::default()
        };
        let from = self.runs.partition_point(|run| run.days.last < range.first);
        for run in &self.runs[from..] {
            let Some(shared) = run.days.intersection(range) else {
                break;
            };
            match run.known {
                Known::Partial => counts.partial += shared.len(),
                Known::Final => counts.covered += shared.len(),
                Known::Provisional => {
                    counts.covered += shared.len();
                    counts.provisional += shared.len();
                }
            }
        }
        counts
    }

    /// What is known of the day, if it has values.
    pub(super) fn state(&self, day: i32) -> Option<Known> {
        let at = self.runs.partition_point(|run| run.days.last < day);
        self.runs
            .get(at)
            .filter(|run| run.days.contains(day))
            .map(|run| run.known)
    }

    /// The stretches of `range` that have values.
    pub(super) fn covered_in(&self, range: Days) -> impl Iterator<Item = Days> + '_ {
        let from = self
            .segments
            .partition_point(|days| days.last < range.first);
        self.segments[from..]
            .iter()
            .map_while(move |days| days.intersection(range))
    }

    /// Stretches of days with values, ascending.
    pub(super) fn segments(&self) -> &[Days] {
        &self.segments
    }

    /// Stretches of covered days, ascending; some may touch.
    pub(super) fn covered_days(&self) -> impl Iterator<Item = Days> + '_ {
        self.runs
            .iter()
            .filter(|run| run.known != Known::Partial)
            .map(|run| run.days)
    }

    /// Whether no day has values.
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The last day with values.
    pub(super) fn last(&self) -> Option<i32> {
        self.segments.last().map(|days| days.last)
    }

    /// The days known in both; as well as the one that is known less.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.runs.iter().peekable(), other.runs.iter().peekable());
        let mut shared = Self::default();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            if let Some(days) = a.days.intersection(b.days) {
                shared.append(days, a.known.max(b.known));
            }
            if a.days.last <= b.days.last {
                left.next();
            } else {
                right.next();
            }
        }
        shared
    }

    /// Only the days from `first` on.
    pub(super) fn since(&self, first: i32) -> Self {
        Self::of(self.runs.iter().filter_map(|run| {
            Some((
                Days::new(run.days.first.max(first), run.days.last)?,
                run.known,
            ))
        }))
    }

    /// Without the days of `gaps`.
    pub(super) fn without(&self, gaps: &[Days]) -> Self {
        let gaps = union(gaps.to_vec());
        Self::of(self.runs.iter().flat_map(|run| {
            without(run.days, &gaps)
                .into_iter()
                .map(|days| (days, run.known))
        }))
    }

    /// The same with those of `days` that are known at all being partial.
    pub(super) fn lowered(&self, days: &[Days]) -> Self {
        let lowered = union(days.to_vec());
        Self::of(self.runs.iter().flat_map(|run| {
            let partial = lowered
                .iter()
                .filter_map(|days| days.intersection(run.days))
                .map(|days| (days, Known::Partial));
            let rest = without(run.days, &lowered)
                .into_iter()
                .map(|days| (days, run.known));
            partial.chain(rest).collect::<Vec<_>>()
        }))
    }

    /// Bytes it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.runs.len() * size_of::<Run>() + self.segments.len() * size_of::<Days>()
    }
}

/// The same days as disjoint runs that do not touch, ascending.
fn union(mut runs: Vec<Days>) -> Vec<Days> {
    runs.sort_unstable();
    let mut joined: Vec<Days> = Vec::with_capacity(runs.len());
    for days in runs {
        match joined.last_mut() {
            Some(last) if last.last + 1 >= days.first => last.last = last.last.max(days.last),
            _ => joined.push(days),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(first: i32, last: i32) -> Days {
        Days { first, last }
    }

    #[test]
    fn runs_are_merged_and_counted() {
        let runs = DayRuns::new([
            (days(10, 12), true),
            (days(1, 4), false),
            (days(5, 9), false),
            (days(20, 21), false),
        ]);
        assert_eq!(runs.runs.len(), 3);
        assert_eq!(runs.segments, [days(1, 12), days(20, 21)]);
        let counts = runs.count(days(4, 20));
        assert_eq!(
            (counts.days, counts.covered, counts.provisional),
            (17, 10, 3)
        );
        assert_eq!(runs.state(11), Some(Known::Provisional));
        assert_eq!(runs.state(9), Some(Known::Final));
        assert_eq!(runs.state(13), None);
        assert_eq!(
            runs.covered_in(days(12, 20)).collect::<Vec<_>>(),
            [days(12, 12), days(20, 20)]
        );
    }

    #[test]
    fn where_runs_overlap_the_settled_one_wins() {
        let runs = DayRuns::new([(days(1, 10), true), (days(4, 6), false)]);
        let states: Vec<_> = (1..=10).map(|day| runs.state(day)).collect();
        let expected: Vec<_> = (1..=10)
            .map(|day| match day {
                4..=6 => Some(Known::Final),
                _ => Some(Known::Provisional),
            })
            .collect();
        assert_eq!(states, expected);
        assert_eq!(runs.segments, [days(1, 10)]);
    }

    #[test]
    fn however_runs_overlap_every_day_counts_once() {
        let runs = DayRuns::new([
            (days(1, 10), true),
            (days(4, 6), false),
            (days(5, 8), false),
            (days(7, 12), true),
        ]);
        let counts = runs.count(days(0, 99));
        assert_eq!((counts.covered, counts.provisional), (12, 7));
        assert_eq!(runs.segments, [days(1, 12)]);
        assert_eq!(runs.state(8), Some(Known::Final));
        assert_eq!(runs.state(9), Some(Known::Provisional));
    }

    #[test]
    fn partial_days_have_values_but_are_not_covered() {
        let runs = DayRuns::new([(days(1, 5), false), (days(6, 9), true)])
            .lowered(&[days(5, 6), days(20, 21)])
            .without(&[days(2, 3)]);
        let counts = runs.count(days(0, 9));
        assert_eq!(
            (
                counts.days,
                counts.covered,
                counts.provisional,
                counts.partial
            ),
            (10, 5, 3, 2)
        );
        assert_eq!(runs.state(6), Some(Known::Partial));
        assert_eq!(runs.state(2), None);
        assert_eq!(runs.segments(), [days(1, 1), days(4, 9)]);
        let other = DayRuns::new([(days(5, 6), false)]);
        assert_eq!(runs.intersect(&other).count(days(0, 9)).partial, 2);
    }

    #[test]
    fn shared_days_are_provisional_where_either_is() {
        let left = DayRuns::new([(days(1, 5), false), (days(6, 9), true)]);
        let right = DayRuns::new([(days(3, 7), false)]);
        let shared = left.intersect(&right);
        assert_eq!(shared, right.intersect(&left));
        assert_eq!(shared.count(days(0, 99)).covered, 5);
        assert_eq!(shared.count(days(0, 99)).provisional, 2);
        assert_eq!(left.since(7).count(days(0, 99)).covered, 3);
    }
}
