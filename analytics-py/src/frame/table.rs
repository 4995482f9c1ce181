//! Frames of our own, column by column.

use analytics_core::Result;
use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series};

use super::{Frame, frame_error};

/// A frame in the making; every column has the same number of rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    columns: Vec<Column>,
}

impl Table {
    /// A column of text.
    pub(crate) fn text<T: AsRef<str>>(mut self, name: &str, values: Vec<Option<T>>) -> Self {
        let values: Vec<Option<&str>> = values
            .iter()
            .map(|value| value.as_ref().map(AsRef::as_ref))
            .collect();
        self.columns
            .push(Series::new(name.into(), values).into_column());
        self
    }

    /// A column of numbers.
    pub(crate) fn numbers(mut self, name: &str, values: Vec<Option<f64>>) -> Self {
        self.columns
            .push(Series::new(name.into(), values).into_column());
        self
    }

    /// A column of days, given as days since 1970-01-01.
    pub(crate) fn days(mut self, name: &str, values: Vec<Option<i32>>) -> Result<Self> {
        let days = Series::new(name.into(), values)
            .cast(&DataType::Date)
            .map_err(frame_error)?;
        self.columns.push(days.into_column());
        Ok(self)
    }

    /// The frame.
    pub(crate) fn finish(self) -> Result<Frame> {
        DataFrame::new_infer_height(self.columns)
            .map(Frame::new)
            .map_err(frame_error)
    }
}
