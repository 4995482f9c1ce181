//! The command line.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

#[cfg(feature = "simulator")]
use crate::commands::{demo, simulator};
use crate::{
    commands::{
        CommandError, accounts, backup, copy, doctor, fetch, migrate, report, restore, serve, sync,
        user, version,
    },
    config::Settings,
    telemetry::{self, LogFormat},
};

/// Marketing figures of many platforms in one place, with a dashboard.
#[derive(Debug, Parser)]
#[command(
    name = "analytics",
    version,
    arg_required_else_help = true,
    after_help = "Example:\n  analytics demo\n\nConfiguration: analytics.toml, then the environment (ANALYTICS_…, DATABASE_URL), then flags. `analytics doctor` checks all of it."
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags of every command.
#[derive(Debug, Args)]
struct Global {
    /// Configuration file [default: analytics.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database URL, for example sqlite://analytics.db
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// What is logged: a level or directives such as info,analytics_server=debug
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tries everything out: simulated platforms, two linked accounts, a signed-in dashboard
    #[cfg(feature = "simulator")]
    Demo(demo::DemoArgs),
    /// Runs the service
    Serve(serve::ServeArgs),
    /// Runs the simulator of the platforms alone
    #[cfg(feature = "simulator")]
    Simulator(simulator::SimulatorArgs),
    /// Fetches figures from a platform without storing them
    Fetch(fetch::FetchArgs),
    /// Reports on the stored figures
    Report(report::ReportArgs),
    /// Lists the linked accounts
    Accounts(accounts::AccountsArgs),
    /// Brings an account up to date now
    Sync(sync::SyncArgs),
    /// Adds, lists and removes users, and sets passwords
    User(user::UserArgs),
    /// Copies the whole store to another database
    Copy(copy::CopyArgs),
    /// Writes the whole store into a file
    Backup(backup::BackupArgs),
    /// Brings a backup back into an empty database
    Restore(restore::RestoreArgs),
    /// Brings the database's schema up to date
    Migrate(migrate::MigrateArgs),
    /// Checks the configuration and says what to do
    Doctor(doctor::DoctorArgs),
    /// Prints the version
    Version(version::VersionArgs),
}

/// Runs a command line; the exit code is 0, 1 for a failure, 2 for a wrong use.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors and go to standard output.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match execute(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn execute(cli: Cli) -> Result<ExitCode, CommandError> {
    let mut settings = Settings::load(cli.global.config.as_deref())?;
    if let Some(url) = &cli.global.database {
        settings.set("DATABASE_URL", url);
    }
    if let Some(filter) = &cli.global.log {
        settings.set("ANALYTICS_LOG", filter);
    }
    let is_service = matches!(cli.command, Command::Serve(_));
    let filter = settings
        .get("ANALYTICS_LOG")
        .unwrap_or_else(|| if is_service { "info" } else { "warn" }.to_owned());
    let format = match settings.get("ANALYTICS_LOG_FORMAT").as_deref() {
        Some("json") => LogFormat::Json,
        _ => LogFormat::Text,
    };
    telemetry::start(&filter, format);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::failed(format!("cannot start: {error}")))?;
    runtime.block_on(async move {
        match cli.command {
            #[cfg(feature = "simulator")]
            Command::Demo(args) => demo::run(args).await,
            Command::Serve(args) => serve::run(args, settings).await,
            #[cfg(feature = "simulator")]
            Command::Simulator(args) => simulator::run(args).await,
            Command::Fetch(args) => fetch::run(args, &settings).await,
            Command::Report(args) => report::run(args, &settings).await,
            Command::Accounts(args) => accounts::run(args, &settings).await,
            Command::Sync(args) => sync::run(args, &settings).await,
            Command::User(args) => user::run(args, &settings).await,
            Command::Copy(args) => copy::run(args).await,
            Command::Backup(args) => backup::run(args, &settings).await,
            Command::Restore(args) => restore::run(args, &settings).await,
            Command::Migrate(args) => migrate::run(args, &settings).await,
            Command::Doctor(args) => doctor::run(args, &settings).await,
            Command::Version(args) => version::run(&args),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn every_command_has_an_example_in_its_help() {
        let definition = Cli::command();
        definition.clone().debug_assert();
        for command in definition.get_subcommands() {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                help.contains("Example"),
                "{} has no example",
                command.get_name()
            );
        }
    }

    #[test]
    fn wrong_use_is_told_apart_from_failure() {
        for arguments in [
            vec!["analytics", "serve", "--role", "boss"],
            vec!["analytics", "no-such-command"],
            vec!["analytics", "fetch", "facebook_ads"],
            vec!["analytics", "copy", "--from", "sqlite://a.db"],
            vec!["analytics", "backup"],
        ] {
            let error = Cli::try_parse_from(arguments).err();
            assert_eq!(error.map(|error| error.exit_code()), Some(2));
        }
    }

    const UNITS: [(&str, &str); 4] = [
        ("all", include_str!("../deploy/systemd/analytics.service")),
        (
            "web",
            include_str!("../deploy/systemd/analytics-web.service"),
        ),
        (
            "scheduler",
            include_str!("../deploy/systemd/analytics-scheduler.service"),
        ),
        (
            "worker",
            include_str!("../deploy/systemd/analytics-worker@.service"),
        ),
    ];
    const COMPOSE: &str = include_str!("../deploy/compose.yaml");
    const DOCKERFILE: &str = include_str!("../deploy/Dockerfile");

    /// The role that a command line asks for.
    fn role(arguments: Vec<String>) -> Option<crate::app::Role> {
        match Cli::try_parse_from(arguments).ok()?.command {
            Command::Serve(arguments) => Some(arguments.role),
            _ => None,
        }
    }

    fn list(after: &str, line: &str) -> Option<Vec<String>> {
        let arguments = line.trim().strip_prefix(after)?;
        let arguments: Vec<String> = serde_json::from_str(arguments).ok()?;
        let is_ours = arguments.first().is_some_and(|first| first == "serve");
        is_ours.then(|| [vec!["analytics".to_owned()], arguments].concat())
    }

    #[test]
    fn the_commands_of_units_and_containers_are_ones_the_binary_takes() {
        for (name, unit) in UNITS {
            let commands: Vec<&str> = unit
                .lines()
                .filter_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/"))
                .collect();
            assert_eq!(commands.len(), 1, "{name}");
            let arguments = commands[0].split(' ').map(str::to_owned).collect();
            let role = role(arguments).map(|role| role.as_str());
            assert_eq!(role, Some(name), "{}", commands[0]);
        }
        let services = COMPOSE.lines().filter_map(|line| list("command: ", line));
        let roles: Vec<_> = services
            .map(|command| role(command).map(|role| role.as_str()))
            .collect();
        assert_eq!(
            roles,
            ["web", "scheduler", "worker", "worker"].map(Some),
            "compose"
        );
        let image = DOCKERFILE.lines().find_map(|line| list("CMD ", line));
        assert_eq!(image.and_then(role).map(|role| role.as_str()), Some("all"));
    }

    #[test]
    fn settings_in_units_containers_and_documents_are_ones_that_are_read() {
        let mut texts = vec![
            COMPOSE,
            DOCKERFILE,
            include_str!("../deploy/systemd/analytics.env.example"),
            include_str!("../docs/operations.md"),
        ];
        texts.extend(UNITS.map(|(_, unit)| unit));
        let mut settings = Settings::default();
        for text in texts {
            let is_name = |letter: char| letter == '_' || letter.is_ascii_uppercase();
            for name in text.split(|letter| !is_name(letter)) {
                if name.starts_with("ANALYTICS_") && name != "ANALYTICS_DATABASE_PASSWORD" {
                    settings.set(name, "x");
                }
            }
        }
        assert_eq!(settings.unknown(), []);
    }
}
