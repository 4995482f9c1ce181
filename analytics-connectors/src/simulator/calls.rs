//! What the simulator was asked, by route and status.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use serde::Serialize;
use std::sync::Arc;

/// How often a route answered with a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallCount {
    /// Method and route, for example `GET /meta/{version}/act_{id}/insights`.
    pub route: String,
    /// HTTP status.
    pub status: u16,
    /// How often.
    pub count: u64,
}

/// The counts.
#[derive(Debug, Default)]
pub struct Calls {
    counts: Mutex<BTreeMap<(String, u16), u64>>,
}

impl Calls {
    /// Every route and status so far, by name.
    #[must_use]
    pub fn counts(&self) -> Vec<CallCount> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .iter()
            .map(|((route, status), count)| CallCount {
                route: route.clone(),
                status: *status,
                count: *count,
            })
            .collect()
    }

    /// Calls of routes whose name contains `part`, whatever their status.
    #[must_use]
    pub fn of(&self, part: &str) -> u64 {
        let counts = self.counts();
        let hits = counts.iter().filter(|call| call.route.contains(part));
        hits.map(|call| call.count).sum()
    }

    /// Starts counting anew.
    pub fn clear(&self) {
        self.counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn record(&self, route: String, status: u16) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((route, status)).or_default() += 1;
    }
}

/// The name of a route that one handler serves for many; put into the answer's extensions.
#[derive(Debug, Clone)]
pub(crate) struct RouteName(pub(crate) String);

/// Counts every call that passes.
pub(crate) async fn count(
    State(calls): State<Arc<Calls>>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().map_or_else(
        || request.uri().path().to_owned(),
        |path| path.as_str().to_owned(),
    );
    let mut response = next.run(request).await;
    let name = response
        .extensions_mut()
        .remove::<RouteName>()
        .map_or(matched, |name| name.0);
    calls.record(format!("{method} {name}"), response.status().as_u16());
    response
}
