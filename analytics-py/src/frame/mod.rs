//! Frames that leave through the Arrow PyCapsule protocol, free of any tie to the user's own
//! version of a frame library.

mod import;
mod table;

use analytics_core::Error;
use polars::prelude::{CompatLevel, DataFrame};
use polars_arrow::{
    array::{Array, StructArray},
    datatypes::{ArrowDataType, Field},
    ffi,
};
use pyo3::{prelude::*, types::PyCapsule};

pub(crate) use import::import;
pub(crate) use table::Table;

use crate::error::to_py;

/// Name of a stream capsule, fixed by the Arrow PyCapsule protocol.
pub(crate) const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// A table that any Arrow consumer reads without copying.
#[pyclass(frozen, module = "analytics_py")]
#[derive(Debug)]
pub(crate) struct Frame {
    data: DataFrame,
}

impl Frame {
    pub(crate) fn new(mut data: DataFrame) -> Self {
        data.align_chunks_par();
        Self { data }
    }
}

/// The error of a frame operation.
pub(crate) fn frame_error(error: impl std::fmt::Display) -> Error {
    Error::Frame {
        message: error.to_string(),
    }
}

#[pymethods]
impl Frame {
    /// Column names.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.data
            .get_column_names()
            .iter()
            .map(|name| name.to_string())
            .collect()
    }

    /// Number of rows.
    #[getter]
    fn height(&self) -> usize {
        self.data.height()
    }

    fn __len__(&self) -> usize {
        self.data.height()
    }

    fn __repr__(&self) -> String {
        self.data.to_string()
    }

    /// The frame as a stream of Arrow struct arrays.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer ignore the request.
        let _ = requested_schema;
        let level = CompatLevel::oldest();
        let fields: Vec<Field> = self
            .data
            .columns()
            .iter()
            .map(|column| column.field().to_arrow(level))
            .collect();
        let kind = ArrowDataType::Struct(fields);
        let batches: Vec<_> = self
            .data
            .iter_chunks(level, false)
            .map(|batch| {
                let (rows, kind) = (batch.height(), kind.clone());
                StructArray::try_new(kind, rows, batch.into_arrays(), None)
                    .map(|array| Box::new(array) as Box<dyn Array>)
            })
            .collect();
        let field = Field::new("".into(), kind, false);
        let stream = ffi::export_iterator(Box::new(batches.into_iter()), field);
        PyCapsule::new_with_value(py, stream, STREAM)
    }

    /// The frame as a `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        optional(slf.py(), "polars")?
            .getattr("DataFrame")?
            .call1((slf,))
    }

    /// The frame as a `pandas.DataFrame`.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        optional(slf.py(), "pandas")?;
        optional(slf.py(), "pyarrow")?
            .call_method1("table", (slf,))?
            .call_method0("to_pandas")
    }
}

/// A package the user may not have installed.
fn optional<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyModule>> {
    py.import(name).map_err(|missing| {
        let advice = frame_error(format!("this needs `{name}`: pip install {name}"));
        let error = to_py(py, &advice);
        error.set_cause(py, Some(missing));
        error
    })
}
