//! Windows of time: whole hours, and whole days of an account's zone.

use analytics_core::model::DateRange;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::{error::ApiError, params::Params};

/// The moment a day begins in a zone.
pub(super) fn midnight(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN);
    // Where clocks are put forward at midnight, the day begins an hour later.
    (0..4)
        .find_map(|hours| {
            zone.from_local_datetime(&(local + Duration::hours(hours)))
                .earliest()
        })
        .map_or_else(|| local.and_utc(), |moment| moment.to_utc())
}

/// A moment as answers spell it.
pub(super) fn spelt(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A moment with an offset in any notation, or a day.
fn read(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(midnight(date, zone));
    }
    let offset = text
        .strip_suffix('Z')
        .map_or_else(|| text.to_owned(), |local| format!("{local}+00:00"));
    ["%Y-%m-%dT%H:%M:%S%#z", "%Y-%m-%dT%H:%M%#z"]
        .iter()
        .find_map(|spelling| DateTime::parse_from_str(&offset, spelling).ok())
        .map(|moment| moment.to_utc())
}

/// From a moment up to another, which is not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
}

impl Window {
    /// The window that is asked for, of so many times 24 hours at most.
    pub(super) fn parse(params: &Params, zone: Tz, longest: i64) -> Result<Self, ApiError> {
        let moment = |name: &'static str| {
            let text = params.required(name)?;
            let moment = read(text, zone)
                .ok_or_else(|| ApiError::invalid(name, text, "expected a time in ISO 8601"))?;
            if moment.minute() != 0 || moment.second() != 0 {
                return Err(ApiError::window(name, text, "expected whole hours"));
            }
            Ok(moment)
        };
        let (start, end) = (moment("start_time")?, moment("end_time")?);
        let told = params.get("end_time").unwrap_or_default();
        if end <= start {
            return Err(ApiError::window(
                "end_time",
                told,
                "must be after start_time",
            ));
        }
        if end - start > Duration::days(longest) {
            let message = format!("the time range must not exceed {longest} days");
            return Err(ApiError::window("end_time", told, message));
        }
        Ok(Self { start, end })
    }

    /// Its days, if both ends are midnights of the zone, each with the offset of its own date.
    pub(super) fn days(self, zone: Tz) -> Result<DateRange, ApiError> {
        let date = |name: &'static str, moment: DateTime<Utc>| {
            let date = moment.with_timezone(&zone).date_naive();
            if midnight(date, zone) == moment {
                return Ok(date);
            }
            let message = format!(
                "'{name}' expects midnight in the account's local timezone for DAY granularity"
            );
            Err(ApiError::window(name, &spelt(moment), message))
        };
        let (start, end) = (date("start_time", self.start)?, date("end_time", self.end)?);
        let last = end.pred_opt().unwrap_or(end);
        DateRange::new(start, last)
            .map_err(|_| ApiError::window("end_time", &spelt(self.end), "ends before it starts"))
    }

    /// Every day of the zone that it touches.
    pub(super) fn touched(self, zone: Tz) -> DateRange {
        let day = |moment: DateTime<Utc>| moment.with_timezone(&zone).date_naive();
        DateRange {
            start: day(self.start),
            end: day(self.end - Duration::seconds(1)),
        }
    }
}
