//! The port that metrics may have for themselves.

use super::CommandError;
use crate::config::Settings;

/// The listener of `ANALYTICS_METRICS_LISTEN`, taken before anything starts.
pub(crate) async fn bind(
    settings: &Settings,
) -> Result<Option<tokio::net::TcpListener>, CommandError> {
    let Some(listen) = settings.metrics_listen()? else {
        return Ok(None);
    };
    tokio::net::TcpListener::bind(listen)
        .await
        .map(Some)
        .map_err(|error| {
            CommandError::failed(format!(
                "cannot listen on {listen} for metrics: {error}; choose another ANALYTICS_METRICS_LISTEN"
            ))
        })
}

/// Serves metrics, health and readiness there while the application lives.
pub(crate) fn serve(app: &crate::App, listener: Option<tokio::net::TcpListener>) {
    let Some(listener) = listener else { return };
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = app.serve_metrics(listener).await {
            tracing::error!(%error, "the metrics are no longer served");
        }
    });
}
