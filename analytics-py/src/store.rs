//! A store, opened for reading.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use analytics_connectors::{Config, Registry, clock::SystemClock};
use analytics_core::{
    Error, Result, Store as CoreStore,
    analysis::ReportEngine,
    model::{Catalogue, Level, Workspace},
    storage::{Cipher, connect},
};
use chrono::{NaiveDate, Utc};
use pyo3::prelude::*;

use crate::{
    error::to_py,
    frame::Frame,
    report::{Report, parse_query},
    runtime::block_on,
    tables,
};

/// Memory for cached columns, in bytes.
const CACHE_BYTES: u64 = 256 << 20;

/// An open database with what is needed to read it.
#[derive(Clone)]
pub(crate) struct Open {
    pub(crate) store: Arc<dyn CoreStore>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) workspace: Workspace,
    engine: Arc<ReportEngine>,
}

/// An Analytics database, opened for reading.
#[pyclass(frozen, module = "analytics_py._native")]
pub(crate) struct Store {
    url: String,
    open: Mutex<Option<Open>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

#[pymethods]
impl Store {
    #[new]
    #[pyo3(signature = (url, workspace=None))]
    fn new(py: Python<'_>, url: String, workspace: Option<String>) -> PyResult<Self> {
        let address = url.clone();
        let open = block_on(
            py,
            async move { open(&address, workspace.as_deref()).await },
        )?;
        let open = open.map_err(|error| to_py(py, &error))?;
        Ok(Self {
            url,
            open: Mutex::new(Some(open)),
        })
    }

    fn accounts(&self, py: Python<'_>) -> PyResult<Frame> {
        self.read(py, tables::accounts)
    }

    fn entities(&self, py: Python<'_>) -> PyResult<Frame> {
        self.read(py, tables::entities)
    }

    fn metrics(&self, py: Python<'_>) -> PyResult<Frame> {
        self.read(py, |open| async move { tables::metrics(&open.catalogue) })
    }

    fn coverage(&self, py: Python<'_>) -> PyResult<Frame> {
        self.read(py, tables::coverage)
    }

    #[pyo3(signature = (metrics, start, end, level))]
    fn facts(
        &self,
        py: Python<'_>,
        metrics: Option<Vec<String>>,
        start: Option<&str>,
        end: Option<&str>,
        level: &str,
    ) -> PyResult<Frame> {
        let wanted = || -> Result<tables::Wanted> {
            Ok(tables::Wanted {
                metrics,
                start: day("start", start)?,
                end: day("end", end)?,
                level: Level::parse("level", level)?,
            })
        };
        let wanted = wanted().map_err(|error| to_py(py, &error))?;
        self.read(py, |open| async move { tables::facts(open, wanted).await })
    }

    fn report(&self, py: Python<'_>, query: &str) -> PyResult<Report> {
        let query = parse_query(query).map_err(|error| to_py(py, &error))?;
        self.read(py, |open| async move {
            open.engine
                .report(&open.workspace, &query, Utc::now())
                .await
                .map(Report::new)
        })
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let open = self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match open {
            Some(open) => block_on(py, async move { open.store.close().await }),
            None => Ok(()),
        }
    }

    fn __repr__(&self) -> String {
        let state = if self.current().is_some() {
            ""
        } else {
            " (closed)"
        };
        format!("<Store {}{state}>", self.url)
    }
}

impl Store {
    fn current(&self) -> Option<Open> {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads something of the open database without the GIL.
    fn read<T, F, R>(&self, py: Python<'_>, read: F) -> PyResult<T>
    where
        F: FnOnce(Open) -> R,
        R: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        let Some(open) = self.current() else {
            return Err(crate::error::raise(
                py,
                "StorageError",
                "the store is closed; open it again",
                "closed",
            ));
        };
        block_on(py, read(open))?.map_err(|error| to_py(py, &error))
    }
}

fn day(field: &str, text: Option<&str>) -> Result<Option<NaiveDate>> {
    text.map(|text| {
        text.parse()
            .map_err(|_| Error::invalid(field, text, "expected a day as YYYY-MM-DD"))
    })
    .transpose()
}

async fn open(url: &str, workspace: Option<&str>) -> Result<Open> {
    if let Some(path) = url.strip_prefix("sqlite://")
        && !std::path::Path::new(path.split('?').next().unwrap_or(path)).exists()
    {
        return Err(Error::not_found("database", url));
    }
    // Reading figures opens no grant, so a key of its own is as good as any.
    let store = connect(url, Cipher::generate()?).await?;
    let registry = Registry::new(&Config::default(), Arc::new(SystemClock)).map_err(|error| {
        Error::Config {
            message: error.to_string(),
        }
    })?;
    let catalogue = Arc::new(registry.catalogue());
    let workspace = choose(store.workspaces().await?, workspace)?;
    let engine = Arc::new(ReportEngine::new(
        store.clone(),
        catalogue.clone(),
        CACHE_BYTES,
    ));
    Ok(Open {
        store,
        catalogue,
        workspace,
        engine,
    })
}

/// The workspace of this id or name, or the only one there is.
fn choose(mut workspaces: Vec<Workspace>, wanted: Option<&str>) -> Result<Workspace> {
    match wanted {
        Some(wanted) => workspaces
            .into_iter()
            .find(|workspace| workspace.public_id.as_str() == wanted || workspace.name == wanted)
            .ok_or_else(|| Error::not_found("workspace", wanted)),
        None if workspaces.len() == 1 => Ok(workspaces.remove(0)),
        None if workspaces.is_empty() => Err(Error::not_found("workspace", "in this database")),
        None => {
            let names: Vec<String> = workspaces
                .into_iter()
                .map(|workspace| workspace.name)
                .collect();
            Err(Error::invalid(
                "workspace",
                "",
                format!(
                    "the database holds several; choose one of {}",
                    names.join(", ")
                ),
            ))
        }
    }
}
