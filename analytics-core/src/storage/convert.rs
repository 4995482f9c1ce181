//! Between the model's types and columns: moments are microseconds, days are days since
//! 1970-01-01, levels are small integers, outside ids are 16-byte UUIDs.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

pub(crate) use super::columns::get;
use crate::{
    error::{Error, Result},
    model::{DateRange, Level, PublicId},
};

/// Turns a database error into ours, saying what was being done.
pub(crate) trait During<T> {
    fn during(self, operation: &'static str) -> Result<T>;
}

impl<T, E: std::error::Error + Send + Sync + 'static> During<T> for std::result::Result<T, E> {
    fn during(self, operation: &'static str) -> Result<T> {
        self.map_err(|source| failure(operation, Box::new(source)))
    }
}

fn failure(operation: &'static str, source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    let known = source.downcast_ref::<sqlx::Error>();
    if matches!(known, Some(sqlx::Error::PoolTimedOut)) {
        let why = "no connection came free in time: the database is away, or all of this \
                   process' connections to it are busy";
        return Error::Storage {
            operation,
            source: why.into(),
        };
    }
    let code = known
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code);
    // What comes from platforms is cleaned before; what somebody chose is refused.
    if code.is_some_and(|code| code == "22021") {
        return Error::invalid("text", operation, "PostgreSQL stores no NUL within a text");
    }
    Error::Storage { operation, source }
}

/// A value that our own writes cannot have produced.
pub(crate) fn corrupt(what: impl Into<String>) -> Error {
    Error::Storage {
        operation: "reading a row",
        source: what.into().into(),
    }
}

pub(crate) fn micros(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_micros()
}

pub(crate) fn moment(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| corrupt(format!("{micros} is no moment")))
}

pub(crate) fn day(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

pub(crate) fn date(day: impl Into<i64>) -> Result<NaiveDate> {
    let day = day.into();
    i32::try_from(day)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .ok_or_else(|| corrupt(format!("{day} is no day")))
}

pub(crate) fn range(first_day: impl Into<i64>, last_day: impl Into<i64>) -> Result<DateRange> {
    DateRange::new(date(first_day)?, date(last_day)?)
}

/// The row of the table `levels`.
pub(crate) fn level_id(level: Level) -> i64 {
    match level {
        Level::Account => 0,
        Level::Campaign => 1,
        Level::AdGroup => 2,
        Level::Ad => 3,
        Level::Post => 4,
    }
}

pub(crate) fn level(id: impl Into<i64>) -> Result<Level> {
    let id = id.into();
    Level::ALL
        .into_iter()
        .find(|level| level_id(*level) == id)
        .ok_or_else(|| corrupt(format!("{id} is no level")))
}

pub(crate) fn public_id(prefix: &str, uuid: &[u8]) -> Result<PublicId> {
    Uuid::from_slice(uuid)
        .map(|uuid| PublicId::from_uuid(prefix, uuid))
        .map_err(|_| corrupt("an id is not 16 bytes"))
}

pub(crate) fn new_uuid() -> Vec<u8> {
    Uuid::now_v7().as_bytes().to_vec()
}

/// In lower case, as texts are searched and ordered.
pub(crate) fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// JSON text of plain values; they always have one.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).during("preparing a statement")
}
