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
    jobs::{Again, InProcess, JobTransport, Scheduler},
    metrics::Metrics,
    router,
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
    /// How often the scheduler looks for accounts that are due.
    pub scheduler_interval: Duration,
    /// Longest wait for running jobs at shutdown.
    pub shutdown_grace: Duration,
    /// Memory for the columns that reports are made from.
    pub report_cache_bytes: u64,
    /// Measures; hand the same one to [`Registry::observed`], so that calls of platforms count too.
    pub metrics: Metrics,
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
            scheduler_interval: Duration::from_secs(5),
            shutdown_grace: Duration::from_secs(10),
            report_cache_bytes: 128 * 1024 * 1024,
            metrics: Metrics::new(),
            metrics_token: None,
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
    /// Its outside id, once nothing else is left of it.
    pub(crate) removed: Option<PublicId>,
}

impl AccountChanged {
    /// A change that leaves the account where it is.
    pub(crate) fn state(workspace: WorkspaceId, account: AccountId) -> Self {
        Self {
            workspace,
            account,
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
    pub(crate) transport: Arc<InProcess>,
    pub(crate) changes: broadcast::Sender<AccountChanged>,
    again: Arc<Again>,
    pub(crate) metrics: Metrics,
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
        let mut url = self.public_url.clone();
        url.set_path(&format!("/api/v1/connect/{provider}/callback"));
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
        let row = self.store.sync_row(workspace, account).await?;
        if row.running_since.is_some() {
            // What the run has fetched already would not be fetched again.
            self.again.ask((workspace, account));
        }
        self.wake(workspace, account).await;
        Ok(())
    }

    /// Hands an account that is due to the workers.
    pub(crate) async fn wake(&self, workspace: WorkspaceId, account: AccountId) {
        self.metrics.jobs_queued(1);
        self.transport.push((workspace, account), None).await;
        self.account_changed(workspace, account);
    }
}

/// The application. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    shared: AppState,
    scheduler: Scheduler,
    setup_link: Option<SetupLink>,
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
        let is_set_up = !config.store.users().await?.is_empty();
        let (setup, setup_link) = if is_set_up {
            (SecretLink::closed(), None)
        } else {
            let (link, token) = SecretLink::generate()?;
            let mut url = config.public_url.clone();
            url.set_path("/setup");
            url.query_pairs_mut().append_pair("token", &token);
            (link, Some(SetupLink(url)))
        };
        let shutdown = CancellationToken::new();
        let transport = Arc::new(InProcess::new(config.workers));
        let scheduler = Scheduler::new(
            engine.clone(),
            config.store.clone(),
            config.clock.clone(),
            transport.clone(),
            config.scheduler_interval,
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
            again: Arc::default(),
            metrics: config.metrics,
            metrics_token: config.metrics_token,
            shutdown,
            is_set_up: AtomicBool::new(is_set_up),
        });
        Ok(Self {
            shared,
            scheduler,
            setup_link,
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
        router::build(self.shared.clone())
    }

    /// Starts the workers and the scheduler; they end with [`Self::shut_down`].
    pub fn start_jobs(&self) {
        let engine = self.shared.engine.clone();
        let metrics = self.shared.metrics.clone();
        let handler = crate::jobs::SyncAccount::new(
            engine,
            self.shared.store.clone(),
            self.shared.clock.clone(),
            self.shared.again.clone(),
            self.shared.changes.clone(),
            metrics.clone(),
        );
        let handler = crate::jobs::Metered::new(Arc::new(handler), metrics);
        self.shared.transport.run(Arc::new(handler));
        self.scheduler.start(self.shared.shutdown.clone());
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
