//! Python bindings: thin wrappers that pass JSON queries in and Arrow frames out.

mod dates;
mod error;
mod frame;
mod report;
mod runtime;
mod store;
mod tables;

use pyo3::prelude::*;

/// The native half of `analytics_py`.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<frame::Frame>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<store::Store>()?;
    module.add_function(wrap_pyfunction!(dates::resolve_range, module)?)?;
    module.add_function(wrap_pyfunction!(dates::buckets, module)?)?;
    module.add_function(wrap_pyfunction!(dates::bucket_pairs, module)?)?;
    module.add_function(wrap_pyfunction!(dates::change, module)?)?;
    module.add_function(wrap_pyfunction!(report::report, module)?)?;
    Ok(())
}
