//! Platforms that nobody asks for a while, because the operator's app, quota or credits fail: kept
//! in the store, so that every process knows and a restart forgets nothing.

use std::collections::BTreeMap;

use analytics_core::model::{Platform, PlatformPause};

use super::SyncEngine;

impl SyncEngine {
    /// The platforms that are paused because the operator's app, quota or credits need the operator.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn paused_platforms(
        &self,
    ) -> analytics_core::Result<BTreeMap<Platform, PlatformPause>> {
        self.store.pauses(self.clock.now()).await
    }

    /// Lets a platform be asked again before its pause is over, for example once the operator has
    /// put right what it refused. Accounts that wait for the end of the pause still wait; a
    /// refresh of one of them goes ahead, and one more refusal pauses the platform again.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn lift_pause(&self, platform: &Platform) -> analytics_core::Result<()> {
        self.store.lift_pause(platform).await.map(drop)
    }

    pub(super) async fn pause_of(
        &self,
        platform: &Platform,
    ) -> analytics_core::Result<Option<PlatformPause>> {
        Ok(self.paused_platforms().await?.remove(platform))
    }
}
