//! What is measured, for Prometheus. Every [`App`](crate::App) measures for itself: nothing is
//! global, so that a program may embed several.
//!
//! Labels never name an account, a workspace or a person: they are platforms, routes, roles and
//! kinds, of which there are few.

mod fleet;
mod layer;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use analytics_connectors::{
    Observer, SlicesDone, VendorCall,
    sync::{Ended, Outcome, SyncFailure},
};
use metrics::{counter, describe_counter, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

pub(crate) use fleet::{ALIVE, lag_days, refresh};
pub(crate) use layer::measure;

/// Bounds of latencies, in seconds.
const LATENCIES: [f64; 12] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];
/// Bounds of the length of a run over an account, in seconds.
const RUNS: [f64; 8] = [0.5, 2.0, 10.0, 30.0, 120.0, 600.0, 1800.0, 7200.0];
/// Observations are kept one by one until somebody reads them, or so many have come.
const UPKEEP_EVERY: u64 = 4096;

/// Measures, and tells Prometheus. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    observed: AtomicU64,
    /// When the accounts of all workspaces were last looked at.
    looked_at: tokio::sync::Mutex<Option<Instant>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Nothing measured yet.
    #[must_use]
    pub fn new() -> Self {
        let builder = PrometheusBuilder::new();
        let runs = Matcher::Full("analytics_sync_run_duration_seconds".to_owned());
        // Errors are about empty bounds, which these are not.
        let builder = builder.set_buckets(&LATENCIES).unwrap_or_default();
        let builder = builder
            .set_buckets_for_metric(runs, &RUNS)
            .unwrap_or_default();
        let recorder = builder.build_recorder();
        let metrics = Self(Arc::new(Inner {
            handle: recorder.handle(),
            recorder,
            observed: AtomicU64::new(0),
            looked_at: tokio::sync::Mutex::default(),
        }));
        metrics.record(|| {
            describe();
            fleet::describe();
            gauge!("analytics_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
            counter!("analytics_jobs_queued_total").absolute(0);
            counter!("analytics_jobs_started_total").absolute(0);
            counter!("analytics_jobs_panicked_total").absolute(0);
        });
        metrics
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self) -> String {
        self.0.handle.render()
    }

    fn record<T>(&self, measure: impl FnOnce() -> T) -> T {
        metrics::with_local_recorder(&self.0.recorder, measure)
    }

    /// As [`Self::record`], for histograms.
    fn observe(&self, measure: impl FnOnce()) {
        self.record(measure);
        if self.0.observed.fetch_add(1, Ordering::Relaxed) % UPKEEP_EVERY == UPKEEP_EVERY - 1 {
            self.0.handle.run_upkeep();
        }
    }

    /// A report was made.
    pub(crate) fn report_made(&self, elapsed: Duration) {
        self.observe(|| histogram!("analytics_report_duration_seconds").record(elapsed));
    }

    /// An account was handed to the workers.
    pub(crate) fn job_queued(&self) {
        self.record(|| counter!("analytics_jobs_queued_total").increment(1));
    }

    /// A worker began with an account.
    pub(crate) fn job_started(&self) {
        self.record(|| counter!("analytics_jobs_started_total").increment(1));
    }

    /// Work on an account panicked.
    pub(crate) fn job_panicked(&self) {
        self.record(|| counter!("analytics_jobs_panicked_total").increment(1));
    }

    /// A run over an account of `platform` ended.
    pub(crate) fn run_ended(
        &self,
        platform: &str,
        result: &Result<Outcome, SyncFailure>,
        elapsed: Duration,
    ) {
        let (outcome, code) = match result {
            Ok(outcome) => (
                match outcome.ended {
                    Ended::Complete => "complete",
                    Ended::WithFailures => "with_failures",
                    Ended::Waiting => "waiting",
                    Ended::NeedsRelink => "needs_relink",
                    Ended::Refused => "refused",
                },
                outcome.error.as_ref().map(|error| error.code.clone()),
            ),
            Err(SyncFailure::Busy) => ("busy", None),
            Err(SyncFailure::LeaseLost) => ("lease_lost", None),
            Err(SyncFailure::Archived) => ("archived", None),
            Err(_) => ("failed", Some("internal".to_owned())),
        };
        let platform = platform.to_owned();
        self.observe(|| {
            counter!("analytics_sync_runs_total", "platform" => platform.clone(), "outcome" => outcome)
                .increment(1);
            if let Some(kind) = code {
                counter!("analytics_sync_errors_total", "platform" => platform.clone(), "kind" => kind)
                    .increment(1);
            }
            histogram!("analytics_sync_run_duration_seconds", "platform" => platform)
                .record(elapsed);
        });
    }
}

impl Observer for Metrics {
    fn called(&self, call: VendorCall<'_>) {
        let platform = call.platform.to_owned();
        let status = call.status.map_or("no_answer", status_class);
        self.observe(|| {
            counter!("analytics_vendor_calls_total", "platform" => platform.clone(), "status" => status)
                .increment(1);
            histogram!("analytics_vendor_call_duration_seconds", "platform" => platform)
                .record(call.elapsed);
        });
    }

    fn slices_done(&self, slices: SlicesDone<'_>) {
        let platform = slices.platform.as_str().to_owned();
        self.record(|| {
            for (outcome, count) in [("saved", slices.saved), ("failed", slices.failed)] {
                counter!("analytics_sync_slices_total", "platform" => platform.clone(), "outcome" => outcome)
                    .increment(count);
            }
            counter!("analytics_sync_facts_total", "platform" => platform).increment(slices.facts);
        });
    }
}

/// `2xx` and the like; a request for fewer calls has a name of its own.
fn status_class(status: u16) -> &'static str {
    match status {
        429 => "429",
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        500..=599 => "5xx",
        _ => "other",
    }
}

fn describe() {
    describe_counter!(
        "analytics_jobs_queued_total",
        "Accounts handed to the workers by this process."
    );
    describe_counter!(
        "analytics_jobs_started_total",
        "Accounts that a worker of this process began with."
    );
    describe_counter!(
        "analytics_jobs_panicked_total",
        "Jobs that ended in a panic: each is a defect of the program."
    );
    describe_counter!(
        "analytics_sync_runs_total",
        "Runs over an account, by how they ended."
    );
    describe_counter!(
        "analytics_sync_errors_total",
        "Runs over an account that ended in an error, by its kind."
    );
    describe_counter!(
        "analytics_sync_slices_total",
        "Slices of days that were stored or failed."
    );
    describe_counter!(
        "analytics_sync_facts_total",
        "Facts in the slices that were stored."
    );
    describe_histogram!(
        "analytics_sync_run_duration_seconds",
        "How long a run over an account took."
    );
    describe_counter!(
        "analytics_vendor_calls_total",
        "Calls of the platforms' interfaces, by class of the answer's status."
    );
    describe_histogram!(
        "analytics_vendor_call_duration_seconds",
        "How long a platform took to answer, to its last byte."
    );
    describe_counter!(
        "analytics_http_requests_total",
        "Requests that were answered, by route, method and status."
    );
    describe_histogram!(
        "analytics_http_request_duration_seconds",
        "How long a request took until its answer began."
    );
    describe_histogram!(
        "analytics_report_duration_seconds",
        "How long a report took."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_platform_and_class_and_timed() {
        let metrics = Metrics::new();
        for status in [Some(200), Some(201), Some(429), Some(503), None] {
            metrics.called(VendorCall {
                platform: "x_ads",
                status,
                elapsed: Duration::from_millis(30),
            });
        }
        let text = metrics.text();
        for line in [
            "analytics_vendor_calls_total{platform=\"x_ads\",status=\"2xx\"} 2",
            "analytics_vendor_calls_total{platform=\"x_ads\",status=\"429\"} 1",
            "analytics_vendor_calls_total{platform=\"x_ads\",status=\"5xx\"} 1",
            "analytics_vendor_calls_total{platform=\"x_ads\",status=\"no_answer\"} 1",
            "analytics_vendor_call_duration_seconds_bucket{platform=\"x_ads\",le=\"0.025\"} 0",
            "analytics_vendor_call_duration_seconds_bucket{platform=\"x_ads\",le=\"0.05\"} 5",
            "# TYPE analytics_vendor_calls_total counter",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn two_applications_measure_apart() {
        let (first, second) = (Metrics::new(), Metrics::new());
        first.job_started();
        assert!(first.text().contains("analytics_jobs_started_total 1"));
        assert!(second.text().contains("analytics_jobs_started_total 0"));
    }

    #[test]
    fn a_run_is_counted_by_its_end_and_its_error() {
        let metrics = Metrics::new();
        let none = Duration::ZERO;
        metrics.run_ended("x", &Err(SyncFailure::Busy), none);
        let lost = analytics_core::Error::not_found("account", "1");
        metrics.run_ended("x", &Err(SyncFailure::Store(lost)), none);
        let text = metrics.text();
        assert!(text.contains("analytics_sync_runs_total{platform=\"x\",outcome=\"busy\"} 1"));
        assert!(text.contains("analytics_sync_errors_total{platform=\"x\",kind=\"internal\"} 1"));
    }
}
