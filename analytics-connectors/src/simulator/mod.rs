//! The platforms, simulated: an HTTP server that speaks their APIs over a deterministic world.
//!
//! * [`World`] is made from a seed alone; the clock decides what of it is visible.
//! * [`World::truth`] says what a connector must have stored, to the digit.
//! * [`Faults`] makes things go wrong; [`Calls`] tells what was asked.
//!
//! Meta lives under `/meta`, Google under `/google`, Yahoo! JAPAN under `/yahoo`, X under `/x` and
//! X Ads under `/x_ads`. Beside the vendors' routes there are `/_truth`, `/_accounts`, `/_env`, `/_clock`,
//! `/_faults`, `/_calls` and `/_signed_request`.

mod broken;
mod calls;
mod code_login;
mod control;
mod facebook_ads;
mod facebook_page;
mod faults;
mod google_ads;
mod instagram;
mod meta;
mod page;
mod tokens;
mod truth;
mod truth_media;
mod windows;
mod world;
mod x;
mod x_ads;
mod yahoo;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::HeaderValue,
    middleware::{self, Next},
    response::Response,
};
use chrono::{DateTime, Utc};

pub use calls::{CallCount, Calls};
pub use control::KnownAccount;
pub use faults::{Fault, Faults, PendingFault};
pub use truth::{TruthQuery, TruthRow};
pub use world::{World, default_now};
pub use x::Billed;

use crate::clock::SettableClock;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");

/// What a simulator is made of.
#[derive(Debug, Clone)]
pub struct SimulatorSettings {
    /// Everything in the world follows from it.
    pub seed: u64,
    /// Accounts of every platform.
    pub accounts: usize,
    /// The time.
    pub clock: Arc<SettableClock>,
    /// How long every answer of a vendor takes at least.
    pub latency: Duration,
}

impl Default for SimulatorSettings {
    /// Seed 1, three accounts, the clock standing still at [`default_now`].
    fn default() -> Self {
        Self {
            seed: 1,
            accounts: 3,
            clock: Arc::new(SettableClock::fixed(default_now())),
            latency: Duration::ZERO,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Inner {
    clock: Arc<SettableClock>,
    world: Arc<World>,
    faults: Arc<Faults>,
    calls: Arc<Calls>,
    meta: meta::Meta,
    facebook_ads: facebook_ads::FacebookAds,
    facebook_page: facebook_page::FacebookPage,
    instagram: instagram::Instagram,
    google: google_ads::Google,
    yahoo: yahoo::Yahoo,
    x: x::X,
    x_ads: x_ads::XAds,
    latency: Duration,
}

impl Inner {
    fn now(&self) -> DateTime<Utc> {
        crate::clock::Clock::now(&*self.clock)
    }

    fn accounts(&self) -> Vec<KnownAccount> {
        let mut accounts = facebook_ads::known_accounts(self);
        accounts.extend(facebook_page::known_accounts(self));
        accounts.extend(instagram::known_accounts(self));
        accounts.extend(google_ads::known_accounts(self));
        accounts.extend(yahoo::known_accounts(self));
        accounts.extend(x_ads::known_accounts(self));
        accounts.extend(x::known_accounts(self));
        accounts
    }

    fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let mut env = self.meta.env(base_url);
        env.extend(facebook_ads::env(base_url));
        env.extend(facebook_page::env(base_url));
        env.extend(instagram::env(base_url));
        env.extend(self.google.env(base_url));
        env.extend(self.yahoo.env(base_url));
        env.extend(self.x_ads.env(base_url));
        env.extend(self.x.env(base_url));
        env
    }
}

/// Lets an answer wait as long as those of a vendor far away do.
async fn delay(State(sim): State<Arc<Inner>>, request: Request, next: Next) -> Response {
    if !sim.latency.is_zero() {
        tokio::time::sleep(sim.latency).await;
    }
    next.run(request).await
}

/// A simulator that can be served by any axum server; [`Simulator::start`] serves it at once.
#[derive(Debug, Clone)]
pub struct Simulator {
    inner: Arc<Inner>,
}

impl Simulator {
    /// Makes the world. Days are filled in when somebody asks for them.
    #[must_use]
    pub fn new(settings: SimulatorSettings) -> Self {
        let SimulatorSettings {
            seed,
            accounts,
            clock,
            latency,
        } = settings;
        let mut ads = facebook_ads::accounts(seed, accounts);
        ads.extend(google_ads::accounts(seed, accounts));
        ads.extend(yahoo::accounts(seed, accounts));
        ads.extend(x_ads::accounts(seed, accounts));
        let mut media = facebook_page::accounts(seed, accounts);
        media.extend(instagram::accounts(seed, accounts));
        media.extend(x::accounts(seed, accounts));
        Self {
            inner: Arc::new(Inner {
                world: Arc::new(World::new(clock.clone(), ads, media)),
                clock,
                faults: Arc::default(),
                calls: Arc::default(),
                meta: meta::Meta::new(seed),
                facebook_ads: facebook_ads::FacebookAds::default(),
                facebook_page: facebook_page::FacebookPage::default(),
                instagram: instagram::Instagram::default(),
                google: google_ads::Google::new(seed),
                yahoo: yahoo::Yahoo::new(seed),
                x: x::X::new(seed),
                x_ads: x_ads::XAds::new(seed),
                latency,
            }),
        }
    }

    /// Every route.
    pub fn router(&self) -> Router {
        let calls = self.inner.calls.clone();
        let inner = self.inner.clone();
        meta::router()
            .merge(google_ads::router())
            .merge(yahoo::router())
            .merge(x_ads::router())
            .merge(x::router())
            .layer(middleware::from_fn_with_state(inner, delay))
            .layer(middleware::from_fn_with_state(calls, calls::count))
            .merge(control::router())
            .with_state(self.inner.clone())
    }

    /// Makes a simulator and serves it on `address`, by default on a free port of `127.0.0.1`.
    ///
    /// # Errors
    /// If the address cannot be listened on.
    pub async fn start(
        settings: SimulatorSettings,
        address: Option<SocketAddr>,
    ) -> io::Result<RunningSimulator> {
        let simulator = Self::new(settings);
        let address = address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
        let listener = tokio::net::TcpListener::bind(address).await?;
        let port = listener.local_addr()?.port();
        let router = simulator.router();
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the simulator stopped");
            }
        });
        Ok(RunningSimulator {
            simulator,
            base_url: format!("http://localhost:{port}"),
            server,
        })
    }

    /// The world.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.inner.world.clone()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> Arc<SettableClock> {
        self.inner.clock.clone()
    }

    /// What shall go wrong.
    #[must_use]
    pub fn faults(&self) -> Arc<Faults> {
        self.inner.faults.clone()
    }

    /// What was asked.
    #[must_use]
    pub fn calls(&self) -> Arc<Calls> {
        self.inner.calls.clone()
    }

    /// Every account, with a token that reads it.
    #[must_use]
    pub fn accounts(&self) -> Vec<KnownAccount> {
        self.inner.accounts()
    }

    /// What the owner of the app was charged for by X, for calls with tokens of this user.
    #[must_use]
    pub fn billed(&self, user_id: &str) -> Billed {
        self.inner.x.billed(user_id)
    }

    /// What Meta sends to an app's callbacks when the user removes the app or asks for deletion.
    #[must_use]
    pub fn signed_request(&self) -> String {
        self.inner.meta.signed_request(self.inner.now())
    }

    /// The variables that point every connector at a simulator served at `base_url`.
    #[must_use]
    pub fn env(&self, base_url: &str) -> Vec<(String, String)> {
        self.inner.env(base_url)
    }
}

/// A simulator that is being served. It stops when dropped.
#[derive(Debug)]
pub struct RunningSimulator {
    simulator: Simulator,
    base_url: String,
    server: tokio::task::JoinHandle<()>,
}

impl RunningSimulator {
    /// `http://localhost:PORT`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.base_url.clone()
    }

    /// The variables that point every connector at it.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        self.simulator.env(&self.base_url)
    }

    /// Stops listening.
    pub fn stop(self) {
        drop(self);
    }
}

impl std::ops::Deref for RunningSimulator {
    type Target = Simulator;

    fn deref(&self) -> &Simulator {
        &self.simulator
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}
