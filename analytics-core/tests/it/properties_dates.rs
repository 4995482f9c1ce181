//! What holds for ranges, comparisons, buckets and pairs whatever the dates.

use analytics_core::{
    analysis::{
        COMPARE_MODES, Calendar, CompareSpec, Grain, PRESETS, RangeSpec, ResolvedRanges, buckets,
        pair_buckets, resolve,
    },
    model::{DateRange, WeekStart},
};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;

/// Any day from 1900 to 2200; month ends and leap days more often than chance has them.
fn dates() -> impl Strategy<Value = NaiveDate> {
    let any_day = (0_u64..=109_937)
        .prop_map(|offset| NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + Days::new(offset));
    let edge_of_month = (1900..=2200, 1_u32..=12, 0_u64..4).prop_map(|(year, month, offset)| {
        NaiveDate::from_ymd_opt(year, month, 2).unwrap() - Days::new(offset)
    });
    prop_oneof![any_day, edge_of_month]
}

fn ranges() -> impl Strategy<Value = DateRange> {
    let loose = (dates(), 0_u64..900).prop_map(|(start, length)| DateRange {
        start,
        end: start + Days::new(length),
    });
    let whole_months = (dates(), 0_u32..14).prop_map(|(date, more)| {
        let start = date.with_day(1).unwrap();
        let end = (start + chrono::Months::new(more + 1)).pred_opt().unwrap();
        DateRange { start, end }
    });
    prop_oneof![2 => loose, 1 => whole_months]
}

fn calendars() -> impl Strategy<Value = Calendar> {
    (0_u8..7, 1_u32..=12).prop_map(|(weekday, fiscal_year_start)| Calendar {
        week_start: WeekStart(Weekday::try_from(weekday).unwrap()),
        fiscal_year_start,
    })
}

fn grains() -> impl Strategy<Value = Grain> {
    prop::sample::select(Grain::ALL.to_vec())
}

fn range_specs() -> impl Strategy<Value = RangeSpec> {
    prop_oneof![
        prop::sample::select(PRESETS.to_vec()).prop_map(|name| RangeSpec::Preset(name.to_owned())),
        (1_u32..900).prop_map(|n| RangeSpec::Preset(format!("last_{n}_days"))),
        ranges().prop_map(RangeSpec::Custom),
    ]
}

fn compare_specs() -> impl Strategy<Value = CompareSpec> {
    prop_oneof![
        4 => prop::sample::select(COMPARE_MODES.to_vec())
            .prop_map(|name| CompareSpec::Mode(name.to_owned())),
        1 => ranges().prop_map(CompareSpec::Custom),
    ]
}

/// A question near its day: ranges are complete, partly complete or not at all.
#[derive(Debug, Clone)]
struct Question {
    range: RangeSpec,
    compare: CompareSpec,
    today: NaiveDate,
    complete_through: Option<NaiveDate>,
    calendar: Calendar,
}

fn questions() -> impl Strategy<Value = Question> {
    (
        range_specs(),
        compare_specs(),
        dates(),
        prop::option::weighted(0.95, (0_u64..40, 0_u64..900)),
        calendars(),
    )
        .prop_map(|(range, compare, date, behind, calendar)| {
            // A preset ends near today; a custom range is cut wherever the data ends.
            let (today, complete_through) = match &range {
                RangeSpec::Preset(_) => (date, behind.map(|(few, _)| date - Days::new(few))),
                RangeSpec::Custom(days) => (
                    days.end + Days::new(1),
                    behind.map(|(_, many)| days.end - Days::new(many)),
                ),
            };
            Question {
                range,
                compare,
                today,
                complete_through,
                calendar,
            }
        })
}

impl Question {
    fn resolve(&self) -> ResolvedRanges {
        resolve(
            &self.range,
            Some(&self.compare),
            self.today,
            self.complete_through,
            self.calendar,
        )
        .unwrap()
    }

    fn preset(&self) -> &str {
        match &self.range {
            RangeSpec::Preset(name) => name,
            RangeSpec::Custom(_) => "custom",
        }
    }
}

fn is_last_of_month(date: NaiveDate) -> bool {
    (date + Days::new(1)).day() == 1
}

fn consists_of_months(range: DateRange) -> bool {
    range.start.day() == 1 && is_last_of_month(range.end)
}

fn month_index(date: NaiveDate) -> i32 {
    date.year() * 12 + date.month0().cast_signed()
}

/// Whether `previous` is the calendar date of `date` that many months earlier, clamped.
fn is_months_earlier(date: NaiveDate, previous: NaiveDate, months: i32) -> bool {
    month_index(date) - month_index(previous) == months
        && (previous.day() == date.day()
            || (previous.day() < date.day() && is_last_of_month(previous)))
}

/// Whole calendar months, as comparison modes judge them, from the question alone.
fn asks_for_whole_months(preset: &str, nominal: DateRange) -> bool {
    let months = month_index(nominal.end) - month_index(nominal.start) + 1;
    consists_of_months(nominal)
        && match preset {
            "custom" | "last_month" | "last_quarter" | "last_year" | "last_12_months" => true,
            "this_month" => months == 1,
            "this_quarter" => months == 3,
            "this_year" => months == 12,
            _ => false,
        }
}

/// The definition of each mode, restated from what it promises.
fn obeys(mode: &str, question: &Question, resolved: &ResolvedRanges) -> Result<(), TestCaseError> {
    let (nominal, current) = (resolved.nominal, resolved.range.unwrap());
    let previous = resolved.comparison.unwrap();
    let distance = (current.start - previous.start).num_days();
    let whole = asks_for_whole_months(question.preset(), nominal);
    let cut = resolved.was_cut();
    let just_before = current.start - Days::new(1);
    match mode {
        "previous_period_same_length" => {
            prop_assert_eq!(previous.end, just_before);
            prop_assert_eq!(previous.days(), current.days());
        }
        "previous_period_match_weekday" => {
            prop_assert_eq!(distance % 7, 0);
            prop_assert!((0..7).contains(&(distance - nominal.days())));
            prop_assert_eq!(previous.days(), current.days());
            prop_assert!(previous.end < current.start);
        }
        "previous_year_match_weekday" => {
            prop_assert_eq!(previous.start.weekday(), current.start.weekday());
            prop_assert_eq!(previous.days(), current.days());
            prop_assert!(distance >= 364 && distance >= nominal.days());
            prop_assert!(distance == 364 || distance < nominal.days() + 7);
        }
        "previous_year" => {
            prop_assert!(is_months_earlier(current.start, previous.start, 12));
            if whole && !cut {
                prop_assert!(consists_of_months(previous));
                prop_assert_eq!(month_index(current.end) - month_index(previous.end), 12);
            } else {
                prop_assert!(is_months_earlier(current.end, previous.end, 12));
            }
        }
        "previous_period" => {
            prop_assert!(previous.end < current.start);
            let months = match question.preset() {
                "this_week" => {
                    prop_assert_eq!(distance, 7);
                    prop_assert_eq!(previous.days(), current.days());
                    return Ok(());
                }
                "this_month" => Some(1),
                "this_quarter" => Some(3),
                "this_year" => Some(12),
                _ => None,
            };
            if let Some(months) = months {
                prop_assert!(is_months_earlier(current.start, previous.start, months));
                if whole && !cut {
                    prop_assert_eq!(previous.end, just_before);
                } else {
                    prop_assert!(is_months_earlier(current.end, previous.end, months));
                }
            } else if whole {
                let months = month_index(nominal.end) - month_index(nominal.start) + 1;
                prop_assert!(is_months_earlier(current.start, previous.start, months));
                if cut {
                    prop_assert!(previous.end == just_before || previous.days() == current.days());
                    prop_assert!(previous.days() <= current.days());
                } else {
                    prop_assert_eq!(previous.end, just_before);
                }
            } else {
                prop_assert_eq!(distance, nominal.days());
                prop_assert_eq!(previous.days(), current.days());
            }
        }
        other => prop_assert!(false, "no definition of {other}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn buckets_tile_the_range_exactly(range in ranges(), grain in grains(), calendar in calendars()) {
        let tiles = buckets(range, grain, calendar);
        prop_assert_eq!(tiles.first().map(|b| b.start), Some(range.start));
        prop_assert_eq!(tiles.last().map(|b| b.end), Some(range.end));
        for two in tiles.windows(2) {
            prop_assert_eq!(two[0].end + Days::new(1), two[1].start);
        }
        let last = tiles.len() - 1;
        for (index, tile) in tiles.iter().enumerate() {
            prop_assert!(tile.start <= tile.end);
            // Only the first and the last can be cut.
            prop_assert!(tile.whole || index == 0 || index == last);
            if tile.whole {
                match grain {
                    Grain::Day => prop_assert_eq!(tile.days(), 1),
                    Grain::Week => {
                        prop_assert_eq!(tile.days(), 7);
                        prop_assert_eq!(tile.start.weekday(), calendar.week_start.0);
                    }
                    Grain::Month | Grain::Quarter | Grain::Year => {
                        let months = month_index(tile.end) - month_index(tile.start) + 1;
                        prop_assert!(consists_of_months(tile.range()));
                        let length = match grain { Grain::Month => 1, Grain::Quarter => 3, _ => 12 };
                        prop_assert_eq!(months, length);
                        let fiscal = tile.start.month() + 12 - calendar.fiscal_year_start;
                        prop_assert_eq!(fiscal.cast_signed() % length, 0);
                    }
                }
            }
        }
    }

    #[test]
    fn effective_ranges_end_at_the_last_complete_day(question in questions()) {
        let resolved = question.resolve();
        match (resolved.range, question.complete_through) {
            (Some(range), Some(through)) => {
                prop_assert_eq!(range.start, resolved.nominal.start);
                prop_assert_eq!(range.end, resolved.nominal.end.min(through));
                prop_assert!(resolved.comparison.is_some());
            }
            (None, through) => {
                prop_assert!(through.is_none_or(|day| day < resolved.nominal.start));
                prop_assert_eq!(resolved.comparison, None);
            }
            (Some(_), None) => prop_assert!(false, "a range without a complete day"),
        }
    }

    #[test]
    fn comparison_ranges_obey_their_definition(question in questions()) {
        let resolved = question.resolve();
        if resolved.range.is_some() {
            match &question.compare {
                CompareSpec::Mode(mode) => obeys(mode, &question, &resolved)?,
                CompareSpec::Custom(given) => prop_assert_eq!(resolved.comparison, Some(*given)),
            }
        }
    }

    #[test]
    fn warnings_say_exactly_what_applies(question in questions()) {
        let resolved = question.resolve();
        let says = |code: &str| resolved.warnings.iter().any(|w| w.code == code);
        if let (Some(range), Some(previous)) = (resolved.range, resolved.comparison) {
            prop_assert_eq!(says("unequal_length"), range.days() != previous.days());
            prop_assert_eq!(says("overlap"), range.intersection(&previous).is_some());
            prop_assert_eq!(says("future"), previous.end > question.today);
        } else {
            prop_assert!(resolved.warnings.is_empty());
        }
    }

    #[test]
    fn pairs_lie_in_order_within_the_comparison_range_and_never_overlap(
        question in questions(),
        grain in grains(),
    ) {
        let resolved = question.resolve();
        let pairs = pair_buckets(&resolved, grain, question.calendar);
        let (Some(range), Some(into)) = (resolved.range, resolved.comparison) else {
            prop_assert!(pairs.current.is_empty() && pairs.comparison.is_empty());
            return Ok(());
        };
        prop_assert_eq!(&pairs.current, &buckets(range, grain, question.calendar));
        prop_assert_eq!(pairs.current.len(), pairs.comparison.len());
        let mut paired_days = 0;
        let mut last_end = None;
        for bucket in pairs.comparison.iter().flatten() {
            prop_assert!(bucket.start <= bucket.end);
            prop_assert!(into.start <= bucket.start && bucket.end <= into.end);
            prop_assert!(last_end.is_none_or(|end| end < bucket.start));
            last_end = Some(bucket.end);
            paired_days += bucket.days();
        }
        prop_assert_eq!(pairs.unpaired_days, into.days() - paired_days);
    }

    #[test]
    fn shifting_never_panics(
        range in range_specs(),
        compare in compare_specs(),
        today in dates(),
        through in dates(),
        grain in grains(),
        calendar in calendars(),
    ) {
        // Nothing ties the dates together here: years may lie between them.
        if let Ok(resolved) = resolve(&range, Some(&compare), today, Some(through), calendar) {
            let pairs = pair_buckets(&resolved, grain, calendar);
            prop_assert_eq!(pairs.current.len(), pairs.comparison.len());
        }
    }
}
