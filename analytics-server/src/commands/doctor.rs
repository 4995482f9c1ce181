//! `analytics doctor`

use std::process::ExitCode;

use analytics_connectors::{Registry, clock::SystemClock};
use analytics_core::{Store, connect, model::AccountState};
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{CommandError, output};
use crate::{
    config::{DEFAULT_FILE, Settings},
    error::chain,
    master_key::{self, KeySource},
};

/// Flags of `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics doctor\n  analytics doctor --json | jq '.checks[] | select(.state != \"ok\")'\n\nExit code 1 if something fails. Changes nothing."
)]
pub(crate) struct DoctorArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    Warning,
    Failed,
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// What to do; nothing if it is well.
    advice: Option<String>,
}

/// The checks so far.
#[derive(Debug, Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn ok(&mut self, name: &'static str, found: impl Into<String>) {
        self.add(name, State::Ok, found, None);
    }

    fn warn(&mut self, name: &'static str, found: impl Into<String>, advice: impl Into<String>) {
        self.add(name, State::Warning, found, Some(advice.into()));
    }

    fn fail(&mut self, name: &'static str, found: impl Into<String>, advice: impl Into<String>) {
        self.add(name, State::Failed, found, Some(advice.into()));
    }

    fn add(
        &mut self,
        name: &'static str,
        state: State,
        found: impl Into<String>,
        advice: Option<String>,
    ) {
        self.0.push(Check {
            name,
            state,
            found: found.into(),
            advice,
        });
    }
}

pub(crate) async fn run(args: DoctorArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let mut checks = Checks::default();
    configuration(settings, &mut checks);
    address(settings, &mut checks);
    platforms(settings, &mut checks);
    if master_key(settings, &mut checks) {
        database(settings, &mut checks).await;
    }
    let failed = checks.0.iter().any(|check| check.state == State::Failed);
    if args.json {
        output::print_json(&json!({"ok": !failed, "checks": checks.0}))?;
    } else {
        output::print(&as_text(&checks.0))?;
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn as_text(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        let mark = match check.state {
            State::Ok => "ok  ",
            State::Warning => "warn",
            State::Failed => "FAIL",
        };
        text.push_str(&format!("{mark}  {}: {}\n", check.name, check.found));
        if let Some(advice) = &check.advice {
            text.push_str(&format!("      → {advice}\n"));
        }
    }
    text
}

fn configuration(settings: &Settings, checks: &mut Checks) {
    let name = "configuration";
    match &settings.file {
        Some(file) => checks.ok(name, format!("read from {}", file.display())),
        None => checks.ok(name, format!("no {DEFAULT_FILE}; environment and defaults")),
    }
    for (unknown, nearest) in settings.unknown() {
        let advice = match nearest {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "remove it".to_owned(),
        };
        checks.warn(name, format!("nothing reads {unknown}"), advice);
    }
    for secret in settings.secrets_in_file() {
        checks.warn(
            name,
            format!("{secret} stands in the configuration file"),
            "give secrets in the environment, so that the file can be copied around",
        );
    }
    if settings.get("ANALYTICS_QUEUE_URL").is_some() {
        checks.fail(
            "jobs",
            "ANALYTICS_QUEUE_URL is set",
            "unset it: this version runs jobs in its own process only",
        );
    }
    for (name, result) in [
        ("synchronization", settings.sync().map(drop)),
        ("workers", settings.workers().map(drop)),
        ("scheduler", settings.scheduler_interval().map(drop)),
        ("shutdown", settings.shutdown_grace().map(drop)),
        ("report cache", settings.report_cache_bytes().map(drop)),
    ] {
        if let Err(error) = result {
            checks.fail(name, error.to_string(), "correct the setting");
        }
    }
}

fn address(settings: &Settings, checks: &mut Checks) {
    let listen = match settings.listen() {
        Ok(listen) => listen,
        Err(error) => {
            checks.fail("address", error.to_string(), "correct ANALYTICS_LISTEN");
            return;
        }
    };
    match std::net::TcpListener::bind(listen) {
        Ok(_) => checks.ok("address", format!("{listen} is free")),
        Err(error) => checks.warn(
            "address",
            format!("cannot listen on {listen}: {error}"),
            "fine if the server is running already; else choose another with --listen or ANALYTICS_LISTEN",
        ),
    }
    match settings.public_url(listen) {
        Err(error) => checks.fail(
            "public URL",
            error.to_string(),
            "correct ANALYTICS_PUBLIC_URL",
        ),
        Ok(url) => {
            let local = url.host_str().is_some_and(|host| {
                host == "localhost"
                    || host
                        .trim_matches(['[', ']'])
                        .parse::<std::net::IpAddr>()
                        .is_ok_and(|ip| ip.is_loopback())
            });
            if url.scheme() == "https" || local {
                checks.ok("public URL", url.as_str());
            } else {
                checks.warn(
                    "public URL",
                    format!("{url} is not encrypted"),
                    "put a proxy with TLS in front and set ANALYTICS_PUBLIC_URL to its https address: cookies are only Secure then, and most platforms redirect to https only",
                );
            }
        }
    }
}

fn platforms(settings: &Settings, checks: &mut Checks) {
    let registry = settings
        .connectors()
        .map_err(|error| error.to_string())
        .and_then(|config| {
            Registry::new(&config, std::sync::Arc::new(SystemClock))
                .map_err(|error| error.to_string())
        });
    let registry = match registry {
        Ok(registry) => registry,
        Err(error) => {
            checks.fail("platforms", error, "correct the setting");
            return;
        }
    };
    for connector in registry.connectors() {
        let descriptor = connector.descriptor();
        let platform = descriptor.platform();
        if descriptor.configured {
            checks.ok("platforms", format!("{platform} can be linked"));
        } else {
            checks.warn(
                "platforms",
                format!("{platform} cannot be linked"),
                descriptor.setup_hint.en.clone(),
            );
        }
    }
}

/// Whether the database may be opened without making a key or a file.
fn master_key(settings: &Settings, checks: &mut Checks) -> bool {
    let name = "master key";
    let source = match master_key::source(settings) {
        Ok(source) => source,
        Err(error) => {
            checks.fail(name, "none", error.to_string());
            return false;
        }
    };
    let exists = match &source {
        KeySource::Environment => true,
        KeySource::Memory => {
            checks.ok(name, "in memory, with the database");
            return false;
        }
        KeySource::NamedFile(path) => {
            if !path.exists() {
                checks.fail(
                    name,
                    format!("{} does not exist", path.display()),
                    "correct ANALYTICS_MASTER_KEY_FILE, or make one: openssl rand -base64 32",
                );
                return false;
            }
            true
        }
        KeySource::Beside(path) => path.exists(),
    };
    if !exists {
        let database = master_key::sqlite_path(&settings.database_url());
        if database.as_deref().is_some_and(std::path::Path::exists) {
            checks.fail(
                name,
                "the database exists and its key does not",
                "put the key back beside it; with another one every account must be linked again",
            );
        } else {
            checks.ok(name, "will be made on first start");
            checks.ok(
                "database",
                format!("{} will be made on first start", settings.database_url()),
            );
        }
        return false;
    }
    if let KeySource::NamedFile(path) | KeySource::Beside(path) = &source
        && master_key::is_too_open(path)
    {
        checks.warn(
            name,
            format!("others on this machine can read {}", path.display()),
            format!("chmod 600 {}", path.display()),
        );
    }
    match master_key::load(settings) {
        Ok(_) => {
            checks.ok(name, "can be used");
            true
        }
        Err(error) => {
            checks.fail(
                name,
                error.to_string(),
                "it must be 32 bytes in base64: openssl rand -base64 32",
            );
            false
        }
    }
}

async fn database(settings: &Settings, checks: &mut Checks) {
    let name = "database";
    let url = settings.database_url();
    // Opening would make it.
    if master_key::sqlite_path(&url).is_some_and(|path| !path.exists()) {
        checks.ok(name, format!("{url} will be made on first start"));
        return;
    }
    let opened = match master_key::load(settings) {
        Ok(keys) => connect(&url, keys.cipher).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(store) => {
            if let Err(error) = contents(&*store, checks).await {
                checks.fail(
                    name,
                    chain(&error),
                    "is the file writable, and is the disk full?",
                );
            } else {
                checks.ok(name, format!("{url} answers"));
            }
            store.close().await;
        }
        Err(error) => checks.fail(
            name,
            chain(&error),
            "does the folder exist, and may this user write there?",
        ),
    }
}

async fn contents(store: &dyn Store, checks: &mut Checks) -> analytics_core::Result<()> {
    store.ping().await?;
    let users = store.users().await?.len();
    if users == 0 {
        checks.warn(
            "users",
            "none yet",
            "open the set-up link that `analytics serve` prints, or run `analytics user add`",
        );
    } else {
        checks.ok("users", users.to_string());
    }
    for workspace in store.workspaces().await? {
        for account in store.accounts(workspace.id).await? {
            let id = format!(
                "{}:{} ({})",
                account.platform, account.external_id, account.name
            );
            match account.state {
                AccountState::NeedsRelink => checks.warn(
                    "accounts",
                    format!("{id} is no longer accepted by its platform"),
                    "link it again in the app",
                ),
                AccountState::Error => checks.warn(
                    "accounts",
                    format!("{id} is refused by its platform"),
                    "check the permissions there, then link it again",
                ),
                AccountState::Active => {
                    // Sealed with a key that is not configured: say so before the next refresh does.
                    if let Err(error) = store.grants_of_account(workspace.id, account.id).await {
                        checks.fail(
                            "accounts",
                            format!("{id}: {error}"),
                            "is this the master key it was linked with?",
                        );
                    }
                }
                AccountState::Archived => {}
            }
        }
    }
    Ok(())
}
