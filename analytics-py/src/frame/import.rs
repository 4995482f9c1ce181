//! The user's frames on their way in, from any library that exports an Arrow stream.

use analytics_core::{Error, Result};
use polars::prelude::{Column, DataFrame, DataType, Series};
use polars_arrow::{
    array::{Array, PrimitiveArray, StructArray},
    datatypes::{ArrowDataType, Field, TimeUnit},
    ffi::{ArrowArrayStream, ArrowArrayStreamReader},
};
use pyo3::{prelude::*, types::PyCapsule};

use super::{STREAM, frame_error};
use crate::error::to_py;

/// The frame behind any object with `__arrow_c_stream__`.
///
/// # Errors
/// `FrameError` if it exports no stream, or has a column of a type that cannot be read.
pub(crate) fn import(frame: &Bound<'_, PyAny>) -> PyResult<DataFrame> {
    let py = frame.py();
    let Ok(export) = frame.getattr("__arrow_c_stream__") else {
        let kind = frame.get_type().name()?;
        let advice = format!(
            "a `{kind}` exports no Arrow stream; pass a polars, pandas, pyarrow or duckdb frame"
        );
        return Err(to_py(py, &frame_error(advice)));
    };
    let capsule = export.call0()?.cast_into::<PyCapsule>()?;
    read(&capsule)?.map_err(|error| to_py(py, &error))
}

#[expect(
    unsafe_code,
    reason = "the Arrow C stream interface hands over raw pointers"
)]
fn read(capsule: &Bound<'_, PyCapsule>) -> PyResult<Result<DataFrame>> {
    let pointer = capsule
        .pointer_checked(Some(STREAM))?
        .cast::<ArrowArrayStream>();
    // SAFETY: the capsule's name says that it holds an ArrowArrayStream, and the protocol says that
    // the consumer moves it out, leaving a released one behind.
    let stream = unsafe { std::ptr::replace(pointer.as_ptr(), ArrowArrayStream::empty()) };
    // SAFETY: a stream from a capsule of this name fulfils the C stream interface.
    let reader = unsafe { ArrowArrayStreamReader::try_new(Box::new(stream)) };
    Ok(reader.map_err(frame_error).and_then(|mut reader| {
        let fields = match reader.field().dtype() {
            ArrowDataType::Struct(fields) => fields.clone(),
            other => return Err(frame_error(format!("expected a table, got {other:?}"))),
        };
        let mut columns: Vec<Vec<Box<dyn Array>>> = vec![Vec::new(); fields.len()];
        // SAFETY: as above.
        while let Some(batch) = unsafe { reader.next() } {
            let batch = batch.map_err(frame_error)?;
            let table = batch
                .as_any()
                .downcast_ref::<StructArray>()
                .ok_or_else(|| frame_error("expected a table in every batch"))?;
            for (column, array) in columns.iter_mut().zip(table.values()) {
                column.push(array.clone());
            }
        }
        let columns = fields
            .iter()
            .zip(columns)
            .map(|(field, chunks)| to_column(field, chunks))
            .collect::<Result<Vec<_>>>()?;
        DataFrame::new_infer_height(columns).map_err(frame_error)
    }))
}

fn to_column(field: &Field, chunks: Vec<Box<dyn Array>>) -> Result<Column> {
    let (field, chunks) = to_days(field, chunks)?;
    let series = if chunks.is_empty() {
        Series::new_empty(field.name.clone(), &DataType::from_arrow_field(&field))
    } else {
        Series::try_from((&field, chunks)).map_err(frame_error)?
    };
    let series = match series.dtype() {
        DataType::Categorical(..) | DataType::Enum(..) => {
            series.cast(&DataType::String).map_err(frame_error)?
        }
        _ => series,
    };
    Ok(series.into())
}

/// Timestamps without a zone that all fall on midnight are dates, as pandas writes them.
fn to_days(field: &Field, chunks: Vec<Box<dyn Array>>) -> Result<(Field, Vec<Box<dyn Array>>)> {
    let ticks_a_day: i64 = match field.dtype() {
        ArrowDataType::Timestamp(_, Some(zone)) => {
            return Err(Error::Frame {
                message: format!(
                    "column `{}` holds moments in the zone {zone}; days are the account's own, so cast it to a date first",
                    field.name
                ),
            });
        }
        ArrowDataType::Timestamp(unit, None) => match unit {
            TimeUnit::Second => 86_400,
            TimeUnit::Millisecond => 86_400_000,
            TimeUnit::Microsecond => 86_400_000_000,
            TimeUnit::Nanosecond => 86_400_000_000_000,
        },
        ArrowDataType::Date64 => 86_400_000,
        _ => return Ok((field.clone(), chunks)),
    };
    let days = chunks
        .iter()
        .map(|chunk| {
            let ticks = chunk
                .as_any()
                .downcast_ref::<PrimitiveArray<i64>>()
                .ok_or_else(|| {
                    frame_error(format!("column `{}`: not a 64-bit timestamp", field.name))
                })?;
            let days = ticks
                .iter()
                .map(|tick| {
                    tick.map(|tick| whole_days(*tick, ticks_a_day, field))
                        .transpose()
                })
                .collect::<Result<Vec<Option<i32>>>>()?;
            Ok(PrimitiveArray::<i32>::from(days)
                .to(ArrowDataType::Date32)
                .boxed())
        })
        .collect::<Result<Vec<_>>>()?;
    Ok((
        Field::new(field.name.clone(), ArrowDataType::Date32, field.is_nullable),
        days,
    ))
}

fn whole_days(tick: i64, ticks_a_day: i64, field: &Field) -> Result<i32> {
    if tick.rem_euclid(ticks_a_day) != 0 {
        return Err(frame_error(format!(
            "column `{}` holds times of day; cast it to a date first",
            field.name
        )));
    }
    i32::try_from(tick.div_euclid(ticks_a_day))
        .map_err(|_| frame_error(format!("column `{}`: date out of range", field.name)))
}
