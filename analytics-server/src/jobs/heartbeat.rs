//! Says that this process lives, so that schedulers know what can be worked on and operators see
//! who is there.

use std::{sync::Arc, time::Duration};

use analytics_core::{Store, model::WorkerReport};
use tokio_util::sync::CancellationToken;

use super::transport::JobTransport;

/// How often.
const EVERY: Duration = Duration::from_secs(2);
/// A process that said nothing for this long does not count any more.
pub(crate) const ALIVE: Duration = Duration::from_secs(10);

/// What a process tells of itself.
#[derive(Debug, Clone)]
pub(crate) struct Heartbeat {
    store: Arc<dyn Store>,
    transport: Arc<dyn JobTransport>,
    report: WorkerReport,
}

impl Heartbeat {
    /// A process that works on `capacity` accounts at the same time; 0 for none.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        transport: Arc<dyn JobTransport>,
        role: &str,
        capacity: usize,
    ) -> Self {
        Self {
            store,
            transport,
            report: WorkerReport {
                id: uuid::Uuid::now_v7().to_string(),
                host: host(),
                role: role.to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                capacity: u32::try_from(capacity).unwrap_or(u32::MAX),
                running: 0,
            },
        }
    }

    async fn beat(&mut self) {
        self.report.running = u32::try_from(self.transport.running()).unwrap_or(u32::MAX);
        if let Err(error) = self.store.report_worker(&self.report).await {
            tracing::warn!(%error, "cannot say that this process lives");
        }
    }

    /// Beats until told to stop; the first beat is done when this returns.
    pub(crate) async fn start(mut self, stop: CancellationToken) {
        self.beat().await;
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(EVERY) => self.beat().await,
                }
            }
            let _ = self.store.remove_worker(&self.report.id).await;
        });
    }
}

/// The machine's name; a container's id inside a container.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("HOSTNAME").ok())
        .unwrap_or_default();
    match name.trim() {
        "" => "unknown".to_owned(),
        name => name.to_owned(),
    }
}
