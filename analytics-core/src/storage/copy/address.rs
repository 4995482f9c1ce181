//! Where a store is.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::sqlite::SqliteConnectOptions;

use crate::error::{Error, Result};
#[cfg(feature = "postgres")]
use crate::storage::postgres::PostgresOptions;

/// A database: a file, or a server's.
#[derive(Debug, Clone)]
pub(super) enum Place {
    File(PathBuf),
    #[cfg(feature = "postgres")]
    Server(Box<PostgresOptions>),
}

/// A database and what it is called in messages.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// The argument it was given in.
    pub(super) field: &'static str,
    /// Its URL without user and password. It stands for the store in marks, too.
    pub(super) name: String,
    pub(super) place: Place,
}

impl Address {
    /// The address that a URL is.
    ///
    /// # Errors
    /// [`Error::Invalid`], without what may be a password.
    pub(super) fn parse(field: &'static str, url: &str) -> Result<Self> {
        let scheme = url.split(':').next().unwrap_or_default();
        let shown = || format!("{}:…", scheme.chars().take(40).collect::<String>());
        match scheme {
            "sqlite" if url.contains(":memory:") || url.contains("mode=memory") => {
                let why = "a database in memory is gone when the command ends; name a file";
                Err(Error::invalid(field, url, why))
            }
            "sqlite" => {
                let options = SqliteConnectOptions::from_str(url)
                    .map_err(|error| Error::invalid(field, url, error.to_string()))?;
                let path = options.get_filename();
                if path.file_name().is_none() {
                    let why = "expected `sqlite://path/to/file.db`";
                    return Err(Error::invalid(field, url, why));
                }
                Ok(Self::file(field, path))
            }
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                let options = PostgresOptions::parse(url)
                    .map_err(|error| Error::invalid(field, shown(), error.to_string()))?;
                let single = options.single();
                let database = single.get_database().unwrap_or(single.get_username());
                let name = match single.get_socket() {
                    Some(socket) => format!("postgresql://{}/{database}", socket.display()),
                    None => format!(
                        "postgresql://{}:{}/{database}",
                        single.get_host(),
                        single.get_port()
                    ),
                };
                Ok(Self {
                    field,
                    name,
                    place: Place::Server(Box::new(options)),
                })
            }
            _ => {
                let why = "expected `sqlite://path/to/file.db` or `postgresql://user:password@host/database`";
                Err(Error::invalid(field, shown(), why))
            }
        }
    }

    /// The address of a file.
    pub(super) fn file(field: &'static str, path: &Path) -> Self {
        let path = resolved(path);
        Self {
            field,
            name: format!("sqlite://{}", path.display()),
            place: Place::File(path),
        }
    }

    /// Its file, if it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) => Some(path),
            #[cfg(feature = "postgres")]
            Place::Server(_) => None,
        }
    }

    /// Whether both are the same file, by whatever names.
    pub(super) fn is_same_file(&self, other: &Self) -> bool {
        match (&self.place, &other.place) {
            (Place::File(one), Place::File(two)) => one == two || is_same_inode(one, two),
            #[cfg(feature = "postgres")]
            _ => false,
        }
    }

    /// An [`Error::Invalid`] about it.
    pub(super) fn wrong(&self, message: impl Into<String>) -> Error {
        Error::invalid(self.field, &self.name, message)
    }
}

/// The path from the root, without links as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}

#[cfg(unix)]
fn is_same_inode(one: &Path, two: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let inode = |path: &Path| {
        let data = std::fs::metadata(path).ok()?;
        Some((data.dev(), data.ino()))
    };
    inode(one).is_some_and(|one| Some(one) == inode(two))
}

#[cfg(not(unix))]
fn is_same_inode(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for url in [
            "mysql://root:secret@host/x",
            "secret",
            "sqlite::memory:",
            "sqlite://",
            "postgresql://u:secret@host:port/x",
            "",
        ] {
            let text = Address::parse("to", url)
                .err()
                .map(|error| error.to_string());
            let text = text.unwrap_or_else(|| panic!("{url} is taken"));
            assert!(text.starts_with("`to`: "), "{text}");
            assert!(!text.contains("secret@"), "{text}");
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_server_is_named_by_host_port_and_database() {
        let address = Address::parse("from", "postgres://me:secret@db.example.com/analytics");
        let name = address.map(|address| address.name).unwrap_or_default();
        assert_eq!(name, "postgresql://db.example.com:5432/analytics");
    }

    #[test]
    fn the_same_file_is_recognized_by_every_name() {
        let one = Address::file("from", Path::new("Cargo.toml"));
        let two = Address::file("to", Path::new("src/../Cargo.toml"));
        assert!(one.is_same_file(&two));
        assert!(!one.is_same_file(&Address::file("to", Path::new("src/lib.rs"))));
    }
}
