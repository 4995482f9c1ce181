//! Moments as the Graph writes them, and Pacific days: those of every page and profile, wherever
//! in the world it is.

use std::fmt;

use analytics_core::model::DateRange;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, de};

use crate::clock;

/// Where Meta's media days begin and end.
pub(crate) const PACIFIC: Tz = Tz::America__Los_Angeles;

/// A moment, `2026-10-02T07:00:00+0000`; the colon that RFC 3339 wants in the offset may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GraphTime(pub(crate) DateTime<Utc>);

impl GraphTime {
    /// The day it falls on in California.
    pub(crate) fn pacific_day(self) -> NaiveDate {
        self.0.with_timezone(&PACIFIC).date_naive()
    }
}

impl<'de> Deserialize<'de> for GraphTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = GraphTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a moment like 2026-10-02T07:00:00+0000")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<GraphTime, E> {
                DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z")
                    .or_else(|_| DateTime::parse_from_rfc3339(text))
                    .map(|moment| GraphTime(moment.with_timezone(&Utc)))
                    .map_err(|_| E::invalid_value(de::Unexpected::Other("text"), &self))
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

/// The first second of a Pacific day, in Unix seconds.
pub(crate) fn day_start(date: NaiveDate) -> i64 {
    clock::day_start(PACIFIC, date).timestamp()
}

/// `since` and `until` for just these Pacific days. Meta answers for days whose first second lies
/// between the two, both included: `until` must stop before the next midnight.
pub(crate) fn bounds(range: DateRange) -> (i64, i64) {
    let next = range.end.succ_opt().unwrap_or(range.end);
    (day_start(range.start), day_start(next) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn hours(day: &str) -> i64 {
        let (since, until) = bounds(DateRange::day(date(day)));
        (until + 1 - since) / 3600
    }

    #[test]
    fn pacific_days_have_23_or_25_hours_when_clocks_change() {
        assert_eq!(hours("2026-03-08"), 23);
        assert_eq!(hours("2026-11-01"), 25);
        assert_eq!(hours("2026-11-02"), 24);
        // 2026-10-01 begins at 07:00 UTC, 2026-11-02 at 08:00 UTC.
        assert_eq!(day_start(date("2026-10-01")), 1_790_838_000);
        assert_eq!(day_start(date("2026-11-02")), 1_793_606_400);
    }

    #[test]
    fn moments_are_read_with_and_without_a_colon() -> Result<(), serde_json::Error> {
        for text in [
            "2026-03-01T12:00:00+0000",
            "2026-03-01T12:00:00+00:00",
            "2026-03-01T12:00:00Z",
            "2026-03-01T04:00:00-0800",
        ] {
            let moment: GraphTime = serde_json::from_value(text.into())?;
            assert_eq!(moment.0.timestamp(), 1_772_366_400, "{text}");
            assert_eq!(moment.pacific_day(), date("2026-03-01"));
        }
        for bad in ["yesterday", "2026-03-01", ""] {
            assert!(
                serde_json::from_value::<GraphTime>(bad.into()).is_err(),
                "{bad}"
            );
        }
        Ok(())
    }
}
