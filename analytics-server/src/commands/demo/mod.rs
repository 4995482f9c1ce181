//! `analytics demo`: the whole product in one process, on simulated platforms.

mod browser;
mod life;
mod place;

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Instant};

use analytics_connectors::{
    Config as ConnectorsConfig, Registry,
    clock::SettableClock,
    simulator::{Simulator, SimulatorSettings},
    sync::SyncSettings,
};
use analytics_core::{
    Store, connect,
    model::{NewUser, WorkspaceSettings},
};
use chrono::{Duration, Utc};
use clap::Args;
use secrecy::SecretString;
use tokio::net::TcpListener;

use self::{browser::Browser, life::Life, place::Place};
use super::{CommandError, output, serve};
use crate::{
    addresses::local_url,
    app::{App, AppConfig, Demo},
    auth::{password, secret_link::random_token},
    config::Settings,
    master_key,
};

/// The demonstration's user.
const EMAIL: &str = "demo@example.com";
/// Accounts of every platform: two are linked, one waits to be linked by hand, and of some
/// platforms one shows what cannot be linked.
const ACCOUNTS: usize = 4;
/// Accounts of every platform that are linked from the start.
const LINKED: usize = 2;

/// Flags of `demo`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics demo\n  analytics demo --port 9000 --data ./demo-data\n\nPrints a link that signs you in: it works once, on this machine. Two accounts of every platform were linked \"60 days ago\" and are lived through to today; more wait to be linked by hand."
)]
pub(crate) struct DemoArgs {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Keeps the data in this folder; the next demo there goes on from it
    #[arg(long, value_name = "DIR")]
    data: Option<std::path::PathBuf>,
    /// Everything in the simulated world follows from it [default: 1, or that of the folder]
    #[arg(long)]
    seed: Option<u64>,
    /// Seeds less: 14 months of history instead of 25, 14 days of life instead of 60
    #[arg(long)]
    fast: bool,
}

pub(crate) async fn run(args: DemoArgs) -> Result<ExitCode, CommandError> {
    let started = Instant::now();
    let listen = SocketAddr::from(([127, 0, 0, 1], args.port));
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        CommandError::failed(format!(
            "cannot listen on {listen}: {error}; choose another with --port"
        ))
    })?;
    let listen = listener.local_addr()?;
    let place = Place::open(args.data.as_deref(), args.seed)?;
    let store = open_store(&place).await?;
    let days = if args.fast { 14 } else { 60 };
    let linked_at = Utc::now() - Duration::days(days);
    // What was kept goes on from where it stopped.
    let begin = life::last_success(&*store).await?.unwrap_or(linked_at);
    let clock = Arc::new(SettableClock::running(begin));
    let simulator = Simulator::start(
        SimulatorSettings {
            seed: place.seed(),
            accounts: ACCOUNTS,
            clock: clock.clone(),
            ..SimulatorSettings::default()
        },
        None,
    )
    .await?;
    let config = connectors(&simulator.env())?;
    let registry = Arc::new(Registry::new(&config, clock.clone())?);
    let (user, fresh_password) = demo_user(&*store).await?;
    let (demo, token) = Demo::new(user)?;
    let public_url = local_url(listen);
    let mut app_config = AppConfig::new(
        store,
        registry,
        clock.clone(),
        public_url.clone(),
        SecretString::from(random_token()?),
    );
    app_config.sync = sync_settings(args.fast);
    app_config.scheduler_interval = std::time::Duration::from_millis(500);
    app_config.shutdown_grace = std::time::Duration::from_secs(2);
    let app = App::demo(app_config, demo).await?;
    output::print(&format!(
        "\n  Open this link (it signs you in once, on this machine only):\n\n    {public_url}demo/{token}\n\n  The platforms are simulated at {}. Ctrl-C ends the demonstration.\n\n",
        simulator.base_url()
    ))?;
    app.start_jobs().await;
    // At X each user is one account.
    let of_x: Vec<String> = simulator
        .accounts()
        .into_iter()
        .filter(|account| account.platform == "x")
        .map(|account| account.account)
        .collect();
    let users = move |provider: &str| match provider {
        "x" => of_x.clone(),
        _ => Vec::new(),
    };
    let seeding = tokio::spawn({
        let life = Life::new(app.clone(), clock);
        let browser = fresh_password.map(|password| Browser::new(public_url, password));
        async move {
            let result = seed(life, browser, users).await;
            report(result, started);
        }
    });
    let served = serve::until_stopped(&app, listener).await;
    seeding.abort();
    simulator.stop();
    place.close();
    served.map(|()| ExitCode::SUCCESS)
}

/// Links two accounts of every platform if nothing is linked yet, and lives up to today.
async fn seed(
    life: Life,
    browser: Option<Result<Browser, CommandError>>,
    users: impl Fn(&str) -> Vec<String>,
) -> Result<(), CommandError> {
    if let Some(browser) = browser {
        let mut browser = browser?;
        browser.sign_in(EMAIL).await?;
        let names = browser.link(LINKED, users).await?;
        output::print(&format!("  Linked {}\n", names.join(", ")))?;
        browser.agree_on_fees(life.first_of_month()).await?;
        life.read_history().await?;
    }
    life.live_until_today().await
}

fn report(result: Result<(), CommandError>, started: Instant) {
    let text = match result {
        Ok(()) => format!(
            "  All figures are there after {:.0} s. More accounts of every platform wait behind \"Add account\".\n",
            started.elapsed().as_secs_f64()
        ),
        Err(error) => format!("  The demonstration's data is incomplete: {error}\n"),
    };
    // Standard output may be gone; the demonstration goes on.
    let _ = output::print(&text);
}

async fn open_store(place: &Place) -> Result<Arc<dyn Store>, CommandError> {
    let mut settings = Settings::default();
    settings.set("DATABASE_URL", place.database_url());
    let keys = master_key::load(&settings)?;
    Ok(connect(&place.database_url(), keys.cipher).await?)
}

/// The simulator's addresses, without the pauses that real platforms need.
fn connectors(env: &[(String, String)]) -> Result<ConnectorsConfig, CommandError> {
    let find = |name: &str| {
        env.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    ConnectorsConfig::from_env(|name| {
        find(name).or_else(|| {
            let hurried = [
                ("_POLL_INTERVAL", "10ms"),
                ("_POLL_MAX_INTERVAL", "40ms"),
                ("_REQUESTS_PER_SECOND", "5000"),
                ("_HTTP_BASE_BACKOFF", "50ms"),
            ];
            hurried
                .iter()
                .find(|(ending, _)| name.ends_with(ending))
                .map(|(_, value)| (*value).to_owned())
        })
    })
    .map_err(|error| CommandError::failed(error.to_string()))
}

fn sync_settings(fast: bool) -> SyncSettings {
    let mut settings = SyncSettings {
        // Nobody shares the simulated platforms' doors.
        refresh_jitter: std::time::Duration::ZERO,
        ..SyncSettings::default()
    };
    if fast {
        settings.upper_history_days = 425;
        settings.lower_history_days = 95;
    }
    settings
}

/// The demonstration's user, with its new password if it was made just now.
async fn demo_user(
    store: &dyn Store,
) -> Result<(analytics_core::model::UserId, Option<String>), CommandError> {
    if let Some(user) = store.user_by_email(EMAIL).await? {
        let linked = life::has_accounts(store).await?;
        if linked {
            return Ok((user.id, None));
        }
        // It stopped before anything was linked: begin again.
        let password = random_token()?;
        let hash = password::hash(SecretString::from(password.clone())).await?;
        store.set_password(user.id, &hash).await?;
        return Ok((user.id, Some(password)));
    }
    let password = random_token()?;
    let settings = WorkspaceSettings {
        time_zone: chrono_tz::Asia::Tokyo,
        language: language(),
        ..WorkspaceSettings::default()
    };
    let owner = NewUser {
        email: EMAIL.to_owned(),
        name: "Demo".to_owned(),
        password_hash: password::hash(SecretString::from(password.clone())).await?,
    };
    let member = store.set_up("Demo", &settings, &owner).await?;
    Ok((member.user.id, Some(password)))
}

/// The language of the terminal's user, as far as it is one of ours.
fn language() -> String {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_default();
    if locale.starts_with("ja") { "ja" } else { "en" }.to_owned()
}
