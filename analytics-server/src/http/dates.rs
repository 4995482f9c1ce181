//! Dates as people mistype them.

use axum::http::StatusCode;
use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::body::lookup;
use crate::error::Problem;

/// Fields that hold a day, wherever they stand.
const DAY_FIELDS: [&str; 4] = ["start", "end", "today", "complete_through"];

/// The problem of a day at or right below `path` that is none; nothing if the days there are fine.
pub(super) fn bad_date(path: &str, document: &Value) -> Option<Problem> {
    let at = lookup(document, path)?;
    let name = path.rsplit('.').next().unwrap_or(path);
    if DAY_FIELDS.contains(&name) {
        return check(path, at);
    }
    if let Some(problem) = DAY_FIELDS.iter().find_map(|name| {
        let field = if path.is_empty() {
            (*name).to_owned()
        } else {
            format!("{path}.{name}")
        };
        check(&field, at.get(name)?)
    }) {
        return Some(problem);
    }
    let (start, end) = (at.get("start")?.as_str()?, at.get("end")?.as_str()?);
    (end < start).then(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_date",
            format!("`{path}`: the end {end} lies before the start {start}"),
        )
        .with("field", format!("{path}.end"))
        .with("value", end)
        .with("nearest", start)
    })
}

fn check(field: &str, value: &Value) -> Option<Problem> {
    match value {
        Value::Null => None,
        Value::String(text) => parse(field, text).err(),
        other => Some(problem(field, &other.to_string())),
    }
}

/// A day from `YYYY-MM-DD`.
pub(crate) fn parse(field: &str, text: &str) -> Result<NaiveDate, Problem> {
    text.parse().map_err(|_| problem(field, text))
}

fn problem(field: &str, value: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_date",
        format!("`{field}`: `{value}` is no day; expected one like `2026-10-31`"),
    )
    .with("field", field)
    .with("value", value)
    .with("nearest", nearest_day(value).map(|day| day.to_string()))
}

/// The day that was probably meant: other separators are read, too high months and days cut.
fn nearest_day(text: &str) -> Option<NaiveDate> {
    let digits: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let (year, month, day) = match digits[..] {
        [year, month, day, ..] if year.len() == 4 => (year, month, day),
        [all] if all.len() == 8 => (&all[..4], &all[4..6], &all[6..]),
        [year, month] if year.len() == 4 => (year, month, "1"),
        _ => return None,
    };
    let year: i32 = year.parse().ok()?;
    let month: u32 = month.parse::<u32>().ok()?.clamp(1, 12);
    let day: u32 = day.parse::<u32>().ok()?.max(1);
    (28..=31.min(day.max(28)))
        .rev()
        .chain([day])
        .filter(|candidate| *candidate <= day)
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .filter(|date| date.year() > 1900)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_day_is_what_was_probably_meant() {
        for (text, expected) in [
            ("2026-02-30", Some("2026-02-28")),
            ("2028-02-31", Some("2028-02-29")),
            ("2026-04-31", Some("2026-04-30")),
            ("2026/10/5", Some("2026-10-05")),
            ("20261005", Some("2026-10-05")),
            ("2026-13-01", Some("2026-12-01")),
            ("2026-10-99", Some("2026-10-31")),
            ("2026-10", Some("2026-10-01")),
            ("yesterday", None),
            ("", None),
        ] {
            let found = nearest_day(text).map(|day| day.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
