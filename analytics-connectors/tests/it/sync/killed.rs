//! A worker that is killed halfway, without a chance to tidy up.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use analytics_connectors::{
    Registry,
    clock::{Clock, SettableClock, SharedClock},
    sync::{Ended, PlanInput, SyncEngine, SyncFailure, SyncSettings, plan},
};
use analytics_core::{
    Store,
    model::{Account, AccountId, Level, Platform, WorkspaceId},
    storage::{Cipher, MasterKey},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::world::{LEVELS, PLATFORM, World, config, settings};

const JOB: &str = "ANALYTICS_TEST_WORKER";
/// Slices of an account that are fetched at the same time.
const CONCURRENCY: u64 = 3;
const UPPER: u32 = 300;
const LOWER: u32 = 120;

/// With leases that expire soon after their holder is gone.
fn quickly_lost() -> SyncSettings {
    SyncSettings {
        lease_ttl: Duration::from_secs(6),
        ..settings(UPPER, LOWER)
    }
}

/// What the worker process is told.
#[derive(Serialize, Deserialize)]
struct Job {
    database: String,
    key: String,
    env: Vec<(String, String)>,
    now: chrono::DateTime<chrono::Utc>,
    workspace: WorkspaceId,
    account: AccountId,
}

/// The worker process: this test binary again, with a job. Without one there is nothing to do.
#[tokio::test]
async fn the_worker_process() {
    let Ok(job) = std::env::var(JOB) else {
        return;
    };
    let job: Job = serde_json::from_str(&job).unwrap();
    let key = MasterKey::from_base64(&SecretString::from(job.key)).unwrap();
    let store = analytics_core::connect(&job.database, Cipher::new(vec![key]).unwrap())
        .await
        .unwrap();
    let clock: SharedClock = Arc::new(SettableClock::fixed(job.now));
    let mut config = config(&job.env);
    // Slow enough to be caught in the middle.
    config.facebook_ads.graph.requests_per_second = NonZeroU32::new(30).unwrap();
    let registry = Registry::new(&config, clock.clone()).unwrap();
    let engine = SyncEngine::new(store, Arc::new(registry), clock, quickly_lost());
    engine.reconcile(job.workspace, job.account).await.unwrap();
}

async fn covered_days(store: &Arc<dyn Store>, account: &Account) -> i64 {
    let coverage = store.coverage(account.workspace, account.id).await.unwrap();
    coverage
        .iter()
        .flat_map(|known| &known.covered)
        .map(|run| run.range.days())
        .sum()
}

/// Reports that the simulator was asked to make so far.
fn reports_ordered(world: &World) -> u64 {
    let calls = world.sim.calls().counts();
    let orders = calls
        .iter()
        .filter(|call| call.route.starts_with("POST") && call.route.ends_with("/insights"));
    orders.map(|call| call.count).sum()
}

/// Slices that take a report.
fn by_report(slices: &[(Level, i64)]) -> u64 {
    slices.iter().filter(|(level, _)| level.depth() > 1).count() as u64
}

#[tokio::test]
async fn a_worker_that_is_killed_halfway_costs_only_the_slices_in_flight() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("killed.db").display());
    let key = MasterKey::generate().unwrap();
    let text = key.to_base64().expose_secret().to_owned();
    let cipher = Cipher::new(vec![key]).unwrap();
    let store = analytics_core::connect(&database, cipher).await.unwrap();
    let world = World::on(store, 1, quickly_lost()).await;
    let account = world.link_all().await.remove(0);
    let whole = planned(&world, &account).await;
    let all_days: i64 = whole.iter().map(|(_, days)| days).sum();

    let job = Job {
        database,
        key: text,
        env: world.sim.env(),
        now: world.clock.now(),
        workspace: world.workspace,
        account: account.id,
    };
    world.sim.calls().clear();
    let mut worker = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sync::killed::the_worker_process", "--nocapture"])
        .env(JOB, serde_json::to_string(&job).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Midway: well into the levels below, so that reports are in flight.
    while covered_days(&world.store, &account).await < all_days * 3 / 4 {
        assert!(
            worker.try_wait().unwrap().is_none(),
            "it ended before it could be killed"
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    worker.kill().unwrap(); // SIGKILL
    worker.wait().unwrap();

    let saved = covered_days(&world.store, &account).await;
    assert!(saved < all_days, "it was killed too late");
    let left = planned(&world, &account).await;
    let left_days: i64 = left.iter().map(|(_, days)| days).sum();
    assert_eq!(
        saved + left_days,
        all_days,
        "what is saved is not planned again"
    );
    let in_flight = reports_ordered(&world) - (by_report(&whole) - by_report(&left));
    assert!(
        in_flight <= CONCURRENCY,
        "{in_flight} reports were in flight"
    );

    // The dead worker's lease runs out by itself.
    let outcome = loop {
        match world.engine.reconcile(world.workspace, account.id).await {
            Err(SyncFailure::Busy) => tokio::time::sleep(Duration::from_millis(100)).await,
            other => break other.unwrap(),
        }
    };
    assert_eq!(outcome.ended, Ended::Complete);
    assert_eq!(
        outcome.slices_saved,
        left.len() as u64,
        "only what was missing is fetched"
    );
    assert_eq!(outcome.revisions, 0, "nothing was stored twice");
    assert_eq!(
        reports_ordered(&world),
        by_report(&whole) + in_flight,
        "only what was in flight was asked for twice"
    );

    let days = world.equals_truth(&account).await;
    let by_level: BTreeMap<Level, i64> = LEVELS
        .iter()
        .map(|level| {
            let of_level = whole.iter().filter(|(planned, _)| planned == level);
            (*level, of_level.map(|(_, days)| days).sum())
        })
        .collect();
    assert_eq!(days, by_level);
}

/// What an account lacks: level and days of each slice.
async fn planned(world: &World, account: &Account) -> Vec<(Level, i64)> {
    let connector = world.registry.connector(&Platform::from(PLATFORM)).unwrap();
    let descriptor = connector.descriptor();
    let coverage = world
        .store
        .coverage(world.workspace, account.id)
        .await
        .unwrap();
    let settings = quickly_lost();
    plan(&PlanInput {
        account: AccountId(1),
        withheld: &[],
        profile: &descriptor.profile,
        limits: descriptor.limits,
        coverage: &coverage,
        gaps: &[],
        zone: account.time_zone,
        linked_at: account.linked_at,
        now: world.clock.now(),
        requested_at: None,
        settings: &settings,
    })
    .into_iter()
    .map(|slice| (slice.level, slice.range.days()))
    .collect()
}
