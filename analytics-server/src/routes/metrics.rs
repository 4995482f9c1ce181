//! The catalogue of metrics.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::AppState, auth::Caller, views::MetricView};

/// Every metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricList {
    metrics: Vec<MetricView>,
}

/// The catalogue: every metric with its unit, kind, direction and words.
#[utoipa::path(get, path = "/metrics", operation_id = "list_metrics", tag = "reports", responses((status = 200, body = MetricList)))]
pub(crate) async fn list(State(app): State<AppState>, _caller: Caller) -> Json<MetricList> {
    Json(MetricList {
        metrics: app
            .catalogue
            .metrics()
            .iter()
            .map(MetricView::from)
            .collect(),
    })
}
