//! What reading costs: stored with the account it was read for, and kept below the operator's cap.

use analytics_core::model::{AccountId, AccountState, Level, Millionths, Platform, WorkspaceId};
use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};

use super::{SyncEngine, outcome::SyncFailure};
use crate::{
    connector::Connector,
    error::{Error, ErrorKind, Retry},
};

/// What reading a platform costs a workspace this month, in US dollars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformCost {
    /// The platform.
    pub platform: Platform,
    /// What it may cost in a month; none where several workspaces share it, or without a cap.
    pub cap: Option<Millionths>,
    /// Its accounts.
    pub accounts: Vec<AccountCost>,
}

/// What reading an account costs, in US dollars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCost {
    /// The account.
    pub account: AccountId,
    /// What it has cost this month.
    pub actual: Millionths,
    /// What a whole month is expected to cost, with the posts that there are now.
    pub estimate: Millionths,
    /// What was read this month, and how many.
    pub reads: Vec<(String, u64)>,
}

impl SyncEngine {
    /// What reading the workspace's accounts costs in the running month, for platforms that charge.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn costs(&self, workspace: WorkspaceId) -> analytics_core::Result<Vec<PlatformCost>> {
        let today = self.clock.now().date_naive();
        let charges = self
            .store
            .charges(workspace, month_start(today), today)
            .await?;
        let accounts = self.store.accounts(workspace).await?;
        // It is about all workspaces together, and says nothing of one among several.
        let is_alone = self.store.workspaces().await?.len() == 1;
        let mut costs = Vec::new();
        for connector in self.registry().connectors() {
            let descriptor = connector.descriptor();
            let Some(pricing) = descriptor.pricing else {
                continue;
            };
            let mut told = Vec::new();
            for account in &accounts {
                let own = || charges.iter().filter(|(id, _)| *id == account.id);
                let is_read = account.state != AccountState::Archived;
                if account.platform != *descriptor.platform() || (!is_read && own().count() == 0) {
                    continue;
                }
                let estimate = if is_read {
                    self.expected(connector.as_ref(), workspace, account.id, account.time_zone)
                        .await?
                } else {
                    Millionths(0)
                };
                let mut cost = AccountCost {
                    account: account.id,
                    actual: Millionths(0),
                    estimate,
                    reads: Vec::new(),
                };
                for (_, charge) in own() {
                    cost.actual = Millionths(cost.actual.0.saturating_add(charge.amount.0));
                    match cost.reads.iter_mut().find(|(kind, _)| *kind == charge.kind) {
                        Some((_, count)) => *count = count.saturating_add(charge.count),
                        None => cost.reads.push((charge.kind.clone(), charge.count)),
                    }
                }
                told.push(cost);
            }
            if !told.is_empty() {
                costs.push(PlatformCost {
                    platform: descriptor.platform().clone(),
                    cap: pricing.monthly_cap.filter(|_| is_alone),
                    accounts: told,
                });
            }
        }
        Ok(costs)
    }

    async fn expected(
        &self,
        connector: &dyn Connector,
        workspace: WorkspaceId,
        account: AccountId,
        zone: chrono_tz::Tz,
    ) -> analytics_core::Result<Millionths> {
        let filter = analytics_core::storage::EntityFilter {
            accounts: vec![account],
            level: Some(Level::Post),
            ..Default::default()
        };
        let (posts, _) = self.store.entities(workspace, &filter).await?;
        let published: Vec<NaiveDate> = posts
            .iter()
            .filter_map(|post| Some(post.post.as_ref()?.published_at))
            .map(|at| at.with_timezone(&zone).date_naive())
            .collect();
        Ok(connector.expected_month(&published, self.clock.today(zone)))
    }

    /// Stores what an account's run read. What cannot be stored waits for the next run.
    pub(super) async fn note_charges(&self, workspace: WorkspaceId, id: AccountId) {
        if !self.any_charges() {
            return;
        }
        let Ok(account) = self.store.account(workspace, id).await else {
            return;
        };
        let Some(connector) = self.registry().connector(&account.platform) else {
            return;
        };
        let Some(ledger) = connector.ledger() else {
            return;
        };
        let charges = ledger.take(&account.external_id);
        if charges.is_empty() {
            return;
        }
        if let Err(error) = self.store.add_charges(workspace, id, &charges).await {
            tracing::warn!(account = id.0, %error, "what reading cost could not be stored yet");
            ledger.put_back(&account.external_id, charges);
        }
    }

    fn any_charges(&self) -> bool {
        let mut connectors = self.registry().connectors().iter();
        connectors.any(|connector| connector.ledger().is_some())
    }

    /// The refusal to read a platform any more this month, if the operator's cap is reached.
    pub(super) async fn over_cap(
        &self,
        connector: &dyn Connector,
    ) -> Result<Option<Error>, SyncFailure> {
        let descriptor = connector.descriptor();
        let Some(cap) = descriptor.pricing.and_then(|pricing| pricing.monthly_cap) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let first = month_start(now.date_naive());
        let platform = descriptor.platform();
        let spent = self.store.platform_charged(platform, first).await?;
        if spent < cap {
            return Ok(None);
        }
        let what = format!(
            "reading has cost {} of at most {} US dollars this month; raise \
             ANALYTICS_{}_MONTHLY_CAP_USD, or wait for the next month",
            spent,
            cap,
            platform.as_str().to_uppercase(),
        );
        let wait = until_next_month(now).to_std().unwrap_or_default();
        let error = Error::new(
            ErrorKind::Unavailable,
            platform.as_str(),
            "check the monthly cap",
            what,
        );
        Ok(Some(error.with_retry(Retry::After(wait))))
    }
}

fn month_start(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// Until platforms begin to bill another month.
fn until_next_month(now: DateTime<Utc>) -> TimeDelta {
    let next = month_start(now.date_naive()) + Months::new(1);
    next.and_time(chrono::NaiveTime::MIN).and_utc() - now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_of_bills_ends_at_midnight_in_utc() {
        let wait = |text: &str| until_next_month(text.parse().unwrap_or_default());
        assert_eq!(wait("2026-12-31T23:00:00Z"), TimeDelta::hours(1));
        assert_eq!(wait("2026-11-01T00:00:00Z"), TimeDelta::days(30));
    }
}
