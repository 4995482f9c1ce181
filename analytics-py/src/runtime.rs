//! One runtime for the process; blocking calls release the GIL and answer Ctrl-C.

use std::{future::Future, sync::OnceLock, time::Duration};

use pyo3::prelude::*;
use tokio::runtime::Runtime;

use crate::error::raise;

/// The process that made the runtime, and the runtime: its threads do not survive a fork.
static RUNTIME: OnceLock<(u32, Runtime)> = OnceLock::new();

fn runtime(py: Python<'_>) -> PyResult<&'static Runtime> {
    let (pid, runtime) = if let Some(made) = RUNTIME.get() {
        made
    } else {
        let made = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("analytics-py")
            .enable_all()
            .build()
            .map_err(|error| raise(py, "StorageError", &error.to_string(), "runtime"))?;
        RUNTIME.get_or_init(|| (std::process::id(), made))
    };
    if *pid != std::process::id() {
        let advice = "this process was forked after a store was opened; use the spawn start method, \
                      or open stores only in the child";
        return Err(raise(py, "StorageError", advice, "forked"));
    }
    Ok(runtime)
}

/// Waits for `future` without the GIL. Ctrl-C and other signals interrupt the wait.
///
/// # Errors
/// What a signal handler raised, or that the process was forked.
pub(crate) fn block_on<F>(py: Python<'_>, future: F) -> PyResult<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let runtime = runtime(py)?;
    let mut task = runtime.spawn(future);
    loop {
        let finished = py.detach(|| {
            runtime.block_on(async {
                tokio::time::timeout(Duration::from_millis(100), &mut task).await
            })
        });
        match finished {
            Ok(Ok(output)) => return Ok(output),
            Ok(Err(lost)) => return Err(raise(py, "StorageError", &lost.to_string(), "runtime")),
            Err(_still_running) => {
                if let Err(interrupted) = py.check_signals() {
                    task.abort();
                    return Err(interrupted);
                }
            }
        }
    }
}
