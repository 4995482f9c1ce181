//! `since` and `until` as the insights of pages and profiles read them: which Pacific days are meant.

use analytics_core::model::DateRange;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};

use super::{error::GraphError, request::GraphRequest};
use crate::simulator::world::media::PACIFIC;

/// Two moments in Unix seconds, both included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) since: i64,
    pub(crate) until: i64,
}

impl Span {
    pub(crate) fn seconds(self) -> i64 {
        self.until - self.since
    }

    /// The Pacific days whose first second lies in it.
    pub(crate) fn days(self) -> impl Iterator<Item = NaiveDate> {
        let first = day_of(self.since).pred_opt().unwrap_or_default();
        first
            .iter_days()
            .skip_while(move |date| start_of(*date) < self.since)
            .take_while(move |date| start_of(*date) <= self.until)
    }

    /// The same as a range; none if there are none.
    pub(crate) fn range(self) -> Option<DateRange> {
        let start = self.days().next()?;
        let end = self.days().last()?;
        Some(DateRange { start, end })
    }
}

/// The first second of a Pacific day.
pub(crate) fn start_of(date: NaiveDate) -> i64 {
    let midnight = date.and_time(NaiveTime::MIN);
    PACIFIC
        .from_local_datetime(&midnight)
        .earliest()
        .map_or(0, |start| start.timestamp())
}

/// The same as the Graph writes it.
pub(crate) fn stamp(date: NaiveDate) -> String {
    moment(DateTime::from_timestamp(start_of(date), 0).unwrap_or_default())
}

/// A moment as the Graph writes it.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

fn day_of(seconds: i64) -> NaiveDate {
    DateTime::from_timestamp(seconds, 0)
        .unwrap_or_default()
        .with_timezone(&PACIFIC)
        .date_naive()
}

/// A moment as a parameter gives it: Unix seconds, or a date, which is midnight in UTC.
pub(crate) fn parse(name: &str, text: &str) -> Result<i64, GraphError> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Ok(seconds);
    }
    text.parse::<NaiveDate>()
        .map(|date| date.and_time(NaiveTime::MIN).and_utc().timestamp())
        .map_err(|_| {
            GraphError::parameter(format!("{name} param is not a valid date or timestamp"))
        })
}

/// What a request asks for; `usual` days up to now where it does not say.
pub(crate) fn span(
    request: &GraphRequest,
    now: DateTime<Utc>,
    usual: u64,
) -> Result<Span, GraphError> {
    let read = |name: &str| {
        request
            .params
            .get(name)
            .map(|text| parse(name, text))
            .transpose()
    };
    let until = read("until")?;
    let since = read("since")?;
    let default = now
        .checked_sub_days(Days::new(usual))
        .unwrap_or(now)
        .timestamp();
    let span = Span {
        since: since.unwrap_or(default),
        until: until.unwrap_or(now.timestamp()),
    };
    if span.until < span.since {
        return Err(GraphError::parameter(
            "since param must be before until param",
        ));
    }
    Ok(span)
}
