//! Which days a question is about: `time_range`, `time_ranges`, `date_preset`, `time_increment`.

use analytics_core::model::DateRange;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::Value;

use crate::simulator::meta::{error::GraphError, request::Params};

/// How far back figures go.
const HISTORY: Months = Months::new(37);

/// The ranges of a question, one row of answers each, in order.
pub(super) fn parse(params: &Params, today: NaiveDate) -> Result<Vec<DateRange>, GraphError> {
    let asked = if let Some(text) = params.get("time_ranges") {
        let Ok(Value::Array(ranges)) = serde_json::from_str(text) else {
            return Err(GraphError::parameter("param time_ranges must be an array."));
        };
        let ranges = ranges
            .iter()
            .map(|range| time_range(|key| range[key].as_str().map(str::to_owned)));
        ranges.collect::<Result<Vec<_>, _>>()?
    } else if let Some(range) = single(params)? {
        vec![range]
    } else {
        vec![preset(
            params.get("date_preset").unwrap_or("last_30d"),
            today,
        )?]
    };
    for range in &asked {
        check_history(*range, today)?;
    }
    split(&asked, params.get("time_increment").unwrap_or("all_days"))
}

fn single(params: &Params) -> Result<Option<DateRange>, GraphError> {
    if let Some(text) = params.get("time_range") {
        let value: Value = serde_json::from_str(text).map_err(|_| {
            GraphError::parameter("param time_range must be an object with since and until")
        })?;
        return time_range(|key| value[key].as_str().map(str::to_owned)).map(Some);
    }
    let part = |key: &str| params.get(&format!("time_range[{key}]")).map(str::to_owned);
    if part("since").is_some() || part("until").is_some() {
        return time_range(part).map(Some);
    }
    Ok(None)
}

fn time_range(part: impl Fn(&'static str) -> Option<String>) -> Result<DateRange, GraphError> {
    let day = |key: &'static str| {
        let text = part(key).ok_or_else(|| {
            GraphError::parameter(format!(
                "Must specify both since and until in time_range; {key} is missing"
            ))
        })?;
        NaiveDate::parse_from_str(&text, "%Y-%m-%d").map_err(|_| {
            GraphError::parameter(format!(
                "param time_range[{key}] must be a valid date in the format YYYY-MM-DD"
            ))
        })
    };
    DateRange::new(day("since")?, day("until")?).map_err(|_| {
        GraphError::parameter("since must be before until in time_range").subcode(1_487_053)
    })
}

fn check_history(range: DateRange, today: NaiveDate) -> Result<(), GraphError> {
    let oldest = today.checked_sub_months(HISTORY).unwrap_or(NaiveDate::MIN);
    if range.start < oldest {
        return Err(GraphError::new(
            3018,
            format!(
                "(#3018) The start date of the time range cannot be beyond 37 months from the current date: {oldest}"
            ),
        ));
    }
    Ok(())
}

fn back(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_sub_days(Days::new(days)).unwrap_or(today)
}

fn preset(name: &str, today: NaiveDate) -> Result<DateRange, GraphError> {
    let yesterday = back(today, 1);
    let month = today.with_day(1).unwrap_or(today);
    let earlier = |first: NaiveDate, months: u32| {
        first
            .checked_sub_months(Months::new(months))
            .unwrap_or(first)
    };
    let quarter = earlier(month, today.month0() % 3);
    let year = earlier(month, today.month0());
    let monday = back(today, today.weekday().num_days_from_monday().into());
    let (start, end) = match name {
        "today" => (today, today),
        "yesterday" => (yesterday, yesterday),
        "this_month" => (month, today),
        "last_month" => (earlier(month, 1), back(month, 1)),
        "this_quarter" => (quarter, today),
        "last_quarter" => (earlier(quarter, 3), back(quarter, 1)),
        "this_year" => (year, today),
        "last_year" => (earlier(year, 12), back(year, 1)),
        "this_week_mon_today" => (monday, today),
        "last_week_mon_sun" => (back(monday, 7), back(monday, 1)),
        "maximum" | "data_maximum" => (today.checked_sub_months(HISTORY).unwrap_or(today), today),
        _ => {
            let days = name
                .strip_prefix("last_")
                .and_then(|rest| rest.strip_suffix('d'));
            match days {
                Some("3") => (back(today, 3), yesterday),
                Some("7") => (back(today, 7), yesterday),
                Some("14") => (back(today, 14), yesterday),
                Some("28") => (back(today, 28), yesterday),
                Some("30") => (back(today, 30), yesterday),
                Some("90") => (back(today, 90), yesterday),
                _ => {
                    return Err(GraphError::parameter(
                        "date_preset must be one of the following values: today, yesterday, this_month, \
                         last_month, this_quarter, maximum, data_maximum, last_3d, last_7d, last_14d, \
                         last_28d, last_30d, last_90d, last_week_mon_sun, last_quarter, last_year, \
                         this_week_mon_today, this_year",
                    ));
                }
            }
        }
    };
    Ok(DateRange { start, end })
}

/// Cuts ranges into the asked steps.
fn split(ranges: &[DateRange], increment: &str) -> Result<Vec<DateRange>, GraphError> {
    let step = match increment {
        "all_days" => return Ok(ranges.to_vec()),
        "monthly" => None,
        text => Some(text.parse::<u64>().ok().filter(|days| (1..=90).contains(days)).ok_or_else(|| {
            GraphError::parameter("time_increment must be an integer between 1 and 90, or one of the following values: monthly, all_days")
        })?),
    };
    let mut pieces = Vec::new();
    for range in ranges {
        let mut start = range.start;
        while start <= range.end {
            let next = match step {
                Some(days) => start.checked_add_days(Days::new(days)),
                None => start
                    .with_day(1)
                    .and_then(|first| first.checked_add_months(Months::new(1))),
            };
            let next = next.unwrap_or(NaiveDate::MAX);
            pieces.push(DateRange {
                start,
                end: back(next, 1).min(range.end),
            });
            start = next;
        }
    }
    Ok(pieces)
}
