//! Configuration: `analytics.toml`, then the environment, then flags.
//!
//! Everything is a variable: `client_id` in the file's section `[meta]` is the same setting as
//! `ANALYTICS_META_CLIENT_ID`, and the environment wins.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use analytics_connectors::{Config as ConnectorsConfig, sync::SyncSettings};
use analytics_core::{Error, Result};
use config::{File, FileFormat, Value, ValueKind};
use secrecy::SecretString;

/// The file that is read from the working directory when none is named.
pub(crate) const DEFAULT_FILE: &str = "analytics.toml";
/// The database when none is named.
pub(crate) const DEFAULT_DATABASE: &str = "sqlite://analytics.db";

/// The server's own settings; those of connectors and synchronization have names of their own.
const OWN: &[&str] = &[
    "DATABASE_URL",
    "ANALYTICS_LISTEN",
    "ANALYTICS_PUBLIC_URL",
    "ANALYTICS_TRUSTED_PROXIES",
    "ANALYTICS_QUEUE_URL",
    "ANALYTICS_MASTER_KEY",
    "ANALYTICS_MASTER_KEY_FILE",
    "ANALYTICS_METRICS_LISTEN",
    "ANALYTICS_METRICS_TOKEN",
    "ANALYTICS_LOG",
    "ANALYTICS_LOG_FORMAT",
    "ANALYTICS_WORKERS",
    "ANALYTICS_SCHEDULER_SECONDS",
    "ANALYTICS_PLATFORM_CONCURRENCY",
    "ANALYTICS_HOLD_SECONDS",
    "ANALYTICS_SHUTDOWN_SECONDS",
    "ANALYTICS_REPORT_CACHE_MB",
    "ANALYTICS_TOKEN",
    "ANALYTICS_TOKEN_SECRET",
    "ANALYTICS_PASSWORD",
];

/// Every setting as given, by variable name.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    values: BTreeMap<String, String>,
    /// The file they partly came from.
    pub(crate) file: Option<PathBuf>,
    /// Names in the file.
    in_file: Vec<String>,
}

impl fmt::Debug for Settings {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("names", &self.values.keys().collect::<Vec<_>>())
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the file (`named`, which must exist then, or `analytics.toml` if there is one) and
    /// the environment.
    ///
    /// # Errors
    /// [`Error::Config`] if the file is missing or is no TOML.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let relevant = name.starts_with("ANALYTICS_") || name == "DATABASE_URL";
            Some((name, value.into_string().ok()?)).filter(|_| relevant)
        });
        Self::layered(named, environment)
    }

    /// The same with an environment given.
    pub(crate) fn layered(
        named: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        let mut settings = Self::default();
        if named.is_some() || path.exists() {
            settings.values = read_file(path)?;
            settings.in_file = settings.values.keys().cloned().collect();
            settings.file = Some(path.to_owned());
        }
        settings.values.extend(
            environment
                .into_iter()
                .filter(|(_, value)| !value.trim().is_empty()),
        );
        Ok(settings)
    }

    /// A value that a flag gives: it wins over everything.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.values
            .get(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn secret(&self, name: &str) -> Option<SecretString> {
        self.get(name).map(SecretString::from)
    }

    pub(crate) fn database_url(&self) -> String {
        self.get("DATABASE_URL")
            .unwrap_or_else(|| DEFAULT_DATABASE.to_owned())
    }

    pub(crate) fn workers(&self) -> Result<usize> {
        self.number("ANALYTICS_WORKERS", 4, 1, 256)
    }

    pub(crate) fn scheduler_interval(&self) -> Result<Duration> {
        self.number("ANALYTICS_SCHEDULER_SECONDS", 5, 1, 3600)
            .map(Duration::from_secs)
    }

    /// Accounts of one platform at the same time, over all processes.
    pub(crate) fn per_platform(&self) -> Result<u32> {
        self.number("ANALYTICS_PLATFORM_CONCURRENCY", 64, 1, 100_000)
    }

    /// After this long an account that nobody began with is handed over again.
    pub(crate) fn hold(&self) -> Result<Duration> {
        self.number("ANALYTICS_HOLD_SECONDS", 120, 1, 1_800)
            .map(Duration::from_secs)
    }

    pub(crate) fn shutdown_grace(&self) -> Result<Duration> {
        self.number("ANALYTICS_SHUTDOWN_SECONDS", 10, 0, 3600)
            .map(Duration::from_secs)
    }

    pub(crate) fn report_cache_bytes(&self) -> Result<u64> {
        self.number("ANALYTICS_REPORT_CACHE_MB", 128_u64, 0, 1 << 20)
            .map(|megabytes| megabytes * 1024 * 1024)
    }

    pub(crate) fn connectors(&self) -> Result<ConnectorsConfig> {
        ConnectorsConfig::from_env(|name| self.get(name)).map_err(|error| Error::Config {
            message: error.to_string(),
        })
    }

    pub(crate) fn sync(&self) -> Result<SyncSettings> {
        SyncSettings::from_env(|name| self.get(name))
    }

    /// Names in the file or environment that look like ours and that nothing reads, each with the
    /// nearest name that is read.
    pub(crate) fn unknown(&self) -> Vec<(String, Option<String>)> {
        let mut known: Vec<String> = OWN.iter().map(|name| (*name).to_owned()).collect();
        let asked = std::cell::RefCell::new(Vec::new());
        let record = |name: &str| {
            asked.borrow_mut().push(name.to_owned());
            None
        };
        let _ = ConnectorsConfig::from_env(record);
        let _ = SyncSettings::from_env(record);
        known.append(&mut asked.borrow_mut());
        self.values
            .keys()
            .filter(|name| !known.contains(name))
            .map(|name| {
                let nearest = analytics_core::nearest(name, known.iter().map(String::as_str));
                (name.clone(), nearest)
            })
            .collect()
    }

    /// Whether the file holds what should not stand in a file that gets copied around.
    pub(crate) fn secrets_in_file(&self) -> Vec<&str> {
        self.in_file
            .iter()
            .map(String::as_str)
            .filter(|name| {
                *name == "ANALYTICS_MASTER_KEY"
                    || *name == "ANALYTICS_METRICS_TOKEN"
                    || name.ends_with("_SECRET")
            })
            .collect()
    }

    fn number<T>(&self, name: &str, default: T, least: T, most: T) -> Result<T>
    where
        T: std::str::FromStr + PartialOrd + fmt::Display + Copy,
    {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        text.parse::<T>()
            .ok()
            .filter(|number| *number >= least && *number <= most)
            .ok_or_else(|| {
                Error::invalid(
                    name,
                    &text,
                    format!("expected a whole number from {least} to {most}"),
                )
            })
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>> {
    let broken = |error: config::ConfigError| Error::Config {
        message: format!("cannot read {}: {error}", path.display()),
    };
    let table = config::Config::builder()
        .add_source(File::from(path).format(FileFormat::Toml))
        .build()
        .map_err(broken)?
        .cache
        .into_table()
        .map_err(broken)?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        flatten(&name.to_uppercase(), value, &mut values);
    }
    Ok(values
        .into_iter()
        .map(|(name, value)| {
            let name = if name == "DATABASE_URL" || name.starts_with("ANALYTICS_") {
                name
            } else {
                format!("ANALYTICS_{name}")
            };
            (name, value)
        })
        .collect())
}

fn flatten(name: &str, value: Value, into: &mut BTreeMap<String, String>) {
    match value.kind {
        ValueKind::Table(table) => {
            for (part, value) in table {
                flatten(&format!("{name}_{}", part.to_uppercase()), value, into);
            }
        }
        ValueKind::Nil => {}
        _ => {
            if let Ok(text) = value.into_string() {
                into.insert(name.to_owned(), text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(toml: &str, environment: &[(&str, &str)]) -> Result<Settings> {
        let directory = tempfile::tempdir().map_err(|error| Error::Config {
            message: error.to_string(),
        })?;
        let path = directory.path().join("analytics.toml");
        std::fs::write(&path, toml).map_err(|error| Error::Config {
            message: error.to_string(),
        })?;
        Settings::layered(
            Some(&path),
            environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    #[test]
    fn the_environment_wins_over_the_file_and_sections_become_names() -> Result<()> {
        let settings = with_file(
            "database_url = \"sqlite://from-file.db\"\nworkers = 2\n[meta]\nclient_id = \"from-file\"\nclient_secret = \"s\"\n",
            &[
                ("ANALYTICS_META_CLIENT_ID", "from-env"),
                ("ANALYTICS_LOG", " "),
            ],
        )?;
        assert_eq!(settings.database_url(), "sqlite://from-file.db");
        assert_eq!(settings.workers()?, 2);
        assert_eq!(
            settings.connectors()?.meta.client_id.as_deref(),
            Some("from-env")
        );
        assert_eq!(settings.get("ANALYTICS_LOG"), None);
        assert_eq!(settings.secrets_in_file(), ["ANALYTICS_META_CLIENT_SECRET"]);
        Ok(())
    }

    #[test]
    fn a_misspelt_setting_is_found_with_its_nearest_name() -> Result<()> {
        let settings = with_file("[meta]\nclinet_id = \"x\"\n", &[])?;
        assert_eq!(
            settings.unknown(),
            [(
                "ANALYTICS_META_CLINET_ID".to_owned(),
                Some("ANALYTICS_META_CLIENT_ID".to_owned())
            )]
        );
        Ok(())
    }

    #[test]
    fn a_file_that_was_named_must_exist() {
        assert!(Settings::layered(Some(Path::new("no/such/file.toml")), []).is_err());
    }
}
