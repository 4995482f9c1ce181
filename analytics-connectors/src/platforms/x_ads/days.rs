//! Days as the platform spells them: from midnight to midnight of the account's zone, with the
//! offset of that date.

use analytics_core::model::DateRange;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{America::Los_Angeles, Tz};

/// The zone in which an account's days are, which may have changed once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Zones {
    pub(super) zone: Tz,
    /// Before this moment, a midnight, days were Pacific ones.
    pub(super) since: Option<DateTime<Utc>>,
}

/// How midnights are spelt. The vendor's own pages name the second; only the first is known to be
/// taken of days on the other side of a change of clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    OffsetOfDate,
    OffsetOfToday,
    DateAlone,
}

impl Spelling {
    pub(super) const ALL: [Self; 3] = [Self::OffsetOfDate, Self::OffsetOfToday, Self::DateAlone];
}

impl Zones {
    fn of(self, date: NaiveDate) -> Tz {
        match self.since {
            Some(since) if midnight(date, self.zone) < since => Los_Angeles,
            _ => self.zone,
        }
    }

    /// `range` in windows of at most so many days, newest first, none across a change of zone.
    pub(super) fn windows(self, range: DateRange, days: u32) -> Vec<DateRange> {
        // The day of the change itself belongs to neither zone whole.
        let changed = self.since.map(|since| {
            let last = since.with_timezone(&Los_Angeles).date_naive().pred_opt();
            (since.with_timezone(&self.zone).date_naive(), last)
        });
        let parts = match changed {
            Some((first, last)) if range.start < first => {
                let newer = DateRange::new(first.max(range.start), range.end).ok();
                let older =
                    last.and_then(|last| DateRange::new(range.start, last.min(range.end)).ok());
                newer.into_iter().chain(older).collect()
            }
            _ => vec![range],
        };
        parts.iter().flat_map(|part| part.parts(days)).collect()
    }

    /// How long a window lasts: a day of a change of clocks has other hours.
    pub(super) fn lasts(self, range: DateRange) -> TimeDelta {
        let zone = self.of(range.start);
        midnight(next(range.end), zone) - midnight(range.start, zone)
    }

    /// Both ends of a window, the second one excluded.
    pub(super) fn ends(
        self,
        range: DateRange,
        spelling: Spelling,
        today: NaiveDate,
    ) -> [String; 2] {
        let zone = self.of(range.start);
        [range.start, next(range.end)].map(|date| match spelling {
            Spelling::OffsetOfDate => {
                let moment = midnight(date, zone).with_timezone(&zone);
                moment.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
            }
            Spelling::OffsetOfToday => {
                let now = midnight(today, zone).with_timezone(&zone);
                format!("{date}T00:00:00{}", now.format("%:z"))
            }
            Spelling::DateAlone => date.to_string(),
        })
    }
}

fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

/// The first moment of a day. Where clocks skip midnight it is the moment they skip to.
fn midnight(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN);
    (0..4)
        .filter_map(|hours| local.checked_add_signed(TimeDelta::hours(hours)))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| local.and_utc(), |moment| moment.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America::New_York, Asia::Tokyo};

    use super::*;

    fn range(start: &str, end: &str) -> DateRange {
        let date = |text: &str| text.parse().unwrap_or(NaiveDate::MIN);
        DateRange {
            start: date(start),
            end: date(end),
        }
    }

    fn zones(zone: Tz) -> Zones {
        Zones { zone, since: None }
    }

    #[test]
    fn each_end_has_the_offset_of_its_date() {
        let week = range("2026-10-30", "2026-11-02");
        let today = week.end;
        let new_york = zones(New_York);
        assert_eq!(
            new_york.ends(week, Spelling::OffsetOfDate, today),
            ["2026-10-30T00:00:00-04:00", "2026-11-03T00:00:00-05:00"]
        );
        assert_eq!(
            new_york.ends(week, Spelling::OffsetOfToday, today),
            ["2026-10-30T00:00:00-05:00", "2026-11-03T00:00:00-05:00"]
        );
        assert_eq!(
            zones(Tokyo).ends(week, Spelling::DateAlone, today),
            ["2026-10-30", "2026-11-03"]
        );
    }

    #[test]
    fn a_week_with_a_change_of_clocks_is_longer_or_shorter() {
        let autumn = range("2026-10-28", "2026-11-03");
        assert_eq!(zones(New_York).lasts(autumn), TimeDelta::hours(169));
        let spring = range("2026-03-05", "2026-03-11");
        assert_eq!(zones(New_York).lasts(spring), TimeDelta::hours(167));
        assert_eq!(zones(Tokyo).lasts(autumn), TimeDelta::hours(168));
    }

    #[test]
    fn no_window_crosses_the_day_an_account_changed_its_zone() {
        // Midnight of 2022-03-01 in Tokyo.
        let since = "2022-02-28T15:00:00Z".parse().ok();
        let zones = Zones { zone: Tokyo, since };
        let windows = zones.windows(range("2022-02-20", "2022-03-05"), 7);
        assert_eq!(
            windows,
            [
                range("2022-03-01", "2022-03-05"),
                range("2022-02-21", "2022-02-27"),
                range("2022-02-20", "2022-02-20"),
            ]
        );
        let ends = |range| zones.ends(range, Spelling::OffsetOfDate, range.end);
        assert_eq!(ends(windows[0])[0], "2022-03-01T00:00:00+09:00");
        let before = ends(windows[1]);
        assert_eq!(
            before,
            ["2022-02-21T00:00:00-08:00", "2022-02-28T00:00:00-08:00"]
        );
        let end: Option<DateTime<Utc>> = before[1].parse().ok();
        assert!(end <= since, "no window ends after the change");
    }
}
