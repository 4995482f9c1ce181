//! Limits and rests that all processes of a service keep together.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Where processes agree on how much a platform is asked. The client asks it after its own pacing,
/// right before a call.
#[async_trait]
pub trait SharedLimits: Debug + Send + Sync + 'static {
    /// Waits for the turn of a call to `platform` on behalf of `account` (`""`: of none).
    ///
    /// # Errors
    /// Until when the account, or the whole platform, rests.
    async fn admit(&self, platform: &str, account: &str) -> Result<(), DateTime<Utc>>;

    /// Says that an account (`""`: the whole platform) rests. It must not block.
    fn park(&self, platform: &str, account: &str, until: DateTime<Utc>);
}
