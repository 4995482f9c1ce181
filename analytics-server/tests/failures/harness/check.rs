//! What must hold after a scenario.

use std::time::Duration;

use analytics_connectors::{
    sync::{PlanInput, plan},
    testing::{Comparison, compare_with_truth},
};
use analytics_core::model::{Account, AccountState, SyncRow};
use chrono::Utc;

use super::{Database, Stage, stage::PLATFORM};

impl Stage {
    pub(crate) async fn row(&self, account: &Account) -> SyncRow {
        self.store
            .sync_row(self.workspace, account.id)
            .await
            .unwrap()
    }

    /// Waits until a row is as wanted.
    pub(crate) async fn until(
        &self,
        account: &Account,
        seconds: u64,
        wanted: impl Fn(&SyncRow) -> bool,
    ) -> SyncRow {
        let mut last = None;
        for _ in 0..seconds * 10 {
            // A database that is away for a while is part of some scenarios.
            if let Ok(row) = self.store.sync_row(self.workspace, account.id).await {
                if wanted(&row) {
                    return row;
                }
                last = Some(row);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("not as wanted within {seconds} seconds: {last:#?}");
    }

    /// Waits until every account is up to date.
    pub(crate) async fn up_to_date(&self, seconds: u64) {
        for account in &self.accounts {
            self.until(account, seconds, is_up_to_date).await;
        }
    }

    pub(crate) async fn compare(&self, account: &Account) -> Comparison {
        let world = self.vendor.simulator.world();
        compare_with_truth(&*self.store, &world, &self.profile, account)
            .await
            .unwrap()
    }

    /// Slices that an account still lacks.
    pub(crate) async fn lacking(&self, account: &Account) -> usize {
        let coverage = self.store.coverage(self.workspace, account.id).await;
        let connector = self.registry.connector(&PLATFORM.into()).unwrap();
        plan(&PlanInput {
            profile: &self.profile,
            limits: connector.descriptor().limits,
            account: account.id,
            withheld: &[],
            coverage: &coverage.unwrap(),
            gaps: &[],
            zone: account.time_zone,
            linked_at: account.linked_at,
            now: Utc::now(),
            requested_at: None,
            settings: &self.settings,
        })
        .len()
    }

    /// Empties every table of the queue that lives in PostgreSQL.
    pub(crate) fn wipe_queue(&self) {
        let Database::Postgres { server, url, .. } = &self.database else {
            panic!("there is no queue in this database");
        };
        let name = url.rsplit('/').next().unwrap();
        let wipe = "DO $$ DECLARE one record; BEGIN
            FOR one IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'apalis'
              AND tablename NOT LIKE '%migrations%'
            LOOP EXECUTE format('TRUNCATE %I.%I CASCADE', one.schemaname, one.tablename); END LOOP;
            END $$";
        server.sql(name, wipe).unwrap();
    }

    /// How often somebody began to work on an account.
    pub(crate) async fn runs(&self, account: &Account) -> i64 {
        let ttl = Duration::from_secs(1);
        let lease = self
            .store
            .acquire_lease(self.workspace, account.id, "the test", ttl, Utc::now())
            .await
            .unwrap()
            .expect("nobody works on it");
        self.store.release_lease(&lease).await.unwrap();
        // Each takes a new number, and so did this.
        lease.fence - 1
    }

    /// Midway: whatever is covered is stored exactly, and nothing else is there.
    pub(crate) async fn nothing_is_half_written(&self) {
        for account in &self.accounts {
            let comparison = self.compare(account).await;
            assert!(comparison.agrees(), "{comparison:#?}");
        }
    }

    /// In the end: everything is stored exactly as it is in truth, every account is well and waits
    /// for its next day, and at most `repeated` questions were asked more than once.
    pub(crate) async fn all_is_well(&self, repeated: usize) {
        self.up_to_date(120).await;
        for account in &self.accounts {
            let comparison = self.compare(account).await;
            assert!(comparison.agrees(), "{comparison:#?}");
            assert!(comparison.facts > 500, "{comparison:#?}");
            assert!(comparison.windows > 0, "{comparison:#?}");
            assert_eq!(self.lacking(account).await, 0);
            let account = self.store.account(self.workspace, account.id).await;
            assert_eq!(account.unwrap().state, AccountState::Active);
        }
        let again = self.vendor.repeated();
        assert!(
            again.len() <= repeated,
            "{} questions were asked again, {repeated} have a reason: {again:#?}",
            again.len()
        );
        let due = self.store.due_accounts(Utc::now(), 10).await.unwrap();
        assert_eq!(due, [], "nothing is due any more");
    }
}

/// Whether nothing is left to do, nobody is at it and nothing went wrong last.
pub(crate) fn is_up_to_date(row: &SyncRow) -> bool {
    row.last_success_at.is_some()
        && row.last_error.is_none()
        && row.attempts == 0
        && row.running_since.is_none()
        && row.next_attempt_at.is_some_and(|at| at > Utc::now())
}
