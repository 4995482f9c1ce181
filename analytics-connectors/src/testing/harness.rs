//! What the checks need of a connector and its platform.

use std::{fmt, fmt::Debug, sync::Arc};

use analytics_core::model::{CounterRecord, DateRange, FactRecord, WindowRecord};
use async_trait::async_trait;
use chrono::NaiveDate;
use futures_util::TryStreamExt;

use crate::{
    connector::{AccountRef, Batch, Connector, FetchRequest},
    error::Result,
    oauth::TokenSource,
};

/// A connector together with a platform whose truth is known.
#[async_trait]
pub trait Harness: Debug + Send + Sync {
    /// The connector under test, configured so that retries wait for milliseconds only.
    fn connector(&self) -> Arc<dyn Connector>;
    /// An account that delivers in [`Self::range`].
    fn account(&self) -> AccountRef;
    /// Tokens that read it.
    fn tokens(&self) -> TokenSource;
    /// Tokens that the provider refuses.
    fn refused_tokens(&self) -> TokenSource;
    /// Sixty days or more, all complete, with figures at every level.
    fn range(&self) -> DateRange;
    /// The last day that has ended, for which snapshots count.
    fn snapshot_day(&self) -> NaiveDate {
        self.range().end
    }
    /// Days without any figures, if the account has some within the platform's history.
    fn empty_range(&self) -> Option<DateRange>;
    /// What a fetch of `request` must bring.
    async fn truth(&self, request: &FetchRequest) -> Truth;
    /// Breaks the platform from now on until [`Self::repair`]; false if that cannot happen to it.
    async fn break_it(&self, breakage: Breakage) -> bool;
    /// Makes it whole again.
    async fn repair(&self);
}

/// The truth about one request, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// Daily values; no zeros of additive and unique metrics.
    pub facts: Vec<FactRecord>,
    /// Window values; of days those that come with them.
    pub windows: Vec<WindowRecord>,
    /// Lifetime totals.
    pub counters: Vec<CounterRecord>,
}

/// How a platform can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Breakage {
    /// Answers that are no valid document.
    Malformed,
    /// Asks to wait.
    RateLimited,
    /// Server errors.
    Down,
}

/// A rule that the connector broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: &'static str,
    /// How it was broken.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.message)
    }
}

impl std::error::Error for Violation {}

/// Fetches a request to its end, as one batch.
///
/// # Errors
/// The connector's own.
pub async fn fetch_all(
    connector: &dyn Connector,
    account: &AccountRef,
    request: FetchRequest,
    tokens: TokenSource,
) -> Result<Batch> {
    connector
        .fetch(account, request, tokens)
        .try_fold(Batch::default(), |mut whole, batch| async move {
            whole.facts.extend(batch.facts);
            whole.entities.extend(batch.entities);
            whole.windows.extend(batch.windows);
            whole.counters.extend(batch.counters);
            whole.gaps.extend(batch.gaps);
            Ok(whole)
        })
        .await
}
