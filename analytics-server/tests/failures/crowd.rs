//! 20,000 accounts are due at once, as after an outage: all get done, each once, and what is handed
//! over never is more than the workers can take.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use analytics_connectors::Registry;
use analytics_core::Store;
use analytics_server::{
    App,
    jobs::{AccountKey, JobHandler},
};
use async_trait::async_trait;
use chrono::{TimeDelta, Utc};

use crate::harness::{Database, Plan, Setup, Stage, on_every_setup};

on_every_setup!(twenty_thousand_due_at_once);

const ACCOUNTS: usize = 20_000;
/// Accounts worked on at the same time.
const WORKERS: usize = 64;

/// Takes an account's lease and records a success: what is between is not what a crowd is about.
#[derive(Debug)]
struct Touch(Arc<dyn Store>);

#[async_trait]
impl JobHandler for Touch {
    async fn handle(&self, (workspace, account): AccountKey) {
        let (store, now) = (&self.0, Utc::now());
        let row = store.sync_row(workspace, account).await.unwrap();
        if row.next_attempt_at.is_none_or(|at| at > now) {
            return;
        }
        let ttl = Duration::from_secs(60);
        let owner = format!("crowd-{}", account.0);
        let lease = store
            .acquire_lease(workspace, account, &owner, ttl, now)
            .await
            .unwrap();
        let Some(lease) = lease else { return };
        let tomorrow = now + TimeDelta::days(1);
        store.record_success(&lease, now, tomorrow).await.unwrap();
        store.release_lease(&lease).await.unwrap();
    }
}

/// Links them past the store, which would take minutes.
async fn link(stage: &Stage) {
    let uuid = match stage.database {
        Database::Sqlite(_) => "randomblob(16)",
        Database::Postgres { .. } => "uuid_send(gen_random_uuid())",
    };
    let template = stage.accounts[0].id.0;
    let accounts = format!(
        "INSERT INTO accounts (uuid, workspace_id, platform, external_id, name, currency, time_zone,
           platform_status, sealed_access, state, linked_at)
         WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers
                                       WHERE n < {ACCOUNTS})
         SELECT {uuid}, workspace_id, platform, 'crowd-' || n, 'Account ' || n, currency, time_zone,
           platform_status, sealed_access, state, linked_at
         FROM numbers CROSS JOIN accounts WHERE id = {template}"
    );
    let entities = format!(
        "INSERT INTO entities (uuid, account_id, level, external_id, name)
         SELECT {uuid}, id, 0, external_id, name FROM accounts WHERE external_id LIKE 'crowd-%'"
    );
    let rows = "INSERT INTO sync (account_id, platform, next_attempt_at, priority)
                SELECT id, platform, linked_at, 1 FROM accounts WHERE external_id LIKE 'crowd-%'";
    for statement in [&*accounts, &*entities, rows] {
        stage.database.sql(statement).await;
    }
}

async fn twenty_thousand_due_at_once(setup: Setup) {
    let stage = Stage::set(setup, Plan::without_accidents()).await;
    link(&stage).await;
    let registry = Registry::clone(&stage.registry);
    let mut config = stage.config_with(registry, WORKERS).await;
    config.handler = Some(Arc::new(Touch(stage.store.clone())));
    let app = App::new(config).await.unwrap();
    let begun = Instant::now();
    app.start_jobs().await;
    let mut most = 0;
    loop {
        assert!(begun.elapsed().as_secs() < 400, "accounts are still due");
        let occupied = stage.store.occupied().await.unwrap();
        let handed_over: u64 = occupied.values().map(|one| one.handed_over).sum();
        let running: u64 = occupied.values().map(|one| one.running).sum();
        most = most.max(handed_over);
        if handed_over + running == 0 {
            let health = stage.store.platform_health(Utc::now()).await.unwrap();
            if health.iter().all(|one| one.due == 0) {
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    eprintln!("{ACCOUNTS} accounts took {:?}", begun.elapsed());
    assert!(
        most <= 2 * WORKERS as u64,
        "{most} accounts were handed over"
    );
    let done = "SELECT CAST(count(*) AS TEXT) FROM sync s JOIN accounts a ON a.id = s.account_id
                WHERE a.external_id LIKE 'crowd-%'";
    let all = ACCOUNTS.to_string();
    assert_eq!(stage.database.sql(done).await, all);
    // Each lease takes a new number: every account was begun with a single time, and is well.
    let well = format!(
        "{done} AND s.fence = 1 AND s.attempts = 0 AND s.error_at IS NULL
           AND s.last_success_at IS NOT NULL AND s.lease_owner IS NULL
           AND s.handed_over_until IS NULL"
    );
    assert_eq!(stage.database.sql(&well).await, all);
    app.shut_down().await;
}
