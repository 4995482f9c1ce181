//! The store of a run, and accounts in it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use analytics_connectors::{
    Config, Registry,
    clock::{SharedClock, SystemClock},
    oauth::{AuthorizationRequest, AuthorizationResponse, Consent, flow},
    sync::{PlanInput, SyncEngine, SyncSettings, choose, plan},
};
use analytics_core::{
    Store, connect,
    model::{Account, PlatformProfile, WorkspaceId, WorkspaceSettings},
    storage::{Cipher, MasterKey},
};
use chrono::Utc;
use secrecy::ExposeSecret;
use url::Url;

use crate::{Arguments, Failure, servers::Servers};

/// What the processes of a run share.
pub(crate) struct Place {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) workspace: WorkspaceId,
    pub(crate) registry: Arc<Registry>,
    pub(crate) profile: PlatformProfile,
    settings: SyncSettings,
    pub(crate) env: Vec<(String, String)>,
}

impl Place {
    /// An empty store, and the settings of processes that work on it.
    pub(crate) async fn open(
        arguments: &Arguments,
        servers: &Servers,
        mut env: Vec<(String, String)>,
        other: &[(&str, String)],
    ) -> Result<Self, Failure> {
        let key = MasterKey::generate()?;
        let sealed_with = key.to_base64().expose_secret().to_owned();
        let days = arguments.days.to_string();
        let usual = [
            ("DATABASE_URL", servers.database_url.clone()),
            ("ANALYTICS_MASTER_KEY", sealed_with),
            ("ANALYTICS_WORKERS", arguments.at_once.to_string()),
            ("ANALYTICS_SYNC_UPPER_HISTORY_DAYS", days.clone()),
            ("ANALYTICS_SYNC_LOWER_HISTORY_DAYS", days),
            ("ANALYTICS_SYNC_JITTER_SECONDS", "0".to_owned()),
            ("ANALYTICS_SCHEDULER_SECONDS", "1".to_owned()),
            ("ANALYTICS_LOG", "warn".to_owned()),
        ];
        let queue = servers.queue_url.clone();
        let queue = queue.map(|url| ("ANALYTICS_QUEUE_URL", url));
        let other = other.iter().cloned();
        for (name, value) in usual.into_iter().chain(queue).chain(other) {
            env.retain(|(known, _)| known != name);
            env.push((name.to_owned(), value));
        }
        let known: BTreeMap<String, String> = env.iter().cloned().collect();
        let config = Config::from_env(|name| known.get(name).cloned())?;
        let settings = SyncSettings::from_env(|name| known.get(name).cloned())?;
        let registry = Arc::new(Registry::new(&config, Arc::new(SystemClock))?);
        let connector = registry
            .connector(&arguments.platform.as_str().into())
            .ok_or_else(|| format!("no platform `{}`", arguments.platform))?;
        let store = connect(&servers.database_url, Cipher::new(vec![key])?).await?;
        let workspace = store
            .create_workspace("Load", &WorkspaceSettings::default())
            .await?;
        Ok(Self {
            store,
            workspace: workspace.id,
            profile: connector.descriptor().profile.clone(),
            registry,
            settings,
            env,
        })
    }

    /// Links so many accounts of the platform, through its consent page.
    pub(crate) async fn link(&self, accounts: usize) -> Result<Vec<Account>, Failure> {
        let provider = &self.profile.provider;
        let clock: SharedClock = Arc::new(SystemClock);
        let engine = SyncEngine::new(
            self.store.clone(),
            self.registry.clone(),
            clock.clone(),
            SyncSettings::default(),
        );
        let consent = consent(&self.registry, provider).await?;
        let linked = engine.link(self.workspace, provider, consent).await?;
        let found = linked.reached.accounts.into_iter();
        let found = found
            .filter(|found| found.platform == self.profile.platform && found.is_linkable())
            .take(accounts);
        let linked = choose(&self.store, &linked.grant, found, Utc::now()).await?;
        if linked.len() < accounts {
            return Err(format!("only {} accounts can be linked", linked.len()).into());
        }
        Ok(linked)
    }

    /// Whether every account is up to date: none due at `moment`, none failing, nobody at work.
    pub(crate) async fn is_done(&self, moment: chrono::DateTime<Utc>) -> Result<bool, Failure> {
        let health = self.store.platform_health(moment).await?;
        let waiting = health.iter().any(|one| one.due + one.failing > 0);
        if waiting {
            return Ok(false);
        }
        let occupied = self.store.occupied().await?;
        Ok(occupied.values().all(|one| one.running == 0))
    }

    /// Slices that an account still lacks.
    pub(crate) async fn lacking(&self, account: &Account) -> Result<usize, Failure> {
        let coverage = self.store.coverage(self.workspace, account.id).await?;
        let connector = self.registry.connector(&account.platform);
        let connector = connector.ok_or("the platform is gone")?;
        let input = PlanInput {
            profile: &self.profile,
            limits: connector.descriptor().limits,
            account: account.id,
            withheld: &[],
            coverage: &coverage,
            gaps: &[],
            zone: account.time_zone,
            linked_at: account.linked_at,
            now: Utc::now(),
            requested_at: None,
            settings: &self.settings,
        };
        Ok(plan(&input).len())
    }

    /// Whether an account that is due waits for somebody to work on it.
    pub(crate) async fn somebody_waits(&self) -> Result<bool, Failure> {
        let health = self.store.platform_health(Utc::now()).await?;
        Ok(health.iter().any(|one| one.due > 0))
    }

    /// Waits until it is, at most so long.
    pub(crate) async fn until_done(&self, patience: Duration) -> Result<(), Failure> {
        let begun = std::time::Instant::now();
        while !self.is_done(Utc::now()).await? {
            if begun.elapsed() > patience {
                return Err(format!("not done within {} s", patience.as_secs()).into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

async fn consent(registry: &Arc<Registry>, provider: &str) -> Result<Consent, Failure> {
    let connectors: Vec<_> = registry.of_provider(provider).collect();
    let redirect = Url::parse("http://127.0.0.1/callback")?;
    let request = flow::start(&connectors, &redirect, "a-signed-state").await?;
    let AuthorizationRequest { url, secret } = request;
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let form = [("decision", "allow")];
    let answer = browser.post(url).form(&form).send().await?;
    let back = answer.headers().get("location").ok_or("no redirect")?;
    let back = Url::parse(back.to_str()?)?;
    let parameter = |wanted: &str| {
        let mut pairs = back.query_pairs();
        pairs.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
    };
    let response = AuthorizationResponse::from_parameters(parameter, redirect, secret);
    Ok(flow::finish(&connectors, &response.ok_or("no code")?).await?)
}
