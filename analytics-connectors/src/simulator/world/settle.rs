//! How figures move between the first answer about a day and the last.
//!
//! Delivery and engagement are off by up to two per cent for two days; some platforms correct what
//! was spent for two weeks. Results (purchases, leads and their values) arrive for 28 days. A few
//! rows are filtered away again on the third day.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;

use super::{
    counts::{Counts, Measure},
    day::AdDay,
};

/// Days after which delivery no longer moves.
const EXPOSURE_SETTLES: i64 = 3;

/// Share of the results, in thousandths, that is known so many days after the day.
#[rustfmt::skip]
const KNOWN: [i64; 29] = [
    180, 420, 540, 620, 680, 730, 770, 805, 832, 855, 874, 890, 904, 916, 927,
    936, 944, 951, 957, 963, 968, 973, 978, 982, 986, 990, 994, 997, 1000,
];

/// A moment, as an account sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AsOf {
    /// The day in the account's zone.
    pub(crate) today: NaiveDate,
    /// Minutes of that day that have passed, by the clock on the wall.
    minutes: i64,
}

impl AsOf {
    pub(crate) fn new(moment: DateTime<Utc>, zone: Tz) -> Self {
        let local = moment.with_timezone(&zone).naive_local();
        let time: NaiveTime = local.time();
        Self {
            today: local.date(),
            minutes: i64::from(time.hour() * 60 + time.minute()),
        }
    }

    /// The last day that has ended.
    pub(crate) fn yesterday(self) -> NaiveDate {
        self.today.pred_opt().unwrap_or(self.today)
    }

    /// Days since `date`: 0 is today, negative the future.
    pub(crate) fn age(self, date: NaiveDate) -> i64 {
        (self.today - date).num_days()
    }

    /// Whether something that happened on `date` has happened.
    pub(crate) fn is_past(self, date: Option<NaiveDate>) -> bool {
        date.is_some_and(|date| date <= self.today)
    }
}

/// What is known of an ad's day at `as_of`; none before anything is.
pub(crate) fn observe(day: &AdDay, date: NaiveDate, as_of: AsOf) -> Option<Counts> {
    let age = as_of.age(date);
    if age < 0 || (day.fleeting && age >= EXPOSURE_SETTLES) {
        return None;
    }
    let mut counts = day.settled;
    if age >= KNOWN.len() as i64 - 1 {
        return Some(counts);
    }
    let spend = &mut counts[Measure::Spend];
    *spend += day.corrections.excess(*spend, age);
    if age < EXPOSURE_SETTLES {
        for count in counts.slice_mut(Measure::EXPOSURE) {
            *count = match age {
                0 => *count * as_of.minutes / (24 * 60),
                1 => *count + *count * day.drift / 100_000,
                _ => *count + *count * day.drift / 333_333,
            };
        }
    }
    day.set_results(&mut counts, KNOWN[usize::try_from(age).unwrap_or(0)]);
    Some(counts)
}
