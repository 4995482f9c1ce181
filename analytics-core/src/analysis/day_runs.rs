//! The covered days of one metric, as runs that can be counted and intersected quickly.

use super::{coverage::without, days::Days};

/// Covered days, and which of them are provisional.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct DayRuns {
    /// Ascending, disjoint; neighbours differ in `provisional` or do not touch.
    runs: Vec<Run>,
    /// The same without the difference: ascending, disjoint, not touching.
    segments: Vec<Days>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    days: Days,
    provisional: bool,
}

/// How many days of a range are covered, and how many of those provisional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) days: i64,
    pub(super) covered: i64,
    pub(super) provisional: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.days += other.days;
        self.covered += other.covered;
        self.provisional += other.provisional;
    }
}

impl DayRuns {
    /// From runs in any order; where runs overlap, final wins.
    pub(super) fn new(runs: impl IntoIterator<Item = (Days, bool)>) -> Self {
        let (open, settled): (Vec<_>, Vec<_>) =
            runs.into_iter().partition(|(_, provisional)| *provisional);
        let settled = union(settled);
        let open = union(open)
            .into_iter()
            .flat_map(|days| without(days, &settled));
        let mut tiles: Vec<(Days, bool)> = open.map(|days| (days, true)).collect();
        tiles.extend(settled.iter().map(|days| (*days, false)));
        tiles.sort_unstable();
        let mut made = Self::default();
        for (days, provisional) in tiles {
            made.append(days, provisional);
        }
        made
    }

    /// Appends a run that starts after the last one ends.
    fn append(&mut self, days: Days, provisional: bool) {
        match self.runs.last_mut() {
            Some(last) if last.provisional == provisional && last.days.last + 1 == days.first => {
                last.days.last = days.last;
            }
            _ => self.runs.push(Run { days, provisional }),
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
            counts.covered += shared.len();
            if run.provisional {
                counts.provisional += shared.len();
            }
        }
        counts
    }

    /// Whether the day is covered and, if so, provisional.
    pub(super) fn state(&self, day: i32) -> Option<bool> {
        let at = self.runs.partition_point(|run| run.days.last < day);
        self.runs
            .get(at)
            .filter(|run| run.days.contains(day))
            .map(|run| run.provisional)
    }

    /// The covered stretches of `range`.
    pub(super) fn covered_in(&self, range: Days) -> impl Iterator<Item = Days> + '_ {
        let from = self
            .segments
            .partition_point(|days| days.last < range.first);
        self.segments[from..]
            .iter()
            .map_while(move |days| days.intersection(range))
    }

    /// The last covered day.
    pub(super) fn last(&self) -> Option<i32> {
        self.segments.last().map(|days| days.last)
    }

    /// The days covered in both; provisional where either is.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.runs.iter().peekable(), other.runs.iter().peekable());
        let mut shared = Self::default();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            if let Some(days) = a.days.intersection(b.days) {
                shared.append(days, a.provisional || b.provisional);
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
        Self::new(self.runs.iter().filter_map(|run| {
            Some((
                Days::new(run.days.first.max(first), run.days.last)?,
                run.provisional,
            ))
        }))
    }

    /// Bytes it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.runs.len() * size_of::<Run>() + self.segments.len() * size_of::<Days>()
    }
}

/// The same days as disjoint runs that do not touch, ascending.
fn union(runs: Vec<(Days, bool)>) -> Vec<Days> {
    let mut sorted: Vec<Days> = runs.into_iter().map(|(days, _)| days).collect();
    sorted.sort_unstable();
    let mut joined: Vec<Days> = Vec::with_capacity(sorted.len());
    for days in sorted {
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
        assert_eq!(runs.state(11), Some(true));
        assert_eq!(runs.state(9), Some(false));
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
        let expected: Vec<_> = (1..=10).map(|day| Some(!(4..=6).contains(&day))).collect();
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
        assert_eq!(runs.state(8), Some(false));
        assert_eq!(runs.state(9), Some(true));
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
