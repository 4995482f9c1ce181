//! Arithmetic on coverage runs, the same for every database.

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::{CoveredRun, DateRange, FailedRun};

/// Runs as they are after `range` was fetched completely at `at`: its days keep their first fetch
/// and get `at` as their last one; neighbours with the same two fetches become one run.
///
/// `runs` are ascending and do not overlap; so is the result.
pub(crate) fn cover(runs: &[CoveredRun], range: DateRange, at: DateTime<Utc>) -> Vec<CoveredRun> {
    let mut result: Vec<CoveredRun> = Vec::with_capacity(runs.len() + 2);
    let mut push = |run: CoveredRun| match result.last_mut() {
        Some(last)
            if last.range.end.succ_opt() == Some(run.range.start)
                && last.first_fetched_at == run.first_fetched_at
                && last.last_fetched_at == run.last_fetched_at =>
        {
            last.range.end = run.range.end;
        }
        _ => result.push(run),
    };
    let fetched = |range, first_fetched_at| CoveredRun {
        range,
        first_fetched_at,
        last_fetched_at: at,
    };
    // First day of the range that no run has answered for yet; none once all are.
    let mut next = Some(range.start);
    for run in runs {
        if let Some(before) = part_before(run.range, range.start) {
            push(CoveredRun {
                range: before,
                ..run.clone()
            });
        }
        // Days of the range in front of this run were not covered before.
        if let Some(start) = next.filter(|start| *start < run.range.start) {
            if let Some(last) = run.range.start.pred_opt() {
                push(fetched(
                    DateRange {
                        start,
                        end: last.min(range.end),
                    },
                    at,
                ));
            }
            next = Some(run.range.start).filter(|day| *day <= range.end);
        }
        if let Some(inside) = run.range.intersection(&range) {
            push(fetched(inside, run.first_fetched_at.min(at)));
            next = inside.end.succ_opt().filter(|day| *day <= range.end);
        }
        if let Some(after) = part_after(run.range, range.end) {
            push(CoveredRun {
                range: after,
                ..run.clone()
            });
        }
    }
    if let Some(start) = next {
        push(fetched(
            DateRange {
                start,
                end: range.end,
            },
            at,
        ));
    }
    result
}

/// Failed runs without the days of `range`.
pub(crate) fn clear(runs: &[FailedRun], range: DateRange) -> Vec<FailedRun> {
    runs.iter()
        .flat_map(|run| {
            [
                part_before(run.range, range.start),
                part_after(run.range, range.end),
            ]
            .into_iter()
            .flatten()
            .map(|part| FailedRun {
                range: part,
                ..run.clone()
            })
        })
        .collect()
}

/// Failed runs after a fetch of `range` failed: its days tell the latest failure.
pub(crate) fn fail(runs: &[FailedRun], failed: FailedRun) -> Vec<FailedRun> {
    let mut result = clear(runs, failed.range);
    result.push(failed);
    result.sort_by_key(|run| run.range.start);
    result.dedup_by(|later, earlier| {
        let joins = earlier.range.end.succ_opt() == Some(later.range.start)
            && earlier.failed_at == later.failed_at
            && earlier.code == later.code
            && earlier.reason == later.reason;
        if joins {
            earlier.range.end = later.range.end;
        }
        joins
    });
    result
}

fn part_before(range: DateRange, day: NaiveDate) -> Option<DateRange> {
    let end = day.pred_opt()?.min(range.end);
    (range.start <= end).then_some(DateRange {
        start: range.start,
        end,
    })
}

fn part_after(range: DateRange, day: NaiveDate) -> Option<DateRange> {
    let start = day.succ_opt()?.max(range.start);
    (start <= range.end).then_some(DateRange {
        start,
        end: range.end,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn day(number: i32) -> NaiveDate {
        NaiveDate::from_epoch_days(20_000 + number).unwrap_or_default()
    }

    fn moment(number: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + number, 0).unwrap_or_default()
    }

    fn days(start: i32, length: i32) -> DateRange {
        DateRange {
            start: day(start),
            end: day(start + length - 1),
        }
    }

    proptest! {
        #[test]
        fn runs_say_of_every_day_what_its_fetches_were(
            fetches in prop::collection::vec((0..60i32, 1..20i32), 1..40)
        ) {
            let mut runs = Vec::new();
            let mut expected = BTreeMap::new();
            for (number, (start, length)) in fetches.iter().enumerate() {
                let (range, at) = (days(*start, *length), moment(number as i64));
                runs = cover(&runs, range, at);
                for date in range.iter() {
                    expected.entry(date).or_insert((at, at)).1 = at;
                }
            }
            let told: Vec<_> = runs
                .iter()
                .flat_map(|run| run.range.iter().map(|date| {
                    (date, (run.first_fetched_at, run.last_fetched_at))
                }))
                .collect();
            prop_assert_eq!(told, expected.into_iter().collect::<Vec<_>>());
            for pair in runs.windows(2) {
                let touching = pair[0].range.end.succ_opt() == Some(pair[1].range.start);
                let same = pair[0].first_fetched_at == pair[1].first_fetched_at
                    && pair[0].last_fetched_at == pair[1].last_fetched_at;
                prop_assert!(!(touching && same), "neighbours alike are one run");
            }
        }

        #[test]
        fn failed_runs_say_of_every_day_its_latest_failure(
            tries in prop::collection::vec((0..60i32, 1..20i32, any::<bool>()), 1..40)
        ) {
            let mut runs: Vec<FailedRun> = Vec::new();
            let mut expected = BTreeMap::new();
            for (number, (start, length, succeeded)) in tries.iter().enumerate() {
                let (range, at) = (days(*start, *length), moment(number as i64));
                if *succeeded {
                    runs = clear(&runs, range);
                    expected.retain(|date, _| !range.contains(*date));
                } else {
                    let failed = FailedRun { range, failed_at: at, code: "transient".to_owned(), reason: "timeout".to_owned() };
                    runs = fail(&runs, failed);
                    expected.extend(range.iter().map(|date| (date, at)));
                }
            }
            let told: Vec<_> = runs
                .iter()
                .flat_map(|run| run.range.iter().map(|date| (date, run.failed_at)))
                .collect();
            prop_assert_eq!(told, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
