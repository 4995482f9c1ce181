//! For whoever counts: calls of vendors and what synchronization stores, without the connectors
//! knowing where the counts go.

use std::{fmt::Debug, time::Duration};

use analytics_core::model::Platform;

/// One call of a vendor.
#[derive(Debug, Clone, Copy)]
pub struct VendorCall<'a> {
    /// Platform or provider.
    pub platform: &'a str,
    /// HTTP status; none if there was no answer.
    pub status: Option<u16>,
    /// From sending to the last byte of the answer.
    pub elapsed: Duration,
}

/// Slices that came to an end.
#[derive(Debug, Clone, Copy)]
pub struct SlicesDone<'a> {
    /// Platform.
    pub platform: &'a Platform,
    /// Stored.
    pub saved: u64,
    /// Failed.
    pub failed: u64,
    /// Facts in the stored ones.
    pub facts: u64,
}

/// Hears what happens. It must not block: it is called in the middle of the work.
pub trait Observer: Debug + Send + Sync + 'static {
    /// A vendor was called.
    fn called(&self, call: VendorCall<'_>) {
        let _ = call;
    }

    /// Slices were stored, or failed.
    fn slices_done(&self, slices: SlicesDone<'_>) {
        let _ = slices;
    }
}
