//! Typed access to the columns of a user's frame.

use std::str::FromStr;

use chrono::NaiveDate;
use polars::prelude::{
    ChunkedArray, Column, DataFrame, DataType, Float64Chunked, Int32Type, Int64Chunked,
    StringChunked,
};

use super::frame_error;
use crate::{
    analysis::days::day_number,
    error::{Error, Result},
    model::Millionths,
};

fn bad(message: String) -> Error {
    Error::Frame { message }
}

fn find<'a>(frame: &'a DataFrame, name: &str) -> Option<&'a Column> {
    frame.column(name).ok()
}

fn require<'a>(frame: &'a DataFrame, name: &str, wanted: &[&str]) -> Result<&'a Column> {
    find(frame, name).ok_or_else(|| {
        bad(format!(
            "the column `{name}` is missing; expected {}",
            wanted.join(", ")
        ))
    })
}

/// A column of text; numbers and categories are read as their text.
pub(super) struct Text {
    name: &'static str,
    column: StringChunked,
}

impl Text {
    pub(super) fn required(frame: &DataFrame, name: &'static str, wanted: &[&str]) -> Result<Self> {
        Self::new(require(frame, name, wanted)?, name)
    }

    pub(super) fn optional(frame: &DataFrame, name: &'static str) -> Result<Option<Self>> {
        find(frame, name)
            .map(|column| Self::new(column, name))
            .transpose()
    }

    fn new(column: &Column, name: &'static str) -> Result<Self> {
        let text = column
            .cast(&DataType::String)
            .map_err(|error| frame_error(&error))?;
        Ok(Self {
            name,
            column: text.str().map_err(|error| frame_error(&error))?.clone(),
        })
    }

    pub(super) fn get(&self, row: usize) -> Option<&str> {
        self.column.get(row)
    }

    pub(super) fn need(&self, row: usize) -> Result<&str> {
        self.get(row)
            .ok_or_else(|| bad(format!("column `{}` is null in row {}", self.name, row + 1)))
    }
}

/// A column of dates, or of text like `2026-11-23`.
pub(super) struct Dates {
    name: &'static str,
    column: DateColumn,
}

enum DateColumn {
    Days(ChunkedArray<Int32Type>),
    Text(StringChunked),
}

impl Dates {
    pub(super) fn required(frame: &DataFrame, name: &'static str, wanted: &[&str]) -> Result<Self> {
        let column = require(frame, name, wanted)?;
        let column = match column.dtype() {
            DataType::Date => DateColumn::Days(
                column
                    .date()
                    .map_err(|error| frame_error(&error))?
                    .physical()
                    .clone(),
            ),
            DataType::String => {
                DateColumn::Text(column.str().map_err(|error| frame_error(&error))?.clone())
            }
            other => {
                return Err(bad(format!(
                    "column `{name}` is of type {other}; cast it to a date (a day of the account)"
                )));
            }
        };
        Ok(Self { name, column })
    }

    /// Days since 1970-01-01.
    pub(super) fn need(&self, row: usize) -> Result<i32> {
        let day = match &self.column {
            DateColumn::Days(days) => days.get(row),
            DateColumn::Text(text) => match text.get(row) {
                Some(text) => Some(NaiveDate::from_str(text).map(day_number).map_err(|_| {
                    bad(format!(
                        "column `{}`, row {}: `{text}` is no date like 2026-11-23",
                        self.name,
                        row + 1
                    ))
                })?),
                None => None,
            },
        };
        day.ok_or_else(|| bad(format!("column `{}` is null in row {}", self.name, row + 1)))
    }
}

/// A column of numbers in whole units.
pub(super) struct Numbers {
    name: &'static str,
    column: NumberColumn,
}

enum NumberColumn {
    Whole(Int64Chunked),
    Float(Float64Chunked),
}

impl Numbers {
    pub(super) fn required(frame: &DataFrame, name: &'static str, wanted: &[&str]) -> Result<Self> {
        let column = require(frame, name, wanted)?;
        let cast = |to: &DataType| column.strict_cast(to).map_err(|error| frame_error(&error));
        let column = if column.dtype().is_integer() {
            let cast = cast(&DataType::Int64)?;
            NumberColumn::Whole(cast.i64().map_err(|error| frame_error(&error))?.clone())
        } else if column.dtype().is_float() {
            let cast = cast(&DataType::Float64)?;
            NumberColumn::Float(cast.f64().map_err(|error| frame_error(&error))?.clone())
        } else {
            return Err(bad(format!(
                "column `{name}` is of type {}; expected numbers",
                column.dtype()
            )));
        };
        Ok(Self { name, column })
    }

    /// Millionths; doubles round half to even at the millionth.
    pub(super) fn need(&self, row: usize) -> Result<i64> {
        let value = match &self.column {
            NumberColumn::Whole(whole) => whole.get(row).map(Millionths::from_whole),
            NumberColumn::Float(floats) => floats.get(row).map(millionths),
        };
        match value {
            Some(Ok(value)) => Ok(value.0),
            Some(Err(error)) => Err(bad(format!(
                "column `{}`, row {}: {error}",
                self.name,
                row + 1
            ))),
            None => Err(bad(format!(
                "column `{}` is null in row {}; leave out rows without a value",
                self.name,
                row + 1
            ))),
        }
    }
}

/// Whole numbers skip the way through decimal text.
#[allow(clippy::cast_possible_truncation)] // within 2^43, and checked to be whole
fn millionths(value: f64) -> Result<Millionths> {
    const WHOLE: f64 = 8e12;
    if value.fract() == 0.0 && value.abs() < WHOLE {
        Millionths::from_whole(value as i64)
    } else {
        Millionths::from_f64(value)
    }
}
