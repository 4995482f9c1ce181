//! The master key: from the environment, from a file, or made on first start of the embedded
//! database and kept beside it.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use analytics_core::{
    Error, Result,
    storage::{Cipher, MasterKey},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::config::Settings;

/// Where the key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// `ANALYTICS_MASTER_KEY`.
    Environment,
    /// `ANALYTICS_MASTER_KEY_FILE`.
    NamedFile(PathBuf),
    /// Beside the embedded database.
    Beside(PathBuf),
    /// In memory only, for a database in memory.
    Memory,
}

/// The keys of a store.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) cipher: Cipher,
    /// Signs the state of the linking flow; derived, so that it survives restarts.
    pub(crate) signing: SecretString,
    /// Set when the key was made just now.
    pub(crate) created: Option<PathBuf>,
}

/// Where the key of this configuration is to be found.
///
/// # Errors
/// [`Error::Config`] if there is no place for it: a database that is not embedded needs one named.
pub(crate) fn source(settings: &Settings) -> Result<KeySource> {
    if settings.get("ANALYTICS_MASTER_KEY").is_some() {
        return Ok(KeySource::Environment);
    }
    if let Some(path) = settings.get("ANALYTICS_MASTER_KEY_FILE") {
        return Ok(KeySource::NamedFile(path.into()));
    }
    let url = settings.database_url();
    match sqlite_path(&url) {
        Some(path) => Ok(KeySource::Beside(beside(&path))),
        None if url.starts_with("sqlite:") => Ok(KeySource::Memory),
        None => Err(Error::Config {
            message: "set ANALYTICS_MASTER_KEY or ANALYTICS_MASTER_KEY_FILE: only the embedded database makes a key of its own (`openssl rand -base64 32` makes one)".to_owned(),
        }),
    }
}

/// The keys, made and kept if this is the first start of the embedded database.
///
/// # Errors
/// [`Error::Config`] if the key cannot be read or written, or is no key.
pub(crate) fn load(settings: &Settings) -> Result<Keys> {
    let (text, created) = match source(settings)? {
        KeySource::Environment => (
            settings
                .secret("ANALYTICS_MASTER_KEY")
                .unwrap_or_else(|| SecretString::from("")),
            None,
        ),
        KeySource::NamedFile(path) => (read(&path)?, None),
        KeySource::Beside(path) if path.exists() => (read(&path)?, None),
        KeySource::Beside(path) => {
            refuse_orphaned_database(settings, &path)?;
            let key = MasterKey::generate()?.to_base64();
            write(&path, &key)?;
            (key, Some(path))
        }
        KeySource::Memory => (MasterKey::generate()?.to_base64(), None),
    };
    let key = MasterKey::from_base64(&text)?;
    let mut hash = Sha256::new();
    hash.update(b"analytics link state key\0");
    hash.update(text.expose_secret().trim());
    let signing = data_encoding::BASE64.encode(&hash.finalize());
    Ok(Keys {
        cipher: Cipher::new(vec![key])?,
        signing: SecretString::from(signing),
        created,
    })
}

/// The file of a SQLite URL; none for a database in memory and for other databases.
pub(crate) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split('?').next().unwrap_or(rest);
    (!path.is_empty() && !path.starts_with(":memory:")).then(|| PathBuf::from(path))
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// A database whose key is gone must not get a new one: its grants would be lost silently.
fn refuse_orphaned_database(settings: &Settings, key: &Path) -> Result<()> {
    let orphaned = sqlite_path(&settings.database_url())
        .and_then(|path| fs::metadata(path).ok())
        .is_some_and(|data| data.len() > 0);
    if orphaned {
        return Err(Error::Config {
            message: format!(
                "the database exists but its key {} does not. Put the key back, or set ANALYTICS_MASTER_KEY; with another key every account must be linked again",
                key.display()
            ),
        });
    }
    Ok(())
}

fn read(path: &Path) -> Result<SecretString> {
    fs::read_to_string(path)
        .map(|text| SecretString::from(text.trim()))
        .map_err(|error| Error::Config {
            message: format!("cannot read the master key {}: {error}", path.display()),
        })
}

fn write(path: &Path, key: &SecretString) -> Result<()> {
    create_private(path)
        .and_then(|mut file| {
            writeln!(file, "{}", key.expose_secret())?;
            file.sync_all()
        })
        .map_err(|error| Error::Config {
            message: format!("cannot write the master key {}: {error}", path.display()),
        })
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Whether others on this machine can read the file.
pub(crate) fn is_too_open(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(directory: &Path) -> Settings {
        let mut settings = Settings::default();
        settings.set(
            "DATABASE_URL",
            format!("sqlite://{}/analytics.db", directory.display()),
        );
        settings
    }

    #[test]
    fn the_first_start_makes_a_private_key_and_the_next_ones_keep_it() -> Result<()> {
        let directory = tempfile::tempdir().map_err(|error| Error::Config {
            message: error.to_string(),
        })?;
        let settings = settings(directory.path());
        let first = load(&settings)?;
        let path = first.created.unwrap_or_default();
        assert!(path.ends_with("analytics.db.key"));
        assert!(!is_too_open(&path));
        let second = load(&settings)?;
        assert_eq!(second.created, None);
        assert_eq!(
            first.signing.expose_secret(),
            second.signing.expose_secret()
        );
        Ok(())
    }

    #[test]
    fn a_database_without_its_key_is_not_given_another_one() -> Result<()> {
        let directory = tempfile::tempdir().map_err(|error| Error::Config {
            message: error.to_string(),
        })?;
        let _ = fs::write(directory.path().join("analytics.db"), b"SQLite format 3");
        assert!(load(&settings(directory.path())).is_err());
        Ok(())
    }

    #[test]
    fn only_the_embedded_database_makes_a_key_of_its_own() {
        let mut settings = Settings::default();
        settings.set("DATABASE_URL", "postgresql://localhost/analytics");
        assert!(source(&settings).is_err());
        settings.set("ANALYTICS_MASTER_KEY", "x");
        assert_eq!(source(&settings).ok(), Some(KeySource::Environment));
    }
}
