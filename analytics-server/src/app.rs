//! The application: its parts, its router and its jobs.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use analytics_connectors::{
    Registry,
    clock::SharedClock,
    oauth::state::StateSigner,
    sync::{SyncEngine, SyncSettings},
};
use analytics_core::{
    Result, Store,
    analysis::ReportEngine,
    model::{Account, AccountId, Catalogue, PublicId, UserId, WorkspaceId},
};
use axum::Router;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    auth::{SecretLink, throttle::Throttle},
    http::{BasePath, proxies::TrustedProxies},
    jobs::{
        Heartbeat, InProcess, JobHandler, JobTransport, Metered, Scheduler, SchedulerSettings,
        SyncAccount,
    },
    metrics::Metrics,
    router,
    watch::{self, Watched},
};

/// What an application is made of.
#[derive(Debug, Clone)]
pub struct AppConfig {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The platforms.
    pub registry: Arc<Registry>,
    /// The time of everything but sessions.
    pub clock: SharedClock,
    /// Where people open the app; the redirect address of linking is made from it.
    pub public_url: Url,
    /// Signs the state of the linking flow. Keep it the same over restarts.
    pub secret: SecretString,
    /// How far back and how patiently accounts are synchronized.
    pub sync: SyncSettings,
    /// Accounts synchronized at the same time.
    pub workers: usize,
    /// How jobs get to the workers; none: inside this process.
    pub transport: Option<Arc<dyn JobTransport>>,
    /// What is done with an account that is due; none: it is synchronized.
    pub handler: Option<Arc<dyn JobHandler>>,
    /// How often the scheduler looks for accounts that are due.
    pub scheduler_interval: Duration,
    /// Accounts of one platform synchronized at the same time, over all processes.
    pub per_platform: u32,
    /// After this long an account that was handed over, and that nobody began with, is handed over
    /// again.
    pub hold: Duration,
    /// Longest wait for running jobs at shutdown.
    pub shutdown_grace: Duration,
    /// Memory for the columns that reports are made from.
    pub report_cache_bytes: u64,
    /// Measures; hand the same one to the registry's client, so that calls of platforms count too.
    pub metrics: Metrics,
    /// Who is believed when it says for whom it asks.
    pub trusted_proxies: TrustedProxies,
    /// Opens `/metrics` beside the pages; without it there is no such page.
    pub metrics_token: Option<SecretString>,
}

impl AppConfig {
    /// A configuration with the usual numbers.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        registry: Arc<Registry>,
        clock: SharedClock,
        public_url: Url,
        secret: SecretString,
    ) -> Self {
        Self {
            store,
            registry,
            clock,
            public_url,
            secret,
            sync: SyncSettings::default(),
            workers: 4,
            transport: None,
            handler: None,
            scheduler_interval: Duration::from_secs(5),
            per_platform: 64,
            hold: Duration::from_secs(120),
            shutdown_grace: Duration::from_secs(10),
            report_cache_bytes: 128 * 1024 * 1024,
            metrics: Metrics::new(),
            trusted_proxies: TrustedProxies::default(),
            metrics_token: None,
        }
    }
}

/// What a process of a service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Everything.
    All,
    /// Pages and API.
    Web,
    /// Synchronizes accounts; without a queue it finds the due ones itself.
    Worker,
    /// Finds due accounts; without a queue it synchronizes them itself.
    Scheduler,
}

impl Role {
    /// As the command line spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Web => "web",
            Self::Worker => "worker",
            Self::Scheduler => "scheduler",
        }
    }
}

/// The one-time link that lets the first user set the server up.
#[derive(Debug, Clone)]
pub struct SetupLink(pub Url);

/// Marks an application as a demonstration, and the user that its sign-in link is for.
#[derive(Debug)]
pub struct Demo {
    link: SecretLink,
    user: UserId,
}

impl Demo {
    /// A demonstration that signs in `user`, and the token of its link.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new(user: UserId) -> Result<(Self, String)> {
        let (link, token) = SecretLink::generate()?;
        Ok((Self { link, user }, token))
    }

    /// The user, for the first caller with the right token.
    pub(crate) fn open(&self, token: &str) -> Option<UserId> {
        self.link.take(token).then_some(self.user)
    }
}

/// An account that changed outside of synchronization: renamed, linked, asked to refresh, removed.
#[derive(Debug, Clone)]
pub(crate) struct AccountChanged {
    pub(crate) workspace: WorkspaceId,
    pub(crate) account: AccountId,
    /// It has new data.
    pub(crate) fresh: bool,
    /// Its outside id, once nothing else is left of it.
    pub(crate) removed: Option<PublicId>,
}

impl AccountChanged {
    /// A change that leaves the account where it is.
    pub(crate) fn state(workspace: WorkspaceId, account: AccountId) -> Self {
        Self {
            workspace,
            account,
            fresh: false,
            removed: None,
        }
    }
}

/// What the handlers share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) reports: ReportEngine,
    pub(crate) engine: Arc<SyncEngine>,
    pub(crate) clock: SharedClock,
    pub(crate) public_url: Url,
    pub(crate) states: StateSigner,
    pub(crate) throttle: Throttle,
    pub(crate) setup: SecretLink,
    pub(crate) demo: Option<Demo>,
    pub(crate) transport: Arc<dyn JobTransport>,
    pub(crate) changes: broadcast::Sender<AccountChanged>,
    pub(crate) watched: Watched,
    pub(crate) metrics: Metrics,
    pub(crate) base: BasePath,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) metrics_token: Option<SecretString>,
    pub(crate) shutdown: CancellationToken,
    is_set_up: AtomicBool,
}

/// What the handlers share, cheap to clone.
pub(crate) type AppState = Arc<Shared>;

impl Shared {
    /// Whether nobody has set the server up yet.
    pub(crate) async fn setup_required(&self) -> Result<bool> {
        if self.is_set_up.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let empty = self.store.users().await?.is_empty();
        if !empty {
            self.setup.close();
            self.is_set_up.store(true, Ordering::Relaxed);
        }
        Ok(empty)
    }

    /// Where the provider sends the user back to.
    pub(crate) fn callback_url(&self, provider: &str) -> Url {
        self.address(&format!("/api/v1/connect/{provider}/callback"))
    }

    /// The full address of a page or route of the app.
    pub(crate) fn address(&self, path: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(&self.base.at(path));
        url
    }

    /// Tells the listening pages that an account changed.
    pub(crate) fn account_changed(&self, workspace: WorkspaceId, account: AccountId) {
        // Nobody listening is fine.
        let _ = self.changes.send(AccountChanged::state(workspace, account));
    }

    /// Tells the listening pages that an account is gone.
    pub(crate) fn account_removed(&self, account: &Account) {
        // Nobody listening is fine.
        let _ = self.changes.send(AccountChanged {
            workspace: account.workspace,
            account: account.id,
            fresh: false,
            removed: Some(account.public_id.clone()),
        });
    }

    /// Makes an account due now and hands it to the workers.
    pub(crate) async fn sync_now(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        priority: analytics_core::model::Priority,
    ) -> Result<()> {
        let now = self.clock.now();
        self.store
            .request_sync(workspace, account, priority, now)
            .await?;
        self.wake(workspace, account).await;
        Ok(())
    }

    /// Hands an account that is due to the workers.
    pub(crate) async fn wake(&self, workspace: WorkspaceId, account: AccountId) {
        if let Err(error) = self.transport.push((workspace, account)).await {
            tracing::warn!(%error, "an account that is due waits for the scheduler");
        }
        self.account_changed(workspace, account);
    }
}

/// The application. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    shared: AppState,
    scheduler: Scheduler,
    setup_link: Option<SetupLink>,
    handler: Option<Arc<dyn JobHandler>>,
    workers: usize,
    shutdown_grace: Duration,
}

impl App {
    /// Puts the parts together. Nothing runs yet.
    ///
    /// # Errors
    /// From the store.
    pub async fn new(config: AppConfig) -> Result<Self> {
        Self::assemble(config, None).await
    }

    /// The same, as a demonstration with a sign-in link.
    ///
    /// # Errors
    /// From the store.
    pub async fn demo(config: AppConfig, demo: Demo) -> Result<Self> {
        Self::assemble(config, Some(demo)).await
    }

    async fn assemble(config: AppConfig, demo: Option<Demo>) -> Result<Self> {
        let catalogue = Arc::new(config.registry.catalogue());
        let engine = SyncEngine::new(
            config.store.clone(),
            config.registry.clone(),
            config.clock.clone(),
            config.sync.clone(),
        );
        let engine = Arc::new(engine.with_observer(Arc::new(config.metrics.clone())));
        let base = BasePath::of(&config.public_url);
        let is_set_up = !config.store.users().await?.is_empty();
        let (setup, setup_link) = if is_set_up {
            (SecretLink::closed(), None)
        } else {
            let (link, token) = SecretLink::generate()?;
            let mut url = config.public_url.clone();
            url.set_path(&base.at("/setup"));
            url.query_pairs_mut().append_pair("token", &token);
            (link, Some(SetupLink(url)))
        };
        let shutdown = CancellationToken::new();
        let transport: Arc<dyn JobTransport> = config
            .transport
            .unwrap_or_else(|| Arc::new(InProcess::new(config.workers)));
        let transport: Arc<dyn JobTransport> =
            Arc::new(Metered::new(transport, config.metrics.clone()));
        let scheduler = Scheduler::new(
            engine.clone(),
            config.store.clone(),
            config.clock.clone(),
            transport.clone(),
            SchedulerSettings {
                interval: config.scheduler_interval,
                workers: config.workers,
                per_platform: config.per_platform,
                hold: config.hold,
            },
        );
        let (changes, _) = broadcast::channel(256);
        let shared = Arc::new(Shared {
            reports: ReportEngine::new(
                config.store.clone(),
                catalogue.clone(),
                config.report_cache_bytes,
            ),
            states: StateSigner::new(config.secret.expose_secret().as_bytes()),
            store: config.store,
            registry: config.registry,
            catalogue,
            engine,
            clock: config.clock,
            public_url: config.public_url,
            throttle: Throttle::default(),
            setup,
            demo,
            transport,
            changes,
            watched: Watched::default(),
            metrics: config.metrics,
            base,
            trusted_proxies: config.trusted_proxies,
            metrics_token: config.metrics_token,
            shutdown,
            is_set_up: AtomicBool::new(is_set_up),
        });
        Ok(Self {
            shared,
            scheduler,
            setup_link,
            handler: config.handler,
            workers: config.workers,
            shutdown_grace: config.shutdown_grace,
        })
    }

    /// The link that sets the server up, while nobody has. Its token exists only here.
    #[must_use]
    pub fn setup_link(&self) -> Option<&SetupLink> {
        self.setup_link.as_ref()
    }

    /// Every route: the API, the operations endpoints and the dashboard. Serve it with
    /// [`Router::into_make_service_with_connect_info`] of [`SocketAddr`], so that sign-in is
    /// throttled by address.
    pub fn router(&self) -> Router {
        self.shared.base.around(router::build(self.shared.clone()))
    }

    /// Starts the workers and the scheduler; they end with [`Self::shut_down`].
    pub async fn start_jobs(&self) {
        self.start(Role::All).await;
    }

    /// Starts what a process of this role does beside answering requests.
    pub async fn start(&self, role: Role) {
        let shared = &self.shared;
        // Without a queue that processes share, whoever finds due accounts works on them, too.
        let alone = !shared.transport.is_shared();
        let is = |one: Role| role == one || role == Role::All || (alone && role != Role::Web);
        let (works, schedules) = (is(Role::Worker), is(Role::Scheduler));
        let heartbeat = Heartbeat::new(
            shared.store.clone(),
            shared.transport.clone(),
            role.as_str(),
            if works { self.workers } else { 0 },
        );
        heartbeat.start(shared.shutdown.clone()).await;
        if works {
            let handler = self.handler.clone().unwrap_or_else(|| {
                Arc::new(SyncAccount::new(
                    shared.engine.clone(),
                    shared.store.clone(),
                    shared.clock.clone(),
                    shared.changes.clone(),
                    shared.metrics.clone(),
                ))
            });
            shared.transport.run(handler);
        }
        if schedules {
            self.scheduler.start(shared.shutdown.clone());
        }
        watch::start(shared.clone());
    }

    /// What the handlers share.
    pub(crate) fn shared(&self) -> &AppState {
        &self.shared
    }

    /// The scheduler, for whoever drives the clock.
    #[must_use]
    pub fn scheduler(&self) -> &Scheduler {
        &self.scheduler
    }

    /// The synchronization engine.
    #[must_use]
    pub fn engine(&self) -> &Arc<SyncEngine> {
        &self.shared.engine
    }

    /// Serves on `listener` until [`Self::shut_down`] has been called.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn serve(&self, listener: tokio::net::TcpListener) -> std::io::Result<()> {
        let shutdown = self.shared.shutdown.clone();
        axum::serve(
            listener,
            self.router()
                .into_make_service_with_connect_info::<SocketAddr>(),
        )
        .with_graceful_shutdown(async move { shutdown.cancelled().await })
        .await
    }

    /// Serves `/metrics`, `/healthz` and `/readyz`, without asking who is there, on `listener` until
    /// [`Self::shut_down`] has been called.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn serve_metrics(&self, listener: tokio::net::TcpListener) -> std::io::Result<()> {
        let shutdown = self.shared.shutdown.clone();
        let router = crate::routes::prometheus::own_port(self.shared.clone());
        axum::serve(listener, router)
            .with_graceful_shutdown(async move { shutdown.cancelled().await })
            .await
    }

    /// Ends the event streams, takes no new jobs, and waits a while for running ones: what is not
    /// done by then hands its account back, and only the slice in flight is fetched again.
    pub async fn shut_down(&self) {
        self.shared.shutdown.cancel();
        self.shared.transport.shut_down(self.shutdown_grace).await;
        self.shared.store.close().await;
    }
}
