//! Worked examples of ranges, comparisons and pairs, with what their warnings say.

use analytics_core::analysis::{
    Bucket, Calendar, CompareSpec, Grain, RangeSpec, ResolvedRanges, Warning, lengths_comparable,
    pair_buckets, resolve,
};

use crate::spelled::{day, days, mode, preset};

/// Resolved on `today`, with everything complete through the day before it.
fn on(today: &str, range: &RangeSpec, compare: &CompareSpec) -> ResolvedRanges {
    let today = day(today);
    resolve(
        range,
        Some(compare),
        today,
        today.pred_opt(),
        Calendar::default(),
    )
    .unwrap()
}

fn codes(warnings: &[Warning]) -> Vec<&str> {
    warnings.iter().map(|w| w.code.as_str()).collect()
}

#[test]
fn a_running_month_is_compared_with_the_same_dates_a_month_earlier() {
    let resolved = on(
        "2027-03-31",
        &preset("this_month"),
        &mode("previous_period"),
    );
    assert_eq!(resolved.range, Some(days("2027-03-01", "2027-03-30")));
    assert_eq!(resolved.comparison, Some(days("2027-02-01", "2027-02-28")));
    assert_eq!(codes(&resolved.warnings), [Warning::UNEQUAL_LENGTH]);
    let message = &resolved.warnings[0].message;
    assert!(
        message.contains("30 days") && message.contains("28 days"),
        "{message}"
    );
}

#[test]
fn a_running_quarter_is_compared_with_the_same_dates_a_quarter_earlier() {
    let resolved = on(
        "2026-08-21",
        &preset("this_quarter"),
        &mode("previous_period"),
    );
    assert_eq!(resolved.comparison, Some(days("2026-04-01", "2026-05-20")));
}

#[test]
fn a_quarter_that_has_run_two_whole_months_is_not_yet_whole() {
    let quarter = resolve(
        &preset("this_quarter"),
        Some(&mode("previous_year")),
        day("2025-02-28"),
        Some(day("2025-02-28")),
        Calendar::default(),
    )
    .unwrap();
    assert_eq!(quarter.comparison, Some(days("2024-01-01", "2024-02-28")));
}

#[test]
fn a_whole_february_is_compared_with_a_whole_leap_february() {
    let resolved = on(
        "2025-03-01",
        &RangeSpec::Custom(days("2025-02-01", "2025-02-28")),
        &mode("previous_year"),
    );
    assert_eq!(resolved.comparison, Some(days("2024-02-01", "2024-02-29")));
}

#[test]
fn a_range_without_a_complete_day_is_empty_on_both_sides() {
    for through in [None, Some(day("2026-11-01"))] {
        let resolved = resolve(
            &preset("last_7_days"),
            Some(&CompareSpec::Custom(days("2026-01-01", "2026-01-07"))),
            day("2026-11-23"),
            through,
            Calendar::default(),
        )
        .unwrap();
        assert_eq!((resolved.range, resolved.comparison), (None, None));
        let pairs = pair_buckets(&resolved, Grain::Day, Calendar::default());
        assert!(pairs.current.is_empty() && pairs.comparison.is_empty());
        assert_eq!(pairs.warning(), None);
    }
}

#[test]
fn a_custom_comparison_that_overlaps_differs_and_lies_ahead_says_all_three() {
    let resolved = on(
        "2026-11-23",
        &RangeSpec::Custom(days("2026-11-10", "2026-11-20")),
        &CompareSpec::Custom(days("2026-11-20", "2026-12-31")),
    );
    assert_eq!(resolved.comparison, Some(days("2026-11-20", "2026-12-31")));
    assert_eq!(
        codes(&resolved.warnings),
        [Warning::UNEQUAL_LENGTH, Warning::OVERLAP, Warning::FUTURE]
    );
    assert!(resolved.warnings[1].message.contains("share 1 day ("));
}

#[test]
fn a_range_longer_than_a_year_overlaps_its_previous_year() {
    let resolved = on(
        "2026-11-23",
        &RangeSpec::Custom(days("2025-06-01", "2026-11-20")),
        &mode("previous_year"),
    );
    assert_eq!(codes(&resolved.warnings), [Warning::OVERLAP]);
}

#[test]
fn a_comparison_of_equal_lengths_apart_says_nothing() {
    let resolved = on(
        "2026-11-23",
        &preset("last_30_days"),
        &mode("previous_period"),
    );
    assert_eq!(resolved.warnings, []);
}

#[test]
fn a_dropped_leap_day_is_counted_in_totals_and_said() {
    let resolved = on(
        "2025-03-08",
        &preset("last_14_days"),
        &mode("previous_year"),
    );
    let pairs = pair_buckets(&resolved, Grain::Day, Calendar::default());
    assert_eq!(pairs.unpaired_days, 1);
    let warning = pairs.warning().unwrap();
    assert_eq!(warning.code, Warning::UNPAIRED_DAYS);
    assert!(
        warning.message.starts_with("1 day of"),
        "{}",
        warning.message
    );
}

#[test]
fn a_leap_day_has_no_day_to_stand_against() {
    let resolved = on("2024-03-02", &preset("last_3_days"), &mode("previous_year"));
    let pairs = pair_buckets(&resolved, Grain::Day, Calendar::default());
    let starts: Vec<_> = pairs
        .comparison
        .iter()
        .map(|bucket| bucket.map(|b| b.start))
        .collect();
    assert_eq!(
        starts,
        [Some(day("2023-02-28")), None, Some(day("2023-03-01"))]
    );
}

#[test]
fn equally_many_whole_months_of_ones_own_choice_pair_month_by_month_even_when_cut() {
    let resolved = on(
        "2026-03-11",
        &RangeSpec::Custom(days("2026-02-01", "2026-03-31")),
        &CompareSpec::Custom(days("2025-11-01", "2025-12-31")),
    );
    assert!(resolved.was_cut());
    let pairs = pair_buckets(&resolved, Grain::Month, Calendar::default());
    let ranges: Vec<_> = pairs
        .comparison
        .iter()
        .flatten()
        .map(Bucket::range)
        .collect();
    assert_eq!(
        ranges,
        [
            days("2025-11-01", "2025-11-30"),
            days("2025-12-01", "2025-12-10")
        ]
    );
    assert_eq!(pairs.unpaired_days, 21);
}

#[test]
fn unequal_pairs_compare_only_as_whole_months_or_entire_ranges() {
    let bucket = |start: &str, end: &str| Bucket {
        start: day(start),
        end: day(end),
        whole: true,
    };
    let resolved = on(
        "2027-03-31",
        &preset("this_month"),
        &mode("previous_period"),
    );
    let comparable = |current, previous| lengths_comparable(current, previous, &resolved);
    let march = bucket("2027-03-01", "2027-03-31");
    assert!(comparable(march, bucket("2027-02-01", "2027-02-28")));
    assert!(!comparable(march, bucket("2027-01-01", "2027-02-28")));
    assert!(!comparable(march, bucket("2027-02-01", "2027-02-27")));
    let (current, previous) = (
        bucket("2027-03-01", "2027-03-30"),
        bucket("2027-02-01", "2027-02-28"),
    );
    assert!(comparable(current, previous), "the two entire ranges");
    assert!(!comparable(bucket("2027-03-02", "2027-03-30"), previous));
    assert!(comparable(
        bucket("2027-03-02", "2027-03-08"),
        bucket("2027-02-02", "2027-02-08")
    ));
}
