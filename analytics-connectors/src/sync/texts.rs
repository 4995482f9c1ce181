//! Texts of posts that must not outlive them, also where nothing is read any more: while a platform is
//! paused, a consent is missing or an account is put away.

use chrono::Days;

use super::SyncEngine;

/// Days without a reading after which texts go: one that comes a day late does no harm.
const UNREAD_FOR: Days = Days::new(2);

impl SyncEngine {
    /// Erases texts of posts that nobody has read for days, on platforms that want it; how many.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn forget_unread_texts(&self) -> analytics_core::Result<u64> {
        let today = self.clock.now().date_naive();
        let since = today.checked_sub_days(UNREAD_FOR).unwrap_or(today);
        let mut erased = 0;
        for connector in self.registry().connectors() {
            if connector.texts_follow() {
                let platform = connector.descriptor().platform();
                erased += self.store.erase_unread_texts(platform, since).await?;
            }
        }
        Ok(erased)
    }
}
