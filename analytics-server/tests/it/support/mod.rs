//! A whole application for a test: fresh database, random port, simulator inside.

mod client;
mod command;
mod process;

use std::{sync::Arc, time::Duration};

use analytics_connectors::{
    Config, Registry,
    clock::SettableClock,
    http::HttpClient,
    simulator::{RunningSimulator, Simulator, SimulatorSettings, default_now},
    sync::SyncSettings,
};
use analytics_core::{
    Store, connect,
    model::{NewUser, PublicId, Role, SyncError},
    storage::Cipher,
};
use analytics_server::{App, AppConfig, Metrics};
use serde_json::{Value, json};
use url::Url;

pub(crate) use client::{Answer, Client};
pub(crate) use command::{analytics, stderr, stdout};
pub(crate) use process::{Server, free_port};

pub(crate) const SECRET: &str = "the secret that signs states in tests";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const OWNER: &str = "owner@example.com";

/// Days of history that tests read.
const UPPER_DAYS: u32 = 45;
const LOWER_DAYS: u32 = 12;

pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) url: Url,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) simulator: RunningSimulator,
    _directory: tempfile::TempDir,
}

impl TestApp {
    /// A fresh server that nobody has set up, with its jobs running.
    pub(crate) async fn start() -> Self {
        let test = Self::without_jobs().await;
        test.app.start_jobs().await;
        test
    }

    /// The same, where nothing happens by itself.
    pub(crate) async fn without_jobs() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.db", directory.path().display());
        let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
        let clock = Arc::new(SettableClock::fixed(default_now()));
        let settings = SimulatorSettings {
            clock: clock.clone(),
            ..SimulatorSettings::default()
        };
        let simulator = Simulator::start(settings, None).await.unwrap();
        let env = simulator.env();
        let config = Config::from_env(|name| {
            let hurried = [
                ("_POLL_INTERVAL", "5ms"),
                ("_POLL_MAX_INTERVAL", "20ms"),
                ("_REQUESTS_PER_SECOND", "5000"),
                ("_BASE_BACKOFF", "10ms"),
            ];
            env.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
                .or_else(|| {
                    let hurried = hurried.iter().find(|(ending, _)| name.ends_with(ending));
                    hurried.map(|(_, value)| (*value).to_owned())
                })
        })
        .unwrap();
        let metrics = Metrics::new();
        let observer = Arc::new(metrics.clone());
        let http = HttpClient::new(config.http.clone(), clock.clone()).unwrap();
        let http = http.with_observer(observer);
        let registry = Arc::new(Registry::with_client(&config, http).unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let mut config = AppConfig::new(
            store.clone(),
            registry,
            clock.clone(),
            url.clone(),
            SECRET.into(),
        );
        config.metrics = metrics;
        config.sync = SyncSettings {
            upper_history_days: UPPER_DAYS,
            lower_history_days: LOWER_DAYS,
            window_months: 1,
            refresh_jitter: Duration::ZERO,
            ..SyncSettings::default()
        };
        config.scheduler_interval = Duration::from_millis(50);
        config.shutdown_grace = Duration::from_secs(1);
        let app = App::new(config).await.unwrap();
        tokio::spawn({
            let app = app.clone();
            async move { app.serve(listener).await }
        });
        Self {
            app,
            url,
            store,
            clock,
            simulator,
            _directory: directory,
        }
    }

    /// A browser without cookies.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.url.clone())
    }

    pub(crate) fn setup_token(&self) -> String {
        let link = &self.app.setup_link().unwrap().0;
        link.query_pairs()
            .find(|(name, _)| name == "token")
            .unwrap()
            .1
            .into_owned()
    }

    pub(crate) fn setup_request(&self) -> Value {
        json!({
            "token": self.setup_token(), "name": "Owner", "email": OWNER, "password": PASSWORD,
            "workspace": "Test", "time_zone": "Asia/Tokyo", "language": "en",
        })
    }

    /// Sets the server up; the owner's browser.
    pub(crate) async fn owner(&self) -> Client {
        let mut client = self.client();
        let answer = client.post("/api/v1/setup", self.setup_request()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        client
    }

    /// Another member of the owner's workspace, signed in.
    pub(crate) async fn member(&self, role: Role) -> Client {
        let owner = self.store.user_by_email(OWNER).await.unwrap().unwrap();
        let workspace = self.store.memberships(owner.id).await.unwrap()[0]
            .workspace
            .id;
        let user = self.user(&format!("{}@example.com", role.as_str()));
        let user = self
            .store
            .create_user(&NewUser {
                password_hash: owner.password_hash,
                ..user
            })
            .await
            .unwrap();
        self.store
            .save_member(workspace, user.id, role)
            .await
            .unwrap();
        let mut client = self.client();
        client.sign_in(&user.email, PASSWORD).await;
        client
    }

    /// The owner of another workspace, signed in.
    pub(crate) async fn stranger(&self) -> Client {
        let owner = self.store.user_by_email(OWNER).await.unwrap().unwrap();
        let user = NewUser {
            password_hash: owner.password_hash,
            ..self.user("stranger@example.com")
        };
        let user = self.store.create_user(&user).await.unwrap();
        let workspace = self
            .store
            .create_workspace("Elsewhere", &Default::default())
            .await
            .unwrap();
        self.store
            .save_member(workspace.id, user.id, Role::Owner)
            .await
            .unwrap();
        let mut client = self.client();
        client.sign_in(&user.email, PASSWORD).await;
        client
    }

    fn user(&self, email: &str) -> NewUser {
        NewUser {
            email: email.to_owned(),
            name: "Somebody".to_owned(),
            password_hash: "".into(),
        }
    }

    /// Sets up, links the first account and waits for its history; the browser and the account.
    pub(crate) async fn linked(&self) -> (Client, Value) {
        let client = self.owner().await;
        let account = client.link_first(1).await.remove(0);
        let account = self.settled(&client, account["id"].as_str().unwrap()).await;
        (client, account)
    }

    pub(crate) fn clock_now(&self) -> chrono::DateTime<chrono::Utc> {
        use analytics_connectors::clock::Clock as _;
        self.clock.now()
    }

    /// Records a failed attempt of an account, that is tried again in an hour.
    pub(crate) async fn fail_once(&self, account: &Value, code: &str) {
        let owner = self.store.user_by_email(OWNER).await.unwrap().unwrap();
        let workspace = self.store.memberships(owner.id).await.unwrap()[0]
            .workspace
            .id;
        let id = PublicId::from(account["id"].as_str().unwrap());
        let account = self
            .store
            .account_by_public_id(workspace, &id)
            .await
            .unwrap();
        let now = self.clock_now();
        let lease = self
            .store
            .acquire_lease(workspace, account.id, "test", Duration::from_secs(60), now)
            .await
            .unwrap()
            .unwrap();
        let error = SyncError {
            code: code.to_owned(),
            message: "the platform broke".to_owned(),
            operation: "insights".to_owned(),
            at: now,
        };
        let next = now + chrono::Duration::hours(1);
        self.store
            .record_failure(&lease, &error, Some(next))
            .await
            .unwrap();
        self.store.release_lease(&lease).await.unwrap();
    }

    /// Waits until nothing is due or running any more; the account then.
    pub(crate) async fn settled(&self, client: &Client, account: &str) -> Value {
        self.app.scheduler().settle().await.unwrap();
        client
            .get(&format!("/api/v1/accounts/{account}"))
            .await
            .body
    }
}
