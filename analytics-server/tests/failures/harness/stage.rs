//! One scenario's world.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use analytics_connectors::{
    Config, Registry,
    clock::{SharedClock, SystemClock},
    sync::{SyncEngine, SyncSettings, calendar, choose},
};
use analytics_core::{
    Store, connect,
    model::{Account, GrantId, PlatformProfile, WorkspaceId, WorkspaceSettings},
    storage::{Cipher, MasterKey},
};
use analytics_server::{App, AppConfig};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::{Service, Setup, Vendor, link, setup::Database};

pub(crate) const PLATFORM: &str = "google_ads";
/// How long nobody else gets what was handed over.
const HOLD: Duration = Duration::from_secs(4);
/// Slices of one account under way at the same time.
pub(crate) const AT_ONCE: usize = 2;

/// What a scenario needs.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Accounts linked.
    pub(crate) accounts: usize,
    /// Days of history of account and campaigns, and of what is below.
    pub(crate) history: (u32, u32),
    /// How long the platform takes to answer.
    pub(crate) latency: Duration,
    /// How long a lease lasts: as long as somebody has to wait for it to end, and long enough for a
    /// busy machine to renew it.
    pub(crate) lease: Duration,
    /// Whether the scenario does something to the database's server.
    pub(crate) alone: bool,
    /// Settings beside the usual ones.
    pub(crate) env: Vec<(&'static str, String)>,
}

impl Plan {
    /// Nobody ends in a way that leaves a lease behind.
    pub(crate) fn without_accidents() -> Self {
        Self {
            lease: Duration::from_secs(60),
            ..Self::default()
        }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            accounts: 1,
            history: (60, 20),
            latency: Duration::ZERO,
            lease: Duration::from_secs(5),
            alone: false,
            env: Vec::new(),
        }
    }
}

/// A platform, a database with linked accounts, and the settings of the processes to start.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) setup: Setup,
    pub(crate) vendor: Vendor,
    pub(crate) database: Database,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) workspace: WorkspaceId,
    pub(crate) grant: GrantId,
    pub(crate) accounts: Vec<Account>,
    pub(crate) profile: PlatformProfile,
    pub(crate) registry: Arc<Registry>,
    pub(crate) settings: SyncSettings,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) folder: TempDir,
}

impl Stage {
    /// Sets it up; nothing of the service runs yet.
    pub(crate) async fn set(setup: Setup, plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::start(setup, folder.path(), plan.alone);
        let vendor = Vendor::start(plan.accounts.max(3), plan.latency).await;
        let key = MasterKey::generate().unwrap();
        let mut env = vendor.env();
        let (upper, lower) = plan.history;
        let usual = [
            ("DATABASE_URL", database.url()),
            (
                "ANALYTICS_MASTER_KEY",
                key.to_base64().expose_secret().to_owned(),
            ),
            ("ANALYTICS_GOOGLE_ADS_UPPER_SLICE_DAYS", "20".to_owned()),
            ("ANALYTICS_GOOGLE_ADS_LOWER_SLICE_DAYS", "5".to_owned()),
            ("ANALYTICS_GOOGLE_ADS_CONCURRENCY", AT_ONCE.to_string()),
            ("ANALYTICS_SYNC_UPPER_HISTORY_DAYS", upper.to_string()),
            ("ANALYTICS_SYNC_LOWER_HISTORY_DAYS", lower.to_string()),
            ("ANALYTICS_SYNC_WINDOW_MONTHS", "0".to_owned()),
            ("ANALYTICS_SYNC_WINDOW_WEEKS", "0".to_owned()),
            ("ANALYTICS_SYNC_JITTER_SECONDS", "0".to_owned()),
            ("ANALYTICS_SYNC_FIRST_BACKOFF_SECONDS", "1".to_owned()),
            (
                "ANALYTICS_SYNC_LEASE_SECONDS",
                plan.lease.as_secs().to_string(),
            ),
            ("ANALYTICS_HOLD_SECONDS", HOLD.as_secs().to_string()),
            ("ANALYTICS_SCHEDULER_SECONDS", "1".to_owned()),
            ("ANALYTICS_SHUTDOWN_SECONDS", "2".to_owned()),
        ];
        let queue = database.queue_url().map(|url| ("ANALYTICS_QUEUE_URL", url));
        for (name, value) in usual.into_iter().chain(queue).chain(plan.env) {
            env.retain(|(known, _)| known != name);
            env.push((name.to_owned(), value));
        }
        let known: BTreeMap<&str, &str> = env
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let lookup = |name: &str| known.get(name).map(|value| (*value).to_owned());
        let settings = SyncSettings::from_env(lookup).unwrap();
        let clock: SharedClock = Arc::new(SystemClock);
        let config = Config::from_env(lookup).unwrap();
        let registry = Arc::new(Registry::new(&config, clock.clone()).unwrap());
        let profile = registry
            .connector(&PLATFORM.into())
            .unwrap()
            .descriptor()
            .profile
            .clone();
        let store = connect(&database.url(), Cipher::new(vec![key]).unwrap())
            .await
            .unwrap();
        let workspace = store
            .create_workspace("Test", &WorkspaceSettings::default())
            .await
            .unwrap()
            .id;
        let engine = SyncEngine::new(store.clone(), registry.clone(), clock, settings.clone());
        let consent = link::consent(&registry, &profile.provider).await;
        let linked = engine.link(workspace, &profile.provider, consent).await;
        let linked = linked.unwrap();
        let found = linked.reached.accounts.into_iter();
        let found =
            found.filter(|found| found.platform.as_str() == PLATFORM && found.is_linkable());
        let mut found: Vec<_> = found.collect();
        // Clocks are moved by an hour: the furthest from the change of a day comes first.
        found.sort_by_key(|found| {
            let zone = found.time_zone.unwrap_or_default();
            std::cmp::Reverse(far_from_change(&profile, zone, Utc::now()))
        });
        let found = found.into_iter();
        // Due for a while already, so that clocks which are an hour late find it due too.
        let linked_at = Utc::now() - chrono::Duration::hours(2);
        let accounts = choose(&store, &linked.grant, found.take(plan.accounts), linked_at)
            .await
            .unwrap();
        assert_eq!(accounts.len(), plan.accounts);
        quiet_moment(&profile, &accounts).await;
        Self {
            setup,
            vendor,
            database,
            store,
            workspace,
            grant: linked.grant.id,
            accounts,
            profile,
            registry,
            settings,
            env,
            folder,
        }
    }

    /// Starts one process.
    pub(crate) fn start(&self, name: &str, role: &str) -> Service {
        Service::start(self.folder.path(), name, role, &self.env)
    }

    /// Starts everything that the set-up is made of.
    pub(crate) fn start_all(&self) -> Vec<Service> {
        self.start_all_with(&[])
    }

    /// The same with other settings.
    pub(crate) fn start_all_with(&self, other: &[(String, String)]) -> Vec<Service> {
        let mut env = self.env.clone();
        for (name, value) in other {
            env.retain(|(known, _)| known != name);
            env.push((name.clone(), value.clone()));
        }
        let processes = self.setup.processes().into_iter();
        let start = |(name, role)| Service::start(self.folder.path(), name, role, &env);
        processes.map(start).collect()
    }

    /// Changes a setting of the processes to come.
    pub(crate) fn change(&mut self, name: &str, how: impl Fn(&str) -> String) {
        for (known, value) in &mut self.env {
            if known == name {
                *value = how(value);
            }
        }
    }

    /// The service in this process, with connectors of the test's own.
    pub(crate) async fn app_with(&self, registry: Registry, workers: usize) -> App {
        App::new(self.config_with(registry, workers).await)
            .await
            .unwrap()
    }

    /// What that is made of.
    pub(crate) async fn config_with(&self, registry: Registry, workers: usize) -> AppConfig {
        let mut config = AppConfig::new(
            self.store.clone(),
            Arc::new(registry),
            Arc::new(SystemClock),
            "http://127.0.0.1:8080/".parse().unwrap(),
            "the secret that signs states in tests".into(),
        );
        config.sync = self.settings.clone();
        config.workers = workers;
        config.per_platform = 1000;
        config.hold = HOLD;
        if let Some(url) = self.database.queue_url() {
            let transport = analytics_server::jobs::open_transport(&url, workers).await;
            config.transport = Some(transport.unwrap());
        }
        config.scheduler_interval = Duration::from_secs(1);
        config.shutdown_grace = Duration::from_secs(2);
        config
    }
}

/// When a day ends in a zone, and when it is ready there.
fn changes(profile: &PlatformProfile) -> [u32; 2] {
    [0, profile.day_ready_hours]
}

fn far_from_change(profile: &PlatformProfile, zone: Tz, now: DateTime<Utc>) -> chrono::Duration {
    let distances = changes(profile).into_iter().map(|hours| {
        let last = now - calendar::last_ready(zone, hours, now).since;
        last.min(calendar::next_ready(zone, hours, now) - now)
    });
    distances.min().unwrap_or_default()
}

/// Waits if a day of an account ends or becomes ready within the next minutes: then there would be
/// more to fetch than when the test began.
async fn quiet_moment(profile: &PlatformProfile, accounts: &[Account]) {
    const QUIET: chrono::Duration = chrono::Duration::minutes(2);
    for account in accounts {
        for hours in changes(profile) {
            let now = Utc::now();
            let next = calendar::next_ready(account.time_zone, hours, now);
            if next - now < QUIET {
                let wait = (next - now).to_std().unwrap() + Duration::from_secs(1);
                tokio::time::sleep(wait).await;
            }
        }
    }
}
