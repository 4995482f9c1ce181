//! Between the model's types and columns: moments are microseconds, days are days since
//! 1970-01-01, levels are small integers, outside ids are 16-byte UUIDs.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Decode, Row, Sqlite, Type, sqlite::SqliteRow};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    model::{DateRange, Level, PublicId},
};

/// Turns a database error into ours, saying what was being done.
pub(super) trait During<T> {
    fn during(self, operation: &'static str) -> Result<T>;
}

impl<T, E: std::error::Error + Send + Sync + 'static> During<T> for std::result::Result<T, E> {
    fn during(self, operation: &'static str) -> Result<T> {
        self.map_err(|source| Error::Storage {
            operation,
            source: Box::new(source),
        })
    }
}

/// A value that our own writes cannot have produced.
pub(super) fn corrupt(what: impl Into<String>) -> Error {
    Error::Storage {
        operation: "reading a row",
        source: what.into().into(),
    }
}

/// A column by name.
pub(super) fn get<'r, T>(row: &'r SqliteRow, column: &str) -> Result<T>
where
    T: Decode<'r, Sqlite> + Type<Sqlite>,
{
    row.try_get(column).during("reading a row")
}

pub(super) fn micros(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_micros()
}

pub(super) fn moment(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| corrupt(format!("{micros} is no moment")))
}

pub(super) fn day(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

pub(super) fn date(day: i64) -> Result<NaiveDate> {
    i32::try_from(day)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .ok_or_else(|| corrupt(format!("{day} is no day")))
}

pub(super) fn range(first_day: i64, last_day: i64) -> Result<DateRange> {
    DateRange::new(date(first_day)?, date(last_day)?)
}

/// The row of the table `levels`.
pub(super) fn level_id(level: Level) -> i64 {
    match level {
        Level::Account => 0,
        Level::Campaign => 1,
        Level::AdGroup => 2,
        Level::Ad => 3,
        Level::Post => 4,
    }
}

pub(super) fn level(id: i64) -> Result<Level> {
    Level::ALL
        .into_iter()
        .find(|level| level_id(*level) == id)
        .ok_or_else(|| corrupt(format!("{id} is no level")))
}

pub(super) fn public_id(prefix: &str, uuid: &[u8]) -> Result<PublicId> {
    Uuid::from_slice(uuid)
        .map(|uuid| PublicId::from_uuid(prefix, uuid))
        .map_err(|_| corrupt("an id is not 16 bytes"))
}

pub(super) fn new_uuid() -> Vec<u8> {
    Uuid::now_v7().as_bytes().to_vec()
}

/// JSON text of plain values; they always have one.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).during("preparing a statement")
}
