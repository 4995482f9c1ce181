//! The coverage calendar and the last complete day.

use analytics_core::{
    analysis::{DayState, complete_through, coverage_runs},
    model::{CoveredRun, FailedRun, FeedCoverage, FeedId, Level, MetricId},
};
use chrono_tz::Tz;

use crate::engine_fixture::*;

fn coverage() -> FeedCoverage {
    FeedCoverage {
        level: Level::Account,
        feed: FeedId::from("insights"),
        covered: vec![
            CoveredRun {
                range: range("2026-09-01", "2026-09-20"),
                first_fetched_at: at("2026-10-01T00:00:00Z"),
                last_fetched_at: at("2026-10-01T00:00:00Z"),
            },
            CoveredRun {
                range: range("2026-10-01", "2026-10-10"),
                first_fetched_at: at("2026-10-10T20:00:00Z"),
                last_fetched_at: at("2026-10-10T20:00:00Z"),
            },
        ],
        failed: vec![FailedRun {
            range: range("2026-10-08", "2026-10-12"),
            failed_at: at("2026-10-13T00:00:00Z"),
            code: "decode".to_owned(),
            reason: "the platform timed out".to_owned(),
        }],
    }
}

#[test]
fn coverage_is_told_as_runs_without_gaps_and_a_failed_refetch_takes_nothing_away() {
    let clicks = MetricId::from("clicks");
    let runs = coverage_runs(&ads(), Tz::UTC, &coverage(), Some(&clicks));
    let told: Vec<_> = runs
        .iter()
        .map(|run| (run.start.to_string(), run.end.to_string(), run.state))
        .collect();
    let expected = [
        ("2026-09-01", "2026-09-20", DayState::Final),
        ("2026-09-21", "2026-09-30", DayState::Missing),
        ("2026-10-01", "2026-10-07", DayState::Final),
        ("2026-10-08", "2026-10-10", DayState::Provisional),
        ("2026-10-11", "2026-10-12", DayState::Failed),
    ]
    .map(|(start, end, state)| (start.to_owned(), end.to_owned(), state));
    assert_eq!(told, expected);
    assert_eq!(runs[1].first_fetched_at, None);
    assert_eq!(runs[4].last_fetched_at, Some(at("2026-10-13T00:00:00Z")));
}

#[test]
fn without_a_metric_the_slowest_one_decides() {
    let runs = coverage_runs(&ads(), Tz::UTC, &coverage(), None);
    assert_eq!(runs[0].state, DayState::Final);
    assert_eq!(runs[0].end, date("2026-09-03"));
    assert_eq!(runs[1].state, DayState::Provisional);
}

#[test]
fn the_last_complete_day_is_the_earliest_of_the_feeds_and_holes_do_not_move_it() {
    let platform = ads();
    assert_eq!(
        complete_through(&platform, &[coverage()], Level::Account),
        Some(date("2026-10-10"))
    );
    assert_eq!(
        complete_through(&platform, &[coverage()], Level::Campaign),
        None
    );
    assert_eq!(complete_through(&platform, &[], Level::Account), None);
}
