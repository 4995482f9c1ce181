//! When a day of an account begins, ends and is worth fetching, in the account's own time zone.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

pub use crate::clock::day_start;

/// The last day that may be fetched, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadyDay {
    /// The day, in the account's own zone.
    pub date: NaiveDate,
    /// The moment it became ready; whatever was fetched earlier is a day old by now.
    pub since: DateTime<Utc>,
}

/// `date` moved by `days`; stops at the ends of the calendar.
#[must_use]
pub fn shift(date: NaiveDate, days: i64) -> NaiveDate {
    let end = if days < 0 {
        NaiveDate::MIN
    } else {
        NaiveDate::MAX
    };
    Duration::try_days(days)
        .and_then(|by| date.checked_add_signed(by))
        .unwrap_or(end)
}

/// When the figures of `date` are worth fetching: its end and `ready_hours` more.
#[must_use]
pub fn ready_at(zone: Tz, ready_hours: u32, date: NaiveDate) -> DateTime<Utc> {
    day_start(zone, shift(date, 1)) + Duration::hours(i64::from(ready_hours))
}

/// The last day that is ready at `now`.
#[must_use]
pub fn last_ready(zone: Tz, ready_hours: u32, now: DateTime<Utc>) -> ReadyDay {
    let mut date = shift(now.with_timezone(&zone).date_naive(), -1);
    loop {
        let since = ready_at(zone, ready_hours, date);
        if since <= now {
            return ReadyDay { date, since };
        }
        date = shift(date, -1);
    }
}

/// The first moment after `now` at which another day becomes ready.
#[must_use]
pub fn next_ready(zone: Tz, ready_hours: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    ready_at(
        zone,
        ready_hours,
        shift(last_ready(zone, ready_hours, now).date, 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn a_day_is_ready_six_hours_after_it_ended_where_the_account_lives() {
        let tokyo = Tz::Asia__Tokyo;
        // 2026-11-22 ends in Tokyo at 15:00 UTC.
        let just_before = last_ready(tokyo, 6, at("2026-11-22T20:59:59Z"));
        assert_eq!(just_before.date, date("2026-11-21"));
        let then = last_ready(tokyo, 6, at("2026-11-22T21:00:00Z"));
        assert_eq!(then.date, date("2026-11-22"));
        assert_eq!(then.since, at("2026-11-22T21:00:00Z"));
    }

    #[test]
    fn a_long_delay_holds_back_more_than_a_day() {
        let ready = last_ready(Tz::UTC, 48, at("2026-11-22T12:00:00Z"));
        assert_eq!(ready.date, date("2026-11-19"));
    }

    #[test]
    fn the_next_ready_moment_lies_ahead_even_when_one_has_just_passed() {
        let now = at("2026-11-22T06:00:00Z");
        assert_eq!(next_ready(Tz::UTC, 6, now), at("2026-11-23T06:00:00Z"));
        let before = at("2026-11-22T05:59:00Z");
        assert_eq!(next_ready(Tz::UTC, 6, before), at("2026-11-22T06:00:00Z"));
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_at_the_first_time_that_exists() {
        // Clocks in Beirut went from 00:00 to 01:00 on 2022-03-27.
        assert_eq!(
            day_start(Tz::Asia__Beirut, date("2022-03-27")),
            at("2022-03-26T22:00:00Z")
        );
        // Samoa had no 2011-12-30 at all.
        assert_eq!(
            day_start(Tz::Pacific__Apia, date("2011-12-30")),
            day_start(Tz::Pacific__Apia, date("2011-12-31"))
        );
    }

    #[test]
    fn a_day_of_twenty_five_hours_is_ready_an_hour_later() {
        // 2026-10-25 has 25 hours in Berlin.
        assert_eq!(
            ready_at(Tz::Europe__Berlin, 6, date("2026-10-25")),
            at("2026-10-26T05:00:00Z")
        );
    }
}
