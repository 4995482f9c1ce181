//! Opening the configured store, and finding things in it by the names people use.

use std::sync::Arc;

use analytics_connectors::{Registry, clock::SystemClock, http::HttpClient, sync::StoreLimits};
use analytics_core::{
    Error, Store, connect,
    model::{Account, Workspace, WorkspaceId},
};
use url::Url;

use super::CommandError;
use crate::{
    app::{App, AppConfig},
    config::Settings,
    jobs::{JobTransport, open_transport},
    master_key::{self, Keys},
    metrics::Metrics,
};

/// The configured store, created if it does not exist.
pub(crate) async fn store(settings: &Settings) -> Result<(Arc<dyn Store>, Keys), CommandError> {
    let keys = master_key::load(settings)?;
    let store = connect(&settings.database_url(), keys.cipher.clone()).await?;
    Ok((store, keys))
}

/// The configured application on the machine's clock, without anything running.
pub(crate) async fn app(settings: &Settings, public_url: Url) -> Result<(App, Keys), CommandError> {
    let transport = match settings.get("ANALYTICS_QUEUE_URL") {
        Some(url) => Some(
            open_transport(&url, settings.workers()?)
                .await
                .map_err(|error| CommandError::failed(format!("ANALYTICS_QUEUE_URL: {error}")))?,
        ),
        None => None,
    };
    app_with(settings, public_url, transport).await
}

async fn app_with(
    settings: &Settings,
    public_url: Url,
    transport: Option<Arc<dyn JobTransport>>,
) -> Result<(App, Keys), CommandError> {
    let connectors = settings.connectors()?;
    let sync = settings.sync()?;
    let (store, keys) = store(settings).await?;
    let clock = Arc::new(SystemClock);
    let metrics = Metrics::new();
    let limits = StoreLimits::new(
        store.clone(),
        clock.clone(),
        connectors.calls_per_minute.clone(),
    );
    let http = HttpClient::new(connectors.http.clone(), clock.clone())?
        .with_observer(Arc::new(metrics.clone()))
        .with_limits(Arc::new(limits));
    let registry = Arc::new(Registry::with_client(&connectors, http)?);
    let mut config = AppConfig::new(store, registry, clock, public_url, keys.signing.clone());
    config.sync = sync;
    config.workers = settings.workers()?;
    config.scheduler_interval = settings.scheduler_interval()?;
    config.per_platform = settings.per_platform()?;
    config.hold = settings.hold()?;
    config.transport = transport;
    config.shutdown_grace = settings.shutdown_grace()?;
    config.metrics = metrics;
    config.trusted_proxies = settings.trusted_proxies()?;
    config.metrics_token = settings.secret("ANALYTICS_METRICS_TOKEN");
    config.report_cache_bytes = settings.report_cache_bytes()?;
    Ok((App::new(config).await?, keys))
}

/// Refuses a master key that opens none of the stored consents: with it every refresh would fail,
/// and new consents would be sealed with a key that the old ones do not have.
pub(crate) async fn check_key(store: &dyn Store) -> Result<(), CommandError> {
    let mut sealed = None;
    for workspace in store.workspaces().await? {
        for account in store.accounts(workspace.id).await? {
            match store.grants_of_account(workspace.id, account.id).await {
                Ok(grants) if grants.is_empty() => {}
                Ok(_) => return Ok(()),
                Err(error @ Error::Sealed { .. }) => sealed = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
    }
    match sealed {
        None => Ok(()),
        Some(error) => Err(CommandError::failed(format!(
            "this is not the master key the accounts were linked with ({error}); put that one back, or run `analytics doctor`"
        ))),
    }
}

/// The application for a command that only reads or writes the store.
pub(crate) async fn app_offline(settings: &Settings) -> Result<App, CommandError> {
    let listen = settings.listen()?;
    let public_url = settings.public_url(listen)?;
    Ok(app_with(settings, public_url, None).await?.0)
}

/// The workspace with this name or id; without one, the only one.
pub(crate) async fn workspace(
    store: &dyn Store,
    wanted: Option<&str>,
) -> Result<Workspace, CommandError> {
    let all = store.workspaces().await?;
    if let Some(wanted) = wanted {
        return Ok(all
            .iter()
            .find(|one| one.public_id.as_str() == wanted || one.name == wanted)
            .cloned()
            .ok_or_else(|| {
                Error::unknown(
                    "workspace",
                    "--workspace",
                    wanted,
                    all.iter().map(|one| one.name.as_str()),
                )
            })?);
    }
    match all.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(CommandError::usage(
            "there is no workspace yet: start `analytics serve` and open its set-up link, or run `analytics user add`",
        )),
        several => {
            let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
            Err(CommandError::usage(format!(
                "there are several workspaces; choose with --workspace: {}",
                names.join(", ")
            )))
        }
    }
}

/// The account with this id, `acc_…` or `platform:external_id`.
pub(crate) async fn account(
    store: &dyn Store,
    workspace: WorkspaceId,
    field: &str,
    id: &str,
) -> Result<Account, CommandError> {
    let all = store.accounts(workspace).await?;
    find_account(&all, field, id).cloned()
}

/// The account of `all` with this id, `acc_…` or `platform:external_id`.
pub(crate) fn find_account<'a>(
    all: &'a [Account],
    field: &str,
    id: &str,
) -> Result<&'a Account, CommandError> {
    let names: Vec<String> = all.iter().map(platform_id).collect();
    all.iter()
        .zip(&names)
        .find(|(account, name)| account.public_id.as_str() == id || name.as_str() == id)
        .map(|(account, _)| account)
        .ok_or_else(|| {
            let public = all.iter().map(|account| account.public_id.as_str());
            let valid = public.chain(names.iter().map(String::as_str));
            Error::unknown("account", field, id, valid).into()
        })
}

/// `platform:external_id`.
pub(crate) fn platform_id(account: &Account) -> String {
    format!("{}:{}", account.platform, account.external_id)
}
